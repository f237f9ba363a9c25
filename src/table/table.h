/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which connections to show, in what order: an index over a borrowed snapshot. */
#ifndef KATOP_TABLE_TABLE_H
#define KATOP_TABLE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/path.h"
#include "table/columns.h"
#include "table/filter.h"

/* What the user asked to see. `filter` is borrowed; `sort` NULL is the default order: at
 * risk first, worst verdict first, deadline, next, longest idle, local, peer. */
struct table_query {
	const struct filter *filter;
	const struct column *sort;
	bool descending;
	bool all_states; /* -a: minor states too */
	bool risk_only;	 /* --check */
	bool steady;	 /* spans are ordered as coarsely as they are shown */
	unsigned families; /* FAMILY_* */
	struct path_policy path;
};

/* Connections that pass the filter, counted while the table was filled; `risk_only` hides
 * rows from the order, not from the tally. */
struct table_tally {
	size_t verdicts[VERDICT_COUNT];
	size_t at_risk;
	size_t keepalive_on;
	size_t keepalive_off;
	size_t keepalive_unknown; /* of states where keepalive applies */
	size_t judged;		  /* verdicts other than none and unknown */
	size_t owner_unknown[OWNER_UNKNOWN_COUNT];
	size_t in_sample; /* connections in states that are shown, before the filter */
};

/* Owns its index. A zeroed table is empty. */
struct table {
	const struct snapshot *snap;
	uint32_t *order; /* indexes into snap->conns */
	size_t count;
	size_t cap;
	struct table_tally tally;
	uint64_t *keys; /* two for each connection of the sample; scratch of the sort */
	uint32_t *spare; /* as long as `order`; scratch of the sort */
};

/*
 * Filters, judges and orders @snap, which must outlive the table's use. Each connection
 * is judged once. Unknown values come last in either direction, ties break by id. Costs
 * 24 bytes a connection; linear but for ties of the sort.
 */
void table_fill(
	struct table *t, const struct snapshot *snap, const struct table_query *query);

void table_clear(struct table *t);

/*
 * The connection of place @i, judged; @outlook is the caller's room for that. Without
 * @path it is not: for columns that do not see the outlook.
 */
struct row table_row(const struct table *t, size_t i, const struct path_policy *path,
	struct outlook *outlook);

/* The same rows each once, in the order that takes the least time. */
struct row table_row_unordered(const struct table *t, size_t i,
	const struct path_policy *path, struct outlook *outlook);

/*
 * COLLECT_* needs of a query and a choice of columns. The default order needs verdicts,
 * but where neither column nor filter asks for any fact that these rest on it makes do
 * with what is there, so that such a list is as cheap as one of ss.
 */
unsigned table_needs(const struct table_query *query, const struct column_list *list);

#endif
