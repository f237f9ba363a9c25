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

#include "out-sample.h"
#include "out/check.h"
#include "out/groups.h"

static struct strbuf check(const struct snapshot *snap, const char *path, size_t width)
{
	struct table_query query = { .risk_only = true };
	const struct text_style style = { .header = true, .width = width };
	struct table table = { 0 };
	struct sink sink = { 0 };
	struct column_list list;

	assert_int_equal(path_parse(path, &query.path, NULL), 0);
	column_list_default(&list);
	table_fill(&table, snap, &query);
	check_write(&sink, &table, &list, &query.path, &style);
	table_clear(&table);
	return sink.text;
}

static void it_looks_as_reviewed(void **state)
{
	struct snapshot snap = { 0 };
	struct strbuf text;

	(void)state;
	sample_fill(&snap);
	text = check(&snap, "240s", 80);
	golden_check("check-80.txt", &text);
	strbuf_clear(&text);
	snapshot_clear(&snap);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* Adds a connection that is off and at risk. */
static struct conn *add(struct snapshot *snap, const char *process, uint16_t port)
{
	struct conn *c = sample_add(snap, 200000);

	c->peer_port = port;
	if (process != NULL)
		sample_own(snap, c, (uint32_t)snap->count, 3, process);
	return c;
}

static void alike_ones_share_a_paragraph(void **state)
{
	struct snapshot snap = { 0 };
	struct strbuf text;
	struct conn *c;

	(void)state;
	snapshot_reset(&snap);
	snap.system.keepalive_time_ms = 7200000;
	snap.system.keepalive_intvl_ms = 75000;
	snap.system.keepalive_probes = 9;
	for (int i = 0; i < 3; i++)
		add(&snap, "nginx", 443);
	add(&snap, "nginx", 80);
	for (int i = 0; i < 2; i++)
		add(&snap, "curl", 443);
	add(&snap, NULL, 443)->owner_unknown = OWNER_OTHER_USER;
	add(&snap, NULL, 443)->owner_unknown = OWNER_KERNEL;
	c = add(&snap, "curl", 443);
	c->last_ack_ms = c->last_received_ms = c->last_sent_ms = 999000; /* lost */
	text = check(&snap, "240s", 0);
	assert_int_equal(count(text.data, "\n\n"), 6);
	assert_int_equal(
		count(text.data, "\n\n3 connections of nginx to port 443, off;"), 1);
	assert_int_equal(
		count(text.data, "\n\n1 connection of nginx to port 80, off."), 1);
	assert_int_equal(
		count(text.data, "\n\n2 connections of curl to port 443, off;"), 1);
	assert_int_equal(
		count(text.data, "\n\n1 connection of curl to port 443, lost."), 1);
	strbuf_clear(&text);
	snapshot_clear(&snap);
}

static void the_worst_is_told_about_in_any_order(void **state)
{
	struct table_query query = { .risk_only = true, .path = path_default() };
	struct snapshot snap = { 0 };
	struct table table = { 0 };
	struct groups groups = { 0 };
	struct conn *c;

	(void)state;
	snapshot_reset(&snap);
	for (int i = 0; i < 3; i++) {
		c = add(&snap, "nginx", 443);
		c->last_ack_ms = c->last_received_ms = c->last_sent_ms =
			(uint32_t)(130000 + i * 10000);
	}
	query.sort = column_find("idle");
	table_fill(&table, &snap, &query);
	groups_fill(&groups, &table, &query.path);
	assert_int_equal(groups.count, 1);
	assert_int_equal(groups.at[0].count, 3);
	assert_int_equal(groups.at[0].worst, 2);
	groups_clear(&groups);
	table_clear(&table);
	snapshot_clear(&snap);
}

/* Of two that probe in vain, the one that ends first is the worse. */
static void the_earlier_end_is_the_worse(void **state)
{
	struct table_query query = { .risk_only = true, .path = path_default() };
	struct snapshot snap = { 0 };
	struct table table = { 0 };
	struct groups groups = { 0 };

	(void)state;
	snapshot_reset(&snap);
	for (uint8_t probes = 2; probes < 5; probes++) {
		struct conn *c = add(&snap, "nginx", 443);

		c->keepalive_on = true;
		c->timer = TIMER_KEEPALIVE;
		c->have |= HAVE_EXPIRES | HAVE_PROBES | HAVE_KEEPIDLE | HAVE_KEEPINTVL |
			   HAVE_KEEPCNT | HAVE_USER_TIMEOUT;
		c->settings = SETTINGS_SOCKET;
		c->keepidle_ms = 100000;
		c->keepintvl_ms = 10000;
		c->keepcnt = 9;
		c->probes = probes;
		c->expires_ms = 5000;
	}
	query.sort = column_find("deadline");
	query.descending = true;
	table_fill(&table, &snap, &query);
	groups_fill(&groups, &table, &query.path);
	assert_int_equal(groups.count, 1);
	assert_int_equal(snap.conns[table.order[groups.at[0].worst]].probes, 4);
	groups_clear(&groups);
	table_clear(&table);
	snapshot_clear(&snap);
}

static void many_groups_are_kept_apart(void **state)
{
	struct table_query query = { .risk_only = true, .path = path_default() };
	struct snapshot snap = { 0 };
	struct table table = { 0 };
	struct groups groups = { 0 };
	size_t sum = 0;

	(void)state;
	snapshot_reset(&snap);
	for (int i = 0; i < 5000; i++)
		add(&snap, "nginx", (uint16_t)(1 + i % 1250));
	table_fill(&table, &snap, &query);
	groups_fill(&groups, &table, &query.path);
	assert_int_equal(groups.count, 1250);
	for (size_t i = 0; i < groups.count; i++) {
		assert_int_equal(groups.at[i].count, 4);
		sum += groups.at[i].key.peer_port;
	}
	assert_int_equal(sum, 1250 * 1251 / 2);
	groups_clear(&groups);
	table_clear(&table);
	snapshot_clear(&snap);
}

static void without_risk_it_says_what_was_judged(void **state)
{
	struct snapshot snap = { 0 };
	struct strbuf text;

	(void)state;
	snapshot_reset(&snap);
	sample_add(&snap, 10);
	sample_add(&snap, 10);
	text = check(&snap, "4m", 0);
	assert_string_equal(strbuf_text(&text),
		"No connection at risk: 2 judged against a path that forgets after 240 "
		"s.\n");
	strbuf_clear(&text);
	text = check(&snap, "none", 0);
	assert_string_equal(strbuf_text(&text),
		"No connection at risk: 2 judged without a path that forgets.\n");
	strbuf_clear(&text);
	sample_add(&snap, 0)->have = 0;
	text = check(&snap, "1h", 0);
	assert_string_equal(strbuf_text(&text),
		"No connection at risk: 2 judged against a path that forgets after 1 h; "
		"of 1 more\nnot enough is known.\n");
	strbuf_clear(&text);
	snapshot_clear(&snap);
}

static void where_nothing_could_be_judged_it_is_silent(void **state)
{
	struct snapshot snap = { 0 };
	struct strbuf text;

	(void)state;
	snapshot_reset(&snap);
	sample_add(&snap, 0)->have = 0;
	text = check(&snap, "240s", 0);
	assert_string_equal(strbuf_text(&text), "");
	strbuf_clear(&text);
	snapshot_clear(&snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_looks_as_reviewed),
		cmocka_unit_test(alike_ones_share_a_paragraph),
		cmocka_unit_test(the_worst_is_told_about_in_any_order),
		cmocka_unit_test(the_earlier_end_is_the_worse),
		cmocka_unit_test(many_groups_are_kept_apart),
		cmocka_unit_test(without_risk_it_says_what_was_judged),
		cmocka_unit_test(where_nothing_could_be_judged_it_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
