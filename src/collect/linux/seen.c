/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/xalloc.h"

/* Ids that are gone may be kept up to the number of those that are not, and this. */
#define SLACK 1024

/* What came or went between two dumps is passed over so far. */
#define NEAR 64

static uint32_t *find(const struct seen *s, uint64_t id)
{
	size_t mask = s->slot_count - 1;
	size_t i = hash_place(id, s->slot_count);

	while (s->slots[i] != 0 && s->ids[s->slots[i] - 1] != id)
		i = (i + 1) & mask;
	return &s->slots[i];
}

static void rehash(struct seen *s)
{
	memset(s->slots, 0, s->slot_count * sizeof(*s->slots));
	for (size_t place = 0; place < s->count; place++)
		*find(s, s->ids[place]) = (uint32_t)place + 1;
}

static void forget_others(struct seen *s)
{
	size_t kept = 0;

	for (size_t place = 0; place < s->count; place++) {
		if (s->dumps[place] != s->dump)
			continue;
		s->ids[kept] = s->ids[place];
		s->dumps[kept++] = s->dump;
	}
	s->count = kept;
	rehash(s);
}

void seen_reset(struct seen *s)
{
	if (s->count > 2 * s->entered + SLACK)
		forget_others(s);
	s->next = s->entered = 0;
	s->dump++;
}

void seen_clear(struct seen *s)
{
	free(s->ids);
	free(s->dumps);
	free(s->slots);
	*s = (struct seen){ 0 };
}

static void grow(struct seen *s)
{
	s->cap = s->cap > 0 ? s->cap * 2 : 192;
	s->slot_count = s->slot_count > 0 ? s->slot_count * 2 : 256;
	s->ids = xreallocarray(s->ids, s->cap, sizeof(*s->ids));
	s->dumps = xreallocarray(s->dumps, s->cap, sizeof(*s->dumps));
	s->slots = xreallocarray(s->slots, s->slot_count, sizeof(*s->slots));
	rehash(s);
}

/* The place of @id, added when it is new, as if by the dump before. */
static size_t place_of(struct seen *s, uint64_t id)
{
	uint32_t *slot;
	size_t place;

	if (s->next < s->count && s->ids[s->next] == id)
		return s->next++;
	if (s->count == s->cap)
		grow(s);
	slot = find(s, id);
	if (*slot == 0) {
		s->ids[s->count] = id;
		s->dumps[s->count++] = s->dump - 1;
		*slot = (uint32_t)s->count;
	}
	place = *slot - 1;
	if (place >= s->next && place - s->next < NEAR)
		s->next = place + 1;
	return place;
}

void seen_enter_last(struct seen *s, struct snapshot *snap)
{
	size_t place = place_of(s, snap->conns[snap->count - 1].id);

	if (s->dumps[place] == s->dump) {
		snap->count--;
		return;
	}
	s->dumps[place] = s->dump;
	s->entered++;
}
