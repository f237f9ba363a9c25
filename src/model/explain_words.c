/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/explain_words.h"

#include <inttypes.h>
#include <stdio.h>

#include "model/keepalive.h"

static void two_units(
	char *out, int64_t big, const char *unit, int64_t small, const char *small_unit)
{
	if (small == 0)
		snprintf(out, WORDS_SPAN_SIZE, "%" PRId64 " %s", big, unit);
	else
		snprintf(out, WORDS_SPAN_SIZE, "%" PRId64 " %s %" PRId64 " %s", big, unit,
			small, small_unit);
}

static const char *span(char *out, int64_t ms, int64_t seconds_below_s)
{
	int64_t s = ms / 1000;

	if (ms < 1000)
		snprintf(out, WORDS_SPAN_SIZE, "%" PRId64 " ms", ms < 0 ? 0 : ms);
	else if (s < 10 && ms / 100 % 10 != 0)
		snprintf(out, WORDS_SPAN_SIZE, "%" PRId64 ".%" PRId64 " s", s,
			ms / 100 % 10);
	else if (s < seconds_below_s)
		snprintf(out, WORDS_SPAN_SIZE, "%" PRId64 " s", s);
	else if (s < 3600)
		two_units(out, s / 60, "min", s % 60, "s");
	else if (s < 86400)
		two_units(out, s / 3600, "h", s / 60 % 60, "min");
	else
		two_units(out, s / 86400, "d", s / 3600 % 24, "h");
	return out;
}

const char *words_span(char *out, int64_t ms)
{
	return span(out, ms, 120);
}

const char *words_setting(char *out, int64_t ms)
{
	return span(out, ms, 600);
}

const char *words_owner(const struct telling *t)
{
	const struct conn_owner *owner = snapshot_first_owner(t->snap, t->c);
	const char *name = "";

	if (owner != NULL)
		name = snapshot_string(t->snap, owner->process);
	return name[0] != '\0' ? name : "the owner";
}

static void tell_keepidle(const struct telling *t)
{
	const struct ka_settings *s = &t->o->settings;
	int64_t system_ms = t->snap->system.keepalive_time_ms;
	char span[WORDS_SPAN_SIZE];

	if (s->keepidle_ms < 0) {
		if (s->keepintvl_ms >= 0)
			strbuf_printf(t->out, ", probing every %s (%s)",
				words_setting(span, s->keepintvl_ms),
				s->source == SETTINGS_INFERRED ? "inferred from its timer"
							       : "keepidle is not known");
		return;
	}
	words_setting(span, s->keepidle_ms);
	if (s->source == SETTINGS_SYSTEM)
		strbuf_printf(t->out,
			" with the system's %s (assumed, not read from the socket)",
			span);
	else if (s->source == SETTINGS_INFERRED)
		strbuf_printf(t->out, " with %s (inferred from its timer)", span);
	else if (s->keepidle_ms == system_ms)
		strbuf_printf(t->out, " with the system's %s", span);
	else
		strbuf_printf(t->out, " with %s of its own", span);
}

void words_keepalive(const struct telling *t)
{
	if (!conn_has(t->c, HAVE_KEEPALIVE)) {
		strbuf_puts(t->out, "Whether keepalive is on cannot be told here");
	} else if (!t->c->keepalive_on) {
		strbuf_puts(t->out, "Keepalive is off");
	} else {
		strbuf_puts(t->out, "Keepalive is on");
		tell_keepidle(t);
	}
}

static void remedy_data_only(const struct telling *t, const char *limit)
{
	strbuf_printf(t->out,
		" Let %s exchange data of its own (an application's ping) at least every "
		"%s, or raise the device's limit.",
		words_owner(t), limit);
}

static void remedy_windows(const struct telling *t, const char *limit)
{
	strbuf_printf(t->out,
		" Let %s enable keepalive with SIO_KEEPALIVE_VALS (or SO_KEEPALIVE and "
		"TCP_KEEPIDLE) and a time below %s, or lower KeepAliveTime in "
		"HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters.",
		words_owner(t), limit);
}

/* Would the system's defaults do, if the socket used them? */
static bool system_suffices(const struct telling *t)
{
	const struct system_info *s = &t->snap->system;
	int64_t period = s->keepalive_time_ms > s->keepalive_intvl_ms
				 ? s->keepalive_time_ms
				 : s->keepalive_intvl_ms;
	uint32_t hz = s->hz > 0 && s->hz < UINT32_MAX ? (uint32_t)s->hz : 0;

	return s->keepalive_time_ms > 0 && s->keepalive_intvl_ms >= 0 &&
	       period + ka_granularity_ms(period, hz) < t->path->limit_ms;
}

/*
 * Its settings do for the path, and yet the running timer does not: a lower sysctl moves
 * no timer. setsockopt() does, tcp_sock_set_keepidle_locked(), net/ipv4/tcp.c.
 */
static bool is_timer_older(const struct telling *t)
{
	const struct outlook *o = t->o;

	return o->settings.source != SETTINGS_SYSTEM && o->next_ms >= 0 &&
	       o->period_ms >= 0 && o->period_ms < t->path->limit_ms &&
	       o->path_silence_ms + o->next_ms >= t->path->limit_ms;
}

static void remedy_old_timer(const struct telling *t)
{
	strbuf_printf(t->out,
		" The timer that runs was armed before these settings and keeps its old "
		"time: let %s set TCP_KEEPIDLE once more, which arms it again, or "
		"connect "
		"anew.",
		words_owner(t));
}

/* Probes would leave too seldom even if keepidle were shorter. */
static bool is_intvl_at_fault(const struct telling *t)
{
	const struct ka_settings *s = &t->o->settings;

	return s->keepidle_ms < t->path->limit_ms && s->keepidle_ms < s->keepintvl_ms &&
	       t->o->period_ms >= t->path->limit_ms;
}

static void remedy_on(const struct telling *t)
{
	const struct ka_settings *s = &t->o->settings;
	const struct system_info *system = &t->snap->system;
	int64_t limit_ms = t->path->limit_ms;
	bool idle = !is_intvl_at_fault(t);
	int64_t set_ms = idle ? s->keepidle_ms : s->keepintvl_ms;
	int64_t system_ms = idle ? system->keepalive_time_ms : system->keepalive_intvl_ms;
	bool shared = s->source != SETTINGS_SOCKET || set_ms == system_ms;
	char limit[WORDS_SPAN_SIZE];

	/* below the limit already: room for the wheel's lateness, 8/63 of a delay */
	if (set_ms >= 0 && set_ms < limit_ms && t->o->period_ms >= limit_ms)
		limit_ms -= limit_ms / 8;
	strbuf_printf(t->out, " Let %s set %s below %s", words_owner(t),
		idle ? "TCP_KEEPIDLE" : "TCP_KEEPINTVL", words_setting(limit, limit_ms));
	if (shared && (system_ms < 0 || system_ms >= limit_ms))
		strbuf_printf(t->out,
			", or lower net.ipv4.%s. Timers that run already keep their old "
			"time",
			idle ? "tcp_keepalive_time" : "tcp_keepalive_intvl");
	strbuf_putc(t->out, '.');
}

void words_remedy(const struct telling *t)
{
	char limit[WORDS_SPAN_SIZE];
	bool on = conn_has(t->c, HAVE_KEEPALIVE) && t->c->keepalive_on;

	if (t->path->limit_ms <= 0)
		return;
	words_setting(limit, t->path->limit_ms);
	if (t->path->data_only)
		remedy_data_only(t, limit);
	else if (t->snap->system.windows)
		remedy_windows(t, limit);
	else if (on && is_timer_older(t))
		remedy_old_timer(t);
	else if (on)
		remedy_on(t);
	else if (system_suffices(t))
		strbuf_printf(t->out,
			" Let %s set SO_KEEPALIVE: the system's settings do for this "
			"path.",
			words_owner(t));
	else
		strbuf_printf(t->out,
			" Let %s set SO_KEEPALIVE, and TCP_KEEPIDLE below %s (or lower "
			"net.ipv4.tcp_keepalive_time).",
			words_owner(t), limit);
}

void words_unless_the_peer(const struct telling *t)
{
	if (t->path->data_only)
		strbuf_puts(t->out, ", whatever probes the peer sends");
	else if (!conn_has(t->c, HAVE_OOW_ACK) && !conn_has(t->c, HAVE_PEER_PROBE) &&
		 !t->c->peer_never_probed)
		strbuf_puts(t->out,
			", unless the peer keeps it alive (a second sample or root would "
			"tell)");
}
