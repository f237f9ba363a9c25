/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/marks.h"

#include <string.h>

void marks_clear(struct marks *m)
{
	snapshot_clear(&m->past);
	m->changed_count = 0;
	m->gone_count = 0;
}

void marks_change(struct marks *m, uint64_t id, int64_t until_ms)
{
	size_t oldest = 0;

	for (size_t i = 0; i < m->changed_count; i++) {
		if (m->changed[i].id == id) {
			m->changed[i].until_ms = until_ms;
			return;
		}
		if (m->changed[i].until_ms < m->changed[oldest].until_ms)
			oldest = i;
	}
	if (m->changed_count < MARKS_MAX)
		oldest = m->changed_count++;
	m->changed[oldest] = (struct mark){ .id = id, .until_ms = until_ms };
}

bool marks_is_changed(const struct marks *m, uint64_t id, int64_t now_ms)
{
	for (size_t i = 0; i < m->changed_count; i++)
		if (m->changed[i].id == id)
			return now_ms < m->changed[i].until_ms;
	return false;
}

static uint32_t copy_string(struct marks *m, const struct snapshot *from, uint32_t index)
{
	return strtab_add(&m->past.strings, snapshot_string(from, index));
}

struct gone *marks_bury(struct marks *m, const struct snapshot *snap,
	const struct conn *c, size_t place, int64_t until_ms)
{
	const struct conn_owner *owner = snapshot_first_owner(snap, c);
	struct gone *g;
	size_t i;

	if (m->gone_count == GONE_MAX)
		return NULL;
	if (m->gone_count == 0)
		snapshot_reset(&m->past);
	for (i = m->gone_count; i > 0 && m->gone[i - 1].place > place; i--)
		;
	memmove(&m->gone[i + 1], &m->gone[i], (m->gone_count - i) * sizeof(m->gone[0]));
	m->gone_count++;
	g = &m->gone[i];
	*g = (struct gone){ .conn = *c, .place = place, .until_ms = until_ms };
	g->conn.user = copy_string(m, snap, c->user);
	g->conn.dev = copy_string(m, snap, c->dev);
	g->conn.cgroup = copy_string(m, snap, c->cgroup);
	g->conn.owner_first = 0;
	g->conn.owner_count = 0;
	if (owner != NULL) {
		struct conn_owner copy = *owner;

		copy.process = copy_string(m, snap, owner->process);
		g->conn.owner_first = snapshot_add_owner(&m->past, copy);
		g->conn.owner_count = 1;
	}
	m->past.system = snap->system;
	return g;
}

void marks_forget_gone(struct marks *m)
{
	m->gone_count = 0;
}

const struct gone *marks_gone_at(const struct marks *m, size_t place)
{
	for (size_t i = 0; i < m->gone_count; i++)
		if (m->gone[i].place == place)
			return &m->gone[i];
	return NULL;
}

size_t marks_gone_before(const struct marks *m, size_t place)
{
	size_t n = 0;

	while (n < m->gone_count && m->gone[n].place < place)
		n++;
	return n;
}

void marks_settle(struct marks *m, size_t rows)
{
	for (size_t i = 0; i < m->gone_count; i++) {
		size_t least = i > 0 ? m->gone[i - 1].place + 1 : 0;

		if (m->gone[i].place > rows + i)
			m->gone[i].place = rows + i;
		if (m->gone[i].place < least)
			m->gone[i].place = least;
	}
}

static void drop(struct marks *m, size_t i)
{
	m->gone_count--;
	memmove(&m->gone[i], &m->gone[i + 1], (m->gone_count - i) * sizeof(m->gone[0]));
}

void marks_return(struct marks *m, uint64_t id)
{
	for (size_t i = 0; i < m->gone_count; i++)
		if (m->gone[i].conn.id == id) {
			drop(m, i);
			return;
		}
}

bool marks_expire(struct marks *m, int64_t now_ms, uint64_t keep)
{
	size_t kept = 0, before = m->gone_count;

	for (size_t i = 0; i < m->changed_count; i++)
		if (now_ms < m->changed[i].until_ms)
			m->changed[kept++] = m->changed[i];
	m->changed_count = kept;
	for (size_t i = m->gone_count; i-- > 0;) {
		if (now_ms < m->gone[i].until_ms || m->gone[i].conn.id == keep)
			continue;
		drop(m, i);
		/* those after it move up with the rows */
		for (size_t k = i; k < m->gone_count; k++)
			m->gone[k].place--;
	}
	return m->gone_count < before;
}
