/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/path.h"

void system_info_init(struct system_info *s)
{
	*s = (struct system_info){
		.keepalive_time_ms = SYSTEM_UNKNOWN,
		.keepalive_intvl_ms = SYSTEM_UNKNOWN,
		.keepalive_probes = SYSTEM_UNKNOWN,
		.retries2 = SYSTEM_UNKNOWN,
		.rto_max_ms = SYSTEM_UNKNOWN,
		.probes_sent = SYSTEM_UNKNOWN,
		.aborted_on_timeout = SYSTEM_UNKNOWN,
		.hz = SYSTEM_UNKNOWN,
	};
}

void snapshot_reset(struct snapshot *s)
{
	struct snapshot empty = {
		.conns = s->conns,
		.cap = s->cap,
		.owners = s->owners,
		.owner_cap = s->owner_cap,
		.strings = s->strings,
		.path_idle_ms = PATH_UNSAID,
	};

	*s = empty;
	strtab_reset(&s->strings);
	system_info_init(&s->system);
}

void snapshot_clear(struct snapshot *s)
{
	free(s->conns);
	free(s->owners);
	strtab_clear(&s->strings);
	*s = (struct snapshot){ 0 };
}

struct conn *snapshot_add(struct snapshot *s)
{
	struct conn *c;

	s->conns = xgrow(s->conns, &s->cap, s->count + 1, sizeof(*s->conns));
	c = &s->conns[s->count++];
	*c = (struct conn){ 0 };
	return c;
}

uint32_t snapshot_add_owner(struct snapshot *s, struct conn_owner owner)
{
	s->owners = xgrow(
		s->owners, &s->owner_cap, s->owner_count + 1, sizeof(*s->owners));
	s->owners[s->owner_count] = owner;
	return (uint32_t)s->owner_count++;
}

const char *snapshot_string(const struct snapshot *s, uint32_t index)
{
	return strtab_get(&s->strings, index);
}

const struct conn_owner *snapshot_first_owner(
	const struct snapshot *s, const struct conn *c)
{
	const struct conn_owner *first = NULL;

	for (size_t i = 0; i < c->owner_count; i++) {
		const struct conn_owner *o = &s->owners[c->owner_first + i];

		if (first == NULL || o->pid < first->pid ||
			(o->pid == first->pid && o->fd < first->fd))
			first = o;
	}
	return first;
}

const struct conn *snapshot_find(const struct snapshot *s, uint64_t id)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->conns[i].id == id)
			return &s->conns[i];
	return NULL;
}

void snapshot_copy(struct snapshot *to, const struct snapshot *from)
{
	struct snapshot copy = *from;

	snapshot_reset(to);
	to->conns = xgrow(to->conns, &to->cap, from->count, sizeof(*to->conns));
	to->owners =
		xgrow(to->owners, &to->owner_cap, from->owner_count, sizeof(*to->owners));
	if (from->count > 0)
		memcpy(to->conns, from->conns, from->count * sizeof(*to->conns));
	if (from->owner_count > 0)
		memcpy(to->owners, from->owners, from->owner_count * sizeof(*to->owners));
	strtab_copy(&to->strings, &from->strings);
	copy.conns = to->conns;
	copy.cap = to->cap;
	copy.owners = to->owners;
	copy.owner_cap = to->owner_cap;
	copy.strings = to->strings;
	*to = copy;
}
