/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is inferred from samples of a simulated kernel: never wrong, often enough. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/history.h"
#include "model/infer.h"
#include "world.h"

#define SCENARIOS 120000

struct score {
	long idle, intvl, worlds;
};

static void check(const struct world *w, const struct conn *c)
{
	if (conn_has(c, HAVE_KEEPIDLE))
		assert_int_equal(c->keepidle_ms, w->idle);
	if (conn_has(c, HAVE_KEEPINTVL))
		assert_int_equal(c->keepintvl_ms, w->intvl);
	/* alone it says that keepidle is not longer */
	if (conn_has(c, HAVE_KEEPINTVL) && !conn_has(c, HAVE_KEEPIDLE) && c->probes == 0)
		assert_true(w->idle <= w->intvl);
	if (conn_has(c, HAVE_PEER_PROBE) || conn_has(c, HAVE_PEER_PERIOD))
		assert_true(w->peer_period > 0);
	if ((c->have & (HAVE_KEEPIDLE | HAVE_KEEPINTVL)) != 0)
		assert_int_equal(c->settings, SETTINGS_INFERRED);
	else
		assert_int_equal(c->settings, SETTINGS_UNKNOWN);
	assert_false(conn_has(c, HAVE_KEEPCNT));
}

static void play(struct world *w, struct score *score)
{
	struct history *h = history_new();
	struct snapshot snap = { 0 };
	int64_t every = percent(60) ? 1000 : between(200, 5000);
	int64_t end = 6 * (w->idle + w->intvl) + 10000;
	bool idle = false, intvl = false;

	if (end / every > 200)
		end = 200 * every;
	for (int64_t t = between(1, 1000); t < end; t += every + between(0, 20)) {
		run_until(w, t);
		if (w->dead)
			break;
		snapshot_reset(&snap);
		snap.mono_ms = 1000000 + t;
		snap.system.hz = w->hz;
		show(w, &snap, 7);
		history_apply(h, &snap);
		check(w, &snap.conns[0]);
		idle |= conn_has(&snap.conns[0], HAVE_KEEPIDLE);
		intvl |= conn_has(&snap.conns[0], HAVE_KEEPINTVL);
	}
	score->idle += idle;
	score->intvl += intvl;
	score->worlds++;
	history_free(h);
	snapshot_clear(&snap);
}

static void test_never_wrong(void **state)
{
	struct score score = { 0 };

	(void)state;
	seed = 3;
	for (int i = 0; i < SCENARIOS; i++) {
		struct world w = random_world();

		play(&w, &score);
	}
	print_message("of %ld: keepidle of %ld, keepintvl of %ld\n", score.worlds,
		score.idle, score.intvl);
	assert_true(score.idle > score.worlds / 3);
	assert_true(score.intvl > score.worlds / 3);
}

/* A world without chance but the timers' lateness, sampled each second. */
static struct world quiet_world(int64_t idle, int64_t intvl)
{
	struct world w = {
		.hz = 250, .cnt = 3, .idle = idle, .intvl = intvl, .steady = true
	};

	for (enum event e = FIRE; e < EVENTS; e++)
		w.at[e] = NEVER;
	w.at[SWITCH_ON] = 0;
	return w;
}

struct watch {
	struct history *h;
	struct snapshot snap;
	struct world w;
	int64_t t;
	bool read; /* settings come from the socket */
};

static const struct conn *watch_until(struct watch *v, int64_t end)
{
	struct conn *c = NULL;

	for (; v->t <= end; v->t += 1000) {
		run_until(&v->w, v->t);
		snapshot_reset(&v->snap);
		v->snap.time_ms = 1700000000000 + v->t;
		v->snap.system.hz = v->w.hz;
		c = show(&v->w, &v->snap, 7);
		if (v->read) {
			c->settings = SETTINGS_SOCKET;
			c->keepidle_ms = 77000;
			c->have |= HAVE_KEEPIDLE;
		}
		history_apply(v->h, &v->snap);
	}
	return &v->snap.conns[0];
}

static struct watch watch_new(struct world w)
{
	return (struct watch){ .h = history_new(), .w = w, .t = 500 };
}

static void watch_end(struct watch *v)
{
	history_free(v->h);
	snapshot_clear(&v->snap);
}

static void test_silent_connection(void **state)
{
	struct watch v = watch_new(quiet_world(3000, 2000));
	const struct conn *c;

	(void)state;
	seed = 5;
	c = watch_until(&v, 2500);
	assert_int_equal(c->settings, SETTINGS_UNKNOWN);
	c = watch_until(&v, 30000);
	assert_int_equal(c->settings, SETTINGS_INFERRED);
	assert_int_equal(c->keepidle_ms, 3000);
	assert_int_equal(c->keepintvl_ms, 2000);
	watch_end(&v);
}

static void test_interval_hides_idle(void **state)
{
	struct watch v = watch_new(quiet_world(2000, 4000));
	const struct conn *c;

	(void)state;
	seed = 6;
	c = watch_until(&v, 40000);
	assert_true(conn_has(c, HAVE_KEEPINTVL));
	assert_int_equal(c->keepintvl_ms, 4000);
	assert_false(conn_has(c, HAVE_KEEPIDLE));
	/* data lets the timer re-arm for the rest of the idle time */
	v.w.data_every = 3000;
	v.w.at[PEER_DATA] = 41000;
	c = watch_until(&v, 80000);
	assert_int_equal(c->keepidle_ms, 2000);
	assert_int_equal(c->keepintvl_ms, 4000);
	watch_end(&v);
}

static void test_switched_on_late(void **state)
{
	struct world w = quiet_world(4000, 2000);
	struct watch v;
	const struct conn *c;

	(void)state;
	seed = 7;
	w.at[SWITCH_ON] = 10200;
	v = watch_new(w);
	c = watch_until(&v, 13500);
	assert_int_equal(c->settings, SETTINGS_UNKNOWN);
	c = watch_until(&v, 40000);
	assert_int_equal(c->keepidle_ms, 4000);
	assert_int_equal(c->keepintvl_ms, 2000);
	watch_end(&v);
}

static void test_unanswered_probes(void **state)
{
	struct world w = quiet_world(5000, 3000);
	struct watch v;
	const struct conn *c;

	(void)state;
	seed = 8;
	w.lost_percent = 100;
	w.cnt = 9;
	v = watch_new(w);
	c = watch_until(&v, 20000);
	assert_true(c->probes > 2);
	assert_int_equal(c->keepintvl_ms, 3000);
	watch_end(&v);
}

static void test_read_settings_stay(void **state)
{
	struct watch v = watch_new(quiet_world(3000, 2000));
	const struct conn *c;

	(void)state;
	seed = 9;
	v.read = true;
	c = watch_until(&v, 30000);
	assert_int_equal(c->settings, SETTINGS_SOCKET);
	assert_int_equal(c->keepidle_ms, 77000);
	assert_false(conn_has(c, HAVE_KEEPINTVL));
	watch_end(&v);
}

static void test_peer_probes(void **state)
{
	struct world w = quiet_world(3000, 2000);
	struct watch v;
	const struct conn *c;

	(void)state;
	seed = 10;
	w.at[SWITCH_ON] = NEVER;
	w.peer_period = 10000;
	w.at[PEER_PROBE] = 10000;
	v = watch_new(w);
	c = watch_until(&v, 9500);
	assert_false(conn_has(c, HAVE_PEER_PROBE));
	c = watch_until(&v, 12500);
	assert_true(conn_has(c, HAVE_PEER_PROBE));
	assert_false(conn_has(c, HAVE_PEER_PERIOD));
	/* it came in the second before 10.5 s, at the earliest */
	assert_int_equal(c->last_peer_probe_ms, 3000);
	c = watch_until(&v, 20500);
	assert_true(conn_has(c, HAVE_PEER_PERIOD));
	assert_int_equal(c->peer_period_ms, 10000);
	/* the peer stops: its last probe ages */
	v.w.at[PEER_PROBE] = NEVER;
	c = watch_until(&v, 60500);
	assert_int_equal(c->last_peer_probe_ms, 41000);
	watch_end(&v);
}

static void test_talk_is_no_probe(void **state)
{
	struct world w = quiet_world(60000, 2000);
	struct watch v;
	const struct conn *c;

	(void)state;
	seed = 11;
	w.data_every = 1500;
	w.window_every = 1000;
	w.at[PEER_DATA] = w.at[OUR_DATA] = w.at[PEER_WINDOW] = w.at[OUR_WINDOW] = 1;
	v = watch_new(w);
	for (int i = 0; i < 300; i++) {
		c = watch_until(&v, v.t);
		assert_false(conn_has(c, HAVE_PEER_PROBE));
	}
	watch_end(&v);
}

static void test_going_back_starts_anew(void **state)
{
	struct watch v = watch_new(quiet_world(3000, 2000));
	const struct conn *c;

	(void)state;
	seed = 12;
	c = watch_until(&v, 30000);
	assert_int_equal(c->settings, SETTINGS_INFERRED);
	snapshot_reset(&v.snap);
	v.snap.time_ms = 1600000000000;
	c = show(&v.w, &v.snap, 7);
	history_apply(v.h, &v.snap);
	assert_int_equal(c->settings, SETTINGS_UNKNOWN);
	watch_end(&v);
}

/* A connection that was not in the last sample is another one, whatever its id. */
static void test_unseen_is_forgotten(void **state)
{
	struct watch v = watch_new(quiet_world(3000, 2000));
	const struct conn *c;

	(void)state;
	seed = 13;
	c = watch_until(&v, 30000);
	assert_int_equal(c->settings, SETTINGS_INFERRED);
	snapshot_reset(&v.snap);
	v.snap.time_ms = 1700000000000 + v.t;
	history_apply(v.h, &v.snap);
	v.t += 1000;
	c = watch_until(&v, v.t);
	assert_int_equal(c->settings, SETTINGS_UNKNOWN);
	watch_end(&v);
}

/* Ids come and go by thousands: each is known while it lasts, and forgotten after. */
static void test_many(void **state)
{
	struct history *h = history_new();
	struct snapshot snap = { 0 };
	struct world w = quiet_world(3000, 2000);

	(void)state;
	w.at[SWITCH_ON] = NEVER;
	for (int64_t t = 1; t <= 20; t++) {
		uint64_t first = (uint64_t)t * 1000;

		snapshot_reset(&snap);
		snap.time_ms = t * 1000;
		w.now = t * 1000;
		w.segs_in++, w.segs_out++; /* a probe of the peer each time */
		for (uint64_t id = first; id < first + 5000; id++)
			show(&w, &snap, id);
		history_apply(h, &snap);
		for (size_t i = 0; i < snap.count; i++)
			assert_int_equal(conn_has(&snap.conns[i], HAVE_PEER_PROBE),
				t > 1 && i < 4000);
	}
	snapshot_reset(&snap);
	snap.time_ms = 30000;
	history_apply(h, &snap); /* none left */
	snapshot_clear(&snap);
	history_free(h);
	history_free(NULL);
	assert_true(sizeof(struct track) <= 104);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_wrong),
		cmocka_unit_test(test_silent_connection),
		cmocka_unit_test(test_interval_hides_idle),
		cmocka_unit_test(test_switched_on_late),
		cmocka_unit_test(test_unanswered_probes),
		cmocka_unit_test(test_read_settings_stay),
		cmocka_unit_test(test_peer_probes),
		cmocka_unit_test(test_talk_is_no_probe),
		cmocka_unit_test(test_going_back_starts_anew),
		cmocka_unit_test(test_unseen_is_forgotten),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
