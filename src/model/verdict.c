/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/verdict.h"

#define STALLED_SILENCE_MS 10000

const char *verdict_name(enum verdict v)
{
	static const char *const names[VERDICT_COUNT] = {
		[VERDICT_NONE] = "-",
		[VERDICT_STALLED] = "stalled",
		[VERDICT_PROBING] = "probing",
		[VERDICT_LOST] = "lost",
		[VERDICT_OFF] = "off",
		[VERDICT_LATE] = "late",
		[VERDICT_KEPT] = "kept",
		[VERDICT_OK] = "ok",
		[VERDICT_LOCAL] = "local",
		[VERDICT_UNKNOWN] = "unknown",
	};

	return (unsigned)v < VERDICT_COUNT ? names[v] : "-";
}

int verdict_rank(enum verdict v)
{
	return v == VERDICT_NONE ? VERDICT_COUNT : (int)v - 1;
}

bool verdict_applies(const struct conn *c)
{
	if (c->minisocket)
		return false;
	switch (c->state) {
	case STATE_ESTABLISHED:
		return true;
	case STATE_FIN_WAIT_1:
	case STATE_FIN_WAIT_2:
	case STATE_CLOSE_WAIT:
		/* an orphan has no inode; elsewhere only its absence is told */
		return c->owner_unknown != OWNER_ORPHAN &&
		       !(conn_has(c, HAVE_INODE) && c->inode == 0);
	default:
		return false;
	}
}

bool verdict_is_local(const struct conn *c)
{
	return (conn_has(c, HAVE_PEER_LOCAL) && c->peer_is_local) ||
	       addr_is_loopback(&c->peer) ||
	       (c->peer.family != 0 && addr_equal(&c->local, &c->peer));
}

static bool is_stalled(const struct conn *c, const struct outlook *o)
{
	return conn_has(c, HAVE_RETRANSMITS) && c->retransmits >= 2 &&
	       o->silence_ms >= STALLED_SILENCE_MS;
}

static bool is_probing(const struct conn *c)
{
	return conn_has(c, HAVE_PROBES) && c->probes > 0;
}

/* The first probe counts once its answer is overdue; its age needs the true interval. */
static bool probing_at_risk(
	const struct conn *c, const struct ka_view *ka, const struct outlook *o)
{
	int64_t patience = conn_has(c, HAVE_RTO) ? 2 * (int64_t)c->rto_ms : 0;

	if (c->probes >= 2)
		return true;
	if (ka->expires_ms < 0 || ka->intvl_assumed || o->settings.keepintvl_ms < 0)
		return false;
	return o->settings.keepintvl_ms - ka->expires_ms >
	       (patience > 1000 ? patience : 1000);
}

static bool reaches(int64_t silence_ms, int64_t ms, int64_t limit_ms)
{
	return silence_ms >= 0 && ms >= 0 && silence_ms + ms >= limit_ms;
}

/*
 * The peer's probes refresh the path. One that arrived since the last exchange is proof
 * enough: had the path forgotten in between, it would not have come through.
 */
static bool is_kept(const struct conn *c, int64_t limit_ms, const struct outlook *o)
{
	int64_t most_ms = limit_ms < 0 ? INT64_MAX : limit_ms;

	if (conn_has(c, HAVE_PEER_PERIOD | HAVE_PEER_PROBE) &&
		c->peer_period_ms < most_ms &&
		c->last_peer_probe_ms <= 2 * (int64_t)c->peer_period_ms + 1000)
		return true;
	return conn_has(c, HAVE_OOW_ACK) && o->silence_ms >= 0 &&
	       c->last_oow_ack_ms < o->silence_ms && c->last_oow_ack_ms < most_ms;
}

/* Late whatever the settings are that were assumed. */
static bool is_late_for_certain(
	const struct ka_view *ka, int64_t limit_ms, const struct outlook *o)
{
	if (reaches(o->path_silence_ms, ka->expires_ms, limit_ms))
		return true; /* no probe leaves before the timer fires */
	if (!ka->idle_assumed && o->settings.keepidle_ms >= limit_ms)
		return true;
	return !ka->intvl_assumed && o->settings.keepintvl_ms >= limit_ms;
}

static bool is_late(const struct ka_view *ka, int64_t limit_ms, const struct outlook *o)
{
	return reaches(o->path_silence_ms, ka->next_latest_ms, limit_ms) ||
	       o->period_ms >= limit_ms;
}

/* Keepalive is on: does it leave in time? */
static void judge_keepalive(const struct path_policy *path, const struct ka_view *ka,
	struct outlook *o, bool half)
{
	int64_t limit_ms = path->limit_ms;
	bool certain;

	if (limit_ms < 0) {
		o->verdict = VERDICT_OK;
		return;
	}
	/* a device that counts bytes is not refreshed by empty segments */
	certain = path->data_only || is_late_for_certain(ka, limit_ms, o);
	if (certain || is_late(ka, limit_ms, o)) {
		o->verdict = VERDICT_LATE;
		o->assumed = !certain && (ka->idle_assumed || ka->intvl_assumed);
		o->at_risk = half && !o->assumed;
	} else if (o->period_ms >= 0) {
		o->verdict = VERDICT_OK;
		o->assumed = ka->idle_assumed || ka->intvl_assumed;
	}
}

static void judge_path(const struct conn *c, const struct path_policy *path,
	const struct ka_view *ka, struct outlook *o)
{
	bool half = path->limit_ms > 0 && o->path_silence_ms >= 0 &&
		    o->path_silence_ms >= path->limit_ms - o->path_silence_ms;

	if (path->limit_ms > 0 && o->path_silence_ms > path->limit_ms) {
		o->verdict = VERDICT_LOST;
		o->at_risk = true;
	} else if (ka->on) {
		judge_keepalive(path, ka, o, half);
	} else if (ka->off) {
		o->verdict = VERDICT_OFF;
		o->at_risk = half;
	}
	if (!path->data_only && o->verdict != VERDICT_LOST && o->verdict != VERDICT_OK &&
		is_kept(c, path->limit_ms, o)) {
		o->verdict = VERDICT_KEPT;
		o->at_risk = false;
		o->assumed = false;
	}
	/* the peer is done with it: nothing of value can be lost */
	if (c->state == STATE_CLOSE_WAIT)
		o->at_risk = false;
}

void verdict_judge(const struct conn *c, const struct path_policy *path,
	const struct ka_view *ka, struct outlook *o)
{
	o->verdict = VERDICT_UNKNOWN;
	o->at_risk = false;
	o->assumed = false;
	if (!verdict_applies(c)) {
		o->verdict = VERDICT_NONE;
	} else if (is_stalled(c, o)) {
		o->verdict = VERDICT_STALLED;
		o->at_risk = true;
	} else if (is_probing(c)) {
		o->verdict = VERDICT_PROBING;
		o->at_risk = probing_at_risk(c, ka, o);
	} else if (verdict_is_local(c)) {
		o->verdict = VERDICT_LOCAL;
	} else {
		judge_path(c, path, ka, o);
	}
}
