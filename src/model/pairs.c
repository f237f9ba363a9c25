/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* What vanished between two samples is passed over so far. */
#define NEAR 64

static void make_room(struct pairs *p, size_t before, size_t now)
{
	p->now = xgrow(p->now, &p->now_cap, before + 1, sizeof(*p->now));
	p->before = xgrow(p->before, &p->before_cap, now + 1, sizeof(*p->before));
	/* every byte of PAIR_NONE is the same */
	memset(p->now, 0xff, before * sizeof(*p->now));
	memset(p->before, 0xff, now * sizeof(*p->before));
	p->risen_count = 0;
}

/* The place of @id in @s at or near @from, PAIR_NONE when it is not there. */
static uint32_t find_near(const struct snapshot *s, size_t from, uint64_t id)
{
	size_t end = s->count - from < NEAR ? s->count : from + NEAR;

	for (size_t i = from; i < end; i++)
		if (s->conns[i].id == id)
			return (uint32_t)i;
	return PAIR_NONE;
}

static void join(struct pairs *p, uint32_t before, uint32_t now)
{
	p->now[before] = now;
	p->before[now] = before;
}

/*
 * Both samples come in much the same order: who follows whom before does so now. The
 * search ahead ends for good where the order turns out to be another one.
 */
static void join_in_order(
	struct pairs *p, const struct snapshot *before, const struct snapshot *now)
{
	size_t next = 0, patience = now->count / 8 + NEAR;

	for (size_t i = 0; i < now->count; i++) {
		uint64_t id = now->conns[i].id;
		uint32_t at;

		if (next < before->count && before->conns[next].id == id) {
			at = (uint32_t)next;
		} else if (patience > 0) {
			patience--;
			at = find_near(before, next, id);
		} else {
			at = PAIR_NONE;
		}
		if (at == PAIR_NONE || id == 0)
			continue;
		join(p, at, (uint32_t)i);
		next = (size_t)at + 1;
	}
}

/* Those that changed their place are found by their ids. */
static void join_strays(
	struct pairs *p, const struct snapshot *before, const struct snapshot *now)
{
	idmap_reset(&p->strays);
	for (uint32_t i = 0; i < before->count; i++)
		if (p->now[i] == PAIR_NONE && before->conns[i].id != 0)
			idmap_put(&p->strays, before->conns[i].id, i);
	if (p->strays.used == 0)
		return;
	for (uint32_t i = 0; i < now->count; i++) {
		uint32_t at;

		if (p->before[i] != PAIR_NONE || now->conns[i].id == 0)
			continue;
		at = idmap_find(&p->strays, now->conns[i].id);
		if (at != IDMAP_NONE && p->now[at] == PAIR_NONE)
			join(p, at, i);
	}
}

static void note_risen(
	struct pairs *p, const struct snapshot *before, const struct snapshot *now)
{
	for (uint32_t i = 0; i < now->count; i++) {
		const struct conn *c = &now->conns[i];

		if (c->probes == 0 || p->before[i] == PAIR_NONE ||
			c->probes <= before->conns[p->before[i]].probes)
			continue;
		p->risen = xgrow(
			p->risen, &p->risen_cap, p->risen_count + 1, sizeof(*p->risen));
		p->risen[p->risen_count++] = i;
	}
}

void pairs_make(
	struct pairs *p, const struct snapshot *before, const struct snapshot *now)
{
	make_room(p, before->count, now->count);
	join_in_order(p, before, now);
	join_strays(p, before, now);
	note_risen(p, before, now);
}

void pairs_clear(struct pairs *p)
{
	free(p->now);
	free(p->before);
	free(p->risen);
	idmap_clear(&p->strays);
	*p = (struct pairs){ 0 };
}
