/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorting by bytes of the keys, which is linear; only ties are compared. */
#include "config.h"
#include "table/order.h"

#include <string.h>

#define RUN 8

static void sort_run(const struct order *o, uint32_t *at, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint32_t moved = at[i];
		size_t j = i;

		for (; j > 0 && order_compare(o, at[j - 1], moved) > 0; j--)
			at[j] = at[j - 1];
		at[j] = moved;
	}
}

static void merge(const struct order *o, const uint32_t *from, uint32_t *to, size_t left,
	size_t count)
{
	size_t i = 0, j = left, k = 0;

	if (left == count || order_compare(o, from[left - 1], from[left]) <= 0) {
		memcpy(to, from, count * sizeof(*to));
		return;
	}
	while (i < left && j < count)
		to[k++] = order_compare(o, from[i], from[j]) <= 0 ? from[i++] : from[j++];
	while (i < left)
		to[k++] = from[i++];
	while (j < count)
		to[k++] = from[j++];
}

/* Merges runs of eight: for few rows, and for those whose keys are the same. */
static void sort_by_merging(
	const struct order *o, uint32_t *indexes, uint32_t *spare, size_t count)
{
	uint32_t *from = indexes, *to = spare;

	for (size_t at = 0; at < count; at += RUN)
		sort_run(o, from + at, count - at < RUN ? count - at : RUN);
	for (size_t run = RUN; run < count; run *= 2) {
		uint32_t *swap = from;

		for (size_t at = 0; at < count; at += 2 * run) {
			size_t left = count - at < run ? count - at : run;
			size_t both = count - at < 2 * run ? count - at : 2 * run;

			merge(o, from + at, to + at, left, both);
		}
		from = to;
		to = swap;
	}
	if (from != indexes)
		memcpy(indexes, from, count * sizeof(*indexes));
}

/* Below so many rows a pass over all values of a byte does not pay. */
#define RADIX_LEAST 1024

/* The bits in which the keys of the rows differ. */
static void find_differences(
	const struct order *o, const uint32_t *at, size_t count, uint64_t differ[2])
{
	const uint64_t *first = &o->keys[2 * (size_t)at[0]];

	differ[0] = differ[1] = 0;
	for (size_t i = 1; i < count; i++) {
		const uint64_t *key = &o->keys[2 * (size_t)at[i]];

		differ[0] |= key[0] ^ first[0];
		differ[1] |= key[1] ^ first[1];
	}
}

/* Orders by one byte of a key, and leaves what is the same as it was. */
static void sort_by_byte(const struct order *o, unsigned word, unsigned shift,
	const uint32_t *from, uint32_t *to, size_t count)
{
	unsigned turn = o->column == NULL && o->descending ? 0xff : 0;
	size_t starts[257] = { 0 };

	for (size_t i = 0; i < count; i++) {
		uint64_t key = o->keys[2 * (size_t)from[i] + word];

		starts[((key >> shift & 0xff) ^ turn) + 1]++;
	}
	for (size_t i = 1; i < 256; i++)
		starts[i] += starts[i - 1];
	for (size_t i = 0; i < count; i++) {
		uint64_t key = o->keys[2 * (size_t)from[i] + word];

		to[starts[(key >> shift & 0xff) ^ turn]++] = from[i];
	}
}

static void sort_by_bytes(
	const struct order *o, uint32_t *indexes, uint32_t *spare, size_t count)
{
	uint32_t *from = indexes, *to = spare;
	uint64_t differ[2];

	find_differences(o, indexes, count, differ);
	for (unsigned i = 0; i < 16; i++) {
		unsigned word = i < 8, shift = i % 8 * 8;
		uint32_t *swap = from;

		if ((differ[word] >> shift & 0xff) == 0)
			continue;
		sort_by_byte(o, word, shift, from, to, count);
		from = to;
		to = swap;
	}
	if (from != indexes)
		memcpy(indexes, from, count * sizeof(*indexes));
}

/* How many rows from the first on have the same keys. */
static size_t count_same(const struct order *o, const uint32_t *at, size_t count)
{
	const uint64_t *first = &o->keys[2 * (size_t)at[0]];
	size_t n = 1;

	for (; n < count; n++) {
		const uint64_t *key = &o->keys[2 * (size_t)at[n]];

		if (key[0] != first[0] || key[1] != first[1])
			break;
	}
	return n;
}

static void sort_many(const struct order *o, uint32_t *indexes, uint32_t *spare,
	size_t count, bool deepen)
{
	size_t same;

	sort_by_bytes(o, indexes, spare, count);
	for (size_t at = 0; at < count; at += same) {
		same = count_same(o, indexes + at, count - at);
		if (same == 1)
			continue;
		if (deepen && order_deepen_keys(o, indexes + at, same) &&
			same >= RADIX_LEAST)
			sort_many(o, indexes + at, spare, same, false);
		else
			sort_by_merging(o, indexes + at, spare, same);
	}
}

void order_sort(const struct order *o, uint32_t *indexes, uint32_t *spare, size_t count)
{
	if (count < RADIX_LEAST)
		sort_by_merging(o, indexes, spare, count);
	else
		sort_many(o, indexes, spare, count, true);
}
