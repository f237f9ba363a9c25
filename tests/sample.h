/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sample of ten connections, a to j, of every kind that filters and tables tell apart.
 */
#ifndef KATOP_TESTS_SAMPLE_H
#define KATOP_TESTS_SAMPLE_H

#include <string.h>

#include "model/path.h"
#include "model/snapshot.h"

#define SAMPLE_HAS_AGES                                                                  \
	(HAVE_LAST_SENT | HAVE_LAST_RECEIVED | HAVE_LAST_ACK | HAVE_RTO | HAVE_RTT |     \
		HAVE_BYTES | HAVE_SEGS)
#define SAMPLE_HAS_SETTINGS                                                              \
	(HAVE_KEEPIDLE | HAVE_KEEPINTVL | HAVE_KEEPCNT | HAVE_USER_TIMEOUT)

static struct addr sample_addr(const char *text)
{
	struct addr a = { 0 };

	(void)addr_parse(text, strlen(text), &a);
	return a;
}

static struct conn *sample_add(struct snapshot *s, enum tcp_state state,
	const char *local, unsigned local_port, const char *peer, unsigned peer_port)
{
	struct conn *c = snapshot_add(s);

	c->id = 0x1000 + s->count;
	c->state = (uint8_t)state;
	c->local = sample_addr(local);
	c->peer = sample_addr(peer);
	c->local_port = (uint16_t)local_port;
	c->peer_port = (uint16_t)peer_port;
	c->have = HAVE_TIMER | HAVE_RETRANSMITS | HAVE_QUEUES | HAVE_UID | HAVE_INODE;
	c->inode = (uint32_t)(7000 + s->count);
	return c;
}

/* Every age is @age_ms. */
static void sample_age(struct conn *c, uint32_t age_ms)
{
	c->have |= SAMPLE_HAS_AGES;
	c->last_sent_ms = c->last_received_ms = c->last_ack_ms = age_ms;
	c->rto_ms = 204;
	c->rtt_us = 150;
	c->sent_bytes = 20480;
	c->received_bytes = 100;
	c->segs_in = 30;
	c->segs_out = 40;
}

static void sample_keepalive(struct conn *c, uint32_t expires_ms, unsigned probes)
{
	c->have |= HAVE_EXPIRES | HAVE_KEEPALIVE | HAVE_PROBES;
	c->timer = TIMER_KEEPALIVE;
	c->expires_ms = expires_ms;
	c->keepalive_on = true;
	c->probes = (uint8_t)probes;
}

static void sample_settings(
	struct conn *c, uint32_t keepidle_ms, uint32_t keepintvl_ms, unsigned keepcnt)
{
	c->have |= SAMPLE_HAS_SETTINGS;
	c->settings = SETTINGS_SOCKET;
	c->keepidle_ms = keepidle_ms;
	c->keepintvl_ms = keepintvl_ms;
	c->keepcnt = (uint8_t)keepcnt;
}

static void sample_off(struct conn *c)
{
	c->have |= HAVE_KEEPALIVE;
}

static void sample_own(struct snapshot *s, struct conn *c, uint32_t pid, uint32_t fd,
	const char *process)
{
	uint32_t at = snapshot_add_owner(
		s, (struct conn_owner){ .pid = pid,
			   .fd = fd,
			   .process = strtab_add(&s->strings, process) });

	if (c->owner_count++ == 0)
		c->owner_first = at;
}

static void sample_user(
	struct snapshot *s, struct conn *c, uint32_t uid, const char *name)
{
	c->uid = uid;
	c->user = strtab_add(&s->strings, name);
}

static void sample_fill_established(struct snapshot *s)
{
	struct conn *c;

	c = sample_add(
		s, STATE_ESTABLISHED, "10.0.0.1", 22, "192.168.1.50", 50000); /* a */
	sample_age(c, 10000);
	sample_keepalive(c, 50000, 0);
	sample_settings(c, 60000, 10000, 3);
	sample_user(s, c, 0, "root");
	sample_own(s, c, 101, 4, "sshd");
	sample_own(s, c, 100, 3, "sshd: alice");

	c = sample_add(s, STATE_ESTABLISHED, "10.0.0.1", 50001, "10.0.0.9", 5432); /* b */
	sample_age(c, 600000);
	sample_off(c);
	sample_user(s, c, 33, "www-data");
	sample_own(s, c, 42, 9, "nginx");
	c->send_queue_bytes = 4096;

	c = sample_add(
		s, STATE_ESTABLISHED, "2001:db8::1", 443, "2001:db8::5", 40000); /* c */
	sample_age(c, 5000);
	sample_keepalive(c, 100000, 0);
	c->settings = SETTINGS_SYSTEM;
	sample_user(s, c, 33, "www-data");
	sample_own(s, c, 42, 10, "nginx");
	sample_own(s, c, 43, 10, "nginx");

	c = sample_add(s, STATE_ESTABLISHED, "::ffff:10.0.0.1", 443, "::ffff:192.0.2.7",
		1024); /* d */
	sample_age(c, 30000);
	c->have |= HAVE_EXPIRES;
	c->timer = TIMER_RETRANSMIT;
	c->expires_ms = 12000;
	c->retransmits = 3;
	c->send_queue_bytes = 20000;
	c->owner_unknown = OWNER_OTHER_USER;
	sample_user(s, c, 1000, "alice");
}

static void sample_fill_minor(struct snapshot *s)
{
	struct conn *c;

	c = sample_add(s, STATE_LISTEN, "0.0.0.0", 22, "0.0.0.0", 0); /* e */
	sample_user(s, c, 0, "root");
	sample_own(s, c, 99, 3, "sshd");

	c = sample_add(s, STATE_TIME_WAIT, "10.0.0.1", 443, "192.0.2.8", 1025); /* f */
	c->have = HAVE_TIMER | HAVE_EXPIRES;
	c->timer = TIMER_TIME_WAIT;
	c->expires_ms = 40000;
	c->inode = 0;
	c->minisocket = true;
	c->owner_unknown = OWNER_MINISOCKET;
}

static void sample_fill_others(struct snapshot *s)
{
	struct conn *c;

	c = sample_add(
		s, STATE_CLOSE_WAIT, "127.0.0.1", 8080, "127.0.0.1", 50002); /* g */
	sample_age(c, 90000);
	sample_off(c);
	c->have |= HAVE_PEER_LOCAL;
	c->peer_is_local = true;
	sample_user(s, c, 1000, "alice");
	sample_own(s, c, 7, 5, "Java VM");

	c = sample_add(
		s, STATE_FIN_WAIT_2, "10.0.0.1", 443, "198.51.100.1", 65535); /* h */
	c->have |= HAVE_EXPIRES;
	c->timer = TIMER_FIN_WAIT;
	c->expires_ms = 20000;
	c->inode = 0;
	c->owner_unknown = OWNER_ORPHAN;

	c = sample_add(s, STATE_SYN_SENT, "fe80::1", 50003, "fe80::2", 80); /* i */
	c->have |= HAVE_EXPIRES | HAVE_MARK | HAVE_RTO;
	c->timer = TIMER_RETRANSMIT;
	c->expires_ms = 500;
	c->mark = 0x1ff;
	c->rto_ms = 1000;
	c->dev = strtab_add(&s->strings, "eth0");
	sample_user(s, c, 1000, "alice");
	sample_own(s, c, 50, 3, "curl");

	c = sample_add(
		s, STATE_ESTABLISHED, "172.16.0.1", 50004, "172.16.0.2", 1024); /* j */
	sample_age(c, 65000);
	sample_keepalive(c, 5000, 2);
	sample_settings(c, 45000, 10000, 3);
	c->user_timeout_ms = 120000;
	sample_user(s, c, 0, "root");
	c->owner_unknown = OWNER_KERNEL;
}

/* @s is reset; the default path judges it. */
static void sample_fill(struct snapshot *s)
{
	snapshot_reset(s);
	s->system.keepalive_time_ms = 7200000;
	s->system.keepalive_intvl_ms = 75000;
	s->system.keepalive_probes = 9;
	s->system.retries2 = 15;
	s->system.rto_max_ms = 120000;
	s->system.hz = 250;
	sample_fill_established(s);
	sample_fill_minor(s);
	sample_fill_others(s);
}

#endif
