/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static struct group_key key_of(const struct row *row)
{
	const struct conn *c = row->conn;
	const struct outlook *o = row->outlook;
	const struct conn_owner *owner = snapshot_first_owner(row->snap, c);
	struct group_key key = {
		.keepidle_ms = (uint64_t)o->settings.keepidle_ms,
		.keepintvl_ms = (uint64_t)o->settings.keepintvl_ms,
		.keepcnt = (uint64_t)o->settings.keepcnt,
		.user_timeout_ms = (uint64_t)o->settings.user_timeout_ms,
		.process = owner != NULL ? owner->process : 0,
		.peer_port = c->peer_port,
		.owner_unknown = owner != NULL ? 0 : c->owner_unknown,
		.verdict = (uint8_t)o->verdict,
		.source = (uint8_t)o->settings.source,
		.keepalive = !conn_has(c, HAVE_KEEPALIVE) ? 2 : c->keepalive_on,
	};

	return key;
}

static uint64_t hash(const struct group_key *key)
{
	const unsigned char *p = (const unsigned char *)key;
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */

	for (size_t i = 0; i < sizeof(*key); i++)
		h = (h ^ p[i]) * UINT64_C(1099511628211);
	return h ^ h >> 32;
}

static uint32_t *find_slot(const struct groups *g, const struct group_key *key)
{
	size_t mask = g->slot_count - 1;
	size_t i = (size_t)hash(key) & mask;

	while (g->slots[i] != 0 &&
		memcmp(&g->at[g->slots[i] - 1].key, key, sizeof(*key)) != 0)
		i = (i + 1) & mask;
	return &g->slots[i];
}

static void rehash(struct groups *g)
{
	free(g->slots);
	g->slot_count = g->slot_count > 0 ? g->slot_count * 2 : 64;
	g->slots = xcalloc(g->slot_count, sizeof(*g->slots));
	for (size_t i = 0; i < g->count; i++)
		*find_slot(g, &g->at[i].key) = (uint32_t)i + 1;
}

static struct group *find_or_add(struct groups *g, const struct group_key *key)
{
	uint32_t *slot;

	if (g->count * 2 >= g->slot_count)
		rehash(g);
	slot = find_slot(g, key);
	if (*slot == 0) {
		g->at = xgrow(g->at, &g->cap, g->count + 1, sizeof(*g->at));
		g->at[g->count] = (struct group){ .key = *key };
		*slot = (uint32_t)++g->count;
	}
	return &g->at[*slot - 1];
}

/* The earlier end is the worse, then the longer silence. */
static bool is_worse(const struct outlook *o, const struct group *than)
{
	if ((o->deadline_ms >= 0) != (than->deadline_ms >= 0))
		return o->deadline_ms >= 0;
	if (o->deadline_ms >= 0 && o->deadline_ms != than->deadline_ms)
		return o->deadline_ms < than->deadline_ms;
	return o->path_silence_ms > than->silence_ms;
}

void groups_fill(struct groups *g, const struct table *t, const struct path_policy *path)
{
	struct outlook outlook;

	for (size_t i = 0; i < t->count; i++) {
		struct row row = table_row(t, i, path, &outlook);
		struct group_key key = key_of(&row);
		struct group *group = find_or_add(g, &key);

		if (group->count++ == 0 || is_worse(&outlook, group)) {
			group->worst = i;
			group->deadline_ms = outlook.deadline_ms;
			group->silence_ms = outlook.path_silence_ms;
		}
	}
}

void groups_clear(struct groups *g)
{
	free(g->at);
	free(g->slots);
	*g = (struct groups){ 0 };
}
