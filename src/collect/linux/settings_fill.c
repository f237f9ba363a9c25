/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "collect/linux/settings_fill.h"

bool settings_exist(const struct conn *c)
{
	return c->id && !c->minisocket && c->state != STATE_LISTEN &&
	       c->state != STATE_CLOSE && c->state != STATE_TIME_WAIT;
}

/*
 * A value of 0 stands for the system's, which the snapshot has beside it. The sysctls
 * reach farther (INT_MAX jiffies, proc_dointvec_jiffies()): what is more than @most is
 * as good as that.
 */
static bool resolve(uint32_t read, int64_t system, uint32_t most, uint32_t *value)
{
	if (!read && system <= 0)
		return false;
	if (read)
		*value = read;
	else
		*value = system < most ? (uint32_t)system : most;
	return true;
}

static void fill_settings(
	struct conn *c, const struct socket_settings *s, const struct system_info *system)
{
	uint32_t keepcnt = 0;

	if (!conn_has(c, HAVE_KEEPALIVE)) {
		c->keepalive_on = s->flags & SETTING_KEEPALIVE_ON;
		c->have |= HAVE_KEEPALIVE;
	}
	if (resolve(s->keepidle_ms, system->keepalive_time_ms, UINT32_MAX,
		    &c->keepidle_ms))
		c->have |= HAVE_KEEPIDLE;
	if (resolve(s->keepintvl_ms, system->keepalive_intvl_ms, UINT32_MAX,
		    &c->keepintvl_ms))
		c->have |= HAVE_KEEPINTVL;
	if (resolve(s->keepcnt, system->keepalive_probes, UINT8_MAX, &keepcnt)) {
		c->keepcnt = (uint8_t)keepcnt;
		c->have |= HAVE_KEEPCNT;
	}
	c->user_timeout_ms = s->user_timeout_ms;
	c->have |= HAVE_USER_TIMEOUT;
	c->settings = SETTINGS_SOCKET;
}

/*
 * The timer that another one hides stays where it is until it fires: it is lazy. Past
 * that instant only a new look can tell.
 */
static void fill_hidden(struct conn *c, const struct socket_settings *s, int64_t now_ms)
{
	int64_t left_ms = s->ka_left_ms - (now_ms - s->read_ms);
	int64_t age_ms = s->oow_age_ms + (now_ms - s->read_ms);

	if (s->flags & SETTING_KA_LEFT && s->flags & SETTING_KEEPALIVE_ON &&
		(c->timer == TIMER_RETRANSMIT || c->timer == TIMER_PERSIST) &&
		(left_ms > 0 || now_ms <= s->read_ms)) {
		c->ka_expires_ms = left_ms > 0 ? (uint32_t)left_ms : 0;
		c->have |= HAVE_KA_EXPIRES;
	}
	if (s->flags & SETTING_OOW_AGE && age_ms <= UINT32_MAX) {
		c->last_oow_ack_ms = age_ms > 0 ? (uint32_t)age_ms : 0;
		c->have |= HAVE_OOW_ACK;
	}
	c->peer_never_probed = s->flags & SETTING_OOW_NEVER;
}

void settings_fill(struct conn *c, const struct socket_settings *s,
	const struct system_info *system, int64_t now_ms)
{
	fill_settings(c, s, system);
	fill_hidden(c, s, now_ms);
}
