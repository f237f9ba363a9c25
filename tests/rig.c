/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "rig.h"

#include <stdio.h>
#include <string.h>

#define START_MONO_MS INT64_C(1000000)
#define START_WALL_MS INT64_C(1769860800000) /* 2026-01-31T12:00:00Z */

static struct strbuf look;

void rig_init(struct rig *r, const struct view_setup *setup, int width, int height)
{
	struct view_setup plain = { .delay_ms = 1000 };

	memset(r, 0, sizeof(*r));
	r->now = -1;
	r->mono_ms = START_MONO_MS;
	if (setup == NULL) {
		plain.query.path = path_default();
		column_list_default(&plain.columns);
		setup = &plain;
	}
	view_init(&r->view, setup);
	rig_resize(r, width, height);
}

void rig_clear(struct rig *r)
{
	view_clear(&r->view);
	pairs_clear(&r->pairs);
	for (int i = 0; i < 2; i++) {
		snapshot_clear(&r->snaps[i]);
		table_clear(&r->tables[i]);
	}
	filter_free(r->filter);
	screen_clear(&r->screen);
	strbuf_clear(&look);
}

const struct table *rig_table(const struct rig *r)
{
	return r->now >= 0 ? &r->tables[r->now] : NULL;
}

struct snapshot *rig_next(struct rig *r)
{
	struct snapshot *s = &r->snaps[r->now == 0 ? 1 : 0];

	snapshot_reset(s);
	system_info_init(&s->system);
	s->system.keepalive_time_ms = 7200000;
	s->system.keepalive_intvl_ms = 75000;
	s->system.keepalive_probes = 9;
	s->system.hz = 250;
	s->path_idle_ms = PATH_UNSAID;
	strcpy(s->host, "web1");
	return s;
}

static void fill(struct rig *r, int i)
{
	struct table_query query = r->view.query;

	filter_free(r->filter);
	r->filter = filter_compile(strbuf_text(&r->view.filter), NULL, NULL);
	query.filter = r->filter;
	table_fill(&r->tables[i], &r->snaps[i], &query);
}

void rig_sample(struct rig *r)
{
	int next = r->now == 0 ? 1 : 0;

	r->snaps[next].mono_ms = r->view.replay ? 0 : r->mono_ms;
	if (!r->view.replay)
		r->snaps[next].time_ms = START_WALL_MS + r->mono_ms - START_MONO_MS;
	fill(r, next);
	if (r->now >= 0)
		pairs_make(&r->pairs, &r->snaps[r->now], &r->snaps[next]);
	view_sample(&r->view, rig_table(r), &r->tables[next], &r->pairs, r->mono_ms);
	r->now = next;
}

struct snapshot *rig_again(struct rig *r, int64_t ms)
{
	struct snapshot *s = rig_next(r);

	snapshot_copy(s, &r->snaps[r->now]);
	for (size_t i = 0; i < s->count; i++)
		conn_advance(&s->conns[i], ms);
	r->mono_ms += ms;
	return s;
}

unsigned rig_event(struct rig *r, struct key_event event)
{
	unsigned wishes = view_apply(&r->view, rig_table(r), &event, r->mono_ms);

	if ((wishes & VIEW_REQUERY) != 0 && r->now >= 0) {
		fill(r, r->now);
		view_refilled(&r->view, &r->tables[r->now]);
	}
	r->wishes = wishes;
	return wishes;
}

unsigned rig_key(struct rig *r, uint32_t key)
{
	return rig_event(r, (struct key_event){ .key = key });
}

void rig_type(struct rig *r, const char *text)
{
	for (; *text != '\0'; text++)
		rig_key(r, (unsigned char)*text);
}

void rig_pass(struct rig *r, int64_t ms)
{
	r->mono_ms += ms;
	view_tick(&r->view, rig_table(r), r->mono_ms);
}

void rig_resize(struct rig *r, int width, int height)
{
	view_resize(&r->view, width, height);
	screen_resize(&r->screen, width, height);
}

const char *rig_look(struct rig *r)
{
	view_tick(&r->view, rig_table(r), r->mono_ms);
	view_draw(&r->view, rig_table(r), r->mono_ms, &r->screen);
	strbuf_reset(&look);
	screen_dump(&r->screen, false, &look);
	return strbuf_text(&look);
}

bool rig_sees(struct rig *r, const char *text)
{
	return strstr(rig_look(r), text) != NULL;
}

struct conn *rig_conn(struct snapshot *s, uint64_t id, const char *peer, unsigned port)
{
	struct conn *c = snapshot_add(s);

	c->id = id;
	addr_parse("10.0.0.5", 8, &c->local);
	addr_parse(peer, strlen(peer), &c->peer);
	c->local_port = (uint16_t)(40000 + id);
	c->peer_port = (uint16_t)port;
	c->state = STATE_ESTABLISHED;
	c->have = HAVE_UID | HAVE_INODE | HAVE_TIMER | HAVE_KEEPALIVE | HAVE_PROBES |
		  HAVE_RETRANSMITS | HAVE_QUEUES | HAVE_LAST_SENT | HAVE_LAST_RECEIVED |
		  HAVE_LAST_ACK | HAVE_RTO | HAVE_RTT | HAVE_BYTES | HAVE_SEGS |
		  HAVE_PEER_LOCAL;
	c->uid = 33;
	c->user = strtab_add(&s->strings, "www-data");
	c->inode = (uint32_t)(90000 + id);
	c->rto_ms = 204;
	c->rtt_us = 1250;
	c->sent_bytes = 4096 * id;
	c->received_bytes = 1234 * id;
	c->segs_in = 20;
	c->segs_out = 22;
	rig_silent(c, 60);
	return c;
}

void rig_silent(struct conn *c, unsigned seconds)
{
	c->last_sent_ms = c->last_received_ms = c->last_ack_ms = seconds * 1000;
}

void rig_keepalive(
	struct conn *c, unsigned expires, unsigned idle, unsigned intvl, unsigned count)
{
	c->keepalive_on = true;
	c->timer = TIMER_KEEPALIVE;
	c->have |= HAVE_EXPIRES | HAVE_KEEPIDLE | HAVE_KEEPINTVL | HAVE_KEEPCNT |
		   HAVE_USER_TIMEOUT;
	c->settings = SETTINGS_SOCKET;
	c->expires_ms = expires * 1000;
	c->keepidle_ms = idle * 1000;
	c->keepintvl_ms = intvl * 1000;
	c->keepcnt = (uint8_t)count;
}

void rig_owner(struct snapshot *s, struct conn *c, unsigned pid, const char *process)
{
	struct conn_owner owner = { .pid = pid, .fd = 7 };

	owner.process = strtab_add(&s->strings, process);
	c->owner_first = snapshot_add_owner(s, owner);
	c->owner_count = 1;
}

static void add_dying(struct snapshot *s, uint64_t id)
{
	struct conn *c = rig_conn(s, id, "198.51.100.7", 5432);

	rig_keepalive(c, 2, 10, 5, 3);
	rig_silent(c, 18);
	c->probes = 2;
	rig_owner(s, c, 812, "psql");
	c = rig_conn(s, id + 1, "203.0.113.9", 443);
	c->timer = TIMER_RETRANSMIT;
	c->have |= HAVE_EXPIRES;
	c->have &= ~(uint32_t)(HAVE_KEEPALIVE | HAVE_PROBES);
	c->expires_ms = 1200;
	c->retransmits = 5;
	c->rto_ms = 6528;
	c->send_queue_bytes = 512;
	rig_silent(c, 25);
	rig_owner(s, c, 977, "curl");
}

static void add_idle(struct snapshot *s, uint64_t id)
{
	struct conn *c = rig_conn(s, id, "198.51.100.20", 6379);

	rig_silent(c, 900);
	rig_owner(s, c, 1201, "redis-cli");
	c = rig_conn(s, id + 1, "198.51.100.21", 3306);
	rig_silent(c, 130);
	rig_owner(s, c, 1202, "mysql");
	c = rig_conn(s, id + 2, "198.51.100.22", 22);
	rig_keepalive(c, 7050, 7200, 75, 9);
	rig_silent(c, 150);
	rig_owner(s, c, 640, "sshd");
	c = rig_conn(s, id + 3, "198.51.100.23", 8080);
	c->have |= HAVE_PEER_PROBE | HAVE_PEER_PERIOD;
	c->last_peer_probe_ms = 4000;
	c->peer_period_ms = 30000;
	rig_owner(s, c, 1300, "java");
	c = rig_conn(s, id + 4, "192.0.2.80", 443);
	rig_keepalive(c, 55, 60, 10, 6);
	rig_silent(c, 5);
	rig_owner(s, c, 1400, "nginx");
}

void rig_zoo(struct snapshot *s, uint64_t first)
{
	struct conn *c;

	add_dying(s, first);
	add_idle(s, first + 2);
	c = rig_conn(s, first + 7, "127.0.0.1", 9000);
	c->peer_is_local = true;
	rig_owner(s, c, 1500, "php-fpm");
	c = rig_conn(s, first + 8, "2001:db8:85a3::8a2e:370:7334", 443);
	c->have = HAVE_UID | HAVE_INODE;
	c->owner_unknown = OWNER_OTHER_USER;
	c = rig_conn(s, first + 9, "0.0.0.0", 0);
	c->state = STATE_LISTEN;
	c->local_port = 80;
	c->have = HAVE_UID | HAVE_INODE | HAVE_QUEUES;
	rig_owner(s, c, 1400, "nginx");
}
