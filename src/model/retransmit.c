/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/keepalive.h"

#include "base/bounds.h"

#define RTO_MIN_MS  INT64_C(200) /* TCP_RTO_MIN, include/net/tcp.h */
#define MS_MAX	    INT64_C(1000000000000)
#define RETRIES_MAX 255 /* tcp_retries2 is one byte (struct netns_ipv4) */

/* @base doubled @times times, up to @ceiling. */
static int64_t doubled(int64_t base, uint32_t times, int64_t ceiling)
{
	while (times-- > 0 && base < ceiling)
		base *= 2;
	return min_of(base, ceiling);
}

/* The mean lateness of a timer armed for @timeout_ms: half of the wheel's grain. */
static int64_t late(const struct rto_input *in, int64_t timeout_ms)
{
	return in->hz == 0 ? 0 : ka_granularity_ms(timeout_ms, in->hz) / 2;
}

static int64_t lasting(const struct rto_input *in, int64_t timeout_ms)
{
	return timeout_ms + late(in, timeout_ms);
}

static struct rto_input sane(const struct rto_input *given)
{
	struct rto_input in = *given;

	in.expires_ms = clamp_to(in.expires_ms, 0, MS_MAX);
	in.rto_max_ms = clamp_to(in.rto_max_ms, RTO_MIN_MS, MS_MAX);
	in.rto_ms = clamp_to(in.rto_ms, 1, in.rto_max_ms);
	in.user_timeout_ms = clamp_to(in.user_timeout_ms, 0, MS_MAX);
	in.retransmits = (uint32_t)min_of(in.retransmits, RETRIES_MAX);
	in.retries2 = (uint32_t)min_of(in.retries2, RETRIES_MAX);
	in.backoff = (uint32_t)min_of(in.backoff, RETRIES_MAX);
	in.rtt_ms = clamp_to(in.rtt_ms, 0, MS_MAX);
	return in;
}

/* tcp_model_timeout(), net/ipv4/tcp_timer.c: doubling, then the ceiling each time. */
int64_t rto_limit_ms(uint32_t retries2, int64_t rto_max_ms)
{
	int64_t ceiling = clamp_to(rto_max_ms, RTO_MIN_MS, MS_MAX);
	int64_t retries = min_of(retries2, RETRIES_MAX);
	int64_t doublings = 0;

	while (RTO_MIN_MS << (doublings + 1) <= ceiling)
		doublings++;
	if (retries <= doublings)
		return ((INT64_C(2) << retries) - 1) * RTO_MIN_MS;
	return ((INT64_C(2) << doublings) - 1) * RTO_MIN_MS +
	       (retries - doublings) * ceiling;
}

/*
 * Time since the first retransmission, by undoing the doublings of the timeout that
 * runs now. At the ceiling their number is lost: they are counted up then from the first
 * timeout, __tcp_set_rto(): the round trip and a variance that counts 200 ms at least.
 */
static int64_t retransmitting_for(const struct rto_input *in)
{
	int64_t sum = max_of(0, in->rto_ms - in->expires_ms);

	for (uint32_t i = 1; i < in->retransmits; i++) {
		uint32_t back = in->retransmits - i;
		int64_t timeout_ms = back < 40 ? in->rto_ms >> back : 0;

		if (in->rto_ms >= in->rto_max_ms)
			timeout_ms = doubled(in->rtt_ms + RTO_MIN_MS, i, in->rto_max_ms);
		sum += lasting(in, timeout_ms);
	}
	return sum;
}

int64_t rto_deadline_ms(const struct rto_input *given)
{
	struct rto_input in = sane(given);
	int64_t limit = rto_limit_ms(in.retries2, in.rto_max_ms);
	int64_t at = in.expires_ms, since = 0;

	/* retransmits_timed_out(): the first retransmission starts the time */
	if (in.retransmits > 0)
		since = retransmitting_for(&in) + at;
	/* tcp_clamp_rto_to_user_timeout(): the timer is cut to end with it */
	if (in.user_timeout_ms > 0)
		return at + max_of(0, in.user_timeout_ms - since);
	at += late(&in, in.rto_ms);
	since += in.retransmits > 0 ? late(&in, in.rto_ms) : 0;
	for (uint32_t i = 1; since < limit; i++) {
		int64_t timeout_ms = lasting(&in, doubled(in.rto_ms, i, in.rto_max_ms));

		at += timeout_ms;
		since += timeout_ms;
	}
	return at;
}

int64_t persist_deadline_ms(const struct rto_input *given)
{
	struct rto_input in = sane(given);
	int64_t base = max_of(in.rto_ms, RTO_MIN_MS); /* tcp_probe0_base() */
	int64_t at = in.expires_ms, since = 0;
	uint32_t backoff = in.backoff;

	at += late(&in, doubled(base, in.backoff, in.rto_max_ms));
	/* tcp_send_probe0() doubles tcp_retries2 times at most, up to the ceiling */
	for (uint32_t i = in.retransmits; i < in.retries2; i++) {
		backoff += backoff < in.retries2;
		at += lasting(&in, doubled(base, backoff, in.rto_max_ms));
	}
	if (in.user_timeout_ms == 0)
		return at;
	/* icsk_probes_tstamp (5.11): since the first probe, answered or not */
	for (uint32_t i = 1; i <= in.backoff; i++)
		since += doubled(base, i, in.rto_max_ms);
	return min_of(at, in.expires_ms + max_of(0, in.user_timeout_ms - since));
}
