/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spans of time as people type and read them. */
#ifndef KATOP_BASE_DURATION_H
#define KATOP_BASE_DURATION_H

#include <stddef.h>
#include <stdint.h>

#define DURATION_TEXT_SIZE 24

/*
 * Reads 90, 90s, 1.5m, 2h, 1d, 250ms, 40us and combinations such as 1h30m; a bare
 * number is seconds. The result is in microseconds. *@end, if @end is not NULL, is set
 * past the last byte read; with NULL the whole text must be a duration. Returns 0, or
 * -1 for anything else, for a negative number and for more than 100,000 days.
 */
int duration_parse(const char *text, const char **end, int64_t *us);

/*
 * Writes a span of microseconds truncated to what a person reads at a glance: 40us
 * 450ms 9.9s 59s 4m59s 2h0m 12d3h; negative ones with a minus. Returns the length; @out
 * holds DURATION_TEXT_SIZE bytes.
 */
size_t duration_format_us(char *out, int64_t us);

/* The same for milliseconds. */
size_t duration_format_ms(char *out, int64_t ms);

#endif
