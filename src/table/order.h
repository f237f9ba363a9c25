/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of a table: two 64-bit keys a row decide nearly always; only what they
 * cannot hold (text, addresses) is compared in full.
 */
#ifndef KATOP_TABLE_ORDER_H
#define KATOP_TABLE_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "table/columns.h"

/*
 * `column` NULL is the default order; `descending` turns it as a whole. `keys` are the
 * caller's: two for each connection of `snap`, by its index. `steady` compares spans as
 * coarsely as they are shown: the kernel counts them in jiffies, so that those of a pool
 * differ by some of them in each sample.
 */
struct order {
	const struct snapshot *snap;
	const struct column *column;
	bool descending;
	bool steady;
	uint64_t *keys;
};

/* Writes the keys of the connection of index @i, judged in @row. */
void order_make_keys(struct order *o, size_t i, const struct row *row);

/*
 * For rows of the default order whose keys are the same: writes what is compared next
 * over them, the addresses. False, and nothing done, where they do not fit the keys.
 */
bool order_deepen_keys(const struct order *o, const uint32_t *rows, size_t count);

/* Negative, 0 or positive: connection @a stands before, beside or after @b. */
int order_compare(const struct order *o, uint32_t a, uint32_t b);

/* Sorts @count indexes whose keys were made; stable. @spare is as long. */
void order_sort(const struct order *o, uint32_t *indexes, uint32_t *spare, size_t count);

#endif
