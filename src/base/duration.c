/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/duration.h"

#include <ctype.h>
#include <string.h>

#include "base/decimal.h"

#define US_SECOND INT64_C(1000000)
#define US_MAX	  (INT64_C(100000) * 86400 * US_SECOND)

static const struct unit {
	const char *name;
	int64_t us;
} units[] = {
	{ "us", 1 },
	{ "ms", 1000 },
	{ "s", US_SECOND },
	{ "m", 60 * US_SECOND },
	{ "h", 3600 * US_SECOND },
	{ "d", 86400 * US_SECOND },
};

/* The unit whose name is the whole run of letters at @p; NULL when none is. */
static const struct unit *unit_at(const char *p, size_t *len)
{
	size_t n = 0;

	while (isalpha((unsigned char)p[n]))
		n++;
	*len = n;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == n && strncmp(units[i].name, p, n) == 0)
			return &units[i];
	return NULL;
}

/*
 * Reads the next letters-terminated piece of a combination such as 1h30m: letters of a
 * unit end where the next digit begins. Returns the bytes read, 0 for no number.
 */
static size_t piece_parse(const char *text, int64_t *us, int64_t *unit_us)
{
	const char *p = text;
	const struct unit *unit;
	int64_t whole = 0, part = 0, scale = 1;
	size_t len;

	if (!isdigit((unsigned char)*p))
		return 0;
	for (; isdigit((unsigned char)*p); p++) {
		whole = whole * 10 + (*p - '0');
		if (whole > US_MAX)
			return 0;
	}
	if (*p == '.' && isdigit((unsigned char)p[1]))
		for (p++; isdigit((unsigned char)*p); p++)
			if (scale < 1000000) {
				part = part * 10 + (*p - '0');
				scale *= 10;
			}
	unit = unit_at(p, &len);
	if (unit == NULL && len > 0)
		return 0;
	*unit_us = unit != NULL ? unit->us : 0;
	if (whole > US_MAX / (unit != NULL ? unit->us : US_SECOND))
		return 0;
	*us = whole * (unit != NULL ? unit->us : US_SECOND) +
	      part * (unit != NULL ? unit->us : US_SECOND) / scale;
	return (size_t)(p - text) + len;
}

int duration_parse(const char *text, const char **end, int64_t *us)
{
	const char *p = text;
	int64_t sum = 0, last_unit = INT64_MAX;

	do {
		int64_t piece, unit_us;
		size_t used = piece_parse(p, &piece, &unit_us);

		/* a bare number stands alone; units go from large to small */
		if (used == 0 || (p != text && unit_us == 0) || unit_us >= last_unit)
			return -1;
		sum += piece;
		p += used;
		last_unit = unit_us;
		if (sum > US_MAX)
			return -1;
	} while (last_unit > 0 && isdigit((unsigned char)*p));
	if (end != NULL)
		*end = p;
	else if (*p != '\0')
		return -1;
	*us = sum;
	return 0;
}

static char *put_number(char *to, uint64_t n, const char *unit)
{
	to = decimal_put(to, n);
	while (*unit != '\0')
		*to++ = *unit++;
	return to;
}

static char *put_seconds(char *to, uint64_t s)
{
	if (s < 60)
		return put_number(to, s, "s");
	if (s < 3600)
		return put_number(put_number(to, s / 60, "m"), s % 60, "s");
	if (s < 86400)
		return put_number(put_number(to, s / 3600, "h"), s / 60 % 60, "m");
	return put_number(put_number(to, s / 86400, "d"), s / 3600 % 24, "h");
}

size_t duration_format_us(char *out, int64_t us)
{
	uint64_t u = us < 0 ? -(uint64_t)us : (uint64_t)us;
	char *p = out;

	if (us < 0)
		*p++ = '-';
	if (u > 0 && u < 1000)
		p = put_number(p, u, "us");
	else if (u < US_SECOND)
		p = put_number(p, u / 1000, "ms");
	else if (u < 10 * US_SECOND)
		p = put_number(put_number(p, u / US_SECOND, "."), u / 100000 % 10, "s");
	else
		p = put_seconds(p, u / US_SECOND);
	*p = '\0';
	return (size_t)(p - out);
}

size_t duration_format_ms(char *out, int64_t ms)
{
	if (ms > INT64_MAX / 1000)
		ms = INT64_MAX / 1000;
	if (ms < -(INT64_MAX / 1000))
		ms = -(INT64_MAX / 1000);
	return duration_format_us(out, ms * 1000);
}
