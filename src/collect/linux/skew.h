/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump takes time: 60 ms and more for 100,000 sockets, while each row is true at the
 * moment at which the kernel wrote it. Remembers these moments by the buffer and brings
 * all rows to one instant.
 */
#ifndef KATOP_COLLECT_LINUX_SKEW_H
#define KATOP_COLLECT_LINUX_SKEW_H

#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"

struct skew_mark {
	size_t first_row;
	int64_t mono_ms;
};

/* Zeroed is empty. Owns its array. */
struct skew {
	struct skew_mark *marks;
	size_t count;
	size_t cap;
};

void skew_reset(struct skew *s);
void skew_clear(struct skew *s);

/* The rows from @first_row on were true at @mono_ms. */
void skew_mark(struct skew *s, size_t first_row, int64_t mono_ms);

/*
 * Lets the time between its own moment and @mono_ms pass for each row of @snap: ages grow
 * and timers run down, but never to be called late: that the kernel alone can tell.
 */
void skew_apply(const struct skew *s, struct snapshot *snap, int64_t mono_ms);

#endif
