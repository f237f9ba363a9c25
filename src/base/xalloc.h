/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocation that does not fail: on exhaustion the program ends in one place. */
#ifndef KATOP_BASE_XALLOC_H
#define KATOP_BASE_XALLOC_H

#include <stddef.h>

/*
 * Called once when memory is exhausted, before the program ends with status 2: it
 * restores the terminal and removes nothing. NULL for none. It must not allocate.
 */
void xalloc_set_last_rites(void (*last_rites)(void));

/* Like malloc, calloc, realloc and strdup; never NULL. Overflowing sizes exhaust. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);

/*
 * Grows an array by half, at least to @want elements. *@cap is its capacity in
 * elements. Returns the array, moved perhaps. Large arrays grow by remapping in the
 * C library, so that untouched capacity costs no memory.
 */
void *xgrow(void *array, size_t *cap, size_t want, size_t size);

#endif
