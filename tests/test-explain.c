/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for every verdict. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "facts.h"
#include "model/explain_words.h"

static struct snapshot snap;
static struct strbuf text;

static int start(void **state)
{
	(void)state;
	snapshot_reset(&snap);
	snap.system = linux_system();
	return 0;
}

static int finish(void **state)
{
	(void)state;
	snapshot_clear(&snap);
	strbuf_clear(&text);
	return 0;
}

static void own(struct conn *c, const char *process)
{
	struct conn_owner o = { 1234, 7, strtab_add(&snap.strings, process) };

	c->owner_first = snapshot_add_owner(&snap, o);
	c->owner_count = 1;
}

static const char *say(const struct conn *c, const char *path)
{
	struct path_policy policy = path_named(path);
	struct outlook o;

	outlook_of(c, &snap.system, &policy, &o);
	strbuf_reset(&text);
	explain_connection(&text, &snap, c, &o, &policy);
	return strbuf_text(&text);
}

static const char *say_group(const struct conn *c, const char *path, size_t count)
{
	struct path_policy policy = path_named(path);
	struct outlook o;

	outlook_of(c, &snap.system, &policy, &o);
	strbuf_reset(&text);
	explain_group(&text, &snap, c, &o, &policy, count);
	return strbuf_text(&text);
}

static void assert_starts(const char *said, const char *words)
{
	assert_int_equal(strncmp(said, words, strlen(words)), 0);
}

static void test_spans(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} spans[] = {
		{ -5, "0 ms" },
		{ 0, "0 ms" },
		{ 450, "450 ms" },
		{ 1000, "1 s" },
		{ 9900, "9.9 s" },
		{ 10900, "10 s" },
		{ 119999, "119 s" },
		{ 350000, "5 min 50 s" },
		{ 599999, "9 min 59 s" },
		{ 600000, "10 min" },
		{ 924600, "15 min 24 s" },
		{ 6850000, "1 h 54 min" },
		{ 7200000, "2 h" },
		{ 432000000, "5 d" },
		{ 439200000, "5 d 2 h" },
		{ 3600000, "1 h" },
	};
	char out[WORDS_SPAN_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		assert_string_equal(words_span(out, spans[i].ms), spans[i].text);
	assert_true(strlen(words_span(out, INT64_MAX)) < WORDS_SPAN_SIZE);
	assert_string_equal(words_setting(out, 350000), "350 s");
	assert_string_equal(words_setting(out, 600000), "10 min");
}

static void test_late(void **state)
{
	struct conn c = kept_on(0, 7200000, 7200000, 75000, 9);

	(void)state;
	own(&c, "nginx");
	assert_string_equal(say(&c, "350s"),
		"Keepalive is on with the system's 2 h. A path that forgets after 350 s "
		"drops this connection 1 h 54 min before the first probe. Let nginx set "
		"TCP_KEEPIDLE below 350 s, or lower net.ipv4.tcp_keepalive_time. Timers "
		"that run already keep their old time.");
	c = kept_on(1000, 599000, 600000, 75000, 9);
	assert_string_equal(say(&c, "aws-nlb"),
		"Keepalive is on with 10 min of its own. A path that forgets after 350 s "
		"drops this connection 4 min 10 s before the first probe. Let the owner "
		"set "
		"TCP_KEEPIDLE below 350 s.");
	/* the interval is the culprit */
	c = kept_on(1000, 59000, 60000, 400000, 9);
	assert_non_null(strstr(say(&c, "350s"), "set TCP_KEEPINTVL below 350 s."));
	assert_non_null(strstr(say(&c, "350s"), "50 s before the first probe"));
	/* as far as it shows: what keepidle hides is not the culprit */
	c.settings = SETTINGS_INFERRED;
	c.have &= ~(uint32_t)HAVE_KEEPIDLE;
	assert_non_null(strstr(say(&c, "350s"), "set TCP_KEEPINTVL below 350 s"));
	/* only the kernel's lateness: to be below the limit is not enough */
	c = kept_on(0, 349000, 349000, 75000, 9);
	assert_non_null(strstr(say(&c, "350s"), "may drop this connection before"));
	assert_non_null(strstr(strbuf_text(&text), "set TCP_KEEPIDLE below 306 s."));
	c = kept_on(0, 349000, 60000, 349000, 9);
	assert_non_null(strstr(say(&c, "350s"), "set TCP_KEEPINTVL below 306 s."));
}

/* The system's time was lowered: the timer keeps the old one. */
static void test_late_by_an_old_timer(void **state)
{
	struct conn c = kept_on(1000, 7199000, 60000, 75000, 9);

	(void)state;
	own(&c, "sshd");
	snap.system.keepalive_time_ms = 60000;
	assert_string_equal(say(&c, "350s"),
		"Keepalive is on with the system's 60 s. A path that forgets after 350 s "
		"drops this connection 1 h 54 min before the first probe. The timer that "
		"runs was armed before these settings and keeps its old time: let sshd "
		"set TCP_KEEPIDLE once more, which arms it again, or connect anew.");
	c.have &= ~(uint32_t)(HAVE_KEEPIDLE | HAVE_KEEPINTVL | HAVE_KEEPCNT |
			      HAVE_USER_TIMEOUT);
	c.settings = SETTINGS_UNKNOWN;
	assert_non_null(strstr(say(&c, "350s"),
		"before the first probe. Let sshd set TCP_KEEPIDLE below 350 s."));
}

static void test_late_assumed_and_inferred(void **state)
{
	struct conn c = kept_unread(0, 7200000);

	(void)state;
	assert_non_null(strstr(say(&c, "350s"),
		"Keepalive is on with the system's 2 h (assumed, not read from the "
		"socket). A path that forgets after 350 s drops this connection 1 h 54 "
		"min before the first probe."));
	c = kept_on(0, 7200000, 7200000, 75000, 9);
	c.settings = SETTINGS_INFERRED;
	assert_non_null(strstr(
		say(&c, "350s"), "Keepalive is on with 2 h (inferred from its timer)."));
}

static void test_off(void **state)
{
	struct conn c = silent(130000);

	(void)state;
	own(&c, "nginx");
	assert_string_equal(say(&c, "240s"),
		"Keepalive is off: nothing of ours refreshes the path. One that forgets "
		"after 240 s drops this connection in 110 s of further silence, unless "
		"the peer keeps it alive (a second sample or root would tell). Let nginx "
		"set SO_KEEPALIVE, and TCP_KEEPIDLE below 240 s (or lower "
		"net.ipv4.tcp_keepalive_time).");
	/* a mended system needs the option alone */
	snap.system.keepalive_time_ms = 120000;
	assert_non_null(strstr(
		say(&c, "240s"), "Let nginx set SO_KEEPALIVE: the system's settings do"));
	/* the peer was looked at: nothing to add */
	c.have |= HAVE_OOW_ACK;
	c.last_oow_ack_ms = 500000;
	assert_null(strstr(say(&c, "240s"), "unless"));
	c.have &= ~(uint32_t)HAVE_OOW_ACK;
	c.peer_never_probed = true;
	assert_null(strstr(say(&c, "240s"), "unless"));
	assert_non_null(strstr(say(&c, "none"), "No path is said to forget"));
}

static void test_lost(void **state)
{
	struct conn c = silent(600000);

	(void)state;
	own(&c, "psql");
	assert_string_equal(say(&c, "350s"),
		"Nothing has crossed the path for 10 min: one that forgets after 350 s "
		"has forgotten this connection, and the next write hangs or is reset, "
		"unless the peer keeps it alive (a second sample or root would tell). "
		"Keepalive is off. Let psql set SO_KEEPALIVE, and TCP_KEEPIDLE below 350 "
		"s (or lower net.ipv4.tcp_keepalive_time).");
}

static void test_stalled(void **state)
{
	struct conn c = silent(15000);

	(void)state;
	own(&c, "curl");
	c.timer = TIMER_RETRANSMIT;
	c.have |= HAVE_EXPIRES;
	c.retransmits = 4;
	assert_non_null(strstr(say(&c, "350s"),
		"Nothing came from the peer for 15 s: 4 retransmissions are unanswered. "
		"Keepalive is suspended meanwhile; the kernel gives up in about "));
	assert_non_null(strstr(strbuf_text(&text), "(net.ipv4.tcp_retries2)"));
	assert_non_null(strstr(strbuf_text(&text), "let curl set TCP_USER_TIMEOUT"));
	c.timer = TIMER_PERSIST;
	assert_non_null(strstr(say(&c, "350s"),
		"its window is closed and 4 probes of it are unanswered."));
}

static void test_probing(void **state)
{
	struct conn c = kept_on(75000, 5000, 60000, 5000, 4);

	(void)state;
	own(&c, "ssh");
	c.probes = 2;
	assert_string_equal(say(&c, "350s"),
		"2 of 4 probes are unanswered, and nothing else came from the peer for "
		"75 s. The next leaves in 5 s. If nothing answers, ssh gets ETIMEDOUT in "
		"15 s. If the peer is alive, look for the device between that has "
		"forgotten the connection or drops its packets.");
	c.probes = 1;
	assert_non_null(strstr(say(&c, "350s"), "1 of 4 probes is unanswered"));
	assert_non_null(strstr(strbuf_text(&text), "may still be under way"));
	c.probes = 4;
	assert_null(strstr(say(&c, "350s"), "The next leaves"));
	c = kept_unread(75000, 5000);
	c.probes = 2;
	assert_non_null(strstr(say(&c, "350s"), "(by the system's settings, which are"));
}

static void test_kept(void **state)
{
	struct conn c = silent(200000);

	(void)state;
	c.have |= HAVE_PEER_PROBE | HAVE_PEER_PERIOD;
	c.last_peer_probe_ms = 3000;
	c.peer_period_ms = 30000;
	assert_string_equal(say(&c, "240s"),
		"Keepalive is off, but the peer's own probes refresh the path every 30 s "
		"(observed). It lives as long as the peer keeps that up.");
	c = kept_on(200000, 7000000, 7200000, 75000, 9);
	c.have |= HAVE_OOW_ACK;
	c.last_oow_ack_ms = 3000;
	assert_string_equal(say(&c, "240s"),
		"Keepalive is on with the system's 2 h, which would be too late, but the "
		"peer's own probes refresh the path (the last came 3 s ago). It lives as "
		"long as the peer keeps that up.");
}

static void test_ok_local_unknown(void **state)
{
	struct conn c = kept_on(1000, 59000, 60000, 75000, 9);

	(void)state;
	assert_string_equal(say(&c, "240s"),
		"Keepalive is on with 60 s of its own. A probe leaves every 77 s at the "
		"latest, before a path that forgets after 240 s does.");
	assert_non_null(strstr(say(&c, "none"), "no path is said to forget"));
	c.peer = c.local;
	assert_string_equal(say(&c, "240s"),
		"The peer is this system itself: no path lies between that could forget. "
		"Keepalive is on with 60 s of its own.");
	c = silent(1000);
	c.have &= ~(uint32_t)HAVE_KEEPALIVE;
	c.timer = TIMER_RETRANSMIT;
	assert_string_equal(say(&c, "240s"),
		"Whether keepalive is on cannot be told here: the retransmit timer hides "
		"it. root sees it, or wait until the data is through.");
	snap.system.windows = true;
	assert_non_null(strstr(say(&c, "240s"), "Windows tells no program"));
}

static void test_close_wait(void **state)
{
	struct conn c = silent(130000);

	(void)state;
	own(&c, "java");
	c.state = STATE_CLOSE_WAIT;
	assert_starts(say(&c, "240s"),
		"The peer has closed, the owner has not: it is for java to close this "
		"connection. Keepalive is off");
}

static void test_data_only(void **state)
{
	struct conn c = kept_on(1000, 9000, 10000, 1000, 9);

	(void)state;
	own(&c, "nginx");
	assert_string_equal(say(&c, "aws-alb"),
		"Keepalive is on with 10 s of its own, but a device that counts data, "
		"not probes, drops this connection after 60 s without data: in 59 s. Let "
		"nginx exchange data of its own (an application's ping) at least every "
		"60 s, or raise the device's limit.");
}

static void test_windows_remedy(void **state)
{
	struct conn c = silent(130000);

	(void)state;
	snap.system.windows = true;
	say(&c, "240s");
	assert_non_null(strstr(strbuf_text(&text), "SIO_KEEPALIVE_VALS"));
	assert_non_null(strstr(strbuf_text(&text), "KeepAliveTime"));
	assert_null(strstr(strbuf_text(&text), "net.ipv4"));
}

static void test_every_state_and_verdict_says_something(void **state)
{
	(void)state;
	for (int s = STATE_UNKNOWN; s < STATE_COUNT; s++) {
		struct conn c = silent(1000);
		const char *said;

		c.state = (uint8_t)s;
		c.inode = 0;
		said = say(&c, "240s");
		assert_true(said[0] != '\0' && said[strlen(said) - 1] == '.');
		assert_null(strchr(said, '\n'));
	}
	for (int v = VERDICT_NONE; v < VERDICT_COUNT; v++)
		assert_true(explain_verdict_briefly((enum verdict)v)[0] != '\0');
}

static void test_groups(void **state)
{
	struct conn c = silent(130000);

	(void)state;
	assert_starts(say_group(&c, "240s", 1),
		"1 connection of an unknown owner to port 5432, off. Keepalive is off:");
	own(&c, "nginx");
	assert_starts(say_group(&c, "240s", 14),
		"14 connections of nginx to port 5432, off; of the worst: Keepalive");
}

static void assert_ending(const struct conn *c, int64_t elapsed_ms, const char *words)
{
	struct outlook o = judge(c);

	strbuf_reset(&text);
	explain_ending(&text, c, &o, elapsed_ms);
	assert_string_equal(strbuf_text(&text), words);
}

static void test_endings(void **state)
{
	struct conn c = kept_on(22000, 900, 10000, 5000, 3);

	(void)state;
	assert_ending(&c, 1000, "closed");
	c.probes = 3;
	assert_ending(&c, 1000, "keepalive gave up after 3/3 probes");
	c.probes = 2;
	assert_ending(&c, 1000, "closed");
	assert_ending(&c, 6000, "keepalive gave up after 3/3 probes");
	c.user_timeout_ms = 20000;
	assert_ending(&c, 1000, "keepalive gave up after 2 probes");
	c = silent(900000);
	assert_ending(&c, 1000, "closed or reset");
	c.timer = TIMER_RETRANSMIT;
	c.have |= HAVE_EXPIRES;
	c.retransmits = 15;
	c.rto_ms = 120000;
	c.expires_ms = 500;
	assert_ending(&c, 1000, "retransmission gave up");
	c.timer = TIMER_PERSIST;
	c.rto_ms = 200;
	assert_ending(&c, 1000, "window probes gave up");
	c.timer = TIMER_RETRANSMIT;
	c.retransmits = 3;
	c.rto_ms = 1632;
	assert_ending(&c, 1000, "closed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_spans, start),
		cmocka_unit_test_setup(test_late, start),
		cmocka_unit_test_setup(test_late_by_an_old_timer, start),
		cmocka_unit_test_setup(test_late_assumed_and_inferred, start),
		cmocka_unit_test_setup(test_off, start),
		cmocka_unit_test_setup(test_lost, start),
		cmocka_unit_test_setup(test_stalled, start),
		cmocka_unit_test_setup(test_probing, start),
		cmocka_unit_test_setup(test_kept, start),
		cmocka_unit_test_setup(test_ok_local_unknown, start),
		cmocka_unit_test_setup(test_close_wait, start),
		cmocka_unit_test_setup(test_data_only, start),
		cmocka_unit_test_setup(test_windows_remedy, start),
		cmocka_unit_test_setup(
			test_every_state_and_verdict_says_something, start),
		cmocka_unit_test_setup(test_groups, start),
		cmocka_unit_test_setup(test_endings, start),
	};

	return cmocka_run_group_tests(tests, NULL, finish);
}
