/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nearest valid choice to what was mistyped. */
#ifndef KATOP_BASE_SUGGEST_H
#define KATOP_BASE_SUGGEST_H

#include <stddef.h>

/*
 * Of the @count names that @name_of(@context, i) returns (NULL entries are passed
 * over), the one nearest to @typed by edit distance (a transposition counts one, case
 * nothing), a prefix being nearer than its distance; NULL when none is near enough to
 * be what was meant.
 */
const char *suggest_nearest(const char *typed, size_t count,
	const char *(*name_of)(const void *context, size_t i), const void *context);

/* The same over an array of strings. */
const char *suggest_from(const char *typed, const char *const *names, size_t count);

#endif
