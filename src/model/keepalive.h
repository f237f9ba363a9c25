/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's keepalive timer is going to do: a pure function of integers.
 * The rules are those of tcp_keepalive_timer(), net/ipv4/tcp_timer.c, for a peer that
 * stays silent and a connection without unacknowledged data.
 */
#ifndef KATOP_MODEL_KEEPALIVE_H
#define KATOP_MODEL_KEEPALIVE_H

#include <stdint.h>

#define KA_NEVER INT64_C(-1)

/* Milliseconds; `hz` is the kernel's tick rate (1000 is assumed for 0). */
struct ka_input {
	int64_t expires_ms; /* until the timer fires, 0 when it is due */
	int64_t silence_ms; /* since anything was accepted from the peer */
	int64_t keepidle_ms;
	int64_t keepintvl_ms;
	int64_t user_timeout_ms; /* 0: not set */
	uint32_t keepcnt;
	uint32_t probes; /* unanswered so far */
	uint32_t hz;
};

/*
 * Milliseconds from the sample; KA_NEVER where no probe leaves any more. The nominal time
 * lies within its bounds: next_ms is also the earliest one of the probe.
 */
struct ka_forecast {
	int64_t next_ms;
	int64_t next_latest_ms;
	int64_t deadline_ms;
	int64_t deadline_earliest_ms;
	int64_t deadline_latest_ms;
	int64_t first_ms; /* t1: the first firing that finds silence enough */
	int64_t slack_ms; /* S0: how late that firing may be */
};

void ka_forecast(const struct ka_input *in, struct ka_forecast *out);

/*
 * How late a timer armed for @delay_ms may fire: the granularity of its level in the
 * timer wheel (calc_wheel_index(), kernel/time/timer.c: levels of 63 * 8^L ticks).
 */
int64_t ka_granularity_ms(int64_t delay_ms, uint32_t hz);

/*
 * When retransmission gives up (retransmits_timed_out(), net/ipv4/tcp_timer.c), from
 * what tcp_info tells; approximate by nature, since the first retransmission's time is
 * reconstructed from the doubling of the timeout. Milliseconds.
 */
struct rto_input {
	int64_t expires_ms;	 /* until the retransmission timer fires */
	int64_t rto_ms;		 /* the present timeout, backed off */
	int64_t rto_max_ms;	 /* the ceiling, 120000 by default */
	int64_t user_timeout_ms; /* 0: not set */
	uint32_t retransmits;	 /* unanswered so far; of a closed window: probes */
	uint32_t retries2;	 /* net.ipv4.tcp_retries2 */
	uint32_t backoff;	 /* of a closed window: doublings of the timeout */
	int64_t rtt_ms;		 /* tells the first timeout; 0 unknown */
	uint32_t hz;		 /* tells how late timers are; 0: as if they were not */
};

/* Milliseconds until the connection is given up, if the peer stays silent. */
int64_t rto_deadline_ms(const struct rto_input *in);

/*
 * The same for the probes of a closed window (tcp_probe_timer(), net/ipv4/tcp_timer.c):
 * tcp_retries2 counts them, any answer starts the count anew; only a user timeout ends a
 * connection whose peer answers.
 */
int64_t persist_deadline_ms(const struct rto_input *in);

/* The span that tcp_retries2 stands for: 15 is 924600 ms at the default ceiling. */
int64_t rto_limit_ms(uint32_t retries2, int64_t rto_max_ms);

#endif
