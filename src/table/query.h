/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a query tells a collector, and what a record tells a query. */
#ifndef KATOP_TABLE_QUERY_H
#define KATOP_TABLE_QUERY_H

#include "table/table.h"

/* The states and families that the query can show. */
void query_scope(const struct table_query *query, struct prefilter *out);

/* The same narrowed by what the filter demands of every row. */
void query_prefilter(const struct table_query *query, struct prefilter *out);

/* Puts the path that a record was made with into @path, if it says any. */
void query_adopt_path(struct path_policy *path, const struct snapshot *snap);

#endif
