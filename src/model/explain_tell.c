/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/explain_words.h"

static void tell_stalled(const struct telling *t)
{
	bool window = t->c->timer == TIMER_PERSIST;
	char span[WORDS_SPAN_SIZE];

	strbuf_printf(t->out, "Nothing came from the peer for %s: ",
		words_span(span, t->o->silence_ms));
	strbuf_printf(t->out,
		window ? "its window is closed and %u probes of it are unanswered. "
		       : "%u retransmissions are unanswered. ",
		t->c->retransmits);
	strbuf_puts(t->out, "Keepalive is suspended meanwhile; ");
	if (t->o->deadline_ms >= 0)
		strbuf_printf(t->out, "the kernel gives up in about %s",
			words_span(span, t->o->deadline_ms));
	else
		strbuf_puts(t->out, "the kernel decides when to give up");
	if (t->o->settings.user_timeout_ms > 0)
		strbuf_printf(t->out, " (TCP_USER_TIMEOUT is %s)",
			words_setting(span, t->o->settings.user_timeout_ms));
	else if (!t->snap->system.windows)
		strbuf_puts(t->out, " (net.ipv4.tcp_retries2)");
	strbuf_printf(t->out,
		". If the peer is alive, look for the device between that has forgotten "
		"the connection; to learn of it sooner, let %s set TCP_USER_TIMEOUT.",
		words_owner(t));
}

static void tell_probes(const struct telling *t)
{
	unsigned probes = t->c->probes;
	char span[WORDS_SPAN_SIZE];

	if (t->o->settings.keepcnt >= probes)
		strbuf_printf(t->out, "%u of %u probes ", probes,
			(unsigned)t->o->settings.keepcnt);
	else
		strbuf_printf(t->out, probes == 1 ? "%u probe " : "%u probes ", probes);
	strbuf_puts(t->out, probes == 1 ? "is unanswered" : "are unanswered");
	if (t->o->silence_ms >= 0)
		strbuf_printf(t->out, ", and nothing else came from the peer for %s",
			words_span(span, t->o->silence_ms));
	strbuf_puts(t->out, ".");
}

static void tell_probing(const struct telling *t)
{
	const struct outlook *o = t->o;
	char span[WORDS_SPAN_SIZE];

	tell_probes(t);
	if (!t->o->at_risk) {
		strbuf_puts(t->out, " Its answer may still be under way.");
		return;
	}
	if (o->next_due)
		strbuf_puts(t->out, " The next leaves any moment.");
	else if (o->next_ms >= 0)
		strbuf_printf(
			t->out, " The next leaves in %s.", words_span(span, o->next_ms));
	if (o->deadline_ms >= 0)
		strbuf_printf(t->out, " If nothing answers, %s gets ETIMEDOUT in %s%s%s.",
			words_owner(t),
			o->deadline_approximate || o->settings.source == SETTINGS_SYSTEM
				? "about "
				: "",
			words_span(span, o->deadline_ms),
			o->settings.source == SETTINGS_SYSTEM
				? " (by the system's settings, which are assumed)"
				: "");
	strbuf_puts(t->out, " If the peer is alive, look for the device between that has "
			    "forgotten the connection or drops its packets.");
}

static void tell_lost(const struct telling *t)
{
	char silence[WORDS_SPAN_SIZE], limit[WORDS_SPAN_SIZE];

	strbuf_printf(t->out,
		"%s crossed the path for %s: one that forgets after %s has "
		"forgotten this connection, and the next write hangs or is reset",
		t->path->data_only ? "No data has" : "Nothing has",
		words_span(silence, t->o->path_silence_ms),
		words_setting(limit, t->path->limit_ms));
	words_unless_the_peer(t);
	strbuf_puts(t->out, ". ");
	words_keepalive(t);
	strbuf_putc(t->out, '.');
	words_remedy(t);
}

static void tell_off(const struct telling *t)
{
	char span[WORDS_SPAN_SIZE], limit[WORDS_SPAN_SIZE];

	words_keepalive(t);
	if (!t->o->path_applies) {
		strbuf_puts(t->out, ". No path is said to forget this connection, but a "
				    "peer that vanishes will go unnoticed.");
		return;
	}
	strbuf_printf(t->out,
		": nothing of ours refreshes the path. One that forgets after %s drops "
		"this connection",
		words_setting(limit, t->path->limit_ms));
	if (t->o->forgets_ms >= 0)
		strbuf_printf(t->out, " in %s of further silence",
			words_span(span, t->o->forgets_ms));
	words_unless_the_peer(t);
	strbuf_putc(t->out, '.');
	words_remedy(t);
}

/* How long before the probe the path forgets; negative when only lateness does it. */
static int64_t too_late_by(const struct telling *t)
{
	const struct outlook *o = t->o;
	int64_t idle = o->settings.keepidle_ms, intvl = o->settings.keepintvl_ms;
	int64_t first = -1, steady = idle > intvl ? idle : intvl;

	if (o->path_silence_ms >= 0 && o->next_ms >= 0)
		first = o->path_silence_ms + o->next_ms - t->path->limit_ms;
	return first > 0 ? first : steady - t->path->limit_ms;
}

static void tell_late_in_time(const struct telling *t)
{
	int64_t gap = too_late_by(t);
	char span[WORDS_SPAN_SIZE], limit[WORDS_SPAN_SIZE];

	strbuf_printf(t->out, ". A path that forgets after %s ",
		words_setting(limit, t->path->limit_ms));
	if (gap > 0)
		strbuf_printf(t->out, "drops this connection %s before the first probe.",
			words_span(span, gap));
	else
		strbuf_puts(t->out,
			"may drop this connection before the first probe: the "
			"kernel's timers fire late by up to an eighth.");
}

static void tell_late(const struct telling *t)
{
	char span[WORDS_SPAN_SIZE], limit[WORDS_SPAN_SIZE];

	words_keepalive(t);
	if (!t->path->data_only) {
		tell_late_in_time(t);
	} else {
		strbuf_printf(t->out,
			", but a device that counts data, not probes, drops this "
			"connection after %s without data",
			words_setting(limit, t->path->limit_ms));
		if (t->o->forgets_ms >= 0)
			strbuf_printf(
				t->out, ": in %s", words_span(span, t->o->forgets_ms));
		strbuf_putc(t->out, '.');
	}
	words_remedy(t);
}

static void tell_kept(const struct telling *t)
{
	const struct conn *c = t->c;
	char span[WORDS_SPAN_SIZE];

	words_keepalive(t);
	strbuf_puts(t->out, conn_has(c, HAVE_KEEPALIVE) && c->keepalive_on
				    ? ", which would be too late, but "
				    : ", but ");
	strbuf_puts(t->out, "the peer's own probes refresh the path");
	if (conn_has(c, HAVE_PEER_PERIOD))
		strbuf_printf(t->out, " every %s (observed)",
			words_span(span, c->peer_period_ms));
	else if (conn_has(c, HAVE_OOW_ACK))
		strbuf_printf(t->out, " (the last came %s ago)",
			words_span(span, c->last_oow_ack_ms));
	strbuf_puts(t->out, ". It lives as long as the peer keeps that up.");
}

static void tell_ok(const struct telling *t)
{
	char period[WORDS_SPAN_SIZE], limit[WORDS_SPAN_SIZE];

	words_keepalive(t);
	if (!t->o->path_applies) {
		strbuf_puts(t->out, ", and no path is said to forget this connection.");
		return;
	}
	strbuf_printf(t->out,
		". A probe leaves every %s at the latest, before a path that forgets "
		"after %s does.",
		words_span(period, t->o->period_ms),
		words_setting(limit, t->path->limit_ms));
}

static void tell_local(const struct telling *t)
{
	strbuf_puts(t->out, "The peer is this system itself: no path lies between that "
			    "could forget. ");
	words_keepalive(t);
	strbuf_putc(t->out, '.');
}

static void tell_unknown(const struct telling *t)
{
	const struct conn *c = t->c;

	words_keepalive(t);
	if (t->snap->system.windows)
		strbuf_puts(t->out, ": Windows tells no program about the timers and "
				    "settings of a connection.");
	else if (!conn_has(c, HAVE_KEEPALIVE) && conn_has(c, HAVE_TIMER) &&
		 c->timer != TIMER_NONE)
		strbuf_printf(t->out,
			": the %s timer hides it. root sees it, or wait until the data "
			"is "
			"through.",
			timer_name((enum conn_timer)c->timer));
	else
		strbuf_puts(t->out, ", but not enough is known to judge it: root may "
				    "read more, and a later sample may tell.");
}

static void tell_none(const struct telling *t)
{
	switch (t->c->state) {
	case STATE_LISTEN:
		strbuf_puts(t->out, "It waits for connections.");
		break;
	case STATE_SYN_SENT:
	case STATE_SYN_RECV:
		strbuf_puts(t->out, "It is being opened: keepalive starts with the "
				    "connection.");
		break;
	case STATE_TIME_WAIT:
		strbuf_puts(t->out, "It is over; the kernel holds its addresses for a "
				    "minute.");
		break;
	default:
		strbuf_puts(t->out, "It is being closed: the kernel ends it on its own.");
	}
}

void explain_tell(const struct telling *t)
{
	static void (*const by_verdict[VERDICT_COUNT])(const struct telling *t) = {
		[VERDICT_NONE] = tell_none,
		[VERDICT_STALLED] = tell_stalled,
		[VERDICT_PROBING] = tell_probing,
		[VERDICT_LOST] = tell_lost,
		[VERDICT_OFF] = tell_off,
		[VERDICT_LATE] = tell_late,
		[VERDICT_KEPT] = tell_kept,
		[VERDICT_OK] = tell_ok,
		[VERDICT_LOCAL] = tell_local,
		[VERDICT_UNKNOWN] = tell_unknown,
	};

	if (t->c->state == STATE_CLOSE_WAIT && t->o->verdict != VERDICT_NONE)
		strbuf_printf(t->out,
			"The peer has closed, the owner has not: it is for %s to close "
			"this connection. ",
			words_owner(t));
	if ((unsigned)t->o->verdict < VERDICT_COUNT)
		by_verdict[t->o->verdict](t);
}
