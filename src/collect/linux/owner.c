/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/owner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "collect/linux/owner_map.h"
#include "collect/linux/owner_walk.h"
#include "host/host.h"

/*
 * Descriptors move between processes (a server forks) without a new socket: what is known
 * grows old. A walk costs milliseconds to tenths of a second, and may take at most
 * this part of the time for new sockets, and that one for a second look.
 */
#define NEWS_PART    20
#define REFRESH_PART 100
#define REFRESH_MS   10000

struct owner_finder {
	struct settings_reader *settings;
	struct owner_map map;
	bool by_cookie; /* what the map knows sockets by, otherwise inodes */
	struct owner_walk met;
	int why; /* errno of a walk that was impossible */
	bool walked;
	int64_t walked_ms;
	int64_t cost_ms;
	uint32_t *strings; /* of this sample, by process */
	size_t strings_cap;
};

struct owner_finder *owner_open(struct settings_reader *settings)
{
	struct owner_finder *f = xcalloc(1, sizeof(*f));

	f->settings = settings;
	return f;
}

void owner_close(struct owner_finder *f)
{
	owner_map_clear(&f->map);
	free(f->strings);
	free(f);
}

size_t owner_explain(struct snapshot *snap)
{
	size_t left = 0;

	for (size_t i = 0; i < snap->count; i++) {
		struct conn *c = &snap->conns[i];

		if (c->owner_count > 0 || c->owner_unknown != OWNER_KNOWN)
			continue;
		if (c->minisocket)
			c->owner_unknown = OWNER_MINISOCKET;
		else if (c->inode == 0)
			c->owner_unknown = OWNER_ORPHAN;
		else
			left++;
	}
	return left;
}

static uint64_t key_of(const struct owner_finder *f, const struct conn *c)
{
	if (c->inode == 0)
		return 0;
	return f->by_cookie ? c->id : c->inode;
}

static bool has_news(const struct owner_finder *f, const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->count; i++)
		if (snap->conns[i].inode != 0 &&
			owner_map_find(&f->map, key_of(f, &snap->conns[i])) == NULL)
			return true;
	return false;
}

static bool is_due(const struct owner_finder *f, const struct snapshot *snap)
{
	int64_t age = clock_mono_ms() - f->walked_ms;

	if (!f->walked)
		return true;
	if (age >= REFRESH_MS && age >= f->cost_ms * REFRESH_PART)
		return true;
	return age >= f->cost_ms * NEWS_PART && has_news(f, snap);
}

static void want_all(struct owner_finder *f, const struct snapshot *snap, bool by_cookie)
{
	f->by_cookie = by_cookie;
	owner_map_reset(&f->map, snap->count);
	for (size_t i = 0; i < snap->count; i++)
		if (snap->conns[i].inode != 0)
			owner_map_want(&f->map, key_of(f, &snap->conns[i]), (uint32_t)i);
}

/* BPF knows sockets by their cookies, /proc by their inodes. */
static bool walk_by_bpf(struct owner_finder *f, const struct snapshot *snap, size_t count)
{
	if (f->settings == NULL || snap->access.poorer ||
		!settings_may_walk_owners(f->settings, count))
		return false;
	want_all(f, snap, true);
	return settings_walk_owners(f->settings, &f->map);
}

/* @count connections may have an owner. */
static void walk(struct owner_finder *f, bool first_only, const struct snapshot *snap,
	size_t count)
{
	int64_t start = clock_mono_ms();

	f->why = 0;
	if (walk_by_bpf(f, snap, count)) {
		f->met = (struct owner_walk){ .saw_init = true };
	} else {
		want_all(f, snap, false);
		if (f->map.used > 0 && owner_walk(&f->map, first_only, &f->met) != 0)
			f->why = errno;
	}
	f->walked = true;
	f->walked_ms = clock_mono_ms();
	f->cost_ms = f->walked_ms - start;
}

/* Processes' names as this sample's strings, each entered once. */
static void enter_names(struct owner_finder *f, struct snapshot *snap)
{
	f->strings = xgrow(
		f->strings, &f->strings_cap, f->map.process_count, sizeof(*f->strings));
	for (size_t i = 0; i < f->map.process_count; i++)
		f->strings[i] = strtab_add(&snap->strings,
			strtab_get(&f->map.names, f->map.processes[i].name));
}

static uint32_t count_holders(const struct owner_map *m, const struct owner_slot *slot)
{
	uint32_t count = 0;

	for (uint32_t h = slot->last; h != 0; h = m->holders[h - 1].next)
		count++;
	return count;
}

/*
 * Holders are chained from the last to the first, and are told from the first: of more
 * than a connection may have it is the last that are left out.
 */
static void tell(const struct owner_finder *f, struct snapshot *snap, struct conn *c,
	const struct owner_slot *slot)
{
	uint32_t count = count_holders(&f->map, slot), h = slot->last;

	for (; count > UINT16_MAX; count--)
		h = f->map.holders[h - 1].next;
	c->owner_first = (uint32_t)snap->owner_count;
	c->owner_count = (uint16_t)count;
	for (; h != 0; h = f->map.holders[h - 1].next) {
		const struct owner_holder *holder = &f->map.holders[h - 1];
		struct conn_owner o = {
			.pid = f->map.processes[holder->process].pid,
			.fd = holder->fd,
			.process = f->strings[holder->process],
		};

		snapshot_add_owner(snap, o);
	}
	for (uint32_t i = 0; i < count / 2; i++) {
		struct conn_owner *first = &snap->owners[c->owner_first + i];
		struct conn_owner *last = &snap->owners[c->owner_first + count - 1 - i];
		struct conn_owner swap = *first;

		*first = *last;
		*last = swap;
	}
}

/*
 * A socket that no process holds may be the kernel's own (NFS, nbd), or on its way
 * between two processes: sock_diag does not tell them apart.
 */
static enum owner_unknown why_none(const struct owner_finder *f, const struct conn *c)
{
	if (f->why != 0 || f->met.unreadable > 0)
		return OWNER_OTHER_USER;
	if (!f->met.saw_init && geteuid() != 0 && c->uid != geteuid())
		return OWNER_OTHER_USER;
	return OWNER_NOT_FOUND;
}

static void say_access(const struct owner_finder *f, struct snapshot *snap, size_t hidden)
{
	bool as_root = geteuid() == 0;
	char *out = snap->access.owners;
	size_t size = sizeof(snap->access.owners);

	snap->access.as_root = as_root && hidden > 0;
	if (f->why != 0)
		snprintf(out, size, "the processes cannot be read: %s", strerror(f->why));
	else if (hidden > 0)
		snprintf(out, size,
			"%zu connections belong to processes that katop may not look "
			"into: %s the capabilities sys_ptrace and dac_read_search, would "
			"tell",
			hidden, as_root ? "root of the host, or" : "root, or");
}

void owner_find(struct owner_finder *f, bool first_only, struct snapshot *snap)
{
	size_t count = owner_explain(snap), hidden = 0;

	if (count == 0)
		return;
	if (is_due(f, snap))
		walk(f, first_only, snap, count);
	enter_names(f, snap);
	for (size_t i = 0; i < snap->count; i++) {
		struct conn *c = &snap->conns[i];
		const struct owner_slot *slot = owner_map_find(&f->map, key_of(f, c));

		if (c->owner_count > 0 || c->inode == 0)
			continue;
		if (slot == NULL) /* not looked for yet: the next walk will tell */
			continue;
		if (slot->last != 0)
			tell(f, snap, c, slot);
		else
			c->owner_unknown = (uint8_t)why_none(f, c);
		hidden += c->owner_unknown == OWNER_OTHER_USER;
	}
	say_access(f, snap, hidden);
}
