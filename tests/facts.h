/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections as tests of the model need them, and their judgment. */
#ifndef KATOP_TESTS_FACTS_H
#define KATOP_TESTS_FACTS_H

#include "model/outlook.h"

#define LIMIT 240000

static inline struct system_info linux_system(void)
{
	struct system_info s;

	system_info_init(&s);
	s.keepalive_time_ms = 7200000;
	s.keepalive_intvl_ms = 75000;
	s.keepalive_probes = 9;
	s.retries2 = 15;
	s.rto_max_ms = 120000;
	s.hz = 250;
	return s;
}

static inline struct conn silent(uint32_t silence_ms)
{
	static const uint8_t here[] = { 10, 0, 0, 1 }, there[] = { 192, 0, 2, 7 };

	return (struct conn){
		.id = 1,
		.have = HAVE_TIMER | HAVE_KEEPALIVE | HAVE_LAST_SENT |
			HAVE_LAST_RECEIVED | HAVE_LAST_ACK | HAVE_RTO | HAVE_RETRANSMITS |
			HAVE_QUEUES | HAVE_INODE,
		.inode = 99,
		.state = STATE_ESTABLISHED,
		.local = addr_from_bytes(4, here),
		.peer = addr_from_bytes(4, there),
		.local_port = 40000,
		.peer_port = 5432,
		.last_sent_ms = silence_ms,
		.last_received_ms = silence_ms,
		.last_ack_ms = silence_ms,
		.rto_ms = 204,
	};
}

/* Keepalive on with settings that were read. */
static inline struct conn kept_on(uint32_t silence_ms, uint32_t expires_ms,
	uint32_t idle_ms, uint32_t intvl_ms, uint8_t count)
{
	struct conn c = silent(silence_ms);

	c.have |= HAVE_EXPIRES | HAVE_PROBES | HAVE_KEEPIDLE | HAVE_KEEPINTVL |
		  HAVE_KEEPCNT | HAVE_USER_TIMEOUT;
	c.timer = TIMER_KEEPALIVE;
	c.keepalive_on = true;
	c.expires_ms = expires_ms;
	c.keepidle_ms = idle_ms;
	c.keepintvl_ms = intvl_ms;
	c.keepcnt = count;
	c.settings = SETTINGS_SOCKET;
	return c;
}

/* Keepalive on, nothing known of the settings. */
static inline struct conn kept_unread(uint32_t silence_ms, uint32_t expires_ms)
{
	struct conn c = kept_on(silence_ms, expires_ms, 0, 0, 0);

	c.have &= ~(uint32_t)(HAVE_KEEPIDLE | HAVE_KEEPINTVL | HAVE_KEEPCNT |
			      HAVE_USER_TIMEOUT);
	c.settings = SETTINGS_UNKNOWN;
	return c;
}

static inline struct outlook judge_by(const struct conn *c, struct path_policy path)
{
	struct system_info system = linux_system();
	struct outlook o;

	outlook_of(c, &system, &path, &o);
	return o;
}

static inline struct outlook judge(const struct conn *c)
{
	return judge_by(c, path_default());
}

static inline struct path_policy path_named(const char *name)
{
	struct path_policy p;
	struct error e;

	assert_int_equal(path_parse(name, &p, &e), 0);
	return p;
}

#define ASSERT_VERDICT(o, v, risk)                                                       \
	do {                                                                             \
		struct outlook judged = (o);                                             \
		assert_string_equal(verdict_name(judged.verdict), (v));                  \
		assert_int_equal(judged.at_risk, (risk));                                \
	} while (0)

#endif
