/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/idmap.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Cookies count up: a multiplication spreads them, the high half is the better one. */
static size_t slot_of(const struct idmap *m, uint64_t id)
{
	return (size_t)((id * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (m->size - 1);
}

void idmap_build(struct idmap *m, const struct snapshot *snap)
{
	size_t size = 64;

	while (size < snap->count * 2)
		size *= 2;
	if (size != m->size) {
		free(m->slots);
		m->slots = xmalloc(size * sizeof(m->slots[0]));
		m->size = size;
	}
	memset(m->slots, 0, size * sizeof(m->slots[0]));
	m->snap = snap;
	for (size_t i = 0; i < snap->count; i++) {
		size_t at = slot_of(m, snap->conns[i].id);

		while (m->slots[at] != 0)
			at = (at + 1) & (size - 1);
		m->slots[at] = (uint32_t)(i + 1);
	}
}

uint32_t idmap_find(const struct idmap *m, uint64_t id)
{
	if (m->snap == NULL)
		return IDMAP_NONE;
	for (size_t at = slot_of(m, id); m->slots[at] != 0; at = (at + 1) & (m->size - 1))
		if (m->snap->conns[m->slots[at] - 1].id == id)
			return m->slots[at] - 1;
	return IDMAP_NONE;
}

void idmap_forget(struct idmap *m)
{
	m->snap = NULL;
}

void idmap_clear(struct idmap *m)
{
	free(m->slots);
	*m = (struct idmap){ 0 };
}
