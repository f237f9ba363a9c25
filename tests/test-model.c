/* SPDX-License-Identifier: GPL-2.0-or-later */
/* States, addresses, connections, shared strings, snapshots. */
#include "config.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/addr.h"
#include "model/path.h"
#include "model/snapshot.h"
#include "model/state.h"

static void test_state_names(void **state)
{
	(void)state;
	assert_string_equal(state_title(STATE_ESTABLISHED), "ESTAB");
	assert_string_equal(state_name(STATE_CLOSE_WAIT), "close-wait");
	assert_string_equal(state_name((enum tcp_state)99), "unknown");
	assert_string_equal(state_title((enum tcp_state) - 1), "UNKNOWN");
	for (int s = STATE_ESTABLISHED; s < STATE_COUNT; s++) {
		const char *name = state_name((enum tcp_state)s);
		const char *title = state_title((enum tcp_state)s);

		assert_int_equal(states_by_name(name, strlen(name)), STATE_BIT(s));
		assert_int_equal(states_by_name(title, strlen(title)), STATE_BIT(s));
	}
}

static uint32_t states(const char *word)
{
	return states_by_name(word, strlen(word));
}

static void test_state_words(void **state)
{
	size_t n = 0;

	(void)state;
	assert_int_equal(states("all"), STATES_ALL);
	assert_int_equal(states("listening"), STATE_BIT(STATE_LISTEN));
	assert_int_equal(states("closed"), STATE_BIT(STATE_CLOSE));
	assert_int_equal(states("unconnected"), STATE_BIT(STATE_CLOSE));
	assert_int_equal(states("SYN-RCV"), STATE_BIT(STATE_SYN_RECV));
	assert_int_equal(
		states("bucket"), STATE_BIT(STATE_SYN_RECV) | STATE_BIT(STATE_TIME_WAIT));
	assert_int_equal(states("big"), STATES_ALL & ~states("bucket"));
	assert_int_equal(states("connected"),
		STATES_ALL & ~(STATE_BIT(STATE_LISTEN) | STATE_BIT(STATE_CLOSE)));
	assert_int_equal(
		states("synchronized"), states("connected") & ~STATE_BIT(STATE_SYN_SENT));
	/* where such a locale is installed: its capital of i is no I */
	setlocale(LC_CTYPE, "tr_TR.UTF-8");
	assert_int_equal(states("LISTEN"), STATE_BIT(STATE_LISTEN));
	assert_int_equal(states("FIN-WAIT-1"), STATE_BIT(STATE_FIN_WAIT_1));
	setlocale(LC_CTYPE, "C");
	assert_int_equal(states("establishe"), 0);
	assert_int_equal(states("establishedx"), 0);
	assert_int_equal(states(""), 0);
	assert_int_equal(states_by_name("listen)", 6), STATE_BIT(STATE_LISTEN));
	while (states_word(n) != NULL)
		assert_int_not_equal(states(states_word(n++)), 0);
	assert_true(n > STATE_COUNT);
}

static struct addr addr(const char *text)
{
	struct addr a = { 0 };

	if (addr_parse(text, strlen(text), &a) != 0)
		fail_msg("%s is not read", text);
	return a;
}

static void test_addr_round_trip(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "10.0.0.1", "10.0.0.1" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "1::", "1::" },
		{ "2001:DB8::0001", "2001:db8::1" },
		/* RFC 5952: the longest run, the first of equals, never a single group */
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "::ffff:c000:201", "::ffff:192.0.2.1" },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
		{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
		{ "fe80::abcd", "fe80::abcd" },
	};
	char out[ADDR_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct addr a = addr(cases[i].from);

		assert_int_equal(addr_format(out, &a, NULL), strlen(cases[i].to));
		assert_string_equal(out, cases[i].to);
	}
}

static void test_addr_malformed(void **state)
{
	static const char *const bad[] = { "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256",
		"01.2.3.4", "1.2.3.", ".1.2.3", "1..2.3", " 1.2.3.4", "1.2.3.4 ", ":",
		":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7:8::", "12345::", "g::", "1:", ":1", "::1%eth0", "[::1]",
		"::1.2.3", "::1.2.3.4.5", "1:2:3:4:5:6:7:1.2.3.4", "::256.1.1.1",
		"1.2.3.4::" };
	struct addr a = { .family = 9 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (addr_parse(bad[i], strlen(bad[i]), &a) != -1)
			fail_msg("\"%s\" is taken for an address", bad[i]);
		assert_int_equal(a.family, 9);
	}
}

static void test_addr_port(void **state)
{
	struct addr v4 = addr("10.0.0.1"), v6 = addr("2001:db8::1"), ll = addr("fe80::1");
	struct addr widest = addr("fe80:1111:1111:1111:1111:1111:1111:1111");
	char out[ADDR_TEXT_SIZE], zone[300];
	size_t len;

	(void)state;
	addr_format_port(out, &v4, "eth0", 22);
	assert_string_equal(out, "10.0.0.1:22");
	addr_format_port(out, &v6, "eth0", 65535);
	assert_string_equal(out, "[2001:db8::1]:65535");
	addr_format_port(out, &ll, "eth0", 22);
	assert_string_equal(out, "[fe80::1%eth0]:22");
	addr_format_port(out, &ll, "", 0);
	assert_string_equal(out, "[fe80::1]:*");
	memset(zone, 'z', sizeof(zone) - 1);
	zone[sizeof(zone) - 1] = '\0';
	len = addr_format_port(out, &widest, zone, 65535);
	assert_int_equal(len, strlen(out));
	assert_true(strlen(out) < ADDR_TEXT_SIZE);
}

static void test_addr_kinds(void **state)
{
	struct addr a;

	(void)state;
	a = addr("127.8.9.1");
	assert_true(addr_is_loopback(&a));
	a = addr("::ffff:127.0.0.1");
	assert_true(addr_is_loopback(&a) && addr_is_v4_mapped(&a));
	a = addr("::1");
	assert_true(addr_is_loopback(&a));
	a = addr("::2");
	assert_false(addr_is_loopback(&a));
	a = addr("169.254.3.4");
	assert_true(addr_is_link_local(&a));
	a = addr("febf::1");
	assert_true(addr_is_link_local(&a));
	a = addr("fec0::1");
	assert_false(addr_is_link_local(&a));
}

static void test_addr_order_and_prefixes(void **state)
{
	static const char *const ascending[] = { "0.0.0.0", "9.0.0.0", "10.0.0.1",
		"::ffff:10.0.0.1", "10.0.0.2", "255.0.0.0", "::", "::1",
		"2001:db8::", "fe80::" };
	struct addr a = addr("10.1.2.3"), mapped = addr("::ffff:10.1.2.3");
	struct addr net = addr("10.1.0.0"), net6 = addr("2001:db8::"), in6;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(ascending) / sizeof(ascending[0]); i++) {
		struct addr x = addr(ascending[i]), y = addr(ascending[i + 1]);

		assert_true(addr_compare(&x, &y) < 0 && addr_compare(&y, &x) > 0);
		assert_int_equal(addr_compare(&x, &x), 0);
	}
	assert_true(addr_equal(&a, &mapped));
	assert_true(addr_in_prefix(&a, &net, 16) && addr_in_prefix(&mapped, &net, 16));
	assert_true(addr_in_prefix(&a, &net, 0));
	assert_false(addr_in_prefix(&a, &net, 23));
	assert_true(addr_in_prefix(&a, &net, 22));
	assert_false(addr_in_prefix(&a, &net, 32));
	assert_true(addr_in_prefix(&a, &a, 32));
	in6 = addr("2001:db8:7fff::1");
	assert_true(addr_in_prefix(&in6, &net6, 33));
	in6 = addr("2001:db8:8000::1");
	assert_false(addr_in_prefix(&in6, &net6, 33));
	assert_true(addr_in_prefix(&in6, &in6, 128));
	assert_false(addr_in_prefix(&a, &net6, 0));
}

static void test_conn_silence_and_advance(void **state)
{
	struct conn c = { .have = HAVE_LAST_RECEIVED, .last_received_ms = 500 };
	int64_t ms = 77;

	(void)state;
	assert_false(conn_silence_ms(&c, &ms));
	c.have |= HAVE_LAST_ACK;
	c.last_ack_ms = 300;
	assert_true(conn_silence_ms(&c, &ms));
	assert_int_equal(ms, 300);
	c.have |= HAVE_EXPIRES | HAVE_TIMER;
	c.timer = TIMER_KEEPALIVE;
	c.expires_ms = 1000;
	c.ka_expires_ms = 400;
	conn_advance(&c, 600);
	assert_int_equal(c.expires_ms, 400);
	assert_int_equal(c.last_received_ms, 1100);
	assert_int_equal(c.ka_expires_ms, 0);
	assert_int_equal(c.last_sent_ms, 0); /* unknown stays so */
	assert_false(conn_has(&c, HAVE_DUE));
	conn_advance(&c, 400);
	assert_int_equal(c.expires_ms, 0);
	assert_true(conn_has(&c, HAVE_DUE));
	conn_advance(&c, -5);
	assert_int_equal(c.last_received_ms, 1500);
	conn_advance(&c, INT64_MAX);
	assert_int_equal(c.last_received_ms, UINT32_MAX);
}

static void test_names(void **state)
{
	(void)state;
	for (int t = TIMER_NONE; t < TIMER_COUNT; t++)
		assert_non_null(timer_name((enum conn_timer)t));
	assert_string_equal(timer_name(TIMER_DELAYED_ACK), "delayed-ack");
	assert_string_equal(timer_name((enum conn_timer)99), "none");
	assert_null(owner_unknown_name(OWNER_KNOWN));
	assert_string_equal(owner_unknown_name(OWNER_OTHER_USER), "other-user");
	assert_null(owner_unknown_name((enum owner_unknown)99));
	assert_null(settings_source_name(SETTINGS_UNKNOWN));
	assert_string_equal(settings_source_name(SETTINGS_SYSTEM), "system");
	assert_null(settings_source_name((enum settings_source)99));
}

static void test_strtab(void **state)
{
	struct strtab t = { 0 }, copy = { 0 };
	uint32_t index[2000];
	char name[32];

	(void)state;
	assert_int_equal(strtab_add(&t, ""), 0);
	assert_string_equal(strtab_get(&t, 0), "");
	assert_string_equal(strtab_get(&t, 12345), "");
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "process-%u", i);
		index[i] = strtab_add(&t, name);
		assert_int_not_equal(index[i], 0);
		assert_int_equal(strtab_add(&t, name), index[i]);
	}
	strtab_copy(&copy, &t);
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "process-%u", i);
		assert_string_equal(strtab_get(&t, index[i]), name);
		assert_string_equal(strtab_get(&copy, index[i]), name);
	}
	strtab_reset(&t);
	assert_string_equal(strtab_get(&t, index[7]), "");
	assert_int_equal(strtab_add(&t, "again"), strtab_add(&t, "again"));
	strtab_clear(&t);
	strtab_clear(&copy);
}

static void test_snapshot_owners(void **state)
{
	struct snapshot s = { 0 };
	struct conn *c;

	(void)state;
	snapshot_reset(&s);
	c = snapshot_add(&s);
	c->id = 5;
	assert_null(snapshot_first_owner(&s, c));
	c->owner_first = snapshot_add_owner(&s, (struct conn_owner){ 300, 4, 0 });
	snapshot_add_owner(&s, (struct conn_owner){ 200, 9, 0 });
	snapshot_add_owner(&s, (struct conn_owner){ 200, 7, 0 });
	c->owner_count = 3;
	assert_int_equal(snapshot_first_owner(&s, c)->pid, 200);
	assert_int_equal(snapshot_first_owner(&s, c)->fd, 7);
	assert_ptr_equal(snapshot_find(&s, 5), c);
	assert_null(snapshot_find(&s, 6));
	snapshot_clear(&s);
}

static void test_snapshot_reset_and_copy(void **state)
{
	struct snapshot s = { 0 }, copy = { 0 };

	(void)state;
	snapshot_copy(&copy, &s); /* of an empty one */
	assert_int_equal(copy.count, 0);
	snapshot_reset(&s);
	assert_int_equal(s.path_idle_ms, PATH_UNSAID);
	assert_int_equal(s.system.keepalive_time_ms, SYSTEM_UNKNOWN);
	for (uint64_t i = 1; i <= 1000; i++) {
		struct conn *c = snapshot_add(&s);

		assert_int_equal(c->id, 0);
		c->id = i;
		c->user = strtab_add(&s.strings, i % 2 ? "root" : "www-data");
	}
	snapshot_add_owner(&s, (struct conn_owner){ 1, 2, 0 });
	s.time_ms = 42;
	s.partial = true;
	s.netns = 4026531840;
	snapshot_copy(&copy, &s);
	snapshot_reset(&s);
	snapshot_add(&s)->id = 77;
	assert_int_equal(copy.count, 1000);
	assert_int_equal(copy.conns[999].id, 1000);
	assert_string_equal(snapshot_string(&copy, copy.conns[0].user), "root");
	assert_string_equal(snapshot_string(&copy, copy.conns[1].user), "www-data");
	assert_int_equal(copy.owner_count, 1);
	assert_int_equal(copy.time_ms, 42);
	assert_true(copy.partial);
	assert_false(s.partial);
	snapshot_copy(&copy, &s); /* a smaller one over a larger one */
	assert_int_equal(copy.count, 1);
	assert_int_equal(copy.conns[0].id, 77);
	snapshot_clear(&s);
	snapshot_clear(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state_names),
		cmocka_unit_test(test_state_words),
		cmocka_unit_test(test_addr_round_trip),
		cmocka_unit_test(test_addr_malformed),
		cmocka_unit_test(test_addr_port),
		cmocka_unit_test(test_addr_kinds),
		cmocka_unit_test(test_addr_order_and_prefixes),
		cmocka_unit_test(test_conn_silence_and_advance),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_strtab),
		cmocka_unit_test(test_snapshot_owners),
		cmocka_unit_test(test_snapshot_reset_and_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
