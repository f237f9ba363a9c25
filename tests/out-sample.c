/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out-sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/path.h"

#define AGES                                                                             \
	(HAVE_LAST_SENT | HAVE_LAST_RECEIVED | HAVE_LAST_ACK | HAVE_RTO | HAVE_RTT |     \
		HAVE_BYTES | HAVE_SEGS | HAVE_QUEUES | HAVE_RETRANSMITS | HAVE_UID |     \
		HAVE_INODE | HAVE_TIMER | HAVE_PEER_LOCAL)

static struct addr address(const char *text)
{
	struct addr a = { 0 };

	addr_parse(text, strlen(text), &a);
	return a;
}

struct conn *sample_add(struct snapshot *s, int64_t silence_ms)
{
	struct conn *c = snapshot_add(s);
	size_t n = s->count;

	c->id = 0x1000 + n;
	c->state = STATE_ESTABLISHED;
	c->local = address("10.0.0.1");
	c->peer = address("192.0.2.7");
	c->local_port = (uint16_t)(40000 + n % 20000);
	c->peer_port = 443;
	c->have = AGES | HAVE_KEEPALIVE;
	c->uid = 1000;
	c->inode = (uint32_t)(70000 + n);
	c->last_sent_ms = (uint32_t)silence_ms + 3;
	c->last_received_ms = (uint32_t)silence_ms + 1;
	c->last_ack_ms = (uint32_t)silence_ms;
	c->rto_ms = 204;
	c->rtt_us = 3123;
	c->sent_bytes = 1000 + n;
	c->received_bytes = UINT64_C(5000000000) + n;
	c->segs_in = 17;
	c->segs_out = 19;
	c->user = strtab_add(&s->strings, "www-data");
	return c;
}

void sample_own(struct snapshot *s, struct conn *c, uint32_t pid, uint32_t fd,
	const char *process)
{
	struct conn_owner owner = { pid, fd, strtab_add(&s->strings, process) };
	uint32_t index = snapshot_add_owner(s, owner);

	if (c->owner_count++ == 0)
		c->owner_first = index;
}

/* Keepalive on: the timer runs, and the socket's own settings where @idle_ms is not 0. */
static void keep(struct conn *c, uint32_t expires_ms, uint32_t idle_ms, uint32_t intvl_ms,
	uint8_t count)
{
	c->keepalive_on = true;
	c->timer = TIMER_KEEPALIVE;
	c->expires_ms = expires_ms;
	c->have |= HAVE_EXPIRES | HAVE_PROBES;
	if (idle_ms == 0)
		return;
	c->have |= HAVE_KEEPIDLE | HAVE_KEEPINTVL | HAVE_KEEPCNT | HAVE_USER_TIMEOUT;
	c->settings = SETTINGS_SOCKET;
	c->keepidle_ms = idle_ms;
	c->keepintvl_ms = intvl_ms;
	c->keepcnt = count;
}

static void add_v4(struct snapshot *s)
{
	struct conn *c = sample_add(s, 130000); /* off, at risk */

	sample_own(s, c, 812, 7, "nginx");
	sample_own(s, c, 811, 9, "nginx");
	c = sample_add(s, 1500); /* off, not yet at risk */
	c->peer_port = 5432;
	sample_own(s, c, 4242, 5, SAMPLE_HOSTILE);
	c = sample_add(s, 300000); /* lost */
	c->owner_unknown = OWNER_OTHER_USER;
	c = sample_add(s, 20000); /* ok */
	keep(c, 40000, 60000, 10000, 5);
	sample_own(s, c, 900, 3, "postgres");
	c = sample_add(s, 200000); /* late, by settings that are assumed */
	keep(c, 7000000, 0, 0, 0);
	sample_own(s, c, 901, 4, "ssh");
	c = sample_add(s, 75000); /* probing */
	keep(c, 0, 60000, 5000, 4);
	c->probes = 2;
	c->have |= HAVE_DUE;
	sample_own(s, c, 901, 5, "ssh");
}

static void add_stalled(struct snapshot *s)
{
	struct conn *c = sample_add(s, 15000);

	c->have &= ~(uint32_t)HAVE_KEEPALIVE;
	c->have |= HAVE_EXPIRES | HAVE_KA_EXPIRES;
	c->timer = TIMER_RETRANSMIT;
	c->retransmits = 4;
	c->backoff = 4;
	c->rto_ms = 3264;
	c->expires_ms = 1200;
	c->ka_expires_ms = 99000;
	c->send_queue_bytes = 512;
	sample_own(s, c, 902, 6, "curl");
}

static void add_v6(struct snapshot *s)
{
	struct conn *c = sample_add(s, 70000); /* link-local, bound to an interface */

	c->local = address("fe80::1");
	c->peer = address("fe80::2");
	c->dev = strtab_add(&s->strings, "eth0");
	c->cgroup = strtab_add(&s->strings, "/system.slice/ssh.service");
	c->mark = 0x1f;
	c->have |= HAVE_MARK | HAVE_OOW_ACK;
	c->last_oow_ack_ms = 350; /* the peer keeps it */
	sample_own(s, c, 903, 3, "sshd");
	c = sample_add(s, 10);
	c->local = address("::ffff:10.0.0.1");
	c->peer = address("::ffff:10.0.0.1");
	c->peer_is_local = true;
	sample_own(s, c, 904, 8, "redis");
	c = sample_add(s, 61000);
	c->local = address("2001:db8:1234:5678:9abc:def0:1234:5678");
	c->peer = address("2001:db8:1234:5678:9abc:def0:1234:9999");
	keep(c, 30000, 90000, 30000, 3);
	c->settings = SETTINGS_INFERRED;
	c->have &= ~(uint32_t)(HAVE_KEEPCNT | HAVE_USER_TIMEOUT);
	c->keepcnt = 0;
	c->have |= HAVE_PEER_PROBE | HAVE_PEER_PERIOD;
	c->last_peer_probe_ms = 12000;
	c->peer_period_ms = 30000;
	sample_own(s, c, 905, 11, "a-name-of-fifteen");
}

static void add_minor(struct snapshot *s)
{
	struct conn *c = snapshot_add(s);

	c->id = 0x2001;
	c->state = STATE_LISTEN;
	c->local = address("0.0.0.0");
	c->peer = address("0.0.0.0");
	c->local_port = 22;
	c->have = HAVE_UID | HAVE_INODE | HAVE_TIMER | HAVE_QUEUES | HAVE_RETRANSMITS;
	c->send_queue_bytes = 128;
	sample_own(s, c, 1, 99, "systemd");
	c = snapshot_add(s);
	c->id = UINT64_C(0xfedcba9876543210);
	c->state = STATE_TIME_WAIT;
	c->local = address("::");
	c->peer = address("::1");
	c->local_port = 80;
	c->peer_port = 33000;
	c->minisocket = true;
	c->owner_unknown = OWNER_MINISOCKET;
	c->timer = TIMER_TIME_WAIT;
	c->expires_ms = 59999;
	c->have = HAVE_TIMER | HAVE_EXPIRES;
	c = snapshot_add(s); /* as Windows tells it: next to nothing */
	c->state = STATE_ESTABLISHED;
	c->local = address("127.0.0.1");
	c->peer = address("198.51.100.9");
	c->local_port = 1;
	c->peer_port = 65535;
}

void sample_fill(struct snapshot *s)
{
	snapshot_reset(s);
	s->time_ms = INT64_C(1769860800123); /* 2026-01-31T12:00:00.123Z */
	s->netns = 4026531840;
	snprintf(s->host, sizeof(s->host), "web1");
	s->system.keepalive_time_ms = 7200000;
	s->system.keepalive_intvl_ms = 75000;
	s->system.keepalive_probes = 9;
	s->system.retries2 = 15;
	s->system.rto_max_ms = 120000;
	s->system.probes_sent = 12;
	s->system.aborted_on_timeout = 0;
	s->system.hz = 250;
	snprintf(s->system.source, sizeof(s->system.source), "/proc/sys/net/ipv4");
	snprintf(s->access.connections, sizeof(s->access.connections), "sock_diag");
	snprintf(s->access.owners, sizeof(s->access.owners),
		"those of your own processes (root sees all)");
	add_v4(s);
	add_stalled(s);
	add_v6(s);
	add_minor(s);
}

json_t *json_of(const struct strbuf *text)
{
	json_error_t why;
	json_t *root = json_loadb(text->data, text->len, JSON_REJECT_DUPLICATES, &why);

	if (root == NULL)
		fail_msg("line %d: %s", why.line, why.text);
	return root;
}

static FILE *golden_open(const char *name, const char *mode)
{
	const char *root = getenv("KATOP_SRCDIR");
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/golden/%s", root != NULL ? root : ".",
		name);
	file = fopen(path, mode);
	if (file == NULL)
		fail_msg("cannot open %s", path);
	return file;
}

static bool golden_is_to_be_written(void)
{
	const char *wish = getenv("KATOP_GOLDEN");

	return wish != NULL && strcmp(wish, "write") == 0;
}

void golden_check(const char *name, const struct strbuf *text)
{
	static char want[65536];
	FILE *file = golden_open(name, golden_is_to_be_written() ? "wb" : "rb");

	if (golden_is_to_be_written()) {
		fwrite(strbuf_text(text), 1, text->len, file);
	} else {
		want[fread(want, 1, sizeof(want) - 1, file)] = '\0';
		if (strcmp(want, strbuf_text(text)) != 0)
			fail_msg("%s differs:\n%s", name, strbuf_text(text));
	}
	fclose(file);
}
