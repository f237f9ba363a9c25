/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of the program: what was asked for and what is open. Wired by main. */
#ifndef KATOP_RUN_H
#define KATOP_RUN_H

#include "collect/collect.h"
#include "options.h"
#include "record.h"
#include "table/filter.h"

/* Owned by main, lent to the loop or the listing. */
struct run {
	struct options options;
	struct filter_resolver resolver;
	struct filter *filter;
	const struct collector_ops *ops;
	struct collector *collector;
	struct record *record;
};

/* The query that the options ask for; the filter is lent. */
struct table_query run_query(const struct run *run);

/* Whether standard output gets colours: --color, then NO_COLOR (no-color.org: set and not
 * empty), and only a terminal unasked. */
bool run_wants_colour(const struct run *run);

#endif
