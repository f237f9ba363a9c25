/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of a sample by id. A dump is not atomic: a chain that changes between two
 * buffers brings a socket twice (inet_diag_dump_icsk() goes on by position).
 */
#ifndef KATOP_COLLECT_LINUX_SEEN_H
#define KATOP_COLLECT_LINUX_SEEN_H

#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"

/* Row numbers + 1 by id, open addressing. Zeroed is empty. Owns its slots. */
struct seen {
	uint32_t *slots;
	size_t slot_count;
	size_t used;
};

void seen_reset(struct seen *s);
void seen_clear(struct seen *s);

/*
 * Enters the last row of @snap, or takes it off again if an earlier row has its id: each
 * row stays with the moment at which it was true.
 */
void seen_enter_last(struct seen *s, struct snapshot *snap);

#endif
