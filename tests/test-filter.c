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

#include "collect/needs.h"
#include "sample.h"
#include "table/filter.h"

static long service_port(const char *name)
{
	return strcmp(name, "ssh") == 0 ? 22 : strcmp(name, "https") == 0 ? 443 : -1;
}

static long user_id(const char *name)
{
	return strcmp(name, "root") == 0 ? 0 : -1;
}

static const struct filter_resolver resolver = { service_port, user_id };

static struct row sample_row(
	const struct snapshot *s, const struct conn *c, struct outlook *outlook)
{
	struct path_policy path = path_default();

	outlook_of(c, &s->system, &path, outlook);
	return (struct row){ .snap = s, .conn = c, .outlook = outlook };
}

/* The letters of the connections that pass. */
static void passing(const struct filter *f, const struct snapshot *s, char *letters)
{
	for (size_t i = 0; i < s->count; i++) {
		struct outlook outlook;
		struct row row = sample_row(s, &s->conns[i], &outlook);

		if (filter_matches(f, &row))
			*letters++ = (char)('a' + i);
	}
	*letters = '\0';
}

static const struct {
	const char *text;
	const char *rows;
} expected[] = {
#include "filter-cases.h"
};

static void test_expected_rows(void **state)
{
	struct snapshot s = { 0 };
	int failures = 0;

	(void)state;
	sample_fill(&s);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct error e = { .text = "" };
		struct filter *f = filter_compile(expected[i].text, &resolver, &e);
		char rows[32] = "";

		if (f != NULL)
			passing(f, &s, rows);
		if (f == NULL || strcmp(rows, expected[i].rows) != 0) {
			print_error("{ \"%s\", \"%s\" } gave \"%s\" %s\n",
				expected[i].text, expected[i].rows, rows, e.text);
			failures++;
		}
		filter_free(f);
	}
	assert_int_equal(failures, 0);
	snapshot_clear(&s);
}

/* A descriptor that nobody tells, a process without a name: neither true nor false. */
static void test_owners_half_known(void **state)
{
	static const struct {
		const char *text;
		const char *rows;
	} cases[] = {
		{ "pid 9", "ab" },
		{ "pid != 9", "" },
		{ "fd 3", "b" },
		{ "fd > 2", "b" },
		{ "fd != 3", "" },
		{ "fd 4", "" },
		{ "fd != 4", "" },
		{ "not fd 4", "" },
		{ "fd 4 or pid 9", "ab" },
		{ "process nginx", "b" },
		{ "process != nginx", "" },
		{ "not process nginx", "" },
		{ "process ~ ssh", "" },
		{ "process !~ ssh", "" },
	};
	struct snapshot s = { 0 };
	struct conn *c;

	(void)state;
	snapshot_reset(&s);
	c = sample_add(&s, STATE_ESTABLISHED, "10.0.0.1", 1, "10.0.0.2", 2);
	snapshot_add_owner(&s, (struct conn_owner){ .pid = 9, .fd = OWNER_FD_UNKNOWN });
	c->owner_count = 1;
	c = sample_add(&s, STATE_ESTABLISHED, "10.0.0.1", 1, "10.0.0.2", 2);
	c->owner_first = snapshot_add_owner(
		&s, (struct conn_owner){ .pid = 9, .fd = OWNER_FD_UNKNOWN });
	c->owner_count = 1;
	sample_own(&s, c, 10, 3, "nginx");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filter *f = filter_compile(cases[i].text, NULL, NULL);
		char rows[8];

		assert_non_null(f);
		passing(f, &s, rows);
		if (strcmp(rows, cases[i].rows) != 0)
			fail_msg("%s gave \"%s\"", cases[i].text, rows);
		filter_free(f);
	}
	snapshot_clear(&s);
}

static const struct {
	const char *text;
	long at;
	const char *says;
} malformed[] = {
#include "filter-malformed.h"
};

static void test_malformed(void **state)
{
	int failures = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		struct error e = { .text = "", .at = -7 };
		struct filter *f = filter_compile(malformed[i].text, &resolver, &e);

		if (f != NULL || e.at != malformed[i].at ||
			strstr(e.text, malformed[i].says) == NULL) {
			print_error("{ \"%s\", %ld, \"%s\" } gave %s %ld: %s\n",
				malformed[i].text, malformed[i].at, malformed[i].says,
				f != NULL ? "a filter" : "an error", e.at, e.text);
			failures++;
		}
		filter_free(f);
	}
	assert_int_equal(failures, 0);
}

static void test_depth_and_length(void **state)
{
	static char text[80001];
	struct error e;

	(void)state;
	memset(text, '(', 201);
	assert_null(filter_compile(text, NULL, &e));
	assert_int_equal(e.at, 200);
	memset(text, '!', 50000);
	assert_null(filter_compile(text, NULL, &e));
	assert_int_equal(e.at, 200);
	memset(text, ' ', 80000);
	assert_null(filter_compile(text, NULL, &e));
	assert_non_null(strstr(e.text, "longer"));
}

static void test_no_resolver(void **state)
{
	struct error e;
	struct filter *f = filter_compile("dport 22 or uid 0", NULL, &e);

	(void)state;
	assert_non_null(f);
	filter_free(f);
	assert_null(filter_compile("dport ssh", NULL, &e));
	assert_int_equal(e.at, 6);
	assert_null(filter_compile("uid root", NULL, &e));
}

static void test_properties(void **state)
{
	static const struct {
		const char *text;
		unsigned needs;
		bool names_state;
	} cases[] = {
		{ "", 0, false },
		{ "dport 443", 0, false },
		{ "state established", 0, true },
		{ "not exclude listening", 0, true },
		{ "process nginx or user root", COLLECT_OWNER | COLLECT_USER, false },
		{ "idle > 5m fwmark 1", COLLECT_INFO | COLLECT_MARK, false },
		{ "at_risk", COLLECT_INFO | COLLECT_SETTINGS | COLLECT_LOCAL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filter *f = filter_compile(cases[i].text, NULL, NULL);

		assert_non_null(f);
		assert_int_equal(filter_needs(f), cases[i].needs);
		assert_int_equal(filter_names_state(f), cases[i].names_state);
		filter_free(f);
	}
	assert_int_equal(filter_needs(NULL), 0);
	assert_false(filter_names_state(NULL));
}

static struct prefilter prefilter_of(const char *text)
{
	struct filter *f = filter_compile(text, &resolver, NULL);
	struct prefilter p;

	assert_non_null(f);
	filter_prefilter(f, &p);
	filter_free(f);
	return p;
}

static void test_prefilter(void **state)
{
	struct prefilter p;

	(void)state;
	filter_prefilter(NULL, &p);
	assert_int_equal(p.states, STATES_ALL);
	assert_int_equal(p.families, FAMILY_ANY);
	assert_int_equal(p.count, 0);
	p = prefilter_of("state established and dport = :443 src 10.0.0.0/8");
	assert_int_equal(p.states, STATE_BIT(STATE_ESTABLISHED));
	assert_int_equal(p.families, FAMILY_ANY);
	assert_int_equal(p.count, 2);
	assert_int_equal(p.terms[0].kind, PREFILTER_PEER_PORT);
	assert_int_equal(p.terms[0].first_port, 443);
	assert_int_equal(p.terms[0].last_port, 443);
	assert_int_equal(p.terms[1].kind, PREFILTER_LOCAL_PREFIX);
	assert_int_equal(p.terms[1].prefix_len, 8);
	p = prefilter_of("(sport >= 1024 and (dst [2001:db8::]/32:443 or dport 1))");
	assert_int_equal(p.count, 1);
	assert_int_equal(p.terms[0].first_port, 1024);
	assert_int_equal(p.terms[0].last_port, 65535);
	assert_int_equal(p.families, FAMILY_ANY);
	p = prefilter_of("dst [2001:db8::]/32:443");
	assert_int_equal(p.families, FAMILY_V6);
	assert_int_equal(p.count, 2);
	p = prefilter_of("(state listen or exclude listen state listen and idle>3)");
	assert_int_equal(p.states, STATES_ALL & STATE_BIT(STATE_LISTEN));
	p = prefilter_of("not state listen and not (state established)");
	assert_int_equal(p.states,
		STATES_ALL & ~(STATE_BIT(STATE_LISTEN) | STATE_BIT(STATE_ESTABLISHED)));
	p = prefilter_of("sport > 65535");
	assert_int_equal(p.count, 0);
	p = prefilter_of("not dport 443");
	assert_int_equal(p.count, 0);
}

/* What a kernel that applies the prefilter would let through. */
static bool prefilter_passes(const struct prefilter *p, const struct conn *c)
{
	unsigned family = c->local.family == 4 ? FAMILY_V4 : FAMILY_V6;

	if ((p->states & STATE_BIT(c->state)) == 0 || (p->families & family) == 0)
		return false;
	for (size_t i = 0; i < p->count; i++) {
		const struct prefilter_term *t = &p->terms[i];
		bool peer = t->kind == PREFILTER_PEER_PORT ||
			    t->kind == PREFILTER_PEER_PREFIX;
		unsigned port = peer ? c->peer_port : c->local_port;

		if (t->kind == PREFILTER_PEER_PORT || t->kind == PREFILTER_LOCAL_PORT) {
			if (port < t->first_port || port > t->last_port)
				return false;
		} else if (!addr_in_prefix(peer ? &c->peer : &c->local, &t->addr,
				   t->prefix_len)) {
			return false;
		}
	}
	return true;
}

static uint32_t seed = 12345;

static uint32_t dice(uint32_t sides)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % sides;
}

static const char *pick_term(void)
{
	static const char *const terms[] = { "state established", "state listening",
		"exclude time-wait", "state connected", "state bucket", "exclude big",
		"state != syn-sent", "sport = :443", "sport 22", "dport > 1023",
		"dport<=:1025", "sport != 443", "dport >= 65535", "sport < 0",
		"dst 10.0.0.0/8", "src 10/8", "dst = [2001:db8::5]:40000",
		"dst != 192.0.2.7", "src ::/0", "src 0.0.0.0/0:443", "dst 192.0.2.0/24:*",
		"src fe80::/10", "src [::ffff:10.0.0.1]:443", "dst :1024", "idle > 20",
		"keepalive off", "keepalive unknown", "at_risk", "process ~ ssh",
		"pid != 42", "verdict late", "fwmark 0x1/0x1", "dev eth0", "probes >= 1",
		"src [::ffff:0:0]/96", "local 10.0.0.1", "peer != *:1024" };

	return terms[dice(sizeof(terms) / sizeof(terms[0]))];
}

static void grow_expression(struct strbuf *out, unsigned depth)
{
	static const char *const glue[] = { " and ", " ", " or ", "&&", " || ", "&",
		" " };
	unsigned parts = 1 + dice(depth > 2 ? 2 : 4);

	for (unsigned i = 0; i < parts; i++) {
		bool nest = depth < 4 && dice(3) == 0;

		if (i > 0)
			strbuf_puts(out, glue[dice(sizeof(glue) / sizeof(glue[0]))]);
		if (dice(4) == 0)
			strbuf_puts(out, dice(2) == 0 ? "!" : " not ");
		if (nest) {
			strbuf_putc(out, '(');
			grow_expression(out, depth + 1);
			strbuf_putc(out, ')');
		} else {
			strbuf_puts(out, pick_term());
		}
	}
}

static void test_prefilter_loses_nothing(void **state)
{
	struct snapshot s = { 0 };
	struct strbuf text = { 0 };
	size_t passed = 0, held_back = 0;

	(void)state;
	sample_fill(&s);
	for (int round = 0; round < 20000; round++) {
		struct error e;
		struct filter *f;
		struct prefilter p;

		strbuf_reset(&text);
		grow_expression(&text, 0);
		f = filter_compile(strbuf_text(&text), &resolver, &e);
		if (f == NULL)
			fail_msg("%s: %s", strbuf_text(&text), e.text);
		filter_prefilter(f, &p);
		for (size_t i = 0; i < s.count; i++) {
			struct outlook outlook;
			struct row row = sample_row(&s, &s.conns[i], &outlook);
			bool matches = filter_matches(f, &row);
			bool let = prefilter_passes(&p, &s.conns[i]);

			passed += matches;
			held_back += !let;
			if (matches && !let)
				fail_msg("%s loses %c", strbuf_text(&text),
					(char)('a' + i));
		}
		filter_free(f);
	}
	/* neither side of the property is empty */
	assert_true(passed > 20000);
	assert_true(held_back > 20000);
	strbuf_clear(&text);
	snapshot_clear(&s);
}

static void random_text(char *text, size_t size)
{
	static const char bytes[] = "()!&|=<>~\"' :./%*[]-_0159afdx\x7f\x1b\xc3\xff\t\n";
	size_t len = dice((uint32_t)size - 1), at = 0;

	while (at < len) {
		const char *term = pick_term();
		size_t n = strlen(term);

		if (dice(2) == 0 && at + n < len) {
			memcpy(text + at, term, n);
			at += n;
		} else {
			text[at++] = bytes[dice(sizeof(bytes) - 1)];
		}
	}
	text[at] = '\0';
	/* and tear a few holes */
	for (uint32_t i = dice(4); i > 0 && at > 0; i--)
		text[dice((uint32_t)at)] = (char)(1 + dice(255));
}

static void test_random_bytes(void **state)
{
	struct snapshot s = { 0 };
	char text[160], letters[32];
	size_t compiled = 0;

	(void)state;
	sample_fill(&s);
	for (int round = 0; round < 50000; round++) {
		struct error e = { .text = "", .at = -7 };
		struct filter *f;

		random_text(text, sizeof(text));
		f = filter_compile(text, &resolver, &e);
		if (f != NULL) {
			passing(f, &s, letters);
			compiled++;
		} else {
			assert_true(e.text[0] != '\0');
			assert_in_range(e.at, 0, strlen(text));
		}
		filter_free(f);
	}
	assert_true(compiled > 100);
	snapshot_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expected_rows),
		cmocka_unit_test(test_owners_half_known),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_depth_and_length),
		cmocka_unit_test(test_no_resolver),
		cmocka_unit_test(test_properties),
		cmocka_unit_test(test_prefilter),
		cmocka_unit_test(test_prefilter_loses_nothing),
		cmocka_unit_test(test_random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
