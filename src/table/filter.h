/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter: ss's language over every column, with three-valued logic. */
#ifndef KATOP_TABLE_FILTER_H
#define KATOP_TABLE_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "model/prefilter.h"
#include "table/columns.h"

struct filter;

/* Turns names of services and users into numbers; either may be NULL. Return -1 when
 * unknown. Ports and user ids are non-negative. */
struct filter_resolver {
	long (*service_port)(const char *name);
	long (*user_id)(const char *name);
};

/*
 * Compiles @text; "" or blanks only means everything. Returns NULL with the fault and
 * its place (e->at, a byte offset into @text) in @e. The caller frees it.
 */
struct filter *filter_compile(
	const char *text, const struct filter_resolver *resolver, struct error *e);

void filter_free(struct filter *f);

/* True when @row certainly passes; a comparison with an unknown is neither true nor
 * false, also under `not`, and such a row does not pass. @f NULL passes all. */
bool filter_matches(const struct filter *f, const struct row *row);

/* True when the expression names a state: then nothing is hidden by default. */
bool filter_names_state(const struct filter *f);

/* COLLECT_* needs of the columns that the filter asks. */
unsigned filter_needs(const struct filter *f);

/* What every passing connection must have, for the kernel to apply. */
void filter_prefilter(const struct filter *f, struct prefilter *out);

#endif
