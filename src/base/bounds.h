/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The smaller, the larger, and what lies between: of whole numbers, times mostly. */
#ifndef KATOP_BASE_BOUNDS_H
#define KATOP_BASE_BOUNDS_H

#include <stdint.h>

static inline int64_t min_of(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t max_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* @value, or the nearer of @least and @most where it lies beyond. */
static inline int64_t clamp_to(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

#endif
