/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "out-sample.h"
#include "out/text.h"
#include "out/wrap.h"

/* The sample, or with @narrow its IPv4 half, as text; the caller clears it. */
static struct strbuf listing(
	const char *columns_wanted, bool narrow, const struct text_style *style)
{
	struct table_query query = { .all_states = !narrow, .path = path_default() };
	struct snapshot snap = { 0 };
	struct table table = { 0 };
	struct sink sink = { 0 };
	struct column_list list;

	column_list_default(&list);
	if (columns_wanted != NULL)
		assert_int_equal(column_list_apply(&list, columns_wanted, NULL), 0);
	sample_fill(&snap);
	if (narrow)
		query.families = FAMILY_V4;
	table_fill(&table, &snap, &query);
	text_write_table(&sink, &table, &list, &query.path, style);
	table_clear(&table);
	snapshot_clear(&snap);
	return sink.text;
}

static void it_looks_as_reviewed(void **state)
{
	static const size_t widths[] = { 0, 40, 60, 80, 100, 120, 160 };
	struct text_style style = { .header = true };
	char name[32];

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		struct strbuf text;

		style.width = widths[i];
		text = listing(NULL, false, &style);
		snprintf(name, sizeof(name), "text-%u.txt", (unsigned)widths[i]);
		golden_check(name, &text);
		strbuf_clear(&text);
		text = listing(NULL, true, &style);
		snprintf(name, sizeof(name), "text-v4-%u.txt", (unsigned)widths[i]);
		golden_check(name, &text);
		strbuf_clear(&text);
	}
}

static void colours_look_as_reviewed(void **state)
{
	const struct text_style style = { .header = true, .colour = true };
	struct strbuf text = listing("verdict,at_risk,idle,process", false, &style);

	(void)state;
	golden_check("text-colour.txt", &text);
	strbuf_clear(&text);
}

/* Cells of the widest line; lines end without a blank. */
static size_t widest(char *text)
{
	size_t most = 0;

	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		size_t cells = text_width(line);

		assert_true(line[strlen(line) - 1] != ' ');
		most = cells > most ? cells : most;
	}
	return most;
}

/* From the width on that the essential columns need, no line is wider than asked. */
static void it_fits_every_width(void **state)
{
	struct text_style style = { .header = true };

	(void)state;
	for (style.width = 54; style.width < 160; style.width++) {
		struct strbuf text = listing(NULL, true, &style);

		if (widest(text.data) > style.width)
			fail_msg("too wide at %u", (unsigned)style.width);
		strbuf_clear(&text);
	}
}

/* One connection whose process has @name, which is not last, in @width cells. */
static struct strbuf listing_of(const char *name, size_t width)
{
	struct table_query query = { .path = path_default() };
	const struct text_style style = { .width = width };
	struct snapshot snap = { 0 };
	struct table table = { 0 };
	struct sink sink = { 0 };
	struct column_list list;

	column_list_default(&list);
	assert_int_equal(column_list_apply(&list, "process,idle", NULL), 0);
	list.chosen = false;
	snapshot_reset(&snap);
	sample_own(&snap, sample_add(&snap, 5), 7, 3, name);
	table_fill(&table, &snap, &query);
	text_write_table(&sink, &table, &list, &query.path, &style);
	table_clear(&table);
	snapshot_clear(&snap);
	return sink.text;
}

/* Seven cells hold three wide characters and a blank. */
static void wide_names_are_cut(void **state)
{
	(void)state;
	for (size_t width = 1; width < 120; width++) {
		struct strbuf text = listing_of("\xe6\x97\xa5\xe6\x97\xa5"
						"\xe6\x97\xa5\xe6\x97\xa5"
						"\xe6\x97\xa5\xe6\x97\xa5",
			width);

		assert_true(text.len < 200);
		if (width >= 16 && widest(text.data) > width)
			fail_msg("too wide at %u", (unsigned)width);
		strbuf_clear(&text);
	}
}

static void an_address_is_never_cut(void **state)
{
	struct text_style style = { .header = true };

	(void)state;
	for (style.width = 1; style.width < 200; style.width += 7) {
		struct strbuf text = listing(NULL, false, &style);

		assert_non_null(strstr(
			text.data, " [2001:db8:1234:5678:9abc:def0:1234:9999]:443 "));
		assert_non_null(strstr(text.data, " [fe80::2%eth0]:443 "));
		assert_non_null(strstr(text.data, "probing 2/4 "));
		strbuf_clear(&text);
	}
}

/* What leaves first never is there when what leaves later is gone. */
static void columns_leave_in_their_order(void **state)
{
	static const char *const titles[] = { " KA ", "PROBES", "STATE",
		"10.0.0.1:", " NEXT ", "GIVES UP" };
	struct text_style style = { .header = true };

	(void)state;
	for (style.width = 1; style.width < 200; style.width++) {
		struct strbuf text = listing(NULL, false, &style);
		bool here = false;

		for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
			bool there = strstr(text.data, titles[i]) != NULL;

			assert_true(there || !here);
			here = there;
		}
		for (const char *const *t = (const char *const[]){ "VERDICT", "PEER",
			     "IDLE", "PROCESS", NULL };
			*t != NULL; t++)
			assert_non_null(strstr(text.data, *t));
		strbuf_clear(&text);
	}
}

static void chosen_columns_stay(void **state)
{
	const struct text_style style = { .header = true, .width = 20 };
	struct strbuf text = listing("keepalive,probes,local,peer", true, &style);

	(void)state;
	assert_int_equal(
		strncmp(text.data, "KA      PROBES LOCAL          PEER\n", 35), 0);
	assert_non_null(
		strstr(text.data, "on         2/4 10.0.0.1:40006 192.0.2.7:443\n"));
	strbuf_clear(&text);
}

static void a_header_is_left_out_on_demand(void **state)
{
	const struct text_style style = { 0 };
	struct strbuf text = listing("state,peer", true, &style);

	(void)state;
	assert_int_equal(strncmp(text.data, "ESTAB 192.0.2.7:443\n", 20), 0);
	strbuf_clear(&text);
}

static void ascii_terminals_get_ascii(void **state)
{
	const struct text_style style = { .header = true, .ascii = true };
	struct strbuf text = listing("process,pid", true, &style);

	(void)state;
	for (size_t i = 0; i < text.len; i++)
		assert_true((unsigned char)text.data[i] < 0x80);
	assert_non_null(strstr(text.data, "a\"b\\c) <\?\?\?> 4242\n"));
	strbuf_clear(&text);
}

static uint32_t random_below(uint32_t bound)
{
	static uint32_t state = 1;

	state = state * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)state * bound >> 32);
}

/* Connections like those of the sample, many next to one that differs in little. */
static void fill_with_neighbours(struct snapshot *s, size_t count)
{
	sample_fill(s);
	for (size_t sampled = s->count; s->count < count;) {
		struct conn c =
			s->conns[random_below(3) ? s->count - 1
						 : random_below((uint32_t)sampled)];

		c.id = s->count + 1000;
		c.have ^= random_below(2) << random_below(26);
		c.probes = (uint8_t)(c.probes + random_below(2));
		c.expires_ms += random_below(2) * random_below(100000);
		c.sent_bytes *= 1 + random_below(2) * random_below(1000);
		c.retransmits ^= (uint8_t)random_below(2);
		*snapshot_add(s) = c;
	}
}

static void strip_colours(struct strbuf *text)
{
	size_t to = 0;

	for (size_t at = 0; at < text->len; at++) {
		if (text->data[at] == '\033')
			at += strcspn(text->data + at, "m");
		else
			text->data[to++] = text->data[at];
	}
	text->data[to] = '\0';
	text->len = to;
}

/* With colours each cell is made anew; without, what is like the row before is copied. */
static void neighbours_are_written_like_strangers(void **state)
{
	struct table_query query = { .all_states = true, .path = path_default() };
	struct text_style plain = { .header = true };
	struct text_style coloured = { .header = true, .colour = true };
	struct snapshot snap = { 0 };
	struct table table = { 0 };
	struct column_list list;

	(void)state;
	fill_with_neighbours(&snap, 3000);
	table_fill(&table, &snap, &query);
	column_list_all(&list);
	for (size_t width = 0; width <= 240; width += 80) {
		struct sink a = { 0 }, b = { 0 };

		list.chosen = width == 0;
		plain.width = coloured.width = width;
		text_write_table(&a, &table, &list, &query.path, &plain);
		text_write_table(&b, &table, &list, &query.path, &coloured);
		strip_colours(&b.text);
		assert_string_equal(strbuf_text(&a.text), strbuf_text(&b.text));
		assert_true(a.text.len > 3000 * 20);
		sink_clear(&a);
		sink_clear(&b);
	}
	table_clear(&table);
	snapshot_clear(&snap);
}

static void nothing_is_a_header(void **state)
{
	struct snapshot snap = { 0 };
	struct table table = { 0 };
	struct table_query query = { .path = path_default() };
	const struct text_style style = { .header = true, .width = 80 };
	struct column_list list;
	struct sink sink = { 0 };

	(void)state;
	snapshot_reset(&snap);
	column_list_default(&list);
	table_fill(&table, &snap, &query);
	text_write_table(&sink, &table, &list, &query.path, &style);
	assert_string_equal(strbuf_text(&sink.text),
		"VERDICT STATE LOCAL PEER IDLE NEXT GIVES UP KA PROBES PROCESS\n");
	sink_clear(&sink);
	table_clear(&table);
	snapshot_clear(&snap);
}

static void sentences_are_wrapped(void **state)
{
	struct strbuf out = { 0 };

	(void)state;
	wrap_add(&out, "", 0, 10, "one two three fourteenletters five");
	wrap_add(&out, "ab", 4, 12,
		" \xc3\xa9\xc3\xa9\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac x");
	wrap_add(&out, "label", 4, 0, "all in one line");
	wrap_add(&out, "", 0, 80, "");
	wrap_add(&out, "", 0, 12, "forgets in 45 s, or 7 min (2 h) 10 sorts");
	assert_string_equal(strbuf_text(&out),
		"one two\nthree\nfourteenletters\nfive\n"
		"ab  \xc3\xa9\xc3\xa9\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac\n    x\n"
		"labelall in one line\n\n"
		"forgets in\n45 s, or\n7 min (2 h)\n10 sorts\n");
	strbuf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_looks_as_reviewed),
		cmocka_unit_test(colours_look_as_reviewed),
		cmocka_unit_test(it_fits_every_width),
		cmocka_unit_test(wide_names_are_cut),
		cmocka_unit_test(an_address_is_never_cut),
		cmocka_unit_test(columns_leave_in_their_order),
		cmocka_unit_test(chosen_columns_stay),
		cmocka_unit_test(a_header_is_left_out_on_demand),
		cmocka_unit_test(ascii_terminals_get_ascii),
		cmocka_unit_test(neighbours_are_written_like_strangers),
		cmocka_unit_test(nothing_is_a_header),
		cmocka_unit_test(sentences_are_wrapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
