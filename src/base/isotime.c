/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/isotime.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS	 INT64_C(86400000)
#define YEAR_0	 (INT64_C(-719528) * DAY_MS)
#define YEAR_1E4 (INT64_C(2932897) * DAY_MS)

struct date {
	int year, month, day;
};

/*
 * The proleptic Gregorian calendar repeats every 400 years (146,097 days). Years are
 * counted from March here, so that the leap day is the last of its year and the months'
 * lengths follow (153 * month + 2) / 5.
 */
static struct date date_of_day(int64_t day)
{
	int64_t shifted = day + 719468; /* days from 0000-03-01 to 1970-01-01 */
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int of_era = (int)(shifted - era * 146097);
	int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * year + year / 4 - year / 100);
	int month = (5 * of_year + 2) / 153;
	struct date d = {
		.year = (int)(era * 400) + year + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = of_year - (153 * month + 2) / 5 + 1,
	};

	return d;
}

static int64_t day_of_date(const struct date *d)
{
	int year = d->year - (d->month <= 2);
	int era = (year >= 0 ? year : year - 399) / 400;
	int of_era_year = year - era * 400;
	int month = d->month > 2 ? d->month - 3 : d->month + 9;
	int of_year = (153 * month + 2) / 5 + d->day - 1;
	int of_era = of_era_year * 365 + of_era_year / 4 - of_era_year / 100 + of_year;

	return (int64_t)era * 146097 + of_era - 719468;
}

static int64_t clamp(int64_t ms)
{
	if (ms < YEAR_0)
		return YEAR_0;
	return ms >= YEAR_1E4 ? YEAR_1E4 - 1 : ms;
}

size_t isotime_format(char *out, int64_t ms)
{
	int64_t day;
	struct date d;
	unsigned rest;
	int len;

	ms = clamp(ms);
	day = ms / DAY_MS - (ms % DAY_MS < 0);
	rest = (unsigned)(ms - day * DAY_MS);
	d = date_of_day(day);
	len = snprintf(out, ISOTIME_TEXT_SIZE, "%04d-%02d-%02dT%02u:%02u:%02u.%03uZ",
		d.year, d.month, d.day, rest / 3600000, rest / 60000 % 60,
		rest / 1000 % 60, rest % 1000);
	return len > 0 ? (size_t)len : 0;
}

/* The @len digits at @text as a number, -1 when one is no digit. */
static int digits(const char *text, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + (text[i] - '0');
	}
	return n;
}

int isotime_parse(const char *text, int64_t *ms)
{
	char again[ISOTIME_TEXT_SIZE];
	struct date d;
	int64_t of_day;

	if (strlen(text) != strlen("0000-00-00T00:00:00.000Z"))
		return -1;
	d.year = digits(text, 4);
	d.month = digits(text + 5, 2);
	d.day = digits(text + 8, 2);
	if (d.year < 0 || d.month < 1 || d.month > 12 || d.day < 1)
		return -1;
	of_day = (int64_t)digits(text + 11, 2) * 3600000 +
		 (int64_t)digits(text + 14, 2) * 60000 +
		 (int64_t)digits(text + 17, 2) * 1000 + digits(text + 20, 3);
	*ms = day_of_date(&d) * DAY_MS + of_day;
	/* 30 February, 25 o'clock and misplaced punctuation do not come out the same */
	isotime_format(again, *ms);
	return strcmp(again, text) == 0 ? 0 : -1;
}
