/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/column_get.h"

/* A column that is one fact of the connection, known by its bit. */
#define GET_FACT(name, bit, field)                                                       \
	COLUMN_GETTER(name)                                                              \
	{                                                                                \
		out->known = conn_has(row->conn, bit);                                   \
		out->number = (int64_t)row->conn->field;                                 \
	}

/* A column that is a time or count of the outlook; negative says never or unknown. */
#define GET_OUTLOOK(name, field)                                                         \
	COLUMN_GETTER(name)                                                              \
	{                                                                                \
		out->known = row->outlook->field >= 0;                                   \
		out->number = row->outlook->field;                                       \
	}

/* A column that is a string of the snapshot, none when the index is 0. */
#define GET_STRING(name, field)                                                          \
	COLUMN_GETTER(name)                                                              \
	{                                                                                \
		out->known = row->conn->field != 0;                                      \
		out->text = snapshot_string(row->snap, row->conn->field);                \
	}

COLUMN_GETTER(verdict)
{
	const struct outlook *o = row->outlook;

	out->known = o->verdict != VERDICT_NONE;
	out->text = verdict_name(o->verdict);
	out->number = verdict_rank(o->verdict);
	out->approximate = o->assumed;
	if (o->verdict == VERDICT_PROBING) {
		out->conn = row->conn;
		out->total = o->settings.keepcnt;
	}
}

COLUMN_GETTER(at_risk)
{
	out->known = true;
	out->number = row->outlook->at_risk;
}

COLUMN_GETTER(state)
{
	out->known = row->conn->state != STATE_UNKNOWN;
	out->text = state_name(row->conn->state);
	out->number = row->conn->state;
	if (out->known)
		out->shown = state_title(row->conn->state);
}

COLUMN_GETTER(local)
{
	out->known = row->conn->local.family != 0;
	out->addr = &row->conn->local;
	out->number = row->conn->local_port;
	out->text = snapshot_string(row->snap, row->conn->dev);
}

COLUMN_GETTER(peer)
{
	out->known = row->conn->peer.family != 0;
	out->addr = &row->conn->peer;
	out->number = row->conn->peer_port;
	out->text = snapshot_string(row->snap, row->conn->dev);
}

static const struct conn_owner *first_owner(const struct row *row, struct value *out)
{
	const struct conn_owner *o = snapshot_first_owner(row->snap, row->conn);

	out->known = o != NULL;
	return o;
}

COLUMN_GETTER(process)
{
	const struct conn_owner *o = first_owner(row, out);

	if (o != NULL)
		out->text = snapshot_string(row->snap, o->process);
	out->known = out->text != NULL && out->text[0] != '\0';
}

COLUMN_GETTER(pid)
{
	const struct conn_owner *o = first_owner(row, out);

	if (o != NULL)
		out->number = o->pid;
}

COLUMN_GETTER(fd)
{
	const struct conn_owner *o = first_owner(row, out);

	if (o != NULL && o->fd != OWNER_FD_UNKNOWN)
		out->number = o->fd;
	else
		out->known = false;
}

COLUMN_GETTER(owners)
{
	out->known = row->conn->owner_count > 0;
	out->conn = row->conn;
}

COLUMN_GETTER(owner_unknown)
{
	out->text = owner_unknown_name(row->conn->owner_unknown);
	out->known = out->text != NULL && row->conn->owner_count == 0;
	out->number = row->conn->owner_unknown;
}

GET_STRING(user, user)
GET_FACT(uid, HAVE_UID, uid)

/* SO_KEEPALIVE of these is nobody's question. */
#define STATES_WITHOUT_KEEPALIVE                                                         \
	(STATE_BIT(STATE_LISTEN) | STATE_BIT(STATE_TIME_WAIT) |                          \
		STATE_BIT(STATE_SYN_RECV) | STATE_BIT(STATE_CLOSE) |                     \
		STATE_BIT(STATE_UNKNOWN))

/* Another timer of a full socket hides the keepalive timer: worth a word of its own. */
COLUMN_GETTER(keepalive)
{
	const struct conn *c = row->conn;

	out->known = conn_has(c, HAVE_KEEPALIVE);
	out->number = c->keepalive_on;
	if (out->known)
		out->shown = c->keepalive_on ? "on" : "off";
	else if (!c->minisocket &&
		 (STATE_BIT(c->state & 31) & STATES_WITHOUT_KEEPALIVE) == 0)
		out->shown = "unknown";
}

COLUMN_GETTER(idle)
{
	out->known = conn_silence_ms(row->conn, &out->number);
}

COLUMN_GETTER(timer)
{
	out->known = conn_has(row->conn, HAVE_TIMER);
	out->text = timer_name(row->conn->timer);
	out->number = row->conn->timer;
}

COLUMN_GETTER(expires)
{
	const struct conn *c = row->conn;

	out->known = conn_has(c, HAVE_TIMER | HAVE_EXPIRES) && c->timer != TIMER_NONE;
	out->due = conn_has(c, HAVE_DUE);
	out->number = out->due ? 0 : c->expires_ms;
}

COLUMN_GETTER(due)
{
	struct value expires = { 0 };

	get_expires(row, &expires);
	out->known = expires.known;
	out->number = expires.due;
}

COLUMN_GETTER(next)
{
	const struct outlook *o = row->outlook;

	out->known = o->next_ms >= 0;
	out->due = o->next_due;
	out->number = o->next_ms;
}

GET_OUTLOOK(next_latest, next_latest_ms)

COLUMN_GETTER(probes)
{
	const struct conn *c = row->conn;

	out->known = conn_has(c, HAVE_PROBES) &&
		     (!conn_has(c, HAVE_KEEPALIVE) || c->keepalive_on);
	out->number = c->probes;
	out->total = row->outlook->settings.keepcnt;
}

COLUMN_GETTER(deadline)
{
	out->known = row->outlook->deadline_ms >= 0;
	out->number = row->outlook->deadline_ms;
	out->approximate = row->outlook->deadline_approximate;
	out->due = row->outlook->deadline_ms == 0;
}

GET_OUTLOOK(deadline_earliest, deadline_earliest_ms)
GET_OUTLOOK(deadline_latest, deadline_latest_ms)

COLUMN_GETTER(deadline_approximate)
{
	out->known = row->outlook->deadline_ms >= 0;
	out->number = row->outlook->deadline_approximate;
}

GET_OUTLOOK(keepidle, settings.keepidle_ms)
GET_OUTLOOK(keepintvl, settings.keepintvl_ms)
GET_OUTLOOK(keepcnt, settings.keepcnt)
GET_OUTLOOK(user_timeout, settings.user_timeout_ms)

COLUMN_GETTER(settings)
{
	out->text = settings_source_name(row->outlook->settings.source);
	out->known = out->text != NULL;
	out->number = row->outlook->settings.source;
}

GET_FACT(retransmits, HAVE_RETRANSMITS, retransmits)
GET_FACT(rto, HAVE_RTO, rto_ms)
GET_FACT(rtt, HAVE_RTT, rtt_us)
GET_FACT(send_queue, HAVE_QUEUES, send_queue_bytes)
GET_FACT(recv_queue, HAVE_QUEUES, recv_queue_bytes)
GET_FACT(sent, HAVE_BYTES, sent_bytes)
GET_FACT(received, HAVE_BYTES, received_bytes)
GET_FACT(last_sent, HAVE_LAST_SENT, last_sent_ms)
GET_FACT(last_received, HAVE_LAST_RECEIVED, last_received_ms)
GET_FACT(last_ack, HAVE_LAST_ACK, last_ack_ms)
GET_FACT(segs_in, HAVE_SEGS, segs_in)
GET_FACT(segs_out, HAVE_SEGS, segs_out)
GET_FACT(inode, HAVE_INODE, inode)

COLUMN_GETTER(cookie)
{
	out->known = row->conn->id != 0;
	out->number = (int64_t)row->conn->id;
}

GET_STRING(cgroup, cgroup)
GET_FACT(mark, HAVE_MARK, mark)
GET_STRING(dev, dev)

GET_FACT(peer_is_local, HAVE_PEER_LOCAL, peer_is_local)
GET_FACT(ka_expires, HAVE_KA_EXPIRES, ka_expires_ms)
GET_FACT(last_oow_ack, HAVE_OOW_ACK, last_oow_ack_ms)
GET_FACT(last_peer_probe, HAVE_PEER_PROBE, last_peer_probe_ms)
GET_FACT(peer_period, HAVE_PEER_PERIOD, peer_period_ms)
GET_FACT(backoff, 0, backoff)
GET_FACT(minisocket, 0, minisocket)
GET_FACT(peer_never_probed, 0, peer_never_probed)
