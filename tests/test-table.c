/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collect/needs.h"
#include "sample.h"
#include "table/table.h"

#define LESS_OR_MORE(a, b) (((a) > (b)) - ((a) < (b)))

static struct table_query query_all(void)
{
	return (struct table_query){
		.families = FAMILY_ANY, .all_states = true, .path = path_default()
	};
}

static void assert_rows(const struct table *t, const char *expected)
{
	char rows[64];

	assert_in_range(t->count, 0, sizeof(rows) - 1);
	for (size_t i = 0; i < t->count; i++)
		rows[i] = (char)('a' + t->order[i]);
	rows[t->count] = '\0';
	assert_string_equal(rows, expected);
}

static void test_default_order(void **state)
{
	struct snapshot s = { 0 };
	struct table t = { 0 };
	struct table_query q = query_all();

	(void)state;
	sample_fill(&s);
	table_fill(&t, &s, &q);
	/* stalled, probing and lost at risk; late, ok, local; then no verdict by address
	 */
	assert_rows(&t, "djbcagefhi");
	q.descending = true;
	table_fill(&t, &s, &q);
	assert_rows(&t, "ihfegacbjd");
	q.descending = false;
	q.all_states = false;
	table_fill(&t, &s, &q);
	assert_rows(&t, "djbcaghi");
	assert_int_equal(t.tally.in_sample, 8);
	q.risk_only = true;
	table_fill(&t, &s, &q);
	assert_rows(&t, "djb");
	assert_int_equal(t.tally.at_risk, 3);
	assert_int_equal(t.tally.judged, 6);
	table_clear(&t);
	snapshot_clear(&s);
}

static void test_families(void **state)
{
	struct snapshot s = { 0 };
	struct table t = { 0 };
	struct table_query q = query_all();

	(void)state;
	sample_fill(&s);
	q.families = FAMILY_V6; /* a v4-mapped address belongs to it */
	table_fill(&t, &s, &q);
	assert_rows(&t, "dci");
	q.families = FAMILY_V4;
	table_fill(&t, &s, &q);
	assert_rows(&t, "jbagefh");
	table_clear(&t);
	snapshot_clear(&s);
}

static void test_filter_and_tally(void **state)
{
	struct snapshot s = { 0 };
	struct table t = { 0 };
	struct table_query q = query_all();
	struct filter *f = filter_compile("sport 22 or sport 443", NULL, NULL);
	struct filter *by_state =
		filter_compile("state listening state time-wait", NULL, NULL);

	(void)state;
	sample_fill(&s);
	q.all_states = false;
	q.filter = f;
	table_fill(&t, &s, &q);
	assert_rows(&t, "dcah");
	assert_int_equal(t.tally.in_sample, 8);
	assert_int_equal(t.tally.verdicts[VERDICT_STALLED], 1);
	assert_int_equal(t.tally.verdicts[VERDICT_NONE], 1);
	assert_int_equal(t.tally.verdicts[VERDICT_LOST], 0);
	assert_int_equal(t.tally.at_risk, 1);
	assert_int_equal(t.tally.judged, 3);
	assert_int_equal(t.tally.keepalive_on, 2);
	assert_int_equal(t.tally.keepalive_off, 0);
	assert_int_equal(t.tally.keepalive_unknown, 1);
	assert_int_equal(t.tally.owner_unknown[OWNER_OTHER_USER], 1);
	assert_int_equal(t.tally.owner_unknown[OWNER_ORPHAN], 1);
	q.filter = by_state; /* named: not hidden */
	table_fill(&t, &s, &q);
	assert_rows(&t, "ef");
	filter_free(f);
	filter_free(by_state);
	table_clear(&t);
	snapshot_clear(&s);
}

static void test_sort_by_column(void **state)
{
	static const struct {
		const char *key;
		bool descending;
		const char *rows;
	} cases[] = {
		{ "idle", false, "cadjgbefhi" },
		{ "idle", true, "bgjdacefhi" },
		{ "local", false, "eafhbdgjci" },
		{ "local", true, "icjgdbfhae" },
		{ "process", false, "gibceadfhj" },
		{ "process", true, "aebcigdfhj" },
		{ "state", false, "abcdjihfge" },
		{ "verdict", false, "djbcagefhi" },
		{ "verdict", true, "gacbjdefhi" },
		{ "at_risk", true, "bdjacefghi" },
		{ "probes", true, "jacbdefghi" },
		{ "cookie", true, "jihgfedcba" },
		{ "dev", true, "iabcdefghj" },
	};
	struct snapshot s = { 0 };
	struct table t = { 0 };
	struct table_query q = query_all();

	(void)state;
	sample_fill(&s);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		q.sort = column_find(cases[i].key);
		q.descending = cases[i].descending;
		table_fill(&t, &s, &q);
		assert_rows(&t, cases[i].rows);
	}
	table_clear(&t);
	snapshot_clear(&s);
}

static uint32_t seed = 4711;

static uint32_t dice(uint32_t sides)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % sides;
}

/* Connections that differ in little, so that ties reach the last key. */
static void add_random(struct snapshot *s)
{
	static const char *const addresses[] = { "10.0.0.1", "10.0.0.2",
		"::ffff:10.0.0.1", "2001:db8::1", "2001:db8::2", "127.0.0.1" };
	static const char *const names[] = { "nginx", "nginx-worker-1", "nginx-worker-2",
		"a", "" };
	struct conn *c = sample_add(s, (enum tcp_state)(1 + dice(11)), addresses[dice(6)],
		dice(3), addresses[dice(6)], dice(3));

	c->id = dice(40000); /* twins too */
	if (dice(3) > 0)
		sample_age(c, dice(4) * 100000);
	if (dice(3) == 0)
		sample_keepalive(c, dice(3) * 1000000, dice(2) * dice(4));
	else if (dice(2) == 0)
		sample_off(c);
	if (dice(2) == 0)
		sample_settings(c, 60000 * (1 + dice(3)), 10000, 3);
	if (dice(3) > 0)
		sample_own(s, c, dice(5), dice(5), names[dice(5)]);
	if (dice(2) == 0)
		c->user = strtab_add(&s->strings, names[dice(4)]);
}

/* Unknown and never come last. */
static int compare_times(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return (a < 0) - (b < 0);
	return LESS_OR_MORE(a, b);
}

static struct value value_of(const struct column *c, const struct row *row)
{
	struct value v;

	column_value(c, row, &v);
	return v;
}

/* The documented order, step by step. */
static int compare_as_documented(const struct row *a, const struct row *b)
{
	const struct outlook *x = a->outlook, *y = b->outlook;
	const struct conn *c = a->conn, *d = b->conn;
	struct value v = value_of(column_find("idle"), a);
	struct value w = value_of(column_find("idle"), b);
	int steps[] = {
		LESS_OR_MORE(!x->at_risk, !y->at_risk),
		LESS_OR_MORE(verdict_rank(x->verdict), verdict_rank(y->verdict)),
		compare_times(x->deadline_ms, y->deadline_ms),
		compare_times(x->next_ms, y->next_ms),
		v.known && w.known ? LESS_OR_MORE(w.number, v.number) : w.known - v.known,
		addr_compare(&c->local, &d->local),
		LESS_OR_MORE(c->local_port, d->local_port),
		addr_compare(&c->peer, &d->peer),
		LESS_OR_MORE(c->peer_port, d->peer_port),
		LESS_OR_MORE(c->id, d->id),
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i] != 0)
			return steps[i];
	return 0;
}

static int compare_by_column(const struct row *a, const struct row *b,
	const struct column *column, bool descending)
{
	struct value v = value_of(column, a), w = value_of(column, b);
	int order = value_compare(column->type, &v, &w);

	if (v.known != w.known)
		return w.known - v.known;
	if (order == 0)
		return LESS_OR_MORE(a->conn->id, b->conn->id);
	return descending ? -order : order;
}

static void assert_ordered(const struct table *t, const struct table_query *q)
{
	for (size_t i = 1; i < t->count; i++) {
		struct outlook x, y;
		struct row a = table_row(t, i - 1, &q->path, &x);
		struct row b = table_row(t, i, &q->path, &y);
		int order =
			q->sort == NULL
				? compare_as_documented(&a, &b) * (q->descending ? -1 : 1)
				: compare_by_column(&a, &b, q->sort, q->descending);

		if (order > 0)
			fail_msg("%s: places %zu and %zu are out of order",
				q->sort != NULL ? q->sort->key : "default", i - 1, i);
	}
}

/* Each connection once. */
static void assert_complete(const struct table *t, size_t count)
{
	unsigned char *seen = calloc(count, 1);

	assert_non_null(seen);
	assert_int_equal(t->count, count);
	for (size_t i = 0; i < t->count; i++) {
		assert_in_range(t->order[i], 0, count - 1);
		assert_int_equal(seen[t->order[i]]++, 0);
	}
	free(seen);
}

static void test_every_order(void **state)
{
	struct snapshot s = { 0 };
	struct table t = { 0 };
	struct table_query q = query_all();

	(void)state;
	sample_fill(&s);
	for (size_t size = 0; size < 5000; size += 1 + size / 2) {
		while (s.count < size)
			add_random(&s);
		q.sort = NULL;
		table_fill(&t, &s, &q);
		assert_complete(&t, s.count);
		assert_ordered(&t, &q);
		for (size_t i = 0; i < 2 * columns_count; i++) {
			q.sort = &columns[i / 2];
			q.descending = i & 1;
			if (!column_is_choosable(q.sort))
				continue;
			table_fill(&t, &s, &q);
			assert_complete(&t, s.count);
			assert_ordered(&t, &q);
		}
	}
	table_clear(&t);
	snapshot_clear(&s);
}

static void test_empty(void **state)
{
	struct snapshot s = { 0 };
	struct table t = { 0 };
	struct table_query q = query_all();

	(void)state;
	snapshot_reset(&s);
	table_fill(&t, &s, &q);
	assert_int_equal(t.count, 0);
	table_clear(&t);
	table_clear(&t);
}

static void test_needs(void **state)
{
	struct column_list list;
	struct table_query q = query_all();
	struct filter *f = filter_compile("user root", NULL, NULL);

	(void)state;
	column_list_default(&list);
	assert_int_equal(
		column_list_apply(&list, "state,local,peer,timer,expires", NULL), 0);
	assert_int_equal(table_needs(&q, &list), 0);
	q.filter = f;
	assert_int_equal(table_needs(&q, &list), COLLECT_USER);
	assert_int_equal(column_list_apply(&list, "+idle", NULL), 0);
	assert_int_equal(table_needs(&q, &list),
		COLLECT_USER | COLLECT_INFO | COLLECT_SETTINGS | COLLECT_LOCAL);
	q.sort = column_find("idle");
	assert_int_equal(table_needs(&q, &list), COLLECT_USER | COLLECT_INFO);
	q.filter = NULL;
	q.sort = NULL;
	q.risk_only = true;
	assert_int_equal(
		table_needs(&q, &list), COLLECT_INFO | COLLECT_SETTINGS | COLLECT_LOCAL);
	q.risk_only = false;
	column_list_all(&list);
	assert_int_equal(table_needs(&q, &list), COLLECT_ALL);
	filter_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_order),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_filter_and_tally),
		cmocka_unit_test(test_sort_by_column),
		cmocka_unit_test(test_every_order),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
