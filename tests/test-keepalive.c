/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The forecast: against measured vectors, a simulated kernel, and its own promises. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/keepalive.h"

#define ROUNDS 300000

static uint64_t seed;

/* splitmix64: the same sequence on every machine. */
static uint64_t draw(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static int64_t between(int64_t least, int64_t most)
{
	return least + (int64_t)(draw() % (uint64_t)(most - least + 1));
}

static const uint32_t rates[] = { 100, 250, 300, 1000 };

static void test_vectors(void **state)
{
	static const struct {
		struct ka_input in;
		int64_t next, deadline;
	} vectors[] = {
		{ { 7200000, 0, 7200000, 75000, 0, 9, 0, 250 }, 7200000, 7875000 },
		{ { 100000, 7000000, 7200000, 75000, 0, 9, 0, 250 }, 200000, 875000 },
		{ { 5000, 0, 10000, 5000, 0, 3, 0, 250 }, 10000, 25000 },
		{ { 3000, 12000, 10000, 5000, 0, 3, 1, 250 }, 3000, 13000 },
		{ { 3000, 22000, 10000, 5000, 0, 3, 3, 250 }, KA_NEVER, 3000 },
		{ { 10000, 0, 10000, 5000, 60000, 3, 0, 250 }, 10000, 60000 },
		{ { 10000, 0, 10000, 5000, 5000, 3, 0, 250 }, 10000, 15000 },
		/* due: the timer ran out and the silence is long enough */
		{ { 0, 10000, 10000, 5000, 0, 3, 0, 250 }, 0, 15000 },
		/* due, but it will only re-arm */
		{ { 0, 4000, 10000, 5000, 0, 3, 0, 250 }, 6000, 21000 },
		/* net.ipv4.tcp_keepalive_probes = 0: dead without a probe */
		{ { 1000, 0, 2000, 5000, 0, 0, 0, 250 }, KA_NEVER, 2000 },
		/* the interval is longer than the idle time */
		{ { 75000, 0, 60000, 75000, 0, 9, 0, 250 }, 75000, 750000 },
		/* the user timeout is reached at the running firing */
		{ { 3000, 12000, 10000, 5000, 15000, 3, 1, 250 }, KA_NEVER, 3000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct ka_forecast f;

		ka_forecast(&vectors[i].in, &f);
		assert_int_equal(f.next_ms, vectors[i].next);
		assert_int_equal(f.deadline_ms, vectors[i].deadline);
	}
}

static void test_slack(void **state)
{
	struct ka_input in = { 7200000, 0, 7200000, 75000, 0, 9, 0, 250 };
	struct ka_forecast f;

	(void)state;
	assert_int_equal(ka_granularity_ms(0, 250), 4);
	assert_int_equal(ka_granularity_ms(248, 250), 4); /* 62 ticks */
	assert_int_equal(ka_granularity_ms(252, 250), 32);
	assert_int_equal(ka_granularity_ms(20000, 250), 2048);
	assert_int_equal(ka_granularity_ms(7200000, 250), 131072);
	assert_int_equal(ka_granularity_ms(62, 0), 1);
	assert_int_equal(ka_granularity_ms(63, 1000), 8);
	/* the defaults: 149.5 s at the end */
	ka_forecast(&in, &f);
	assert_int_equal(f.deadline_latest_ms - f.deadline_ms, 131072 + 9 * 2048);
	assert_int_equal(f.next_latest_ms, 7200000 + 131072);
	assert_int_equal(f.deadline_earliest_ms, f.deadline_ms);
	/* a probe is out: the timer was armed for an interval */
	in.probes = 1;
	ka_forecast(&in, &f);
	assert_int_equal(f.slack_ms, 2048);
}

/* A connection and its lazy timer, whose every firing is late within the wheel's grain.
 */
struct sim {
	struct ka_input set; /* keepidle, keepintvl, keepcnt, user timeout, hz */
	int64_t now, heard, nominal, fires;
	uint32_t probes;
};

static void arm(struct sim *s, int64_t delay)
{
	s->nominal = s->now + delay;
	s->fires = s->nominal + between(0, ka_granularity_ms(delay, s->set.hz));
}

enum firing { REARMED, PROBED, DEAD };

/* tcp_keepalive_timer(), net/ipv4/tcp_timer.c, steps 3 to 5. */
static enum firing fire(struct sim *s)
{
	int64_t silence = s->fires - s->heard;
	int64_t user = s->set.user_timeout_ms;

	s->now = s->fires;
	if (silence < s->set.keepidle_ms) {
		arm(s, s->set.keepidle_ms - silence);
		return REARMED;
	}
	if (user != 0 ? silence >= user && s->probes > 0 : s->probes >= s->set.keepcnt)
		return DEAD;
	s->probes++;
	arm(s, s->set.keepintvl_ms);
	return PROBED;
}

/* The peer talks and answers for a while, then falls silent at s->heard. */
static void live(struct sim *s)
{
	int events = (int)between(0, 6);

	arm(s, s->set.keepidle_ms);
	while (events-- > 0) {
		int64_t data = s->now + between(0, 2 * s->set.keepidle_ms);

		while (s->fires <= data && fire(s) == PROBED) {
			s->heard = s->now; /* answered */
			s->probes = 0;
		}
		if (data > s->now && data < s->fires)
			s->now = s->heard = data;
	}
}

static struct sim random_sim(void)
{
	struct sim s = { 0 };

	s.set.keepidle_ms = between(1, 20) * (draw() % 3 == 0 ? 60000 : 1000);
	s.set.keepintvl_ms = between(1, 20) * (draw() % 4 == 0 ? 15000 : 1000);
	s.set.keepcnt = (uint32_t)between(1, 9);
	s.set.hz = rates[draw() % 4];
	if (draw() % 3 == 0)
		s.set.user_timeout_ms = between(100, 8 * s.set.keepidle_ms);
	return s;
}

/* Runs to the end; the times of the next probe (KA_NEVER without) and of death. */
static void run_out(struct sim *s, int64_t *probe, int64_t *death)
{
	enum firing what;

	*probe = KA_NEVER;
	while ((what = fire(s)) != DEAD)
		if (what == PROBED && *probe == KA_NEVER)
			*probe = s->now;
	*death = s->now;
}

static void test_simulated_kernel(void **state)
{
	int64_t probe, death;
	int probed = 0, early = 0;

	(void)state;
	seed = 1;
	for (int i = 0; i < ROUNDS; i++) {
		struct sim s = random_sim();
		struct ka_input in;
		struct ka_forecast f;
		int64_t at;

		live(&s);
		for (int firings = (int)between(0, 6); firings > 0; firings--) {
			struct sim ahead = s;

			if (fire(&ahead) == DEAD)
				break;
			s = ahead;
		}
		at = between(s.now, s.fires);
		in = s.set;
		in.expires_ms = s.nominal > at ? s.nominal - at : 0;
		in.silence_ms = at - s.heard;
		in.probes = s.probes;
		ka_forecast(&in, &f);
		run_out(&s, &probe, &death);
		assert_in_range(death - at, f.deadline_earliest_ms, f.deadline_latest_ms);
		early += death - at < f.deadline_ms;
		if (probe != KA_NEVER) {
			assert_in_range(probe - at, f.next_ms, f.next_latest_ms);
			probed++;
		} else if (in.user_timeout_ms == 0) {
			assert_int_equal(f.next_ms, KA_NEVER);
		}
	}
	/* the rounds did meet what they are for */
	assert_true(probed > ROUNDS / 2);
	assert_true(early > ROUNDS / 1000);
}

static void test_promises(void **state)
{
	(void)state;
	seed = 2;
	for (int i = 0; i < ROUNDS; i++) {
		int64_t most = INT64_C(1) << between(0, 39);
		struct ka_input in = {
			.expires_ms = between(0, most),
			.silence_ms = between(0, most),
			.keepidle_ms = between(0, most),
			.keepintvl_ms = between(0, most),
			.user_timeout_ms = draw() % 2 ? between(0, most) : 0,
			.keepcnt = (uint32_t)(draw() >> between(32, 63)),
			.probes = (uint32_t)(draw() >> between(32, 63)),
			.hz = (uint32_t)(draw() >> between(32, 63)),
		};
		struct ka_forecast f;

		ka_forecast(&in, &f);
		assert_true(f.deadline_earliest_ms <= f.deadline_ms);
		assert_true(f.deadline_ms <= f.deadline_latest_ms);
		assert_true(f.deadline_earliest_ms >= 0);
		assert_true(f.deadline_ms >= f.next_ms);
		assert_true(f.next_ms == KA_NEVER || f.next_ms <= f.next_latest_ms);
		assert_true(f.next_ms == KA_NEVER || f.next_ms >= in.expires_ms);
		assert_true(f.first_ms >= in.expires_ms && f.slack_ms > 0);
	}
}

static void test_hostile_input(void **state)
{
	struct ka_input in = { INT64_MAX, INT64_MIN, INT64_MAX, INT64_MAX, INT64_MAX,
		UINT32_MAX, 0, UINT32_MAX };
	struct ka_forecast f;
	struct rto_input r = { INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, UINT32_MAX,
		UINT32_MAX, UINT32_MAX, INT64_MAX, UINT32_MAX };

	(void)state;
	ka_forecast(&in, &f);
	assert_true(f.deadline_ms > 0 && f.deadline_ms <= f.deadline_latest_ms);
	in.user_timeout_ms = 0;
	ka_forecast(&in, &f);
	assert_true(f.deadline_ms > 0 && f.deadline_ms <= f.deadline_latest_ms);
	assert_true(rto_deadline_ms(&r) > 0);
	assert_true(persist_deadline_ms(&r) > 0);
	r.user_timeout_ms = 0;
	assert_true(rto_deadline_ms(&r) > 0);
	assert_true(persist_deadline_ms(&r) > 0);
}

static void test_rto_limit(void **state)
{
	(void)state;
	assert_int_equal(rto_limit_ms(15, 120000), 924600);
	assert_int_equal(rto_limit_ms(15, 1000), 14400);
	assert_int_equal(rto_limit_ms(0, 120000), 200);
	assert_int_equal(rto_limit_ms(8, 120000), 102200);
	assert_int_equal(rto_limit_ms(9, 120000), 204600);
	assert_int_equal(rto_limit_ms(10, 120000), 324600);
}

/* retransmits_timed_out(), stepped: when does a connection die, and from every moment
 * before, does the forecast say so? */
static void test_rto_deadline(void **state)
{
	static const struct {
		int64_t rto, rto_max, user;
		uint32_t retries2;
	} cases[] = {
		{ 200, 120000, 0, 15 },
		{ 204, 120000, 0, 15 },
		{ 201, 1000, 0, 15 },
		{ 1000, 120000, 0, 8 },
		{ 204, 120000, 0, 3 },
		{ 204, 120000, 30000, 15 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t moments[64], rtos[64];
		int64_t now = cases[i].rto, rto = cases[i].rto, first = now;
		int64_t limit = cases[i].user > 0 ? cases[i].user
						  : rto_limit_ms(cases[i].retries2,
							    cases[i].rto_max);
		int fired = 0;

		do {
			rto = rto * 2 < cases[i].rto_max ? rto * 2 : cases[i].rto_max;
			moments[fired] = now;
			rtos[fired++] = rto;
			now += rto;
			if (cases[i].user > 0 && now - first > limit)
				now = first + limit;
		} while (now - first < limit);
		for (int j = 0; j < fired; j++) {
			int64_t next = j + 1 < fired ? moments[j + 1] : now;
			int64_t at = between(moments[j], next);
			struct rto_input in = { next - at, rtos[j], cases[i].rto_max,
				cases[i].user, (uint32_t)j + 1, cases[i].retries2, 0,
				cases[i].rto - 200, 0 };
			int64_t told = rto_deadline_ms(&in);

			/* the last timer before a user timeout was cut: its age is lost
			 */
			if (cases[i].user > 0 && next == now)
				assert_in_range(told, 0, now - at + rtos[j]);
			else
				assert_in_range(told, now - at - 5 * j, now - at + 5 * j);
		}
	}
}

static void test_rto_before_the_first_retransmission(void **state)
{
	struct rto_input in = { 150, 200, 120000, 0, 0, 15, 0, 0, 0 };

	(void)state;
	/* 400 + 800 + ... + 102400, then 120 s each, to the first past 924.6 s */
	assert_int_equal(rto_deadline_ms(&in), 150 + 204400 + 7 * 120000);
	in.user_timeout_ms = 10000;
	assert_int_equal(rto_deadline_ms(&in), 10150);
	in.user_timeout_ms = 0;
	in.retries2 = 0;
	assert_int_equal(rto_deadline_ms(&in), 550);
}

/*
 * Measured at HZ 250 with tcp_retries2 4, hence 6.2 s: dead 7.05 s after the write, for
 * the timers' lateness brings the fifth firing past the limit.
 */
static void test_rto_lateness(void **state)
{
	struct rto_input in = { 204, 204, 120000, 0, 0, 4, 0, 0, 250 };

	(void)state;
	assert_in_range(rto_deadline_ms(&in), 6200, 7100);
	in = (struct rto_input){ 1000, 3264, 120000, 0, 4, 4, 0, 0, 250 };
	assert_int_equal(rto_deadline_ms(&in), 1128);
	in.hz = 0;
	assert_true(rto_deadline_ms(&in) > 7000);
}

static void test_closed_window(void **state)
{
	struct rto_input in = { 100, 204, 120000, 0, 0, 3, 0, 0, 0 };

	(void)state;
	/* probes at 100, 508, 1324; the firing at 2956 finds three unanswered */
	assert_int_equal(persist_deadline_ms(&in), 100 + 408 + 816 + 1632);
	in.retransmits = 2;
	in.backoff = 2;
	assert_int_equal(persist_deadline_ms(&in), 100 + 1632);
	in.retransmits = 3;
	in.backoff = 3;
	assert_int_equal(persist_deadline_ms(&in), 100);
	/* a peer that answers: the count is 0, the timeout stays doubled */
	in.retransmits = 0;
	in.backoff = 20;
	assert_int_equal(persist_deadline_ms(&in), 100 + 3 * 120000);
	/* it is not doubled more often than tcp_retries2 */
	in.backoff = 3;
	assert_int_equal(persist_deadline_ms(&in), 100 + 3 * 1632);
	in.backoff = 20;
	/* a user timeout ends even that one, counted from the first probe */
	in.user_timeout_ms = 60000;
	assert_int_equal(persist_deadline_ms(&in), 100);
	in.backoff = 2;
	assert_int_equal(persist_deadline_ms(&in), 100 + 1632 * 3);
	in.user_timeout_ms = 5000;
	assert_int_equal(persist_deadline_ms(&in), 100 + 5000 - 408 - 816);
	in.backoff = 0;
	in.retries2 = 15;
	assert_int_equal(persist_deadline_ms(&in), 100 + 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_slack),
		cmocka_unit_test(test_simulated_kernel),
		cmocka_unit_test(test_promises),
		cmocka_unit_test(test_hostile_input),
		cmocka_unit_test(test_rto_limit),
		cmocka_unit_test(test_rto_deadline),
		cmocka_unit_test(test_rto_before_the_first_retransmission),
		cmocka_unit_test(test_rto_lateness),
		cmocka_unit_test(test_closed_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
