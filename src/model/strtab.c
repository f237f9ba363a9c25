/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/strtab.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static uint32_t hash(const char *text)
{
	uint32_t h = 2166136261U; /* FNV-1a */

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * 16777619U;
	return h;
}

static uint32_t *find_slot(const struct strtab *t, const char *text)
{
	size_t mask = t->slot_count - 1;
	size_t i = hash(text) & mask;

	while (t->slots[i] != 0 && strcmp(t->bytes + t->slots[i], text) != 0)
		i = (i + 1) & mask;
	return &t->slots[i];
}

static void rehash(struct strtab *t)
{
	uint32_t *old = t->slots;
	size_t count = t->slot_count;

	t->slot_count = count > 0 ? count * 2 : 64;
	t->slots = xcalloc(t->slot_count, sizeof(*t->slots));
	for (size_t i = 0; i < count; i++)
		if (old[i] != 0)
			*find_slot(t, t->bytes + old[i]) = old[i];
	free(old);
}

static uint32_t append(struct strtab *t, const char *text)
{
	size_t size = strlen(text) + 1;
	size_t start = t->len > 0 ? t->len : 1;

	t->bytes = xgrow(t->bytes, &t->cap, start + size, 1);
	t->bytes[0] = '\0';
	memcpy(t->bytes + start, text, size);
	t->len = start + size;
	return (uint32_t)start;
}

uint32_t strtab_add(struct strtab *t, const char *text)
{
	uint32_t *slot;

	if (text[0] == '\0')
		return 0;
	if (t->used * 2 >= t->slot_count)
		rehash(t);
	slot = find_slot(t, text);
	if (*slot == 0) {
		*slot = append(t, text);
		t->used++;
	}
	return *slot;
}

const char *strtab_get(const struct strtab *t, uint32_t index)
{
	return index == 0 || index >= t->len ? "" : t->bytes + index;
}

void strtab_reset(struct strtab *t)
{
	t->len = 0;
	t->used = 0;
	if (t->slots != NULL)
		memset(t->slots, 0, t->slot_count * sizeof(*t->slots));
}

void strtab_clear(struct strtab *t)
{
	free(t->bytes);
	free(t->slots);
	*t = (struct strtab){ 0 };
}

void strtab_copy(struct strtab *to, const struct strtab *from)
{
	strtab_reset(to);
	for (size_t at = 1; at < from->len; at += strlen(from->bytes + at) + 1) {
		/* same order, same offsets: the indexes stay valid */
		strtab_add(to, from->bytes + at);
	}
}
