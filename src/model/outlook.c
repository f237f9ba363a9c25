/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/outlook.h"

#include "base/bounds.h"
#include "model/keepalive.h"
#include "model/verdict.h"

#define RTO_MAX_DEFAULT_MS 120000 /* TCP_RTO_MAX, include/net/tcp.h */
#define RETRIES2_DEFAULT   15	  /* TCP_RETR2 */

static int64_t fact(const struct conn *c, uint32_t have, int64_t value)
{
	return conn_has(c, have) ? value : OUTLOOK_UNKNOWN;
}

static int64_t told(int64_t system_value)
{
	return system_value >= 0 ? system_value : OUTLOOK_UNKNOWN;
}

static int64_t younger(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

/* Settings as far as known; only a whole socket that nobody could read is assumed about.
 */
static void find_settings(
	const struct conn *c, const struct system_info *system, struct ka_settings *s)
{
	s->source = (enum settings_source)c->settings;
	s->keepidle_ms = fact(c, HAVE_KEEPIDLE, c->keepidle_ms);
	s->keepintvl_ms = fact(c, HAVE_KEEPINTVL, c->keepintvl_ms);
	s->keepcnt = fact(c, HAVE_KEEPCNT, c->keepcnt);
	s->user_timeout_ms = fact(c, HAVE_USER_TIMEOUT, c->user_timeout_ms);
	if (s->source != SETTINGS_UNKNOWN && s->source != SETTINGS_SYSTEM)
		return;
	s->source = SETTINGS_UNKNOWN;
	/* Windows tells nothing of a socket, not even whether keepalive is on */
	if (c->minisocket || c->state == STATE_LISTEN || system->windows)
		return;
	s->keepidle_ms = told(system->keepalive_time_ms);
	s->keepintvl_ms = told(system->keepalive_intvl_ms);
	s->keepcnt = told(system->keepalive_probes);
	if (s->keepidle_ms < 0 && s->keepintvl_ms < 0 && s->keepcnt < 0)
		return;
	s->user_timeout_ms = 0;
	s->source = SETTINGS_SYSTEM;
}

/* The keepalive timer, also where another timer hides it. */
static int64_t keepalive_expires(const struct conn *c)
{
	if (c->timer == TIMER_KEEPALIVE && conn_has(c, HAVE_TIMER)) {
		if (conn_has(c, HAVE_DUE))
			return 0;
		return fact(c, HAVE_EXPIRES, c->expires_ms);
	}
	return fact(c, HAVE_KA_EXPIRES, c->ka_expires_ms);
}

static int64_t system_hz(const struct system_info *system)
{
	return system->hz > 0 && system->hz <= UINT32_MAX ? system->hz : 0;
}

/* Unacknowledged data or a closed window: tcp_keepalive_timer() only re-arms. */
static bool is_data_pending(const struct conn *c)
{
	return conn_has(c, HAVE_TIMER) &&
	       (c->timer == TIMER_RETRANSMIT || c->timer == TIMER_PERSIST);
}

static void forecast_retransmission(
	const struct conn *c, const struct system_info *system, struct outlook *o)
{
	struct rto_input in = {
		.expires_ms = conn_has(c, HAVE_DUE) ? 0 : c->expires_ms,
		.rto_ms = c->rto_ms,
		.rto_max_ms =
			system->rto_max_ms > 0 ? system->rto_max_ms : RTO_MAX_DEFAULT_MS,
		.user_timeout_ms =
			o->settings.user_timeout_ms > 0 ? o->settings.user_timeout_ms : 0,
		.retransmits = c->retransmits,
		.retries2 = system->retries2 >= 0 && system->retries2 <= UINT8_MAX
				    ? (uint32_t)system->retries2
				    : RETRIES2_DEFAULT,
		.backoff = c->backoff,
		.rtt_ms = c->rtt_us / 1000,
		.hz = (uint32_t)system_hz(system),
	};

	o->next_ms = o->next_latest_ms = OUTLOOK_NEVER; /* suspended meanwhile */
	o->deadline_ms = o->deadline_earliest_ms = o->deadline_latest_ms =
		OUTLOOK_UNKNOWN;
	o->retransmitting = true;
	o->deadline_approximate = true;
	if (!conn_has(c, HAVE_RTO | HAVE_RETRANSMITS | HAVE_EXPIRES))
		return;
	o->deadline_ms = c->timer == TIMER_PERSIST ? persist_deadline_ms(&in)
						   : rto_deadline_ms(&in);
}

/*
 * What the forecast counts with where a value is not known: the least and the most that
 * keepidle can be, and the system's defaults for the others.
 */
struct basis {
	struct ka_input in;
	int64_t keepidle_most_ms;
	bool complete;
	bool approximate;
};

static struct basis find_basis(const struct conn *c, const struct system_info *system,
	const struct ka_view *ka, const struct outlook *o)
{
	const struct ka_settings *s = &o->settings;
	int64_t idle = s->keepidle_ms, intvl = s->keepintvl_ms, count = s->keepcnt;
	struct basis b = { .approximate = intvl < 0 || count < 0 };

	if (intvl < 0)
		intvl = told(system->keepalive_intvl_ms);
	if (count < 0)
		count = told(system->keepalive_probes);
	b.keepidle_most_ms = idle;
	if (c->probes > 0) {
		/* a probe went out: the silence is long enough, whatever was assumed */
		if (idle < 0 || (ka->idle_assumed && idle > o->silence_ms))
			b.keepidle_most_ms = idle = 0;
	} else if (idle < 0 && s->source == SETTINGS_INFERRED && s->keepintvl_ms >= 0) {
		/* history.c: the interval alone is told when it hides a shorter keepidle
		 */
		idle = 0;
		b.keepidle_most_ms = s->keepintvl_ms;
		b.approximate = true;
	}
	b.complete = idle >= 0 && intvl >= 0 && count >= 0 && ka->expires_ms >= 0 &&
		     o->silence_ms >= 0;
	b.in = (struct ka_input){
		.expires_ms = ka->expires_ms,
		.silence_ms = o->silence_ms,
		.keepidle_ms = idle,
		.keepintvl_ms = intvl,
		.user_timeout_ms = s->user_timeout_ms > 0 ? s->user_timeout_ms : 0,
		.keepcnt = count > UINT16_MAX ? UINT16_MAX : (uint32_t)count,
		.probes = c->probes,
		.hz = (uint32_t)system_hz(system),
	};
	return b;
}

static void forecast_keepalive(const struct conn *c, const struct system_info *system,
	struct ka_view *ka, struct outlook *o)
{
	struct basis b = find_basis(c, system, ka, o);
	struct ka_forecast f, latest;

	if (!b.complete)
		return;
	ka_forecast(&b.in, &f);
	b.in.keepidle_ms = b.keepidle_most_ms;
	ka_forecast(&b.in, &latest);
	ka->next_latest_ms = latest.first_ms + latest.slack_ms;
	o->next_ms = f.next_ms;
	o->next_latest_ms = f.next_ms < 0 ? f.next_ms : ka->next_latest_ms;
	o->next_due = f.next_ms == 0;
	o->deadline_ms = f.deadline_ms;
	/* firings fall elsewhere with another keepidle, and a user timeout may end it
	 * at an earlier one */
	o->deadline_earliest_ms =
		min_of(f.deadline_earliest_ms, latest.deadline_earliest_ms);
	o->deadline_latest_ms = max_of(f.deadline_latest_ms, latest.deadline_latest_ms);
	o->deadline_approximate = b.approximate;
}

/* Probes on a silent, healthy connection leave every max(keepidle, keepintvl). */
static int64_t steady_period(const struct system_info *system, struct outlook *o)
{
	int64_t idle = o->settings.keepidle_ms, intvl = o->settings.keepintvl_ms;
	int64_t period;

	if (idle < 0 && o->settings.source == SETTINGS_INFERRED)
		idle = 0;
	if (intvl < 0)
		intvl = told(system->keepalive_intvl_ms);
	if (idle < 0 || intvl < 0)
		return OUTLOOK_UNKNOWN;
	period = idle > intvl ? idle : intvl;
	return period + ka_granularity_ms(period, (uint32_t)system_hz(system));
}

/* Packets that crossed the path, each way; of some devices only those with data count. */
static int64_t path_silence(const struct conn *c, const struct path_policy *path,
	const struct ka_view *ka, const struct outlook *o)
{
	int64_t age = younger(fact(c, HAVE_LAST_SENT, c->last_sent_ms),
		fact(c, HAVE_LAST_RECEIVED, c->last_received_ms));

	if (path->data_only)
		return age;
	age = younger(age, fact(c, HAVE_LAST_ACK, c->last_ack_ms));
	age = younger(age, fact(c, HAVE_OOW_ACK, c->last_oow_ack_ms));
	age = younger(age, fact(c, HAVE_PEER_PROBE, c->last_peer_probe_ms));
	if (c->probes > 0 && ka->expires_ms >= 0 && !ka->intvl_assumed &&
		o->settings.keepintvl_ms >= ka->expires_ms)
		age = younger(age, o->settings.keepintvl_ms - ka->expires_ms);
	return age;
}

static void start(struct outlook *o)
{
	*o = (struct outlook){
		.silence_ms = OUTLOOK_UNKNOWN,
		.path_silence_ms = OUTLOOK_UNKNOWN,
		.next_ms = OUTLOOK_UNKNOWN,
		.next_latest_ms = OUTLOOK_UNKNOWN,
		.deadline_ms = OUTLOOK_UNKNOWN,
		.deadline_earliest_ms = OUTLOOK_UNKNOWN,
		.deadline_latest_ms = OUTLOOK_UNKNOWN,
		.forgets_ms = OUTLOOK_UNKNOWN,
		.period_ms = OUTLOOK_UNKNOWN,
	};
}

static void forecast(const struct conn *c, const struct system_info *system,
	struct ka_view *ka, struct outlook *o)
{
	if (ka->off)
		o->next_ms = o->next_latest_ms = o->deadline_ms =
			o->deadline_earliest_ms = o->deadline_latest_ms = OUTLOOK_NEVER;
	if (is_data_pending(c))
		forecast_retransmission(c, system, o);
	else if (ka->on)
		forecast_keepalive(c, system, ka, o);
	if (ka->on)
		o->period_ms = steady_period(system, o);
}

void outlook_of(const struct conn *c, const struct system_info *system,
	const struct path_policy *path, struct outlook *o)
{
	struct ka_view ka = {
		.on = conn_has(c, HAVE_KEEPALIVE) && c->keepalive_on,
		.off = conn_has(c, HAVE_KEEPALIVE) && !c->keepalive_on,
		.expires_ms = OUTLOOK_UNKNOWN,
		.next_latest_ms = OUTLOOK_UNKNOWN,
	};

	start(o);
	find_settings(c, system, &o->settings);
	ka.idle_assumed = o->settings.source == SETTINGS_SYSTEM;
	ka.intvl_assumed = ka.idle_assumed || o->settings.keepintvl_ms < 0;
	if (ka.on)
		ka.expires_ms = keepalive_expires(c);
	if (!conn_silence_ms(c, &o->silence_ms))
		o->silence_ms = OUTLOOK_UNKNOWN;
	if (verdict_applies(c)) {
		forecast(c, system, &ka, o);
		o->path_silence_ms = path_silence(c, path, &ka, o);
		o->path_applies = path->limit_ms > 0 && !verdict_is_local(c);
		if (!o->path_applies)
			o->forgets_ms = OUTLOOK_NEVER;
		else if (o->path_silence_ms >= 0)
			o->forgets_ms = path->limit_ms - o->path_silence_ms;
	}
	verdict_judge(c, path, &ka, o);
}
