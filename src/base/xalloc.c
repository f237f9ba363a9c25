/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/xalloc.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The only variables of the program outside main: who tidies up before it dies, and
 * whether that has begun. */
static void (*last_rites_call)(void);
static atomic_flag dying = ATOMIC_FLAG_INIT;

void xalloc_set_last_rites(void (*last_rites)(void))
{
	last_rites_call = last_rites;
}

static _Noreturn void exhausted(void)
{
	/* another thread that runs dry meanwhile must not end the program before the
	 * first one has tidied up: it waits for the end that is near */
	while (atomic_flag_test_and_set(&dying))
		;
	if (last_rites_call != NULL)
		last_rites_call();
	fputs("katop: out of memory (show fewer connections with a filter)\n", stderr);
	_Exit(2);
}

void *xmalloc(size_t size)
{
	void *p = malloc(size > 0 ? size : 1);

	if (p == NULL)
		exhausted();
	return p;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

	if (p == NULL)
		exhausted();
	return p;
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	void *p;

	if (size != 0 && count > SIZE_MAX / size)
		exhausted();
	p = realloc(old, count * size > 0 ? count * size : 1);
	if (p == NULL)
		exhausted();
	return p;
}

char *xstrdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(xmalloc(size), text, size);
}

void *xgrow(void *array, size_t *cap, size_t want, size_t size)
{
	size_t grown = *cap + *cap / 2 + 16;

	if (want <= *cap)
		return array;
	*cap = want > grown ? want : grown;
	return xreallocarray(array, *cap, size);
}
