/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which connections of two samples are the same, so that nobody has to search later. */
#ifndef KATOP_MODEL_PAIRS_H
#define KATOP_MODEL_PAIRS_H

#include <stddef.h>
#include <stdint.h>

#include "model/idmap.h"
#include "model/snapshot.h"

#define PAIR_NONE UINT32_MAX

/*
 * Connections are named by their number in their sample. Owns its arrays, keeps them for
 * the next use. Zeroed it pairs nothing with nothing.
 */
struct pairs {
	uint32_t *now;	  /* of each connection before: its number now, or PAIR_NONE */
	uint32_t *before; /* of each connection now: its number before, or PAIR_NONE */
	uint32_t
		*risen; /* numbers now of those with more unanswered probes than before */
	size_t risen_count;
	size_t now_cap, before_cap, risen_cap;
	struct idmap strays; /* scratch */
};

/* Pairs two samples by id (0 is nobody's). Linear; cheap where the order is much the
 * same. */
void pairs_make(
	struct pairs *p, const struct snapshot *before, const struct snapshot *now);

void pairs_clear(struct pairs *p);

#endif
