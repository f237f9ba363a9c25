/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instants as ISO 8601 text, UTC, with milliseconds: 2026-01-31T12:00:00.123Z. */
#ifndef KATOP_BASE_ISOTIME_H
#define KATOP_BASE_ISOTIME_H

#include <stddef.h>
#include <stdint.h>

#define ISOTIME_TEXT_SIZE 32

/*
 * Writes @ms (since 1970, UTC) into @out, ISOTIME_TEXT_SIZE bytes; years outside 0 to
 * 9999 become the nearest one inside. Returns the length.
 */
size_t isotime_format(char *out, int64_t ms);

/* Reads exactly what isotime_format() writes. Returns 0, or -1 for anything else. */
int isotime_parse(const char *text, int64_t *ms);

#endif
