/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/explain.h"

#include <inttypes.h>

#include "model/explain_words.h"

const char *explain_verdict_briefly(enum verdict v)
{
	static const char *const words[VERDICT_COUNT] = {
		[VERDICT_NONE] = "not asked in this state",
		[VERDICT_STALLED] = "data is not acknowledged",
		[VERDICT_PROBING] = "a probe is unanswered",
		[VERDICT_LOST] = "the path has forgotten it",
		[VERDICT_OFF] = "keepalive is off",
		[VERDICT_LATE] = "probes come too late",
		[VERDICT_KEPT] = "the peer keeps it alive",
		[VERDICT_OK] = "probes come in time",
		[VERDICT_LOCAL] = "no path between",
		[VERDICT_UNKNOWN] = "not enough is known",
	};

	return (unsigned)v < VERDICT_COUNT ? words[v] : "";
}

void explain_connection(struct strbuf *out, const struct snapshot *snap,
	const struct conn *c, const struct outlook *o, const struct path_policy *path)
{
	struct telling t = { out, snap, c, o, path };

	explain_tell(&t);
}

void explain_group(struct strbuf *out, const struct snapshot *snap, const struct conn *c,
	const struct outlook *o, const struct path_policy *path, size_t count)
{
	struct telling t = { out, snap, c, o, path };
	const struct conn_owner *owner = snapshot_first_owner(snap, c);

	strbuf_printf(out, "%" PRIu64 " connection%s of %s", (uint64_t)count,
		count == 1 ? "" : "s",
		owner != NULL ? words_owner(&t) : "an unknown owner");
	strbuf_printf(out, " to port %u, %s", c->peer_port, verdict_name(o->verdict));
	strbuf_puts(out, count == 1 ? ". " : "; of the worst: ");
	explain_tell(&t);
}

/* The last sample may have come before the last probe; a user timeout asks no count. */
static void tell_last_probes(
	struct strbuf *out, const struct conn *c, const struct outlook *o)
{
	unsigned count = (unsigned)o->settings.keepcnt;

	if (o->settings.user_timeout_ms > 0 || o->settings.keepcnt < c->probes)
		strbuf_printf(out, "keepalive gave up after %u probe%s", c->probes,
			c->probes == 1 ? "" : "s");
	else
		strbuf_printf(out, "keepalive gave up after %u/%u probes", count, count);
}

void explain_ending(struct strbuf *out, const struct conn *c, const struct outlook *o,
	int64_t elapsed_ms)
{
	int64_t reached = elapsed_ms + 1000; /* timers and samples are not exact */

	if (o->retransmitting && c->retransmits > 0 && o->deadline_ms >= 0 &&
		o->deadline_ms <= reached + c->rto_ms)
		strbuf_puts(out, c->timer == TIMER_PERSIST ? "window probes gave up"
							   : "retransmission gave up");
	else if (!o->retransmitting && c->probes > 0 && o->deadline_earliest_ms >= 0 &&
		 o->deadline_earliest_ms <= reached)
		tell_last_probes(out, c, o);
	else
		strbuf_puts(out, o->verdict == VERDICT_LOST ? "closed or reset"
							    : "closed");
}
