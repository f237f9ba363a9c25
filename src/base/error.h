/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One error: what failed and the cure, in words, for whoever prints it. */
#ifndef KATOP_BASE_ERROR_H
#define KATOP_BASE_ERROR_H

#include <stddef.h>

/* configure names the dialect of formats where it is not the compiler's own. */
#ifndef KATOP_PRINTF_FORMAT
#define KATOP_PRINTF_FORMAT printf
#endif

#if defined(__GNUC__)
#define KATOP_PRINTF(fmt, args) __attribute__((format(KATOP_PRINTF_FORMAT, fmt, args)))
#else
#define KATOP_PRINTF(fmt, args)
#endif

#define ERROR_NOWHERE (-1L)

/*
 * `text` is one line in lower case without a final period or newline. `at` is the
 * byte offset of the fault within the text that the user typed (a filter expression),
 * or ERROR_NOWHERE. Owns nothing.
 */
struct error {
	char text[512];
	long at;
};

/* Fills @e with a formatted line, no place. @e may be NULL. Always returns -1. */
int error_set(struct error *e, const char *fmt, ...) KATOP_PRINTF(2, 3);

/* The same, with the place of the fault in what was typed. Always returns -1. */
int error_set_at(struct error *e, long at, const char *fmt, ...) KATOP_PRINTF(3, 4);

#endif
