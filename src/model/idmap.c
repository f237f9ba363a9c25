/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/idmap.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/xalloc.h"

#define LEAST_SIZE 256

static struct idmap_slot *slot_of(const struct idmap *m, uint64_t id)
{
	size_t at = hash_place(id, m->size);

	while (m->slots[at].value != 0 && m->slots[at].id != id)
		at = (at + 1) & (m->size - 1);
	return &m->slots[at];
}

void idmap_reset(struct idmap *m)
{
	if (m->used > 0)
		memset(m->slots, 0, m->size * sizeof(m->slots[0]));
	m->used = 0;
}

static void grow(struct idmap *m)
{
	struct idmap old = *m;

	m->size = old.size > 0 ? old.size * 2 : LEAST_SIZE;
	m->slots = xcalloc(m->size, sizeof(m->slots[0]));
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].value != 0)
			*slot_of(m, old.slots[i].id) = old.slots[i];
	free(old.slots);
}

void idmap_put(struct idmap *m, uint64_t id, uint32_t value)
{
	struct idmap_slot *slot;

	if (m->used * 2 >= m->size)
		grow(m);
	slot = slot_of(m, id);
	if (slot->value != 0)
		return;
	slot->id = id;
	slot->value = value + 1;
	m->used++;
}

uint32_t idmap_find(const struct idmap *m, uint64_t id)
{
	const struct idmap_slot *slot;

	if (m->used == 0)
		return IDMAP_NONE;
	slot = slot_of(m, id);
	return slot->value != 0 ? slot->value - 1 : IDMAP_NONE;
}

void idmap_clear(struct idmap *m)
{
	free(m->slots);
	*m = (struct idmap){ 0 };
}
