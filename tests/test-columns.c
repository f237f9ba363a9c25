/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "sample.h"
#include "table/columns.h"

/* What scripts depend on: keys in this order, never another. */
static const char documented[] =
	"verdict,at_risk,state,local,peer,process,pid,fd,user,uid,keepalive,idle,timer,"
	"expires,next,probes,deadline,keepidle,keepintvl,keepcnt,user_timeout,settings,"
	"retransmits,rto,rtt,send_queue,recv_queue,sent,received,last_sent,last_received,"
	"last_ack,segs_in,segs_out,inode,cookie,cgroup,mark,dev";
static const char documented_default[] =
	"verdict,state,local,peer,idle,next,deadline,keepalive,probes,process";

static struct value value_of(const struct column *c, const struct row *row)
{
	struct value v;

	column_value(c, row, &v);
	return v;
}

static void assert_list(const struct column_list *list, const char *expected)
{
	struct strbuf text = { 0 };

	column_list_format(list, &text);
	assert_string_equal(strbuf_text(&text), expected);
	strbuf_clear(&text);
}

static void test_documented_order(void **state)
{
	struct column_list list;
	size_t in_default = 0;

	(void)state;
	column_list_all(&list);
	assert_list(&list, documented);
	for (size_t i = 0; i < list.count; i++)
		in_default += (list.at[i]->flags & COLUMN_DEFAULT) != 0;
	column_list_default(&list);
	assert_list(&list, documented_default);
	assert_false(list.chosen);
	assert_int_equal(in_default, list.count);
	for (size_t i = 0; i < list.count; i++)
		assert_true((list.at[i]->flags & COLUMN_DEFAULT) != 0);
}

static void test_give_way(void **state)
{
	static const char *const order[] = { "keepalive", "probes", "state", "local",
		"next", "deadline" };
	static const char *const stay[] = { "verdict", "peer", "idle", "process" };

	(void)state;
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(column_find(order[i])->give_way, i + 1);
	for (size_t i = 0; i < 4; i++) {
		assert_true((column_find(stay[i])->flags & COLUMN_ESSENTIAL) != 0);
		assert_int_equal(column_find(stay[i])->give_way, 0);
	}
}

static void test_table_is_sound(void **state)
{
	(void)state;
	assert_true(columns_count > 39);
	for (size_t i = 0; i < columns_count; i++) {
		const struct column *c = &columns[i];

		assert_non_null(c->get);
		assert_true(c->help[0] != '\0' && text_is_harmless(c->help));
		assert_true(c->type != TYPE_WORD || c->words != NULL);
		if (!column_is_choosable(c)) {
			assert_null(column_find(c->key));
			assert_string_equal(c->title, "");
			continue;
		}
		assert_ptr_equal(column_find(c->key), c);
		assert_true(c->title[0] != '\0');
		assert_true(c->width >= strlen(c->title));
	}
}

static void test_find(void **state)
{
	(void)state;
	assert_ptr_equal(column_find("user-timeout"), column_find("user_timeout"));
	assert_ptr_equal(column_find("At-Risk"), column_find("at_risk"));
	assert_null(column_find(""));
	assert_null(column_find("verdic"));
	assert_null(column_find("verdicts"));
	assert_null(column_find("owners"));
	assert_null(column_find("peer_is_local"));
	assert_string_equal(column_suggest("stat"), "state");
}

static void test_list_apply(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{ "state,peer", "state,peer" },
		{ "peer", "peer" },
		{ " peer , local ", "peer,local" },
		{ "peer,peer", "peer" },
		{ "last-ack,USER_TIMEOUT", "last_ack,user_timeout" },
		{ "+pid", "verdict,state,local,peer,idle,next,deadline,keepalive,probes,"
			  "process,pid" },
		{ "-verdict,-process,-idle,-next,-deadline,-keepalive,-probes",
			"state,local,peer" },
		{ "+state", documented_default },
		{ "-pid", documented_default },
		{ "state,+pid,-state", "pid" },
		{ "+pid,state", "pid,state" },
		{ "all", documented },
		{ "-all,+pid", "pid" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct column_list list;
		struct error e;

		column_list_default(&list);
		if (column_list_apply(&list, cases[i].text, &e) != 0)
			fail_msg("%s: %s", cases[i].text, e.text);
		assert_list(&list, cases[i].expected);
		assert_true(list.chosen);
	}
}

static void test_list_builds_up(void **state)
{
	struct column_list list;

	(void)state;
	column_list_default(&list);
	assert_int_equal(column_list_apply(&list, "state,pid", NULL), 0);
	assert_int_equal(column_list_apply(&list, "+fd", NULL), 0);
	assert_int_equal(column_list_apply(&list, "-state", NULL), 0);
	assert_list(&list, "pid,fd");
	assert_int_equal(column_list_apply(&list, "all", NULL), 0);
	assert_int_equal(column_list_apply(&list, "-cgroup", NULL), 0);
	assert_int_equal(list.count, 38);
}

static void test_list_errors(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{ "stat", "unknown column 'stat' (did you mean 'state'? --list-columns "
			  "lists them)" },
		{ "+sate", "did you mean 'state'" },
		{ "pid,zzzzzz", "unknown column 'zzzzzz' (--list-columns lists them)" },
		{ "", "missing" },
		{ "pid,", "missing" },
		{ ",", "missing" },
		{ "+", "missing" },
		{ "pid,-pid", "no column is left" },
		{ "owners", "unknown column" },
		{ "a\x1b[31m", "'a?[31m'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct column_list list;
		struct error e = { .text = "" };

		column_list_default(&list);
		assert_int_equal(column_list_apply(&list, cases[i].text, &e), -1);
		if (strstr(e.text, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].text, e.text);
		assert_list(&list, documented_default);
		assert_false(list.chosen);
	}
}

/* A row of sample.h by its letter, judged. */
static struct row row_of(const struct snapshot *s, char letter, struct outlook *outlook)
{
	const struct conn *c = &s->conns[letter - 'a'];
	struct path_policy path = path_default();

	outlook_of(c, &s->system, &path, outlook);
	return (struct row){ .snap = s, .conn = c, .outlook = outlook };
}

/* What text shows of the sample. */
static const struct {
	char row;
	const char *key;
	const char *text;
} shown[] = {
	{ 'a', "verdict", "ok" },
	{ 'c', "verdict", "late~" },
	{ 'd', "verdict", "stalled" },
	{ 'e', "verdict", "-" },
	{ 'j', "verdict", "probing 2/3" },
	{ 'j', "at_risk", "true" },
	{ 'a', "at_risk", "false" },
	{ 'a', "state", "ESTAB" },
	{ 'g', "state", "CLOSE-WAIT" },
	{ 'a', "local", "10.0.0.1:22" },
	{ 'd', "peer", "[::ffff:192.0.2.7]:1024" },
	{ 'e', "peer", "0.0.0.0:*" },
	{ 'i', "local", "[fe80::1%eth0]:50003" },
	{ 'a', "process", "sshd: alice" },
	{ 'a', "pid", "100" },
	{ 'a', "fd", "3" },
	{ 'd', "process", "-" },
	{ 'a', "user", "root" },
	{ 'f', "uid", "-" },
	{ 'a', "keepalive", "on" },
	{ 'b', "keepalive", "off" },
	{ 'd', "keepalive", "unknown" },
	{ 'i', "keepalive", "unknown" },
	{ 'e', "keepalive", "-" },
	{ 'f', "keepalive", "-" },
	{ 'b', "idle", "10m0s" },
	{ 'e', "idle", "-" },
	{ 'd', "timer", "retransmit" },
	{ 'a', "expires", "50s" },
	{ 'b', "expires", "-" },
	{ 'a', "next", "50s" },
	{ 'b', "next", "-" },
	{ 'd', "next", "-" },
	{ 'a', "probes", "0/3" },
	{ 'j', "probes", "2/3" },
	{ 'b', "probes", "-" },
	{ 'c', "keepidle", "2h0m" },
	{ 'a', "settings", "socket" },
	{ 'c', "settings", "system" },
	{ 'e', "settings", "-" },
	{ 'j', "user_timeout", "2m0s" },
	{ 'a', "rtt", "150us" },
	{ 'a', "rto", "204ms" },
	{ 'b', "send_queue", "4096" },
	{ 'a', "cookie", "1001" },
	{ 'j', "cookie", "100a" },
	{ 'i', "mark", "511" },
	{ 'a', "mark", "-" },
	{ 'i', "dev", "eth0" },
	{ 'a', "dev", "-" },
	{ 'a', "cgroup", "-" },
};

static void test_text(void **state)
{
	struct snapshot s = { 0 };
	struct strbuf text = { 0 };

	(void)state;
	sample_fill(&s);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		const struct column *c = column_find(shown[i].key);
		struct outlook outlook;
		struct row row = row_of(&s, shown[i].row, &outlook);
		struct value v = value_of(c, &row);

		strbuf_reset(&text);
		value_format(c->type, &v, &text);
		if (strcmp(strbuf_text(&text), shown[i].text) != 0)
			fail_msg("%s of %c is '%s', not '%s'", c->key, shown[i].row,
				strbuf_text(&text), shown[i].text);
	}
	strbuf_clear(&text);
	snapshot_clear(&s);
}

static const struct column *companion(const char *key)
{
	for (size_t i = 0; i < columns_count; i++)
		if (strcmp(columns[i].key, key) == 0)
			return &columns[i];
	fail_msg("no column %s", key);
	return NULL;
}

static void test_companions(void **state)
{
	static const struct {
		char row;
		const char *key;
		int64_t number; /* -1: unknown */
	} cases[] = {
		{ 'a', "next_latest", 52048 },
		{ 'b', "next_latest", -1 },
		{ 'a', "deadline_approximate", 0 },
		{ 'd', "deadline_approximate", 1 },
		{ 'e', "deadline_approximate", -1 },
		{ 'a', "due", 0 },
		{ 'b', "due", -1 },
		{ 'd', "owner_unknown", OWNER_OTHER_USER },
		{ 'h', "owner_unknown", OWNER_ORPHAN },
		{ 'a', "owner_unknown", -1 },
		{ 'g', "peer_is_local", 1 },
		{ 'a', "peer_is_local", -1 },
		{ 'f', "minisocket", 1 },
		{ 'a', "ka_expires", -1 },
	};
	struct snapshot s = { 0 };

	(void)state;
	sample_fill(&s);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outlook outlook;
		struct row row = row_of(&s, cases[i].row, &outlook);
		struct value v = value_of(companion(cases[i].key), &row);

		assert_int_equal(v.known, cases[i].number >= 0);
		if (v.known && v.number != cases[i].number)
			fail_msg("%s of %c is %ld", cases[i].key, cases[i].row,
				(long)v.number);
	}
	snapshot_clear(&s);
}

/* Past its expiry a timer is due: never negative, never blank. */
static void test_due(void **state)
{
	struct snapshot s = { 0 };
	struct strbuf text = { 0 };
	struct outlook outlook;
	struct row row;
	struct value v;

	(void)state;
	sample_fill(&s);
	conn_advance(&s.conns[0], 51000);
	row = row_of(&s, 'a', &outlook);
	v = value_of(column_find("expires"), &row);
	assert_true(v.known);
	assert_int_equal(v.number, 0);
	value_format(TYPE_MS, &v, &text);
	assert_string_equal(strbuf_text(&text), "due");
	v = value_of(companion("due"), &row);
	assert_int_equal(v.number, 1);
	v = value_of(column_find("next"), &row);
	assert_true(v.known);
	strbuf_reset(&text);
	value_format(TYPE_MS, &v, &text);
	assert_string_equal(strbuf_text(&text), "due");
	strbuf_clear(&text);
	snapshot_clear(&s);
}

static void test_value_format(void **state)
{
	static const struct {
		enum value_type type;
		struct value v;
		const char *text;
	} cases[] = {
		{ TYPE_NUMBER, { .known = true, .number = 0 }, "0" },
		{ TYPE_NUMBER, { .known = true, .number = INT64_MAX },
			"9223372036854775807" },
		{ TYPE_NUMBER, { .number = 7 }, "-" },
		{ TYPE_HEX, { .known = true, .number = -1 }, "ffffffffffffffff" },
		{ TYPE_MS, { .known = true, .number = 59999 }, "59s" },
		{ TYPE_MS, { .known = true, .number = 299000, .approximate = true },
			"4m59s~" },
		{ TYPE_MS, { .number = 5, .approximate = true, .due = true }, "-" },
		{ TYPE_US, { .known = true, .number = 40 }, "40us" },
		{ TYPE_RATIO, { .known = true, .number = 3, .total = 9 }, "3/9" },
		{ TYPE_RATIO, { .known = true, .number = 3, .total = -2 }, "3" },
		{ TYPE_OWNERS, { .known = true }, "-" },
		{ TYPE_TEXT, { .known = true, .text = "x" }, "x" },
	};
	struct strbuf text = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strbuf_reset(&text);
		value_format(cases[i].type, &cases[i].v, &text);
		assert_string_equal(strbuf_text(&text), cases[i].text);
		assert_int_equal(
			value_width(cases[i].type, &cases[i].v), strlen(cases[i].text));
	}
	strbuf_clear(&text);
}

/* What no one formats must measure the same; the unjudged show what is not judged. */
static void test_width_and_outlook(void **state)
{
	static const struct outlook unjudged;
	struct snapshot s = { 0 };
	struct strbuf text = { 0 }, plain = { 0 };
	struct outlook outlook;

	(void)state;
	sample_fill(&s);
	for (size_t i = 0; i < s.count * columns_count; i++) {
		const struct column *c = &columns[i % columns_count];
		struct row row = row_of(&s, (char)('a' + i / columns_count), &outlook);
		struct value v = value_of(c, &row);

		strbuf_reset(&text);
		value_format(c->type, &v, &text);
		assert_int_equal(
			value_width(c->type, &v), text_width(strbuf_text(&text)));
		if (column_sees_outlook(c))
			continue;
		row.outlook = &unjudged;
		v = value_of(c, &row);
		strbuf_reset(&plain);
		value_format(c->type, &v, &plain);
		assert_string_equal(strbuf_text(&plain), strbuf_text(&text));
	}
	strbuf_clear(&text);
	strbuf_clear(&plain);
	snapshot_clear(&s);
}

static uint64_t random_number(void)
{
	static uint64_t state = 1;

	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return state >> state % 64;
}

/* What need not be measured fits. */
static void test_value_bound(void **state)
{
	static const enum value_type types[] = { TYPE_NUMBER, TYPE_ID, TYPE_BYTES,
		TYPE_HEX, TYPE_MS, TYPE_US, TYPE_TEXT, TYPE_WORD, TYPE_BOOL, TYPE_RATIO };

	(void)state;
	for (size_t i = 0; i < 400000; i++) {
		enum value_type type = types[i % 10];
		uint64_t number = random_number(), bound;
		struct value v = { .known = true, .number = (int64_t)number };
		size_t width = number % 22;

		bound = value_bound(type, width);
		if (number >= bound)
			continue;
		assert_true(value_width(type, &v) <= width);
		v.due = true;
		assert_true(value_width(type, &v) <= width || type != TYPE_MS);
	}
	assert_int_equal(value_bound(TYPE_NUMBER, 3), 1000);
	assert_int_equal(value_bound(TYPE_HEX, 2), 256);
	assert_int_equal(value_bound(TYPE_RATIO, 9), 0);
	assert_int_equal(value_bound(TYPE_MS, 5), 0);
	assert_true(value_bound(TYPE_MS, 6) > 86400000);
}

static void test_value_compare(void **state)
{
	struct value small = { .known = true, .number = INT64_MIN };
	struct value large = { .known = true, .number = INT64_MAX };
	struct value unknown = { .number = 3 };
	struct addr v4 = sample_addr("10.0.0.2"), v6 = sample_addr("::1");
	struct value end4 = { .known = true, .addr = &v4, .number = 9 };
	struct value end6 = { .known = true, .addr = &v6, .number = 1 };

	(void)state;
	assert_true(value_compare(TYPE_NUMBER, &small, &large) < 0);
	assert_true(value_compare(TYPE_NUMBER, &large, &small) > 0);
	assert_true(value_compare(TYPE_HEX, &small, &large) > 0);
	assert_int_equal(value_compare(TYPE_NUMBER, &small, &unknown), 0);
	assert_true(value_compare(TYPE_ENDPOINT, &end4, &end6) < 0);
	end6.addr = &v4;
	assert_true(value_compare(TYPE_ENDPOINT, &end4, &end6) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documented_order),
		cmocka_unit_test(test_give_way),
		cmocka_unit_test(test_table_is_sound),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_list_apply),
		cmocka_unit_test(test_list_builds_up),
		cmocka_unit_test(test_list_errors),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_companions),
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_value_format),
		cmocka_unit_test(test_width_and_outlook),
		cmocka_unit_test(test_value_bound),
		cmocka_unit_test(test_value_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
