/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void seen_reset(struct seen *s)
{
	s->used = 0;
	if (s->slots != NULL)
		memset(s->slots, 0, s->slot_count * sizeof(*s->slots));
}

void seen_clear(struct seen *s)
{
	free(s->slots);
	*s = (struct seen){ 0 };
}

static uint32_t *find(const struct seen *s, const struct conn *conns, uint64_t id)
{
	size_t mask = s->slot_count - 1;
	/* Cookies are counted up: the multiplier spreads them (Fibonacci hashing). */
	size_t i = (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;

	while (s->slots[i] != 0 && conns[s->slots[i] - 1].id != id)
		i = (i + 1) & mask;
	return &s->slots[i];
}

static void grow(struct seen *s, const struct snapshot *snap)
{
	free(s->slots);
	s->slot_count = s->slot_count > 0 ? s->slot_count * 2 : 256;
	s->slots = xcalloc(s->slot_count, sizeof(*s->slots));
	for (size_t row = 0; row < s->used; row++)
		*find(s, snap->conns, snap->conns[row].id) = (uint32_t)row + 1;
}

void seen_enter_last(struct seen *s, struct snapshot *snap)
{
	size_t last = snap->count - 1;
	uint32_t *slot;

	if (s->used * 2 >= s->slot_count)
		grow(s, snap);
	slot = find(s, snap->conns, snap->conns[last].id);
	if (*slot != 0) {
		snap->count--;
		return;
	}
	*slot = (uint32_t)last + 1;
	s->used++;
}
