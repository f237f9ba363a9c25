/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ids of a sample's rows. A dump is not atomic: a chain that changes between two
 * buffers brings a socket twice (inet_diag_dump_icsk() goes on by position).
 */
#ifndef KATOP_COLLECT_LINUX_SEEN_H
#define KATOP_COLLECT_LINUX_SEEN_H

#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"

/*
 * Ids in the order in which they first came, each with the last dump that brought it, and
 * an open hash of their places + 1. The next dump brings most of them in the same order:
 * `next` is the place to look at first. Zeroed is empty. Owns its arrays.
 */
struct seen {
	uint64_t *ids;
	uint32_t *dumps;
	uint32_t *slots;
	size_t count;
	size_t cap;
	size_t slot_count;
	size_t next;
	size_t entered; /* by this dump */
	uint32_t dump;
};

/* Begins a dump. */
void seen_reset(struct seen *s);
void seen_clear(struct seen *s);

/*
 * Enters the id of the last row of @snap, or takes the row off again if an earlier one of
 * this dump has it: each row stays with the moment at which it was true.
 */
void seen_enter_last(struct seen *s, struct snapshot *snap);

#endif
