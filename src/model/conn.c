/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/conn.h"

#include <stddef.h>

const char *timer_name(enum conn_timer timer)
{
	static const char *const names[TIMER_COUNT] = {
		[TIMER_NONE] = "none",
		[TIMER_KEEPALIVE] = "keepalive",
		[TIMER_RETRANSMIT] = "retransmit",
		[TIMER_TIME_WAIT] = "time-wait",
		[TIMER_PERSIST] = "persist",
		[TIMER_FIN_WAIT] = "fin-wait",
		[TIMER_SYN_RECV] = "syn-recv",
		[TIMER_DELAYED_ACK] = "delayed-ack",
	};

	return (unsigned)timer < TIMER_COUNT ? names[timer] : "none";
}

const char *owner_unknown_name(enum owner_unknown why)
{
	static const char *const names[OWNER_UNKNOWN_COUNT] = {
		[OWNER_OTHER_USER] = "other-user",
		[OWNER_KERNEL] = "kernel",
		[OWNER_ORPHAN] = "orphan",
		[OWNER_MINISOCKET] = "minisocket",
		[OWNER_NOT_FOUND] = "not-found",
	};

	return (unsigned)why < OWNER_UNKNOWN_COUNT ? names[why] : NULL;
}

const char *settings_source_name(enum settings_source source)
{
	static const char *const names[SETTINGS_SOURCE_COUNT] = {
		[SETTINGS_SOCKET] = "socket",
		[SETTINGS_INFERRED] = "inferred",
		[SETTINGS_SYSTEM] = "system",
	};

	return (unsigned)source < SETTINGS_SOURCE_COUNT ? names[source] : NULL;
}

bool conn_silence_ms(const struct conn *c, int64_t *ms)
{
	if (!conn_has(c, HAVE_LAST_RECEIVED | HAVE_LAST_ACK))
		return false;
	*ms = c->last_received_ms < c->last_ack_ms ? c->last_received_ms : c->last_ack_ms;
	return true;
}

static void grow(const struct conn *c, uint32_t fact, uint32_t *age_ms, uint32_t by)
{
	if (conn_has(c, fact))
		*age_ms = *age_ms > UINT32_MAX - by ? UINT32_MAX : *age_ms + by;
}

static uint32_t run_down(uint32_t ms, uint32_t by)
{
	return ms > by ? ms - by : 0;
}

void conn_advance(struct conn *c, int64_t elapsed_ms)
{
	uint32_t by = elapsed_ms <= 0		  ? 0
		      : elapsed_ms > UINT32_MAX ? UINT32_MAX
						  : (uint32_t)elapsed_ms;

	grow(c, HAVE_LAST_SENT, &c->last_sent_ms, by);
	grow(c, HAVE_LAST_RECEIVED, &c->last_received_ms, by);
	grow(c, HAVE_LAST_ACK, &c->last_ack_ms, by);
	grow(c, HAVE_OOW_ACK, &c->last_oow_ack_ms, by);
	grow(c, HAVE_PEER_PROBE, &c->last_peer_probe_ms, by);
	if (conn_has(c, HAVE_EXPIRES)) {
		c->expires_ms = run_down(c->expires_ms, by);
		if (c->expires_ms == 0 && c->timer != TIMER_NONE)
			c->have |= HAVE_DUE;
	}
	c->ka_expires_ms = run_down(c->ka_expires_ms, by);
}
