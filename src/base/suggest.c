/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/suggest.h"

#include <string.h>

#include "base/text.h"

#define LONGEST 32

static char fold(char c)
{
	return c == '_' ? '-' : text_lower(c);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment; more than LONGEST bytes are taken as far away. */
static size_t distance(const char *a, const char *b)
{
	size_t d[LONGEST + 1][LONGEST + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > LONGEST || lb > LONGEST)
		return LONGEST;
	for (size_t i = 0; i <= la; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= lb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= la; i++)
		for (size_t j = 1; j <= lb; j++) {
			size_t differ = fold(a[i - 1]) != fold(b[j - 1]);

			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
				d[i - 1][j - 1] + differ);
			if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
				fold(a[i - 2]) == fold(b[j - 1]))
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[la][lb];
}

static int is_prefix(const char *typed, const char *name)
{
	while (*typed != '\0' && fold(*typed) == fold(*name))
		typed++, name++;
	return *typed == '\0';
}

const char *suggest_nearest(const char *typed, size_t count,
	const char *(*name_of)(const void *context, size_t i), const void *context)
{
	const char *best = NULL;
	/* two letters of three are another word */
	size_t len = strlen(typed), best_distance = len < 4 ? 2 : len / 3 + 2;

	for (size_t i = 0; i < count; i++) {
		const char *name = name_of(context, i);
		size_t far;

		if (name == NULL)
			continue;
		far = distance(typed, name);
		if (len >= 2 && is_prefix(typed, name))
			far = 1;
		if (far < best_distance && far < strlen(name)) {
			best = name;
			best_distance = far;
		}
	}
	return best;
}

static const char *name_in_array(const void *names, size_t i)
{
	return ((const char *const *)names)[i];
}

const char *suggest_from(const char *typed, const char *const *names, size_t count)
{
	return suggest_nearest(typed, count, name_in_array, names);
}
