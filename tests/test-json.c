/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "out/json.h"
#include "out/jsontext.h"
#include "out-sample.h"

/* A document of the sample; the caller clears it. */
static struct strbuf document(const char *columns_wanted, bool record)
{
	struct table_query query = { .all_states = true, .path = path_default() };
	struct snapshot snap = { 0 };
	struct table table = { 0 };
	struct sink sink = { 0 };
	struct column_list list;
	struct json_writer *w;

	column_list_default(&list);
	if (columns_wanted != NULL)
		assert_int_equal(column_list_apply(&list, columns_wanted, NULL), 0);
	sample_fill(&snap);
	table_fill(&table, &snap, &query);
	w = json_writer_new(columns_wanted != NULL ? &list : NULL, record);
	json_write_sample(w, &sink, &table, &query.path);
	json_writer_free(w);
	table_clear(&table);
	snapshot_clear(&snap);
	return sink.text;
}

static json_t *row_of(json_t *root, int local_port)
{
	json_t *rows = json_object_get(root, "connections"), *row;
	size_t i;

	json_array_foreach(rows, i,
		row) if (json_integer_value(json_object_get(row, "local_port")) ==
			 local_port) return row;
	fail_msg("no row with local port %d", local_port);
	return NULL;
}

static void the_header_is_as_promised(void **state)
{
	struct strbuf text = document(NULL, false);
	const char *want =
		"{\"katop\":\"" PACKAGE_VERSION "\",\"schema\":1,"
		"\"time\":\"2026-01-31T12:00:00.123Z\",\"host\":\"web1\","
		"\"netns\":4026531840,\"hz\":250,\"partial\":false,"
		"\"path_idle_ms\":240000,\"system\":{\"keepalive_time_ms\":7200000,"
		"\"keepalive_intvl_ms\":75000,\"keepalive_probes\":9,\"retries2\":15,"
		"\"rto_max_ms\":120000,\"probes_sent\":12,\"aborted_on_timeout\":0,"
		"\"source\":\"/proc/sys/net/ipv4\"},\"connections\":[\n";

	(void)state;
	assert_memory_equal(text.data, want, strlen(want));
	strbuf_clear(&text);
}

static void each_connection_has_a_line(void **state)
{
	struct strbuf text = document(NULL, false);
	size_t lines = 0;

	(void)state;
	for (char *line = strtok(text.data, "\n"); line != NULL;
		line = strtok(NULL, "\n"), lines++) {
		size_t len = strlen(line);

		if (lines == 0)
			continue;
		if (strcmp(line, "]}") == 0)
			break;
		assert_int_equal(line[0], '{');
		if (line[len - 1] == ',')
			line[len - 1] = '\0';
		json_decref(json_of(&(struct strbuf){ line, strlen(line), 0 }));
	}
	assert_int_equal(lines, 14);
	strbuf_clear(&text);
}

static void units_stand_in_the_keys(void **state)
{
	static const char *const keys[] = { "verdict", "at_risk", "state",
		"local_address", "local_port", "peer_address", "peer_port", "process",
		"owners", "pid", "fd", "user", "uid", "keepalive", "idle_ms", "timer",
		"expires_ms", "next_ms", "next_latest_ms", "probes", "deadline_ms",
		"deadline_earliest_ms", "deadline_latest_ms", "deadline_approximate",
		"keepidle_ms", "keepintvl_ms", "keepcnt", "user_timeout_ms", "settings",
		"retransmits", "rto_ms", "rtt_us", "send_queue_bytes", "recv_queue_bytes",
		"sent_bytes", "received_bytes", "last_sent_ms", "last_received_ms",
		"last_ack_ms", "segs_in", "segs_out", "inode", "cookie", "cgroup", "mark",
		"dev" };
	struct strbuf text = document(NULL, false);
	json_t *root = json_of(&text), *row = row_of(root, 40001);
	const char *key;
	json_t *value;
	size_t at = 0;

	(void)state;
	json_object_foreach(row, key, value)
	{
		assert_true(at < sizeof(keys) / sizeof(keys[0]));
		assert_string_equal(key, keys[at++]);
	}
	assert_int_equal(at, sizeof(keys) / sizeof(keys[0]));
	json_decref(root);
	strbuf_clear(&text);
}

static void values_have_their_types(void **state)
{
	struct strbuf text = document(NULL, false);
	json_t *root = json_of(&text), *row = row_of(root, 40001), *owners;

	(void)state;
	assert_string_equal(json_string_value(json_object_get(row, "verdict")), "off");
	assert_true(json_is_true(json_object_get(row, "at_risk")));
	assert_string_equal(
		json_string_value(json_object_get(row, "state")), "established");
	assert_true(json_is_false(json_object_get(row, "keepalive")));
	assert_true(json_is_null(json_object_get(row, "probes")));
	assert_true(json_is_null(json_object_get(row, "next_ms")));
	assert_int_equal(json_integer_value(json_object_get(row, "idle_ms")), 130000);
	assert_int_equal(
		json_integer_value(json_object_get(row, "received_bytes")), 5000000001);
	assert_string_equal(json_string_value(json_object_get(row, "cookie")), "1001");
	assert_int_equal(json_integer_value(json_object_get(row, "pid")), 811);
	owners = json_object_get(row, "owners");
	assert_int_equal(json_array_size(owners), 2);
	assert_int_equal(
		json_integer_value(json_object_get(json_array_get(owners, 0), "pid")),
		812);
	json_decref(root);
	strbuf_clear(&text);
}

static void the_unknown_is_null(void **state)
{
	struct strbuf text = document(NULL, false);
	json_t *root = json_of(&text), *row = row_of(root, 1);

	(void)state;
	assert_true(json_is_null(json_object_get(row, "idle_ms")));
	assert_true(json_is_null(json_object_get(row, "keepalive")));
	assert_true(json_is_null(json_object_get(row, "owners")));
	assert_true(json_is_null(json_object_get(row, "cookie")));
	assert_string_equal(
		json_string_value(json_object_get(row, "verdict")), "unknown");
	row = row_of(root, 22);
	assert_true(json_is_null(json_object_get(row, "verdict")));
	assert_string_equal(
		json_string_value(json_object_get(row, "peer_address")), "0.0.0.0");
	assert_int_equal(json_integer_value(json_object_get(row, "peer_port")), 0);
	json_decref(root);
	strbuf_clear(&text);
}

static void companions_appear_where_they_say_something(void **state)
{
	struct strbuf text = document(NULL, false);
	json_t *root = json_of(&text);

	(void)state;
	assert_true(json_is_true(json_object_get(row_of(root, 40006), "due")));
	assert_int_equal(
		json_integer_value(json_object_get(row_of(root, 40006), "expires_ms")),
		0);
	assert_null(json_object_get(row_of(root, 40004), "due"));
	assert_string_equal(
		json_string_value(json_object_get(row_of(root, 40003), "owner_unknown")),
		"other-user");
	assert_null(json_object_get(row_of(root, 40001), "owner_unknown"));
	json_decref(root);
	strbuf_clear(&text);
}

static void chosen_columns_come_with_companions_only(void **state)
{
	struct strbuf text = document("pid,next,peer,process", false);
	const char *row = strstr(text.data, "\"pid\":900,");

	(void)state;
	assert_non_null(row);
	row--;
	assert_int_equal(strncmp(row,
				 "{\"pid\":900,\"owners\":[{\"pid\":900,\"fd\":3,"
				 "\"process\":\"postgres\"}],\"next_ms\":40000,"
				 "\"next_latest_ms\":",
				 88),
		0);
	assert_non_null(strstr(row, "\"peer_address\":\"192.0.2.7\",\"peer_port\":443,"
				    "\"process\":\"postgres\"}"));
	json_decref(json_of(&text));
	strbuf_clear(&text);
}

static void hostile_names_stay_inside_their_string(void **state)
{
	struct strbuf text = document(NULL, true);
	json_t *root = json_of(&text), *row = row_of(root, 40002);

	(void)state;
	assert_string_equal(
		json_string_value(json_object_get(row, "process")), SAMPLE_HOSTILE);
	json_decref(root);
	strbuf_clear(&text);
}

static void a_record_has_the_facts_too(void **state)
{
	struct strbuf text = document(NULL, true);
	json_t *root = json_of(&text), *row = row_of(root, 40010);

	(void)state;
	assert_int_equal(
		json_integer_value(json_object_get(row, "peer_period_ms")), 30000);
	assert_true(json_is_false(json_object_get(row, "peer_is_local")));
	json_decref(root);
	strbuf_clear(&text);
}

static void strings_are_escaped(void **state)
{
	struct strbuf out = { 0 };

	(void)state;
	json_add_string(&out, "");
	json_add_string(&out, "a\"\\\x01\x1f\x7f/\xc3\xa9\xff\xc3z\xed\xa0\x80");
	json_add_string(&out, NULL);
	json_add_known(&out, "");
	assert_string_equal(strbuf_text(&out),
		"\"\"\"a\\\"\\\\\\u0001\\u001f\\u007f/\xc3\xa9\\ufffd\\ufffdz"
		"\\ufffd\\ufffd\\ufffd\"nullnull");
	strbuf_clear(&out);
}

static void numbers_are_whole(void **state)
{
	struct strbuf out = { 0 };

	(void)state;
	json_add_int(&out, INT64_MIN);
	strbuf_putc(&out, ' ');
	json_add_int(&out, 0);
	strbuf_putc(&out, ' ');
	json_add_uint(&out, UINT64_MAX);
	strbuf_putc(&out, ' ');
	json_add_int_unless(&out, -1, -1);
	assert_string_equal(
		strbuf_text(&out), "-9223372036854775808 0 18446744073709551615 null");
	strbuf_clear(&out);
}

struct pieces {
	size_t calls, bytes, refuse_at;
};

static int take(void *context, const char *bytes, size_t len)
{
	struct pieces *p = context;

	(void)bytes;
	p->bytes += len;
	return ++p->calls == p->refuse_at ? -1 : 0;
}

static void write_many(struct sink *sink)
{
	struct table_query query = { .path = path_default() };
	struct snapshot snap = { 0 };
	struct table table = { 0 };
	struct json_writer *w = json_writer_new(NULL, false);

	snapshot_reset(&snap);
	for (int i = 0; i < 2000; i++)
		sample_add(&snap, i);
	table_fill(&table, &snap, &query);
	json_write_sample(w, sink, &table, &query.path);
	json_writer_free(w);
	table_clear(&table);
	snapshot_clear(&snap);
}

static void it_streams_and_stops_when_refused(void **state)
{
	struct pieces all = { 0 }, some = { .refuse_at = 2 };
	struct sink sink = { .write = take, .context = &all };

	(void)state;
	write_many(&sink);
	assert_true(all.calls > 10);
	assert_true(sink.text.cap < 256 * 1024);
	sink_clear(&sink);
	sink = (struct sink){ .write = take, .context = &some };
	write_many(&sink);
	assert_int_equal(some.calls, 2);
	assert_int_equal(sink_flush(&sink), -1);
	sink_clear(&sink);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_is_as_promised),
		cmocka_unit_test(each_connection_has_a_line),
		cmocka_unit_test(units_stand_in_the_keys),
		cmocka_unit_test(values_have_their_types),
		cmocka_unit_test(the_unknown_is_null),
		cmocka_unit_test(companions_appear_where_they_say_something),
		cmocka_unit_test(chosen_columns_come_with_companions_only),
		cmocka_unit_test(hostile_names_stay_inside_their_string),
		cmocka_unit_test(a_record_has_the_facts_too),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(numbers_are_whole),
		cmocka_unit_test(it_streams_and_stops_when_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
