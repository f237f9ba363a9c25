/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where an open-addressing table begins to look for a number that was counted up. */
#ifndef KATOP_BASE_HASH_H
#define KATOP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * The place of @n among @size, a multiple of eight below 2^32. Cookies and inodes count
 * up, and tables meet them nearly in their order: eight that follow each other stay
 * together, so that most are in the cache line of the one before; the eights are spread
 * evenly (Fibonacci hashing).
 */
static inline size_t hash_place(uint64_t n, size_t size)
{
	uint64_t spread = (n >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 32;

	return (size_t)(spread * (size >> 3) >> 32 << 3 | (n & 7));
}

#endif
