/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/infer_timer.h"

/* The shortest keepidle and interval: no timer fires twice within it. */
#define SHORTEST_MS 1000
/* The timer fired when its expiry moved by more. */
#define FIRED_MS 700
/* Round trips differ from the smoothed one by this much. */
#define WOBBLE_MS 30
/* An answer this late, beyond the round trip, is not reckoned with. */
#define DELAY_MS 500
/*
 * tcp_keepalive_timer() comes back after 50 ms when the user holds the socket and, like
 * TCP_RESOURCE_PROBE_INTERVAL, after 500 ms when a local queue dropped the probe: a timer
 * that runs this short tells no setting by itself.
 */
#define RETRY_MS 550
#define FAR_MS	 INT64_C(4000000000) /* more than any setting: 46 days */

static void forget(struct track *t)
{
	t->keepidle_s = t->keepintvl_s = t->keepidle_most_s = 0;
	t->once_idle_s = t->once_intvl_s = t->open_intvl_s = 0;
	t->armed_ms = 0;
}

/* The whole second that @ms is, within @tolerance_ms; 0 if it is none. */
static uint32_t whole_second(int64_t ms, int64_t tolerance_ms)
{
	int64_t s = (ms + 500) / 1000;
	int64_t off = ms - s * 1000;

	return ms > 0 && ms < FAR_MS && off <= tolerance_ms && -off <= tolerance_ms
		       ? (uint32_t)s
		       : 0;
}

/* The only whole second within [@least, @most]; 0 if there are more or none. */
static uint32_t only_second(int64_t least_ms, int64_t most_ms)
{
	int64_t first = least_ms <= 1000 ? 1 : (least_ms + 999) / 1000;

	if (most_ms < first * 1000 || most_ms >= (first + 1) * 1000 || most_ms > FAR_MS)
		return 0;
	return (uint32_t)first;
}

/* As many empty segments came in as went out, and one renewed the silence. */
static bool is_answered_probe(const struct track *t, const struct sight *s)
{
	uint32_t in = s->c->segs_in - t->segs_in;

	return t->was_idle && infer_is_quiet(t, s->c) && in > 0 &&
	       in == s->c->segs_out - t->segs_out &&
	       s->arrival_ms >= t->expiry_ms - WOBBLE_MS && s->arrival_ms > t->arrival_ms;
}

/* A probe left at @at_ms at the latest, so the silence was long enough then. */
static void bound_keepidle(struct track *t, int64_t at_ms)
{
	int64_t most = (at_ms + INFER_JITTER_MS / 3 - t->arrival_ms) / 1000;

	if (most > 0 && most < FAR_MS / 1000 &&
		(t->keepidle_most_s == 0 || most < t->keepidle_most_s))
		t->keepidle_most_s = (uint32_t)most;
}

static void learn_interval(struct track *t, uint32_t seconds)
{
	t->keepintvl_s = seconds;
	t->once_intvl_s = t->open_intvl_s = 0;
}

/*
 * Not beyond doubt by itself: two that agree are, if samples in between would have shown
 * the window updates that look the same. True when it is learned.
 */
static bool learn_twin(struct track *t, uint32_t seconds, int64_t span_ms)
{
	if (seconds == 0 || 1000 * (int64_t)seconds * 2 < 3 * span_ms)
		return false;
	if (seconds != t->once_intvl_s) {
		t->once_intvl_s = seconds;
		return false;
	}
	learn_interval(t, seconds);
	return true;
}

/*
 * The firing found too little silence and re-armed for the rest, so that the timer ends
 * one idle time after the last arrival. A timer as short as a retry's is believed when
 * three silences agree.
 */
static void learn_from_rearming(struct track *t, const struct sight *s)
{
	uint32_t idle = whole_second(s->c->expires_ms + s->silence_ms, s->tolerance_ms);
	bool retry = s->c->expires_ms <= RETRY_MS;

	if (idle == 0 || (conn_has(s->c, HAVE_QUEUES) && s->c->send_queue_bytes > 0))
		return;
	if (retry && idle != t->keepidle_s) {
		t->idle_sightings = idle == t->once_idle_s ? t->idle_sightings + 1 : 1;
		t->once_idle_s = idle;
		if (t->idle_sightings < 3)
			return;
	}
	if (t->keepidle_most_s > 0 && idle > t->keepidle_most_s)
		t->keepidle_most_s = 0; /* it was changed since */
	t->keepidle_s = idle;
	/* nothing came in between: the timer that fired had been armed by a probe */
	if (t->open_intvl_s > 0)
		learn_interval(t, t->open_intvl_s);
	t->open_intvl_s = 0;
}

/* The same expiry would follow from the arrival before: then window updates crossed. */
static bool could_be_rearmed(const struct track *t, const struct sight *s)
{
	return whole_second(s->expiry_ms - t->arrival_ms, s->tolerance_ms + WOBBLE_MS) >
	       0;
}

/*
 * The firing sent a probe, which was answered: it left between the expiry and the
 * answer's arrival, and the timer was armed for one interval then. Unless it fired once
 * more since, and ends now one idle time after the answer.
 */
static void learn_from_answer(struct track *t, const struct sight *s)
{
	int64_t from = t->expiry_ms > t->sampled_ms ? t->expiry_ms : t->sampled_ms;
	int64_t least = s->c->expires_ms + s->silence_ms;
	int64_t rtt = conn_has(s->c, HAVE_RTT) ? s->c->rtt_us / 1000 : 0;
	uint32_t intvl = whole_second(least + rtt, s->tolerance_ms + WOBBLE_MS);
	bool sure = intvl > 0 && s->c->segs_in - t->segs_in == 1 &&
		    intvl == only_second(least - s->tolerance_ms,
				     s->expiry_ms - from + INFER_JITTER_MS) &&
		    !could_be_rearmed(t, s);
	bool once = s->now_ms < from + SHORTEST_MS - INFER_JITTER_MS / 3;
	bool other = t->keepidle_s > 0 && t->keepidle_s != intvl;

	bool told = intvl > 0 && intvl == t->keepintvl_s && sure;

	if (sure && once && other) {
		learn_interval(t, intvl);
		told = true;
	} else if (once || s->silence_ms + rtt < DELAY_MS) {
		told |= learn_twin(t, intvl, s->now_ms - t->sampled_ms);
	}
	if (told)
		bound_keepidle(t, s->arrival_ms);
	t->open_intvl_s = sure && !told ? intvl : 0;
}

/* One probe more is unanswered: its sending armed the timer for one interval. */
static void learn_from_probe(struct track *t, const struct sight *s)
{
	int64_t from = t->expiry_ms > t->armed_ms ? t->expiry_ms : t->armed_ms;
	uint32_t sure = only_second(s->c->expires_ms - s->tolerance_ms,
		s->expiry_ms - from + INFER_JITTER_MS);

	if (t->probes == 0)
		bound_keepidle(t, s->now_ms);
	if (sure > 0)
		learn_interval(t, sure);
}

/* The timer that was seen before has fired in between; what did it do? */
static void learn_from_firing(struct track *t, const struct sight *s)
{
	/* where something came in, it may have been the answer to a probe */
	int64_t margin = s->c->segs_in != t->segs_in ? DELAY_MS : 0;

	bool retry = s->c->expires_ms <= RETRY_MS;

	if (s->c->probes > 0 || t->probes > 0) {
		if (!retry && s->c->probes == t->probes + 1U)
			learn_from_probe(t, s);
		return;
	}
	if (s->arrival_ms < t->expiry_ms - margin)
		learn_from_rearming(t, s);
	else if (!retry && is_answered_probe(t, s))
		learn_from_answer(t, s);
	else if (s->c->segs_in != t->segs_in)
		t->once_intvl_s = 0;
}

void infer_step_timer(struct track *t, const struct sight *s)
{
	int64_t moved = s->expiry_ms - t->expiry_ms;
	bool passed = s->now_ms >= t->expiry_ms - INFER_JITTER_MS;

	if (conn_has(s->c, HAVE_KEEPALIVE) && !s->c->keepalive_on)
		forget(t);
	if (s->c->segs_in != t->segs_in)
		t->open_intvl_s = 0;
	if (s->timed && t->armed_ms != 0 && passed && moved > FIRED_MS)
		learn_from_firing(t, s);
	else if (infer_is_quiet(t, s->c) && s->c->segs_in != t->segs_in)
		t->once_intvl_s = 0; /* empty segments that no probe of ours explains */
	if (!s->timed)
		return;
	/* setsockopt() re-armed it: what was learned may be past */
	if (t->armed_ms != 0 && !passed &&
		(moved > INFER_JITTER_MS || moved < -INFER_JITTER_MS))
		forget(t);
	t->expiry_ms = s->expiry_ms;
	t->armed_ms = s->now_ms;
	t->probes = s->c->probes;
}
