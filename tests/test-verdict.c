/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of verdicts, row by row, with every boundary. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/keepalive.h"
#include "facts.h"

static void test_names_and_ranks(void **state)
{
	(void)state;
	assert_string_equal(verdict_name(VERDICT_NONE), "-");
	assert_string_equal(verdict_name((enum verdict)99), "-");
	assert_int_equal(verdict_rank(VERDICT_STALLED), 0);
	for (int v = VERDICT_STALLED; v < VERDICT_UNKNOWN; v++)
		assert_true(verdict_rank((enum verdict)v) <
			    verdict_rank((enum verdict)(v + 1)));
	assert_true(verdict_rank(VERDICT_NONE) > verdict_rank(VERDICT_UNKNOWN));
}

static void test_states(void **state)
{
	struct conn c;

	(void)state;
	for (int s = STATE_UNKNOWN; s < STATE_COUNT; s++) {
		bool asked = s == STATE_ESTABLISHED || s == STATE_FIN_WAIT_1 ||
			     s == STATE_FIN_WAIT_2 || s == STATE_CLOSE_WAIT;

		c = silent(1000);
		c.state = (uint8_t)s;
		ASSERT_VERDICT(judge(&c), asked ? "off" : "-", false);
		/* without an owner only the established are asked about */
		c.inode = 0;
		ASSERT_VERDICT(judge(&c), s == STATE_ESTABLISHED ? "off" : "-", false);
		c.minisocket = true;
		ASSERT_VERDICT(judge(&c), "-", false);
	}
	c = silent(1000);
	c.state = STATE_CLOSE_WAIT;
	c.have &= ~(uint32_t)HAVE_INODE; /* a system that tells no inode */
	c.inode = 0;
	ASSERT_VERDICT(judge(&c), "off", false);
	c.owner_unknown = OWNER_ORPHAN;
	ASSERT_VERDICT(judge(&c), "-", false);
}

static void test_stalled(void **state)
{
	struct conn c = silent(10000);

	(void)state;
	c.timer = TIMER_RETRANSMIT;
	c.have |= HAVE_EXPIRES;
	c.retransmits = 2;
	ASSERT_VERDICT(judge(&c), "stalled", true);
	c.retransmits = 1;
	ASSERT_VERDICT(judge(&c), "off", false);
	c = silent(9999);
	c.retransmits = 2;
	ASSERT_VERDICT(judge(&c), "off", false);
	/* probes of a closed window count alike; the peer's answers set them to 0 */
	c = silent(500000);
	c.timer = TIMER_PERSIST;
	c.retransmits = 2;
	c.state = STATE_CLOSE_WAIT;
	ASSERT_VERDICT(judge(&c), "stalled", true);
	/* worse than a peer of this system */
	c.have |= HAVE_PEER_LOCAL;
	c.peer_is_local = true;
	ASSERT_VERDICT(judge(&c), "stalled", true);
}

static void test_probing(void **state)
{
	struct conn c = kept_on(12000, 4001, 10000, 5000, 3);

	(void)state;
	c.probes = 1;
	/* 999 ms old */
	ASSERT_VERDICT(judge(&c), "probing", false);
	c.expires_ms = 4000;
	ASSERT_VERDICT(judge(&c), "probing", false);
	c.expires_ms = 3999;
	ASSERT_VERDICT(judge(&c), "probing", true);
	/* a slow path is given two of its timeouts */
	c.rto_ms = 1500;
	ASSERT_VERDICT(judge(&c), "probing", false);
	c.expires_ms = 1999;
	ASSERT_VERDICT(judge(&c), "probing", true);
	c.expires_ms = 5000;
	c.probes = 2;
	ASSERT_VERDICT(judge(&c), "probing", true);
	/* the interval is not known: the first probe's age neither */
	c = kept_unread(12000, 1);
	c.probes = 1;
	ASSERT_VERDICT(judge(&c), "probing", false);
	c.probes = 2;
	ASSERT_VERDICT(judge(&c), "probing", true);
	/* before lost and local */
	c.last_sent_ms = c.last_received_ms = c.last_ack_ms = 900000;
	c.have |= HAVE_PEER_LOCAL;
	c.peer_is_local = true;
	ASSERT_VERDICT(judge(&c), "probing", true);
}

static void test_lost(void **state)
{
	struct conn c = silent(LIMIT + 1);

	(void)state;
	ASSERT_VERDICT(judge(&c), "lost", true);
	c = silent(LIMIT);
	ASSERT_VERDICT(judge(&c), "off", true);
	c = kept_on(LIMIT + 1, 1000, 7200000, 75000, 9);
	ASSERT_VERDICT(judge(&c), "lost", true);
	/* whatever crossed the path keeps it: data sent, an ACK, the peer's probe */
	c = silent(LIMIT + 1);
	c.last_sent_ms = 1000;
	ASSERT_VERDICT(judge(&c), "off", false);
	c = silent(LIMIT + 1);
	c.have |= HAVE_PEER_PROBE;
	c.last_peer_probe_ms = 1000;
	ASSERT_VERDICT(judge(&c), "off", false);
	/* unknown keepalive does not make it unknown */
	c = silent(LIMIT + 1);
	c.have &= ~(uint32_t)HAVE_KEEPALIVE;
	ASSERT_VERDICT(judge(&c), "lost", true);
}

static void test_off(void **state)
{
	struct conn c = silent(LIMIT / 2);

	(void)state;
	ASSERT_VERDICT(judge(&c), "off", true);
	c = silent(LIMIT / 2 - 1);
	ASSERT_VERDICT(judge(&c), "off", false);
	assert_int_equal(judge(&c).forgets_ms, LIMIT / 2 + 1);
	assert_int_equal(judge(&c).next_ms, OUTLOOK_NEVER);
	assert_int_equal(judge(&c).deadline_ms, OUTLOOK_NEVER);
	/* no ages at all: off, without alarm */
	c.have &= ~(uint32_t)(HAVE_LAST_SENT | HAVE_LAST_RECEIVED | HAVE_LAST_ACK);
	ASSERT_VERDICT(judge(&c), "off", false);
	assert_int_equal(judge(&c).forgets_ms, OUTLOOK_UNKNOWN);
}

/* Slack of a 200 s timer at HZ 250: 16.384 s; of 230 s the same. */
static void test_late_and_ok(void **state)
{
	struct conn c = kept_on(0, 200000, 200000, 75000, 9);
	int64_t slack = ka_granularity_ms(200000, 250);

	(void)state;
	assert_int_equal(slack, 16384);
	ASSERT_VERDICT(judge(&c), "ok", false);
	assert_false(judge(&c).assumed);
	assert_int_equal(judge(&c).period_ms, 200000 + slack);
	/* the period reaches the limit with its slack */
	c = kept_on(0, LIMIT - slack - 1, LIMIT - (uint32_t)slack - 1, 75000, 9);
	ASSERT_VERDICT(judge(&c), "ok", false);
	c = kept_on(0, LIMIT - slack, LIMIT - (uint32_t)slack, 75000, 9);
	ASSERT_VERDICT(judge(&c), "late", false);
	/* the interval can be the longer one */
	c = kept_on(0, 1000, 60000, LIMIT, 9);
	ASSERT_VERDICT(judge(&c), "late", false);
	c = kept_on(0, 1000, 60000, LIMIT - (uint32_t)slack - 1, 9);
	ASSERT_VERDICT(judge(&c), "ok", false);
	c = kept_on(0, 1000, 60000, LIMIT - (uint32_t)slack, 9);
	ASSERT_VERDICT(judge(&c), "late", false);
	/* a timer armed long ago: sysctls do not move it */
	c = kept_on(100000, LIMIT, 60000, 75000, 9);
	ASSERT_VERDICT(judge(&c), "late", false);
	c = kept_on(LIMIT / 2, LIMIT, 60000, 75000, 9);
	ASSERT_VERDICT(judge(&c), "late", true);
}

static void test_late_at_risk(void **state)
{
	struct conn c = kept_on(LIMIT / 2 - 1, 7080001, 7200000, 75000, 9);

	(void)state;
	ASSERT_VERDICT(judge(&c), "late", false);
	assert_false(judge(&c).assumed);
	c = kept_on(LIMIT / 2, 7080000, 7200000, 75000, 9);
	ASSERT_VERDICT(judge(&c), "late", true);
	c.settings = SETTINGS_INFERRED;
	c.have &= ~(uint32_t)(HAVE_KEEPCNT | HAVE_USER_TIMEOUT);
	ASSERT_VERDICT(judge(&c), "late", true);
	assert_false(judge(&c).assumed);
}

static void test_late_without_settings(void **state)
{
	/* the system's 2 h are assumed, but the timer ends soon: no proof, no alarm */
	struct conn c = kept_unread(LIMIT / 2, LIMIT / 2 - 1);

	(void)state;
	ASSERT_VERDICT(judge(&c), "late", false);
	assert_true(judge(&c).assumed);
	assert_int_equal(judge(&c).settings.source, SETTINGS_SYSTEM);
	assert_int_equal(judge(&c).settings.user_timeout_ms, 0);
	/* no probe leaves before the timer ends */
	c = kept_unread(LIMIT / 2, LIMIT / 2);
	ASSERT_VERDICT(judge(&c), "late", true);
	assert_false(judge(&c).assumed);
	c = kept_unread(LIMIT / 2 - 1, LIMIT / 2 + 1);
	ASSERT_VERDICT(judge(&c), "late", false);
	assert_false(judge(&c).assumed);
}

static void test_assumed_ok(void **state)
{
	struct conn c = kept_unread(1000, 29000);
	struct system_info system = linux_system();
	struct path_policy path = path_default();
	struct outlook o;

	(void)state;
	system.keepalive_time_ms = 30000;
	outlook_of(&c, &system, &path, &o);
	ASSERT_VERDICT(o, "ok", false);
	assert_true(o.assumed);
	/* nothing to assume */
	system_info_init(&system);
	outlook_of(&c, &system, &path, &o);
	ASSERT_VERDICT(o, "unknown", false);
	assert_int_equal(o.settings.source, SETTINGS_UNKNOWN);
	assert_int_equal(o.settings.keepidle_ms, OUTLOOK_UNKNOWN);
	c = kept_unread(LIMIT / 2, LIMIT / 2);
	outlook_of(&c, &system, &path, &o);
	ASSERT_VERDICT(o, "late", true);
}

static void test_kept(void **state)
{
	struct conn c = silent(200000);
	struct outlook o;

	(void)state;
	c.have |= HAVE_PEER_PROBE | HAVE_PEER_PERIOD;
	c.last_peer_probe_ms = 30000;
	c.peer_period_ms = 60000;
	o = judge(&c);
	ASSERT_VERDICT(o, "kept", false);
	assert_int_equal(o.path_silence_ms, 30000);
	c.peer_period_ms = LIMIT;
	ASSERT_VERDICT(judge(&c), "off", false);
	/* the peer has stopped */
	c.peer_period_ms = 60000;
	c.last_peer_probe_ms = 130000;
	ASSERT_VERDICT(judge(&c), "off", true);
	/* by BPF one sample does: a probe since the last exchange */
	c = silent(200000);
	c.have |= HAVE_OOW_ACK;
	c.last_oow_ack_ms = 350;
	ASSERT_VERDICT(judge(&c), "kept", false);
	c.last_oow_ack_ms = 200001; /* before it: says nothing of now */
	ASSERT_VERDICT(judge(&c), "off", true);
	/* ours are too late, the peer's are not */
	c = kept_on(200000, 7000000, 7200000, 75000, 9);
	c.have |= HAVE_OOW_ACK;
	c.last_oow_ack_ms = 350;
	ASSERT_VERDICT(judge(&c), "kept", false);
	/* ours suffice */
	c = kept_on(1000, 59000, 60000, 75000, 9);
	c.have |= HAVE_OOW_ACK;
	c.last_oow_ack_ms = 350;
	ASSERT_VERDICT(judge(&c), "ok", false);
	/* longer ago than the path remembers */
	c = silent(900000);
	c.have |= HAVE_OOW_ACK;
	c.last_oow_ack_ms = LIMIT + 1;
	ASSERT_VERDICT(judge(&c), "lost", true);
}

static void test_local(void **state)
{
	static const uint8_t loopback[] = { 127, 0, 0, 1 };
	struct conn c = silent(900000);

	(void)state;
	c.have |= HAVE_PEER_LOCAL;
	ASSERT_VERDICT(judge(&c), "lost", true);
	c.peer_is_local = true;
	ASSERT_VERDICT(judge(&c), "local", false);
	assert_false(judge(&c).path_applies);
	c = silent(900000);
	c.peer = addr_from_bytes(4, loopback);
	ASSERT_VERDICT(judge(&c), "local", false);
	c = silent(900000);
	c.peer = c.local;
	ASSERT_VERDICT(judge(&c), "local", false);
	c = kept_on(1000, 59000, 60000, 75000, 9);
	c.peer = c.local;
	ASSERT_VERDICT(judge(&c), "local", false);
	assert_int_equal(judge(&c).next_ms, 59000);
	c = silent(1000);
	c.have = 0;
	c.peer = c.local;
	ASSERT_VERDICT(judge(&c), "local", false);
}

static void test_unknown(void **state)
{
	struct conn c = silent(1000);

	(void)state;
	/* the retransmission timer hides whether keepalive is on */
	c.have &= ~(uint32_t)HAVE_KEEPALIVE;
	c.timer = TIMER_RETRANSMIT;
	ASSERT_VERDICT(judge(&c), "unknown", false);
	c.have = 0;
	ASSERT_VERDICT(judge(&c), "unknown", false);
	assert_int_equal(judge(&c).silence_ms, OUTLOOK_UNKNOWN);
}

static void test_close_wait(void **state)
{
	struct conn c = silent(LIMIT / 2);

	(void)state;
	c.state = STATE_CLOSE_WAIT;
	ASSERT_VERDICT(judge(&c), "off", false);
	c.last_sent_ms = c.last_received_ms = c.last_ack_ms = LIMIT + 1;
	ASSERT_VERDICT(judge(&c), "lost", false);
	c = kept_on(LIMIT / 2, 7080000, 7200000, 75000, 9);
	c.state = STATE_CLOSE_WAIT;
	ASSERT_VERDICT(judge(&c), "late", false);
	c.probes = 2;
	ASSERT_VERDICT(judge(&c), "probing", true);
}

static void test_data_only(void **state)
{
	struct path_policy alb = path_named("aws-alb");
	struct conn c = kept_on(1000, 9000, 10000, 1000, 9);

	(void)state;
	/* a keepalive that would do elsewhere does not here */
	ASSERT_VERDICT(judge_by(&c, path_named("60s")), "ok", false);
	ASSERT_VERDICT(judge_by(&c, alb), "late", false);
	assert_false(judge_by(&c, alb).assumed);
	/* its answers renew the last ACK, not the data */
	c.last_sent_ms = c.last_received_ms = 30000;
	ASSERT_VERDICT(judge_by(&c, alb), "late", true);
	assert_int_equal(judge_by(&c, alb).path_silence_ms, 30000);
	c.last_sent_ms = c.last_received_ms = 60001;
	ASSERT_VERDICT(judge_by(&c, alb), "lost", true);
	/* nor do the peer's probes */
	c = silent(40000);
	c.have |= HAVE_OOW_ACK;
	c.last_oow_ack_ms = 10;
	ASSERT_VERDICT(judge_by(&c, alb), "off", true);
}

static void test_path_none(void **state)
{
	struct path_policy none = path_named("none");
	struct conn c = silent(900000000);

	(void)state;
	ASSERT_VERDICT(judge_by(&c, none), "off", false);
	assert_int_equal(judge_by(&c, none).forgets_ms, OUTLOOK_NEVER);
	c = kept_unread(900000, 7000000);
	ASSERT_VERDICT(judge_by(&c, none), "ok", false);
	assert_false(judge_by(&c, none).assumed);
	c.probes = 2;
	ASSERT_VERDICT(judge_by(&c, none), "probing", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_and_ranks),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_stalled),
		cmocka_unit_test(test_probing),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_late_and_ok),
		cmocka_unit_test(test_late_at_risk),
		cmocka_unit_test(test_late_without_settings),
		cmocka_unit_test(test_assumed_ok),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_local),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_close_wait),
		cmocka_unit_test(test_data_only),
		cmocka_unit_test(test_path_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
