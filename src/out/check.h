/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --check: the connections at risk, then in words why and what to do. */
#ifndef KATOP_OUT_CHECK_H
#define KATOP_OUT_CHECK_H

#include "out/sink.h"
#include "out/text.h"
#include "table/table.h"

/*
 * Writes the rows of @t, which was filled with risk_only, and one paragraph for each
 * group of them that shares process, verdict, settings and peer port; without a row one
 * sentence that says what was judged, and nothing where nothing could be. The tally of
 * @t tells which it was.
 */
void check_write(struct sink *out, const struct table *t, const struct column_list *list,
	const struct path_policy *path, const struct text_style *style);

#endif
