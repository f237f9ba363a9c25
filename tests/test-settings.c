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
#include <jansson.h>

#include "out-sample.h"
#include "out/describe.h"
#include "out/parameters.h"
#include "out/settings.h"
#include "out/wire.h"

static struct strbuf page(const struct snapshot *snap, const char *path, bool json)
{
	struct table_query query = { .path = path_default() };
	struct table table = { 0 };
	struct sink sink = { 0 };

	assert_int_equal(path_parse(path, &query.path, NULL), 0);
	table_fill(&table, snap, &query);
	settings_write(&sink, &table, &query.path, json, 80);
	table_clear(&table);
	return sink.text;
}

static void make_windows(struct snapshot *snap)
{
	snap->system.windows = true;
	snap->system.keepalive_intvl_ms = 1000;
	snap->system.keepalive_probes = 10;
	snap->system.retries2 = 5;
	snap->system.probes_sent = SYSTEM_UNKNOWN;
	snap->system.aborted_on_timeout = SYSTEM_UNKNOWN;
	snprintf(snap->system.source, sizeof(snap->system.source),
		"HKLM\\...\\Parameters");
}

static void they_look_as_reviewed(void **state)
{
	struct snapshot snap = { 0 };
	struct strbuf text;

	(void)state;
	sample_fill(&snap);
	text = page(&snap, "240s", false);
	golden_check("settings-linux.txt", &text);
	strbuf_clear(&text);
	make_windows(&snap);
	text = page(&snap, "240s", false);
	golden_check("settings-windows.txt", &text);
	strbuf_clear(&text);
	snapshot_clear(&snap);
}

static int64_t number(const json_t *root, size_t parameter, const char *key)
{
	const json_t *p = json_array_get(json_object_get(root, "parameters"), parameter);

	assert_true(json_is_integer(json_object_get(p, key)));
	return json_integer_value(json_object_get(p, key));
}

static void json_has_the_same(void **state)
{
	struct snapshot snap = { 0 };
	struct strbuf text;
	json_t *root;

	(void)state;
	sample_fill(&snap);
	snap.system.keepalive_time_ms = 300000;
	text = page(&snap, "240s", true);
	root = json_of(&text);
	assert_int_equal(number(root, 0, "value_ms"), 300000);
	assert_int_equal(number(root, 0, "default_ms"), 7200000);
	assert_int_equal(number(root, 0, "least_ms"), 1000);
	assert_int_equal(number(root, 0, "most_ms"), INT64_C(8589934000));
	assert_int_equal(number(root, 2, "value"), 9);
	assert_int_equal(number(root, 2, "most"), 255);
	assert_string_equal(json_string_value(json_object_get(
				    json_object_get(root, "access"), "connections")),
		"sock_diag");
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(root, "system"), "probes_sent")),
		12);
	json_decref(root);
	strbuf_clear(&text);
	snapshot_clear(&snap);
}

static void the_unknown_is_said_so(void **state)
{
	struct snapshot snap = { 0 };
	struct strbuf text;
	json_t *root;

	(void)state;
	snapshot_reset(&snap);
	text = page(&snap, "none", false);
	assert_non_null(strstr(text.data, "net.ipv4.tcp_keepalive_time = unknown\n"));
	assert_non_null(strstr(text.data, "could not be read"));
	assert_null(strstr(text.data, "Together"));
	assert_null(strstr(text.data, "on the wire"));
	strbuf_clear(&text);
	text = page(&snap, "none", true);
	root = json_of(&text);
	assert_true(json_is_null(json_object_get(
		json_array_get(json_object_get(root, "parameters"), 0), "value_ms")));
	json_decref(root);
	strbuf_clear(&text);
	snapshot_clear(&snap);
}

static void examples_suit_the_path(void **state)
{
	static const struct {
		const char *path;
		const char *command;
	} cases[] = {
		{ "240s", "sysctl -w net.ipv4.tcp_keepalive_time=120\n" },
		{ "aws-nlb", "sysctl -w net.ipv4.tcp_keepalive_time=175\n" },
		{ "6s", "sysctl -w net.ipv4.tcp_keepalive_time=3\n" },
		{ "1s", "sysctl -w net.ipv4.tcp_keepalive_time=120\n" },
		{ "10d", "sysctl -w net.ipv4.tcp_keepalive_time=120\n" },
		{ "none", "sysctl -w net.ipv4.tcp_keepalive_time=120\n" },
	};
	struct snapshot snap = { 0 };

	(void)state;
	sample_fill(&snap);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct strbuf text = page(&snap, cases[i].path, false);

		if (strstr(text.data, cases[i].command) == NULL)
			fail_msg("%s: no %s", cases[i].path, cases[i].command);
		strbuf_clear(&text);
	}
	snapshot_clear(&snap);
}

/* 11 connections, two packets of 54 bytes each 2 h: 594 bytes an hour. */
static void the_wire_costs_what_it_costs(void **state)
{
	struct table_query query = { .all_states = true, .path = path_default() };
	struct snapshot snap = { 0 };
	struct table table = { 0 };
	struct wire_cost w;

	(void)state;
	sample_fill(&snap);
	table_fill(&table, &snap, &query);
	w = wire_cost_of(&table);
	assert_int_equal(w.connections, 11);
	assert_int_equal(w.period_ms, 7200000);
	assert_int_equal(w.least_bytes_hourly, 594);
	assert_int_equal(w.most_bytes_hourly, 946);
	snap.system.keepalive_intvl_ms = 14400000; /* the steady period is the longer */
	w = wire_cost_of(&table);
	assert_int_equal(w.least_bytes_hourly, 297);
	table_clear(&table);
	snapshot_clear(&snap);
}

static void columns_are_described(void **state)
{
	struct strbuf text = { 0 };

	(void)state;
	describe_columns(&text);
	assert_int_equal(strncmp(text.data, "verdict        VERDICT    whether", 31), 0);
	assert_non_null(
		strstr(text.data, "\nuser_timeout   USERTMO    TCP_USER_TIMEOUT"));
	assert_null(strstr(text.data, "next_latest"));
	assert_null(strstr(text.data, "peer_is_local"));
	strbuf_clear(&text);
}

static void paths_are_described(void **state)
{
	struct strbuf text = { 0 };

	(void)state;
	describe_paths(&text);
	assert_non_null(strstr(text.data, "\naws-nlb    350 s          AWS Network"));
	assert_non_null(strstr(text.data, "counts data only"));
	assert_non_null(strstr(text.data, "none where no path forgets"));
	strbuf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_look_as_reviewed),
		cmocka_unit_test(json_has_the_same),
		cmocka_unit_test(the_unknown_is_said_so),
		cmocka_unit_test(examples_suit_the_path),
		cmocka_unit_test(the_wire_costs_what_it_costs),
		cmocka_unit_test(columns_are_described),
		cmocka_unit_test(paths_are_described),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
