/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Durations, text, suggestions, growing strings and arrays. */
#include "config.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/decimal.h"
#include "base/duration.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/xalloc.h"

#define S INT64_C(1000000)

static void test_duration_parse(void **state)
{
	static const struct {
		const char *text;
		int64_t us;
	} good[] = {
		{ "90", 90 * S },
		{ "90s", 90 * S },
		{ "1.5m", 90 * S },
		{ "2h", 7200 * S },
		{ "1d", 86400 * S },
		{ "250ms", 250000 },
		{ "40us", 40 },
		{ "1h30m", 5400 * S },
		{ "1d2h3m4s5ms6us", 93784 * S + 5006 },
		{ "0", 0 },
		{ "0.5", S / 2 },
		{ "0.1s", S / 10 },
		{ "1.0000000009s", S },
		{ "100000d", INT64_C(100000) * 86400 * S },
		{ "007", 7 * S },
	};
	static const char *const bad[] = { "", " 1", "1 ", "-1", "+1", "s", "1x", "1sec",
		"1h30", "30m1h", "1s1s", "1.", ".5", "1.s", "1..5s", "1e3", "0x10", "inf",
		"100001d", "8640000001", "99999999999999999999", "1H", "1ms1s", "1,5s" };
	int64_t us;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(duration_parse(good[i].text, NULL, &us), 0);
		assert_int_equal(us, good[i].us);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		us = 77;
		if (duration_parse(bad[i], NULL, &us) != -1)
			fail_msg("\"%s\" is taken for a duration", bad[i]);
		assert_int_equal(us, 77);
	}
}

static void test_duration_parse_end(void **state)
{
	const char *text = "5m) and x", *end;
	int64_t us;

	(void)state;
	assert_int_equal(duration_parse(text, &end, &us), 0);
	assert_ptr_equal(end, text + 2);
	assert_int_equal(us, 300 * S);
	assert_int_equal(duration_parse("x", &end, &us), -1);
}

static void test_duration_format(void **state)
{
	static const struct {
		int64_t us;
		const char *text;
	} spans[] = {
		{ 0, "0ms" },
		{ 40, "40us" },
		{ 999, "999us" },
		{ 1000, "1ms" },
		{ 450999, "450ms" },
		{ 999999, "999ms" },
		{ S, "1.0s" },
		{ 9999999, "9.9s" },
		{ 10 * S, "10s" },
		{ 59999999, "59s" },
		{ 60 * S, "1m0s" },
		{ 299 * S, "4m59s" },
		{ 3599 * S, "59m59s" },
		{ 7200 * S, "2h0m" },
		{ 86399 * S, "23h59m" },
		{ 86400 * S, "1d0h" },
		{ 1047600 * S, "12d3h" },
		{ -5 * S, "-5.0s" },
		{ -1, "-1us" },
	};
	char out[DURATION_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		assert_int_equal(
			duration_format_us(out, spans[i].us), strlen(spans[i].text));
		assert_string_equal(out, spans[i].text);
	}
	duration_format_ms(out, 4500);
	assert_string_equal(out, "4.5s");
	assert_true(duration_format_ms(out, INT64_MAX) < DURATION_TEXT_SIZE);
	assert_true(duration_format_ms(out, INT64_MIN) < DURATION_TEXT_SIZE);
	assert_true(duration_format_us(out, INT64_MIN) < DURATION_TEXT_SIZE);
}

/* What is shown can be typed again. */
static void test_duration_round_trip(void **state)
{
	char out[DURATION_TEXT_SIZE], again[DURATION_TEXT_SIZE];

	(void)state;
	for (int64_t us = 1; us < INT64_C(90000) * 86400 * S; us = us * 3 + 7) {
		int64_t back;

		duration_format_us(out, us);
		assert_int_equal(duration_parse(out, NULL, &back), 0);
		assert_true(back <= us);
		duration_format_us(again, back);
		assert_string_equal(out, again);
	}
}

static void test_utf8(void **state)
{
	static const char *const malformed[] = { "\x80", "\xc0\x80", "\xc1\xbf",
		"\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98",
		"\xc3\x28" };
	uint32_t code;
	char out[4];

	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
		assert_int_equal(
			text_decode(malformed[i], strlen(malformed[i]), &code), 0);
	assert_int_equal(text_decode("", 0, &code), 0);
	assert_int_equal(text_decode("\0x", 2, &code), 1);
	for (uint32_t c = 0; c <= 0x10ffff; c += c < 0x1000 ? 1 : 37) {
		size_t n;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		n = text_encode(out, c);
		assert_int_equal(text_decode(out, n, &code), n);
		assert_int_equal(code, c);
		assert_int_equal(text_decode(out, n - 1, &code), 0);
	}
}

static void test_width_and_cut(void **state)
{
	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("nginx"), 5);
	assert_int_equal(text_width("日本"), 4);
	assert_int_equal(text_width("e\u0301"), 1);
	assert_int_equal(text_width("a\xff"
				    "b"),
		3);
	assert_int_equal(text_width("😀"), 2);
	assert_int_equal(text_cut("nginx", 3), 3);
	assert_int_equal(text_cut("nginx", 9), 5);
	assert_int_equal(text_cut("日本", 3), 3);
	assert_int_equal(text_cut("日本", 1), 0);
	assert_int_equal(text_cut("e\u0301x", 1), 3);
	assert_int_equal(text_cut("", 5), 0);
}

static void test_harmless(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "nginx: worker", "nginx: worker" },
		{ "a\x1b[31mb", "a?[31mb" },
		{ "a\nb\tc\rd\x7f", "a?b?c?d?" },
		{ "\xc2\x9b"
		  "31m",
			"?31m" }, /* C1: CSI */
		{ "\xff\xfe", "??" },
		{ "\xe2\x80\xae"
		  "gpj",
			"?gpj" }, /* right-to-left override */
		{ "a\u200bb", "a?b" },
		{ "日本 ü", "日本 ü" },
		{ "x\xe2\x82", "x??" },
		{ "\"quote\\", "\"quote\\" },
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = text_make_harmless(
			out, sizeof(out), cases[i].from, strlen(cases[i].from));

		assert_string_equal(out, cases[i].to);
		assert_int_equal(n, strlen(cases[i].to));
		assert_true(text_is_harmless(out));
		assert_int_equal(text_is_harmless(cases[i].from),
			strcmp(cases[i].from, cases[i].to) == 0);
	}
	assert_int_equal(text_make_harmless(out, sizeof(out), "a\0b", 3), 3);
	assert_string_equal(out, "a?b");
	/* cut at a character's edge, always terminated, nothing written past the end */
	memset(out, '#', sizeof(out));
	assert_int_equal(text_make_harmless(out, 5, "日本", 6), 3);
	assert_int_equal(out[3], '\0');
	assert_int_equal(out[5], '#');
	assert_int_equal(text_make_harmless(out, 1, "abc", 3), 0);
	assert_string_equal(out, "");
	out[0] = '#';
	assert_int_equal(text_make_harmless(out, 0, "abc", 3), 0);
	assert_int_equal(out[0], '#');
}

static void test_contains(void **state)
{
	(void)state;
	assert_true(text_contains("NGINX: worker", "nginx"));
	assert_true(text_contains("nginx", "X"));
	assert_true(text_contains("", ""));
	assert_true(text_contains("abc", ""));
	assert_true(text_contains("aaab", "aab"));
	assert_false(text_contains("ngin", "nginx"));
	assert_false(text_contains("", "a"));
}

static void test_suggest(void **state)
{
	static const char *const names[] = { "keepalive", NULL, "keepidle", "keepintvl",
		"user_timeout", "peer", "process" };
	size_t n = sizeof(names) / sizeof(names[0]);

	(void)state;
	assert_string_equal(suggest_from("kepalive", names, n), "keepalive");
	assert_string_equal(suggest_from("KEEPIDEL", names, n), "keepidle");
	assert_string_equal(suggest_from("user-timeout", names, n), "user_timeout");
	assert_string_equal(suggest_from("proc", names, n), "process");
	assert_string_equal(suggest_from("pere", names, n), "peer");
	assert_string_equal(suggest_from("per", names, n), "peer");
	assert_null(suggest_from("poo", names, n));
	assert_null(suggest_from("zebra", names, n));
	assert_null(suggest_from("", names, n));
	assert_null(suggest_from("x", names, 0));
	assert_null(suggest_from("a name far longer than any that the table of distances "
				 "could hold",
		names, n));
}

static void assert_decimal(uint64_t n)
{
	char expected[32], text[DECIMAL_SIZE];
	size_t len = (size_t)snprintf(expected, sizeof(expected), "%" PRIu64, n);

	assert_int_equal(decimal_digits(n), len);
	assert_int_equal(decimal_put(text, n) - text, len);
	assert_memory_equal(text, expected, len);
}

static void test_decimal(void **state)
{
	uint64_t power = 1;

	(void)state;
	for (uint64_t n = 0; n < 20000; n++)
		assert_decimal(n);
	for (int digits = 1; digits <= 20; digits++, power *= 10) {
		assert_decimal(power - 1);
		assert_decimal(power);
		assert_decimal(power * 7 + 3);
	}
	assert_decimal(UINT64_MAX);
}

/* However they are counted, numbers in a row meet few others on their way to a place. */
static void test_hash(void **state)
{
	static const uint64_t starts[] = { 1, 4096, 1000000, UINT64_C(1) << 40 };
	enum { SLOTS = 1 << 16 };
	static uint8_t used[SLOTS];
	size_t steps = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		for (uint64_t n = 0; n < 10000; n++) {
			size_t at = hash_place(starts[i] + n, SLOTS);

			for (; used[at]; at = (at + 1) & (SLOTS - 1))
				steps++;
			used[at] = 1;
		}
	/* two in three slots are taken: chance alone makes 0.8 steps each */
	assert_true(steps < 40000 * 3);
}

static void test_strbuf(void **state)
{
	struct strbuf b = { 0 };
	char long_text[3000];

	(void)state;
	assert_string_equal(strbuf_text(&b), "");
	strbuf_add(&b, "", 0);
	assert_string_equal(strbuf_text(&b), "");
	strbuf_puts(&b, "ab");
	strbuf_putc(&b, 'c');
	strbuf_fill(&b, '-', 3);
	strbuf_add(&b, "d\0e", 3);
	assert_int_equal(b.len, 9);
	assert_memory_equal(b.data, "abc---d\0e", 10);
	strbuf_reset(&b);
	assert_string_equal(strbuf_text(&b), "");
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	strbuf_printf(&b, "%d%s%d", 1, long_text, 2);
	assert_int_equal(b.len, sizeof(long_text) + 1);
	assert_int_equal(b.data[b.len - 1], '2');
	assert_int_equal(b.data[b.len], '\0');
	for (int i = 0; i < 100000; i++)
		strbuf_putc(&b, 'y');
	assert_int_equal(strlen(b.data), b.len);
	strbuf_clear(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal(strbuf_text(&b), "");
}

static void test_xgrow(void **state)
{
	size_t cap = 0, moves = 0;
	uint32_t *array = NULL;

	(void)state;
	for (size_t i = 0; i < 100000; i++) {
		size_t before = cap;

		array = xgrow(array, &cap, i + 1, sizeof(*array));
		assert_true(cap >= i + 1);
		moves += cap != before;
		array[i] = (uint32_t)i;
	}
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(array[i], i);
	/* by half: few moves, and little is wasted */
	assert_true(moves < 40);
	assert_true(cap < 160000);
	array = xgrow(array, &cap, 1000000, sizeof(*array));
	assert_true(cap >= 1000000);
	free(array);
}

static void test_errors(void **state)
{
	struct error e;
	char long_text[1000];

	(void)state;
	assert_int_equal(error_set(&e, "no %s", "luck"), -1);
	assert_string_equal(e.text, "no luck");
	assert_int_equal(e.at, ERROR_NOWHERE);
	assert_int_equal(error_set_at(&e, 7, "here"), -1);
	assert_int_equal(e.at, 7);
	assert_int_equal(error_set(NULL, "nobody listens"), -1);
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	error_set(&e, "%s", long_text);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duration_parse),
		cmocka_unit_test(test_duration_parse_end),
		cmocka_unit_test(test_duration_format),
		cmocka_unit_test(test_duration_round_trip),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_width_and_cut),
		cmocka_unit_test(test_harmless),
		cmocka_unit_test(test_contains),
		cmocka_unit_test(test_suggest),
		cmocka_unit_test(test_decimal),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_strbuf),
		cmocka_unit_test(test_xgrow),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
