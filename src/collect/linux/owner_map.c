/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/owner_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/xalloc.h"

void owner_map_clear(struct owner_map *m)
{
	free(m->slots);
	free(m->holders);
	free(m->processes);
	strtab_clear(&m->names);
	*m = (struct owner_map){ 0 };
}

static struct owner_slot *place_of(const struct owner_map *m, uint64_t key)
{
	size_t mask = m->slot_count - 1;
	size_t i = hash_place(key, m->slot_count);

	while (m->slots[i].key != 0 && m->slots[i].key != key)
		i = (i + 1) & mask;
	return &m->slots[i];
}

static void make_slots(struct owner_map *m, size_t count)
{
	m->slot_count = 64;
	while (m->slot_count < count + count / 2)
		m->slot_count *= 2;
	m->slots = xcalloc(m->slot_count, sizeof(*m->slots));
}

void owner_map_reset(struct owner_map *m, size_t count)
{
	m->holder_count = m->process_count = m->used = m->missing = 0;
	strtab_reset(&m->names);
	free(m->slots);
	make_slots(m, count);
}

static void grow(struct owner_map *m)
{
	struct owner_slot *old = m->slots;
	size_t count = m->slot_count;

	make_slots(m, count);
	for (size_t i = 0; i < count; i++)
		if (old[i].key != 0)
			*place_of(m, old[i].key) = old[i];
	free(old);
}

void owner_map_want(struct owner_map *m, uint64_t key, uint32_t tag)
{
	struct owner_slot *slot;

	if ((m->used + 1) * 4 > m->slot_count * 3)
		grow(m);
	slot = place_of(m, key);
	if (slot->key != 0)
		return;
	m->used++;
	m->missing++;
	slot->key = key;
	slot->tag = tag;
}

struct owner_slot *owner_map_find(const struct owner_map *m, uint64_t key)
{
	struct owner_slot *slot;

	if (m->slot_count == 0 || key == 0)
		return NULL;
	slot = place_of(m, key);
	return slot->key != 0 ? slot : NULL;
}

void owner_map_add_process(struct owner_map *m, uint32_t pid, const char *name)
{
	m->processes = xgrow(m->processes, &m->process_cap, m->process_count + 1,
		sizeof(*m->processes));
	m->processes[m->process_count++] =
		(struct owner_process){ .pid = pid, .name = strtab_add(&m->names, name) };
}

void owner_map_add_holder(struct owner_map *m, struct owner_slot *slot, uint32_t fd)
{
	m->holders = xgrow(
		m->holders, &m->holder_cap, m->holder_count + 1, sizeof(*m->holders));
	m->holders[m->holder_count++] = (struct owner_holder){
		.process = (uint32_t)m->process_count - 1, .fd = fd, .next = slot->last
	};
	m->missing -= slot->last == 0;
	slot->last = (uint32_t)m->holder_count;
}
