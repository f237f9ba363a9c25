/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/isotime.h"

static const struct {
	int64_t ms;
	const char *text;
} instants[] = {
	{ 0, "1970-01-01T00:00:00.000Z" },
	{ -1, "1969-12-31T23:59:59.999Z" },
	{ INT64_C(1769860800123), "2026-01-31T12:00:00.123Z" },
	{ INT64_C(951782400000), "2000-02-29T00:00:00.000Z" },
	{ INT64_C(1709251199999), "2024-02-29T23:59:59.999Z" },
	{ INT64_C(4107542400000), "2100-03-01T00:00:00.000Z" },
	{ INT64_C(253402300799999), "9999-12-31T23:59:59.999Z" },
	{ INT64_C(-62167219200000), "0000-01-01T00:00:00.000Z" },
};

static void instants_are_written_and_read(void **state)
{
	char text[ISOTIME_TEXT_SIZE];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(instants) / sizeof(instants[0]); i++) {
		isotime_format(text, instants[i].ms);
		assert_string_equal(text, instants[i].text);
		assert_int_equal(isotime_parse(instants[i].text, &ms), 0);
		assert_int_equal(ms, instants[i].ms);
	}
}

static void every_day_follows_the_last(void **state)
{
	char text[ISOTIME_TEXT_SIZE], last[ISOTIME_TEXT_SIZE] = "";
	int64_t ms;

	(void)state;
	for (int64_t day = -719528; day < 2932897; day += 13) {
		isotime_format(text, day * 86400000);
		assert_true(strcmp(last, text) < 0);
		assert_int_equal(isotime_parse(text, &ms), 0);
		assert_int_equal(ms, day * 86400000);
		strcpy(last, text);
	}
}

static void out_of_range_is_clamped(void **state)
{
	char text[ISOTIME_TEXT_SIZE];

	(void)state;
	isotime_format(text, INT64_MAX);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
	isotime_format(text, INT64_MIN);
	assert_string_equal(text, "0000-01-01T00:00:00.000Z");
}

static void anything_else_is_refused(void **state)
{
	static const char *const bad[] = { "", "2026-01-31", "2026-01-31T12:00:00Z",
		"2026-02-29T12:00:00.000Z", "2026-13-01T12:00:00.000Z",
		"2026-01-31T24:00:00.000Z", "2026-01-31T12:60:00.000Z",
		"2026-01-31 12:00:00.000Z", "2026-01-31T12:00:00.000+",
		"+026-01-31T12:00:00.000Z", "2026-01-31T12:00:00.-10Z",
		"2026-01-00T12:00:00.000Z", "2026-01-31T12:00:00.000Zx" };
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(isotime_parse(bad[i], &ms), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instants_are_written_and_read),
		cmocka_unit_test(every_day_follows_the_last),
		cmocka_unit_test(out_of_range_is_clamped),
		cmocka_unit_test(anything_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
