/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/keepalive.h"

#include "base/bounds.h"

/* Bounds that keep sums and products of hostile input within 64 bits: 31 years. */
#define MS_MAX	  INT64_C(1000000000000)
#define COUNT_MAX 65535
#define HZ_MAX	  100000

int64_t ka_granularity_ms(int64_t delay_ms, uint32_t hz)
{
	int64_t rate = hz == 0 ? 1000 : min_of(hz, HZ_MAX);
	/* msecs_to_jiffies() rounds up, kernel/time/time.c */
	int64_t ticks = (clamp_to(delay_ms, 0, MS_MAX) * rate + 999) / 1000;
	int64_t span = 63, gran = 1;

	/* LVL_START(), LVL_DEPTH 9 */
	for (int level = 0; level < 8 && ticks >= span; level++) {
		span *= 8;
		gran *= 8;
	}
	return (gran * 1000 + rate - 1) / rate;
}

/* How many intervals @each long cover @need, at least @least. */
static int64_t intervals(int64_t need, int64_t each, int64_t least)
{
	return need <= 0 ? least : max_of(least, (need + each - 1) / each);
}

/* TCP_USER_TIMEOUT overrides the count: the first firing that finds it reached. */
static void end_by_user_timeout(const struct ka_input *in, struct ka_forecast *out,
	int64_t intvl, int64_t step_slack)
{
	int64_t least = in->probes > 0 ? 0 : 1; /* one probe is sent in any case */
	int64_t need = in->user_timeout_ms - in->silence_ms - out->first_ms;
	int64_t k = intervals(need, intvl, least);
	/* lateness lets silence reach the timeout at an earlier firing */
	int64_t j = intervals(need - out->slack_ms, intvl + step_slack, least);

	out->deadline_ms = out->first_ms + k * intvl;
	out->deadline_latest_ms = out->deadline_ms + out->slack_ms + k * step_slack;
	out->deadline_earliest_ms = out->first_ms + j * intvl;
	out->next_ms = k > 0 ? out->first_ms : KA_NEVER;
}

static void end_by_count(const struct ka_input *in, struct ka_forecast *out,
	int64_t intvl, int64_t step_slack)
{
	int64_t n = max_of(0, (int64_t)in->keepcnt - in->probes);

	out->deadline_ms = out->first_ms + n * intvl;
	out->deadline_latest_ms = out->deadline_ms + out->slack_ms + n * step_slack;
	out->deadline_earliest_ms = out->deadline_ms;
	out->next_ms = n > 0 ? out->first_ms : KA_NEVER;
}

void ka_forecast(const struct ka_input *given, struct ka_forecast *out)
{
	const struct ka_input in = {
		.expires_ms = clamp_to(given->expires_ms, 0, MS_MAX),
		.silence_ms = clamp_to(given->silence_ms, 0, MS_MAX),
		.keepidle_ms = clamp_to(given->keepidle_ms, 0, MS_MAX),
		/* a sysctl of 0 re-arms for the very next tick */
		.keepintvl_ms = clamp_to(given->keepintvl_ms, 1, MS_MAX),
		.user_timeout_ms = clamp_to(given->user_timeout_ms, 0, MS_MAX),
		.keepcnt = (uint32_t)min_of(given->keepcnt, COUNT_MAX),
		.probes = (uint32_t)min_of(given->probes, COUNT_MAX),
		.hz = given->hz,
	};
	/* what the running timer was armed for: not known, so the longest it can be */
	int64_t armed =
		in.probes > 0 ? in.keepintvl_ms : max_of(in.keepidle_ms, in.keepintvl_ms);
	int64_t step_slack = ka_granularity_ms(in.keepintvl_ms, in.hz);

	/*
	 * tcp_keepalive_timer() is lazy: arriving data does not move it. A firing that
	 * finds too little silence only re-arms for the rest.
	 */
	out->first_ms = max_of(in.expires_ms, in.keepidle_ms - in.silence_ms);
	out->slack_ms = ka_granularity_ms(armed, in.hz);
	if (out->first_ms > in.expires_ms)
		out->slack_ms += ka_granularity_ms(out->first_ms - in.expires_ms, in.hz);
	if (in.user_timeout_ms > 0)
		end_by_user_timeout(&in, out, in.keepintvl_ms, step_slack);
	else
		end_by_count(&in, out, in.keepintvl_ms, step_slack);
	out->next_latest_ms =
		out->next_ms == KA_NEVER ? KA_NEVER : out->next_ms + out->slack_ms;
}
