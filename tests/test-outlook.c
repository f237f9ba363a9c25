/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings in effect, the forecast, the path's limits. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "facts.h"

static void test_partly_inferred(void **state)
{
	struct conn c = kept_unread(1000, 29000);
	struct outlook o;

	(void)state;
	c.settings = SETTINGS_INFERRED;
	c.have |= HAVE_KEEPIDLE;
	c.keepidle_ms = 30000;
	o = judge(&c);
	assert_int_equal(o.settings.keepidle_ms, 30000);
	assert_int_equal(o.settings.keepintvl_ms, OUTLOOK_UNKNOWN);
	assert_int_equal(o.settings.keepcnt, OUTLOOK_UNKNOWN);
	assert_int_equal(o.settings.user_timeout_ms, OUTLOOK_UNKNOWN);
	ASSERT_VERDICT(o, "ok", false);
	assert_true(o.assumed); /* 75 s are assumed */
	assert_int_equal(o.next_ms, 29000);
	assert_int_equal(o.deadline_ms, 29000 + 9 * 75000);
	assert_true(o.deadline_approximate);
	/* keepidle alone is enough for late */
	c.keepidle_ms = LIMIT;
	c.expires_ms = 1000;
	c.last_sent_ms = c.last_received_ms = c.last_ack_ms = LIMIT / 2;
	ASSERT_VERDICT(judge(&c), "late", true);
	/* the interval alone: it hides a keepidle that is not longer */
	c = kept_unread(1000, 29000);
	c.settings = SETTINGS_INFERRED;
	c.have |= HAVE_KEEPINTVL;
	c.keepintvl_ms = 30000;
	o = judge(&c);
	ASSERT_VERDICT(o, "ok", false);
	assert_false(o.assumed);
	assert_int_equal(o.next_ms, 29000);
	assert_int_equal(o.settings.keepidle_ms, OUTLOOK_UNKNOWN);
	assert_true(o.deadline_approximate);
	/* with a user timeout a longer keepidle can mean an earlier end */
	c.expires_ms = 10000;
	c.last_ack_ms = 0;
	c.have |= HAVE_USER_TIMEOUT;
	c.user_timeout_ms = 41000;
	o = judge(&c);
	assert_int_equal(o.deadline_ms, 70000);
	assert_in_range(o.deadline_earliest_ms, 1, 60000);
	assert_true(o.deadline_latest_ms >= 70000);
}

static void test_forecast(void **state)
{
	struct conn c = kept_on(7000000, 100000, 7200000, 75000, 9);
	struct outlook o = judge(&c);

	(void)state;
	assert_int_equal(o.next_ms, 200000);
	assert_int_equal(o.deadline_ms, 875000);
	assert_int_equal(o.deadline_earliest_ms, 875000);
	assert_int_equal(o.next_latest_ms, 200000 + 131072 + 2048);
	assert_false(o.next_due || o.deadline_approximate || o.retransmitting);
	/* past its expiry and not fired: due */
	c = kept_on(10100, 0, 10000, 5000, 3);
	c.have |= HAVE_DUE;
	o = judge(&c);
	assert_true(o.next_due);
	assert_int_equal(o.next_ms, 0);
	assert_int_equal(o.deadline_ms, 15000);
	c.have &= ~(uint32_t)HAVE_EXPIRES;
	assert_true(judge(&c).next_due);
	/* due, but what arrived meanwhile makes it re-arm */
	c.last_ack_ms = 4000;
	o = judge(&c);
	assert_false(o.next_due);
	assert_int_equal(o.next_ms, 6000);
	/* the last probe is out */
	c = kept_on(22000, 3000, 10000, 5000, 3);
	c.probes = 3;
	o = judge(&c);
	assert_int_equal(o.next_ms, OUTLOOK_NEVER);
	assert_int_equal(o.next_latest_ms, OUTLOOK_NEVER);
	assert_int_equal(o.deadline_ms, 3000);
	/* its age is the path's silence */
	assert_int_equal(o.path_silence_ms, 2000);
}

/* A probe is out: the assumed 2 h of silence cannot be what it waits for. */
static void test_probing_disproves_the_assumption(void **state)
{
	struct conn c = kept_unread(12000, 3000);
	struct outlook o;

	(void)state;
	c.probes = 1;
	o = judge(&c);
	assert_int_equal(o.next_ms, 3000);
}

static void test_pending_data(void **state)
{
	struct conn c = kept_on(3000, 150, 60000, 75000, 9);
	struct outlook o;

	(void)state;
	c.timer = TIMER_RETRANSMIT;
	c.rto_ms = 200;
	c.have |= HAVE_KA_EXPIRES;
	c.ka_expires_ms = 57000;
	o = judge(&c);
	assert_true(o.retransmitting && o.deadline_approximate);
	assert_int_equal(o.next_ms, OUTLOOK_NEVER);
	/* 400 + 800 + ..., then 120 s each, up to 924.6 s, and the timers' lateness */
	assert_in_range(o.deadline_ms, 150 + 924600, 150 + 924600 + 20000);
	assert_int_equal(o.deadline_earliest_ms, OUTLOOK_UNKNOWN);
	ASSERT_VERDICT(o, "ok", false);
	c.user_timeout_ms = 20000;
	assert_int_equal(judge(&c).deadline_ms, 20150);
	/* a closed window: tcp_retries2 counts its probes */
	c.user_timeout_ms = 0;
	c.timer = TIMER_PERSIST;
	c.retransmits = 14;
	c.backoff = 14;
	assert_in_range(judge(&c).deadline_ms, 150 + 120000, 150 + 120000 + 17000);
	/* hidden by a timer that suspends nothing */
	c.timer = TIMER_DELAYED_ACK;
	c.retransmits = 0;
	assert_int_equal(judge(&c).next_ms, 57000);
	/* no timeout known, no guess */
	c.timer = TIMER_RETRANSMIT;
	c.have &= ~(uint32_t)HAVE_RTO;
	assert_int_equal(judge(&c).deadline_ms, OUTLOOK_UNKNOWN);
}

static void test_no_assumptions(void **state)
{
	struct system_info system = linux_system();
	struct path_policy path = path_default();
	struct conn c = silent(1000);
	struct outlook o;

	(void)state;
	c.state = STATE_LISTEN;
	assert_int_equal(judge(&c).settings.source, SETTINGS_UNKNOWN);
	c.state = STATE_TIME_WAIT;
	c.minisocket = true;
	assert_int_equal(judge(&c).settings.keepidle_ms, OUTLOOK_UNKNOWN);
	c = silent(1000);
	assert_int_equal(judge(&c).settings.keepidle_ms, 7200000);
	system.windows = true;
	outlook_of(&c, &system, &path, &o);
	assert_int_equal(o.settings.source, SETTINGS_UNKNOWN);
}

static void test_path_table(void **state)
{
	struct path_policy p;
	struct error e;
	size_t n = 0;

	(void)state;
	for (const struct path_device *d; (d = path_device(n)) != NULL; n++) {
		assert_int_equal(path_parse(d->name, &p, &e), 0);
		assert_int_equal(p.limit_ms, d->limit_ms);
		assert_int_equal(p.data_only, d->data_only);
		assert_string_equal(p.name, d->name);
		assert_true(d->source[0] != '\0' && d->then[0] != '\0');
	}
	assert_int_equal(n, 17);
	assert_int_equal(path_named("aws-nlb").limit_ms, 350000);
	assert_int_equal(path_named("pf").limit_ms, 86400000);
	assert_true(path_named("envoy").data_only);
	assert_int_equal(path_named("6s").limit_ms, 6000);
	assert_int_equal(path_named("1m30s").limit_ms, 90000);
	assert_string_equal(path_named("90").name, "");
	assert_int_equal(path_named("none").limit_ms, PATH_NONE);
	assert_int_equal(path_default().limit_ms, 240000);
}

static void test_path_errors(void **state)
{
	static const char *const bad[] = { "", "0", "0s", "40us", "-5", "5x", "100001d",
		"aws", "AWS-NLB!", " 5s", "1h1h" };
	struct path_policy p = { .limit_ms = 77 };
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e.text[0] = '\0';
		assert_int_equal(path_parse(bad[i], &p, &e), -1);
		assert_true(e.text[0] != '\0');
		assert_int_equal(p.limit_ms, 77);
	}
	path_parse("aws-nbl", &p, &e);
	assert_non_null(strstr(e.text, "did you mean aws-nlb"));
	path_parse("nonee", &p, &e);
	assert_non_null(strstr(e.text, "did you mean none"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_partly_inferred),
		cmocka_unit_test(test_forecast),
		cmocka_unit_test(test_probing_disproves_the_assumption),
		cmocka_unit_test(test_pending_data),
		cmocka_unit_test(test_no_assumptions),
		cmocka_unit_test(test_path_table),
		cmocka_unit_test(test_path_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
