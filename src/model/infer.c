/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/infer.h"

#include "model/infer_timer.h"

static struct sight look(const struct conn *c, int64_t now_ms, int64_t tick_ms)
{
	struct sight s = { .c = c, .now_ms = now_ms, .tolerance_ms = 2 * tick_ms + 2 };

	conn_silence_ms(c, &s.silence_ms);
	s.arrival_ms = now_ms - s.silence_ms;
	s.timed = c->timer == TIMER_KEEPALIVE && c->expires_ms > 0 &&
		  conn_has(c, HAVE_TIMER | HAVE_EXPIRES | HAVE_PROBES) &&
		  !conn_has(c, HAVE_DUE);
	s.expiry_ms = now_ms + c->expires_ms;
	return s;
}

static bool is_readable(const struct conn *c)
{
	return conn_has(c, HAVE_LAST_RECEIVED | HAVE_LAST_ACK | HAVE_BYTES | HAVE_SEGS);
}

/*
 * The peer's probes are out of window: answered, counted as segments, but no byte and no
 * age changes. tcp_validate_incoming(), net/ipv4/tcp_input.c.
 */
static void step_peer(struct track *t, const struct sight *s)
{
	uint32_t in = s->c->segs_in - t->segs_in, out = s->c->segs_out - t->segs_out;
	int64_t span = s->now_ms - t->sampled_ms;
	bool same = s->arrival_ms - t->arrival_ms <= INFER_JITTER_MS &&
		    t->arrival_ms - s->arrival_ms <= INFER_JITTER_MS;

	if (!infer_is_quiet(t, s->c) || !same || s->silence_ms < span + INFER_JITTER_MS ||
		in == 0 || out == 0 || in > 1000 || s->c->probes > 0 || t->probes > 0)
		return;
	if (t->peer_probe_ms > t->arrival_ms && t->peer_probe_ms < t->sampled_ms)
		t->peer_period_ms = (uint32_t)((t->sampled_ms - t->peer_probe_ms) / in);
	t->peer_probe_ms = t->sampled_ms;
}

static void remember(struct track *t, const struct sight *s)
{
	t->sampled_ms = s->now_ms;
	t->arrival_ms = s->arrival_ms;
	t->has_arrival = true;
	t->was_idle = conn_has(s->c, HAVE_TIMER) && s->c->timer == TIMER_KEEPALIVE &&
		      (!conn_has(s->c, HAVE_QUEUES) || s->c->send_queue_bytes == 0);
	t->bytes = s->c->sent_bytes + s->c->received_bytes;
	t->segs_in = s->c->segs_in;
	t->segs_out = s->c->segs_out;
}

void infer_start(struct track *t, const struct conn *c, int64_t now_ms)
{
	*t = (struct track){ .id = c->id };
	infer_step(t, c, now_ms, 1);
}

void infer_step(struct track *t, const struct conn *c, int64_t now_ms, int64_t tick_ms)
{
	struct sight s = look(c, now_ms, tick_ms);

	if (!is_readable(c))
		return;
	if (t->has_arrival) {
		int64_t moved = s.arrival_ms - t->arrival_ms;

		/* nothing came in, and yet the last arrival moved: the clock jumped */
		if (c->segs_in == t->segs_in &&
			(moved > INFER_JITTER_MS || moved < -INFER_JITTER_MS))
			t->armed_ms = t->peer_probe_ms = 0;
		step_peer(t, &s);
	}
	infer_step_timer(t, &s);
	remember(t, &s);
}

static void publish_settings(const struct track *t, struct conn *c)
{
	bool hidden = t->keepidle_most_s > 0 && t->keepidle_most_s <= t->keepintvl_s;

	if (c->settings == SETTINGS_SOCKET || c->settings == SETTINGS_INFERRED)
		return;
	if (t->keepidle_s > 0) {
		c->keepidle_ms = t->keepidle_s * 1000;
		c->have |= HAVE_KEEPIDLE;
		c->settings = SETTINGS_INFERRED;
	}
	/* alone it is told only where keepidle does not matter: outlook.c relies on that
	 */
	if (t->keepintvl_s > 0 && (t->keepidle_s > 0 || hidden || c->probes > 0)) {
		c->keepintvl_ms = t->keepintvl_s * 1000;
		c->have |= HAVE_KEEPINTVL;
		c->settings = SETTINGS_INFERRED;
	}
}

void infer_publish(const struct track *t, struct conn *c, int64_t now_ms)
{
	if (conn_has(c, HAVE_KEEPALIVE) && c->keepalive_on)
		publish_settings(t, c);
	if (t->peer_probe_ms > 0 && now_ms - t->peer_probe_ms < UINT32_MAX) {
		c->last_peer_probe_ms = (uint32_t)(now_ms - t->peer_probe_ms);
		c->have |= HAVE_PEER_PROBE;
	}
	if (t->peer_period_ms > 0) {
		c->peer_period_ms = t->peer_period_ms;
		c->have |= HAVE_PEER_PERIOD;
	}
}
