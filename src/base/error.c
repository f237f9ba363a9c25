/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

KATOP_PRINTF(3, 0)
static void error_vset(struct error *e, long at, const char *fmt, va_list args)
{
	if (e == NULL)
		return;
	e->at = at;
	vsnprintf(e->text, sizeof(e->text), fmt, args);
}

int error_set(struct error *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	error_vset(e, ERROR_NOWHERE, fmt, args);
	va_end(args);
	return -1;
}

int error_set_at(struct error *e, long at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	error_vset(e, at, fmt, args);
	va_end(args);
	return -1;
}
