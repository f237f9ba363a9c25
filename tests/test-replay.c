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
#include "base/xalloc.h"
#include "collect/replay.h"
#include "out/json.h"
#include "out-sample.h"

#define HEAD                                                                             \
	"{\"katop\":\"0.1.0\",\"schema\":1,\"time\":\"2026-01-31T12:00:00.000Z\","       \
	"\"connections\":[\n"
#define CONN                                                                             \
	"{\"local_address\":\"10.0.0.1\",\"local_port\":22,"                             \
	"\"peer_address\":\"192.0.2.1\",\"peer_port\":4000}"

/* A replay of @len bytes; the file is anonymous. */
static struct collector *replay_bytes(const char *bytes, size_t len)
{
	struct collect_options options = { .replay_path = "x.katop" };
	struct collector *c;

	options.replay_file = tmpfile();
	assert_non_null(options.replay_file);
	assert_int_equal(fwrite(bytes, 1, len, options.replay_file), len);
	rewind(options.replay_file);
	c = collect_replay.open(&options, NULL);
	assert_non_null(c);
	return c;
}

static struct collector *replay(const char *text)
{
	return replay_bytes(text, strlen(text));
}

static int read_one(struct collector *c, struct snapshot *snap, struct error *e)
{
	struct collect_request request = { .needs = COLLECT_ALL };

	e->text[0] = '\0';
	return collect_replay.read(c, &request, snap, e);
}

/* A record of @snap, appended to @out. */
static void record(const struct snapshot *snap, struct strbuf *out)
{
	struct table_query query = { .all_states = true, .path = path_default() };
	struct table table = { 0 };
	struct sink sink = { 0 };
	struct json_writer *w = json_writer_new(NULL, true);

	snprintf(query.path.name, sizeof(query.path.name), "aws-alb");
	query.path.limit_ms = 60000;
	query.path.data_only = true;
	table_fill(&table, snap, &query);
	json_write_sample(w, &sink, &table, &query.path);
	strbuf_add(out, sink.text.data, sink.text.len);
	sink_clear(&sink);
	json_writer_free(w);
	table_clear(&table);
}

/* Two samples. The second has one connection, so that its parts are few. */
static struct strbuf two_samples(void)
{
	struct snapshot snap = { 0 };
	struct strbuf text = { 0 };

	sample_fill(&snap);
	record(&snap, &text);
	snapshot_reset(&snap);
	sample_own(&snap, sample_add(&snap, 5), 77, 3, SAMPLE_HOSTILE);
	snap.time_ms = 1000;
	record(&snap, &text);
	snapshot_clear(&snap);
	return text;
}

static void a_record_of_a_replay_is_the_same(void **state)
{
	struct strbuf first = two_samples(), second = { 0 };
	struct collector *c = replay_bytes(first.data, first.len);
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	while (read_one(c, &snap, &e) == 1) {
		assert_int_equal(snap.path_idle_ms, 60000);
		assert_true(snap.path_data_only);
		assert_string_equal(snap.path_name, "aws-alb");
		record(&snap, &second);
	}
	assert_string_equal(e.text, "");
	assert_string_equal(strbuf_text(&first), strbuf_text(&second));
	collect_replay.close(c);
	snapshot_clear(&snap);
	strbuf_clear(&first);
	strbuf_clear(&second);
}

static void windows_is_told(void **state)
{
	struct snapshot snap = { 0 };
	struct strbuf first = { 0 }, second = { 0 };
	struct collector *c;
	struct error e;

	(void)state;
	sample_fill(&snap);
	snap.system.windows = true;
	snap.partial = true;
	snap.netns = 0;
	snap.host[0] = '\0';
	snap.system.hz = SYSTEM_UNKNOWN;
	record(&snap, &first);
	c = replay_bytes(first.data, first.len);
	assert_int_equal(read_one(c, &snap, &e), 1);
	assert_true(snap.system.windows && snap.partial);
	record(&snap, &second);
	assert_string_equal(strbuf_text(&first), strbuf_text(&second));
	collect_replay.close(c);
	snapshot_clear(&snap);
	strbuf_clear(&first);
	strbuf_clear(&second);
}

/* Cut anywhere, a record gives the samples that are whole, and never another. */
static void cut_anywhere_it_gives_the_whole_samples(void **state)
{
	struct strbuf text = two_samples();
	size_t first = (size_t)(strstr(text.data, "\n]}\n") - text.data) + 3;
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	for (size_t len = 0; len <= text.len; len++) {
		size_t whole = (len >= first) + (len >= text.len - 1);
		struct collector *c = replay_bytes(text.data, len);

		for (size_t i = 0; i < whole; i++)
			assert_int_equal(read_one(c, &snap, &e), 1);
		assert_int_equal(read_one(c, &snap, &e), whole > 0 ? 0 : -1);
		if (whole > 0)
			assert_int_equal(snap.count, whole == 1 ? 13 : 1);
		else
			assert_non_null(strstr(e.text, "x.katop"));
		collect_replay.close(c);
		if (len > 40 && len + 3000 < first)
			len += 61;
	}
	snapshot_clear(&snap);
	strbuf_clear(&text);
}

static const struct {
	const char *text;
	const char *complaint;
} damaged[] = {
	{ "", "x.katop: no whole sample in it (it is empty)" },
	{ HEAD, "x.katop: no whole sample in it (it was cut short)" },
	{ "hello", "x.katop: line 1: not the first line of a sample" },
	{ "\n", "x.katop: line 1: not the first line of a sample" },
	{ "{\"connections\":[\n]}\n", "line 1: not the first line of a sample: no" },
	{ "[\"connections\":[\n]}\n", "line 1, column" },
	{ "{\"katop\":\"9\",\"schema\":2,\"time\":\"1970-01-01T00:00:00.000Z\","
	  "\"connections\":[\n]}\n",
		"line 1: schema is 2, this katop reads 1" },
	{ "{\"katop\":\"9\",\"schema\":null,\"time\":\"1970-01-01T00:00:00.000Z\","
	  "\"connections\":[\n]}\n",
		"line 1: schema is missing" },
	{ "{\"katop\":\"9\",\"schema\":1,\"time\":\"yesterday\",\"connections\":[\n]}\n",
		"line 1: time is not like" },
	{ "{\"katop\":\"9\",\"schema\":1,\"connections\":[\n]}\n", "line 1: time" },
	{ HEAD CONN "\n" CONN "\n]}\n", "line 3: not the end of the sample: a comma" },
	{ HEAD CONN ",\n]}\n", "line 3: not a connection" },
	{ HEAD CONN ",\n\n" CONN "\n]}\n", "line 3: not a connection" },
	{ HEAD "{}\n]}\n", "line 2: local_address is not an address" },
	{ HEAD "{\"a\":1,\"a\":2}\n]}\n", "line 2, column" },
	{ HEAD "{\"a\":1\n]}\n", "line 2, column" },
	{ HEAD "[]\n]}\n", "line 2: not a connection" },
	{ HEAD CONN "\n]}\nrubbish\n", "line 4: not the first line of a sample" },
};

static void damage_is_named_by_its_line(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		struct collector *c = replay(damaged[i].text);
		int rc;

		while ((rc = read_one(c, &snap, &e)) == 1)
			;
		assert_int_equal(rc, -1);
		if (strstr(e.text, damaged[i].complaint) == NULL)
			fail_msg("%zu: %s", i, e.text);
		collect_replay.close(c);
	}
	snapshot_clear(&snap);
}

/* Reads one connection with the members @more; returns read()'s result. */
static int read_conn_with(const char *more, struct snapshot *snap, struct error *e)
{
	struct strbuf text = { 0 };
	struct collector *c;
	int rc;

	strbuf_puts(&text, HEAD);
	strbuf_add(&text, CONN, strlen(CONN) - 1);
	strbuf_printf(&text, ",%s}\n]}\n", more);
	c = replay(strbuf_text(&text));
	rc = read_one(c, snap, e);
	collect_replay.close(c);
	strbuf_clear(&text);
	return rc;
}

static void wrong_values_are_refused(void **state)
{
	static const struct {
		const char *member;
		const char *complaint;
	} wrong[] = {
		{ "\"expires_ms\":-1", "expires_ms is not a whole number from 0" },
		{ "\"expires_ms\":4294967296", "expires_ms is not a whole number" },
		{ "\"expires_ms\":1.5", "expires_ms is not a whole number" },
		{ "\"expires_ms\":\"1\"", "expires_ms is not a whole number" },
		{ "\"expires_ms\":99999999999999999999", "no JSON" },
		{ "\"probes\":256", "probes is not a whole number from 0 to 255" },
		{ "\"sent_bytes\":-9", "sent_bytes is not" },
		{ "\"keepalive\":1", "keepalive is neither true nor false" },
		{ "\"state\":\"gone\"", "state cannot be \"gone\"" },
		{ "\"state\":\"a\\u001b[2J\"", "state cannot be \"a?[2J\"" },
		{ "\"timer\":7", "timer is not a string" },
		{ "\"cookie\":\"xyz\"", "cookie is not a string of 1 to 16" },
		{ "\"cookie\":\"12345678901234567\"", "cookie is not" },
		{ "\"owners\":7", "owners is not an array" },
		{ "\"owners\":[7]", "owners has something" },
		{ "\"owners\":[{\"pid\":-7}]", "pid is not" },
		{ "\"user\":{}", "user is not a string" },
		{ "\"settings\":\"socket\",\"keepcnt\":300", "keepcnt is not" },
		{ "\"local_ports\":1,\"owner_unknown\":\"x\"",
			"owner_unknown cannot be" },
	};
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(read_conn_with(wrong[i].member, &snap, &e), -1);
		if (strstr(e.text, wrong[i].complaint) == NULL)
			fail_msg("%zu: %s", i, e.text);
		assert_non_null(strstr(e.text, "x.katop: line 2"));
	}
	snapshot_clear(&snap);
}

static void endpoints_are_checked(void **state)
{
	static const char *const bad[] = {
		"{\"local_address\":\"10.0.0.256\",\"local_port\":1,"
		"\"peer_address\":\"::\",\"peer_port\":0}",
		"{\"local_address\":\"::1\",\"local_port\":65536,"
		"\"peer_address\":\"::\",\"peer_port\":0}",
		"{\"local_address\":null,\"local_port\":1,"
		"\"peer_address\":\"::\",\"peer_port\":0}",
		"{\"local_address\":\"::1\",\"local_port\":1,\"peer_address\":\"::\"}",
	};
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct strbuf text = { 0 };
		struct collector *c;

		strbuf_printf(&text, "%s%s\n]}\n", HEAD, bad[i]);
		c = replay(strbuf_text(&text));
		assert_int_equal(read_one(c, &snap, &e), -1);
		collect_replay.close(c);
		strbuf_clear(&text);
	}
	snapshot_clear(&snap);
}

static void hostile_strings_become_harmless(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;
	const struct conn *c;

	(void)state;
	assert_int_equal(read_conn_with("\"user\":\"a\\u001b]0;x\\u0007b\\n\\u202e\","
					"\"owners\":[{\"pid\":1,\"fd\":2,"
					"\"process\":\"\\u0085\\u200bx\"}]",
				 &snap, &e),
		1);
	c = &snap.conns[0];
	assert_string_equal(snapshot_string(&snap, c->user), "a?]0;x?b??");
	assert_string_equal(snapshot_string(&snap, snap.owners[0].process), "??x");
	snapshot_clear(&snap);
}

static void verdicts_are_not_believed(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;
	const struct conn *c;

	(void)state;
	assert_int_equal(
		read_conn_with("\"verdict\":\"ok\",\"at_risk\":17,\"next_ms\":\"soon\","
			       "\"deadline_ms\":-5,\"settings\":\"system\","
			       "\"keepidle_ms\":7200000",
			&snap, &e),
		1);
	c = &snap.conns[0];
	assert_int_equal(c->have, 0);
	assert_int_equal(c->settings, SETTINGS_UNKNOWN);
	assert_int_equal(c->keepidle_ms, 0);
	assert_true(c->id != 0);
	snapshot_clear(&snap);
}

/* Facts that share a bit are known together: half of a pair is no knowledge. */
static void half_a_pair_is_unknown(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	assert_int_equal(read_conn_with("\"send_queue_bytes\":7,\"segs_in\":null,"
					"\"segs_out\":9,\"rtt_us\":5",
				 &snap, &e),
		1);
	assert_int_equal(snap.conns[0].have, HAVE_RTT);
	assert_int_equal(snap.conns[0].send_queue_bytes, 0);
	assert_int_equal(snap.conns[0].segs_out, 0);
	snapshot_clear(&snap);
}

static void a_failed_read_leaves_the_last_sample(void **state)
{
	struct snapshot snap = { 0 };
	struct collector *c = replay(HEAD CONN "\n]}\n" HEAD CONN ",\n");
	struct error e;

	(void)state;
	assert_int_equal(read_one(c, &snap, &e), 1);
	assert_int_equal(read_one(c, &snap, &e), 0);
	assert_int_equal(snap.count, 1);
	assert_int_equal(snap.conns[0].local_port, 22);
	collect_replay.close(c);
	snapshot_clear(&snap);
}

static void endless_lines_are_bounded(void **state)
{
	struct strbuf text = { 0 };
	struct snapshot snap = { 0 };
	struct collector *c;
	struct error e;

	(void)state;
	strbuf_puts(&text, HEAD);
	strbuf_fill(&text, '{', 9 * 1024 * 1024);
	c = replay(strbuf_text(&text));
	assert_int_equal(read_one(c, &snap, &e), -1);
	assert_non_null(strstr(e.text, "line 2: longer than any"));
	collect_replay.close(c);
	snapshot_clear(&snap);
	strbuf_clear(&text);
}

static void a_nul_byte_is_damage(void **state)
{
	static const char bytes[] = HEAD "{\"user\":\"a\0b\"}\n]}\n";
	struct snapshot snap = { 0 };
	struct collector *c = replay_bytes(bytes, sizeof(bytes) - 1);
	struct error e;

	(void)state;
	assert_int_equal(read_one(c, &snap, &e), -1);
	assert_non_null(strstr(e.text, "line 2"));
	collect_replay.close(c);
	snapshot_clear(&snap);
}

static void line_ends_of_windows_are_read(void **state)
{
	struct snapshot snap = { 0 };
	struct collector *c = replay(
		"{\"katop\":\"1\",\"schema\":1,\"time\":"
		"\"2026-01-31T12:00:00.000Z\",\"connections\":[\r\n" CONN "\r\n]}\r\n");
	struct error e;

	(void)state;
	assert_int_equal(read_one(c, &snap, &e), 1);
	assert_int_equal(snap.count, 1);
	assert_int_equal(read_one(c, &snap, &e), 0);
	collect_replay.close(c);
	snapshot_clear(&snap);
}

static void it_goes_back_and_forth(void **state)
{
	struct strbuf text = { 0 };
	struct snapshot snap = { 0 };
	struct collector *c;
	struct error e;

	(void)state;
	for (int i = 0; i < 4; i++)
		strbuf_printf(&text,
			"{\"katop\":\"1\",\"schema\":1,\"time\":"
			"\"2026-01-31T12:00:0%d.000Z\",\"connections\":[\n" CONN "\n]}\n",
			i);
	c = replay(strbuf_text(&text));
	for (int i = 0; i < 4; i++)
		assert_int_equal(read_one(c, &snap, &e), 1);
	assert_int_equal(read_one(c, &snap, &e), 0);
	assert_int_equal(replay_index(c), 4);
	for (int i = 3; i >= 0; i--) {
		assert_int_equal(replay_seek(c, i, &e), 0);
		assert_int_equal(read_one(c, &snap, &e), 1);
		assert_int_equal(snap.time_ms % 60000 / 1000, i);
		assert_int_equal(replay_index(c), i + 1);
	}
	assert_int_equal(read_one(c, &snap, &e), 1);
	assert_int_equal(snap.time_ms % 60000 / 1000, 1);
	assert_int_equal(replay_seek(c, 9, &e), -1);
	assert_int_equal(replay_seek(c, -1, &e), -1);
	collect_replay.close(c);
	snapshot_clear(&snap);
	strbuf_clear(&text);
}

static void lines_are_counted_after_going_back(void **state)
{
	struct snapshot snap = { 0 };
	struct collector *c = replay(HEAD CONN "\n]}\n" HEAD CONN "\n]}\n" HEAD "x\n");
	struct error e;

	(void)state;
	assert_int_equal(read_one(c, &snap, &e), 1);
	assert_int_equal(read_one(c, &snap, &e), 1);
	assert_int_equal(replay_seek(c, 1, &e), 0);
	assert_int_equal(read_one(c, &snap, &e), 1);
	assert_int_equal(read_one(c, &snap, &e), -1);
	assert_non_null(strstr(e.text, "x.katop: line 8: not a connection"));
	collect_replay.close(c);
	snapshot_clear(&snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_of_a_replay_is_the_same),
		cmocka_unit_test(windows_is_told),
		cmocka_unit_test(cut_anywhere_it_gives_the_whole_samples),
		cmocka_unit_test(damage_is_named_by_its_line),
		cmocka_unit_test(wrong_values_are_refused),
		cmocka_unit_test(endpoints_are_checked),
		cmocka_unit_test(hostile_strings_become_harmless),
		cmocka_unit_test(verdicts_are_not_believed),
		cmocka_unit_test(half_a_pair_is_unknown),
		cmocka_unit_test(a_failed_read_leaves_the_last_sample),
		cmocka_unit_test(endless_lines_are_bounded),
		cmocka_unit_test(a_nul_byte_is_damage),
		cmocka_unit_test(line_ends_of_windows_are_read),
		cmocka_unit_test(it_goes_back_and_forth),
		cmocka_unit_test(lines_are_counted_after_going_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
