/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated socket with the kernel's lazy keepalive timer, and what befalls it. */
#ifndef KATOP_TESTS_WORLD_H
#define KATOP_TESTS_WORLD_H

#include "model/keepalive.h"
#include "model/snapshot.h"

#define NEVER INT64_MAX

static uint64_t seed;

static inline uint64_t draw(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline int64_t between(int64_t least, int64_t most)
{
	return least + (int64_t)(draw() % (uint64_t)(most - least + 1));
}

static inline bool percent(unsigned p)
{
	return draw() % 100 < p;
}

/* What happens to a simulated socket, each at its next time. */
enum event {
	FIRE,	/* the keepalive timer */
	ANSWER, /* to our probe */
	PEER_DATA,
	OUR_DATA,
	OUR_ACK, /* our data is acknowledged */
	PEER_PROBE,
	PEER_WINDOW, /* an empty ACK that renews the silence */
	OUR_WINDOW,
	SWITCH_ON, /* setsockopt(SO_KEEPALIVE) */
	EVENTS
};

struct world {
	int64_t at[EVENTS];
	int64_t now, heard, sent_at, got_at, nominal;
	int64_t idle, intvl, rtt, wobble, peer_period, data_every, window_every;
	uint32_t hz, cnt, probes, lost_percent;
	uint32_t segs_in, segs_out;
	uint64_t sent, received;
	bool on, in_flight, dead;
	bool steady; /* no local queue drops, no user holds the socket */
};

static inline void arm(struct world *w, int64_t delay)
{
	w->nominal = w->now + delay;
	w->at[FIRE] = w->nominal + between(0, ka_granularity_ms(delay, w->hz));
}

static inline int64_t soon(const struct world *w, int64_t every)
{
	return every == 0 ? NEVER : w->now + between(1, 2 * every);
}

static inline void hear(struct world *w)
{
	w->segs_in++;
	w->heard = w->now;
	w->probes = 0;
}

static inline void send_probe(struct world *w)
{
	w->probes++;
	w->segs_out++;
	if (!percent(w->lost_percent) && w->at[ANSWER] == NEVER)
		w->at[ANSWER] = w->now + w->rtt + between(0, w->wobble);
	arm(w, w->intvl);
}

/* tcp_keepalive_timer(), net/ipv4/tcp_timer.c */
static inline void fire(struct world *w)
{
	int64_t silence = w->now - w->heard;

	if (!w->steady && percent(2))
		arm(w, 50); /* the user holds the socket */
	else if (w->in_flight)
		arm(w, w->idle);
	else if (silence < w->idle)
		arm(w, w->idle - silence);
	else if (w->probes >= w->cnt)
		w->dead = true;
	else if (!w->steady && percent(3))
		arm(w, 500); /* the local queue dropped it */
	else
		send_probe(w);
}

static inline void happen(struct world *w, enum event e)
{
	w->now = w->at[e];
	w->at[e] = NEVER;
	switch (e) {
	case FIRE:
		fire(w);
		break;
	case ANSWER:
		hear(w);
		break;
	case PEER_DATA:
		hear(w);
		w->got_at = w->now;
		w->received += 100;
		w->segs_out++;
		w->at[e] = soon(w, w->data_every);
		break;
	case OUR_DATA:
		w->segs_out += 1 + percent(20);
		w->sent += 100;
		w->sent_at = w->now;
		w->in_flight = true;
		w->at[OUR_ACK] = w->now + w->rtt + 1 + (percent(20) ? 300 : 0);
		w->at[e] = NEVER;
		break;
	case OUR_ACK:
		hear(w);
		w->in_flight = false;
		w->at[OUR_DATA] = soon(w, 2 * w->data_every);
		break;
	case PEER_PROBE:
		w->segs_in++;
		w->segs_out++;
		w->at[e] = w->now + w->peer_period;
		break;
	case PEER_WINDOW:
		hear(w);
		w->at[e] = soon(w, w->window_every);
		break;
	case OUR_WINDOW:
		w->segs_out++;
		w->at[e] = soon(w, w->window_every);
		break;
	default:
		w->on = true;
		arm(w, w->idle);
	}
}

static inline void run_until(struct world *w, int64_t until)
{
	while (!w->dead) {
		enum event next = FIRE;

		for (enum event e = FIRE; e < EVENTS; e++)
			if (w->at[e] < w->at[next])
				next = e;
		if (w->at[next] > until)
			break;
		happen(w, next);
	}
	w->now = until;
}

static inline struct world random_world(void)
{
	static const uint32_t rates[] = { 100, 250, 300, 1000 };
	struct world w = { .hz = rates[draw() % 4], .cnt = (uint32_t)between(2, 9) };
	int64_t unit = percent(15) ? 15000 : 1000;

	w.idle = between(1, 12) * unit;
	w.intvl = between(1, 12) * unit;
	w.rtt = percent(50) ? between(0, 2) : between(0, 250);
	w.wobble = percent(50) ? 0 : between(0, 120);
	w.lost_percent = percent(70) ? 0 : (uint32_t)between(1, 60);
	w.data_every = percent(50) ? 0 : between(1, 4) * w.idle;
	w.window_every = percent(85) ? 0 : between(1, 8) * w.idle;
	w.peer_period = percent(70) ? 0 : between(1, 30) * 1000;
	for (enum event e = FIRE; e < EVENTS; e++)
		w.at[e] = NEVER;
	w.at[PEER_DATA] = soon(&w, w.data_every);
	w.at[OUR_DATA] = soon(&w, 2 * w.data_every);
	w.at[PEER_WINDOW] = soon(&w, w.window_every);
	w.at[OUR_WINDOW] = soon(&w, w.window_every);
	w.at[PEER_PROBE] = soon(&w, w.peer_period);
	w.at[SWITCH_ON] = percent(70) ? 0 : between(0, 3 * w.idle);
	return w;
}

static inline struct conn *show(const struct world *w, struct snapshot *snap, uint64_t id)
{
	int64_t tick = 1000 / w->hz, left = w->nominal - w->now;
	struct conn *c = snapshot_add(snap);

	c->id = id;
	c->state = STATE_ESTABLISHED;
	c->have = HAVE_TIMER | HAVE_LAST_RECEIVED | HAVE_LAST_ACK | HAVE_BYTES |
		  HAVE_SEGS | HAVE_RTT | HAVE_QUEUES;
	/* the kernel counts in ticks */
	c->last_ack_ms = (uint32_t)((w->now - w->heard) / tick * tick);
	c->last_received_ms = c->last_ack_ms + (uint32_t)(w->heard - w->got_at);
	c->rtt_us = (uint32_t)w->rtt * 1000 + 100;
	c->sent_bytes = w->sent;
	c->received_bytes = w->received;
	c->segs_in = w->segs_in;
	c->segs_out = w->segs_out;
	if (w->in_flight) {
		c->timer = TIMER_RETRANSMIT;
		c->have |= HAVE_EXPIRES;
		c->expires_ms = 200;
		c->send_queue_bytes = 100;
		return c;
	}
	c->have |= HAVE_KEEPALIVE;
	c->keepalive_on = w->on;
	if (w->on) {
		c->timer = TIMER_KEEPALIVE;
		c->have |= HAVE_EXPIRES | HAVE_PROBES | (left <= 0 ? HAVE_DUE : 0);
		c->expires_ms = left > 0 ? (uint32_t)(left / tick * tick) : 0;
		c->probes = (uint8_t)w->probes;
	}
	return c;
}

#endif
