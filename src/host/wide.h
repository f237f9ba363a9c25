/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8, which katop speaks, and UTF-16, which Windows speaks. */
#ifndef KATOP_HOST_WIDE_H
#define KATOP_HOST_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/* Characters of the longest path that is handled. */
#define WIDE_PATH_SIZE 4096

/* Copies @text into @to (@size characters). False when it does not fit or is no UTF-8. */
bool wide_from_utf8(wchar_t *to, size_t size, const char *text);

/*
 * Copies @text into @to (@size bytes, always NUL-terminated), unpaired surrogates as
 * U+FFFD. Returns the length; 0 and an empty text when it does not fit.
 */
size_t wide_to_utf8(char *to, size_t size, const wchar_t *text);

#endif
