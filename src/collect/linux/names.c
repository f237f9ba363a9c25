/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/xalloc.h"

/* Where cgroups come and go by the thousand a day, a long run must not keep them all. */
#define NAMES_MOST 16384

void names_init(struct names *n, name_lookup lookup, void *context)
{
	*n = (struct names){ .lookup = lookup, .context = context, .sample = 1 };
}

void names_clear(struct names *n)
{
	strtab_clear(&n->strings);
	free(n->entries);
	free(n->slots);
	names_init(n, n->lookup, n->context);
}

void names_reset(struct names *n)
{
	strtab_reset(&n->strings);
	n->count = 0;
	if (n->slots != NULL)
		memset(n->slots, 0, n->slot_count * sizeof(*n->slots));
}

void names_begin_sample(struct names *n)
{
	n->sample++;
	if (n->count > NAMES_MOST)
		names_reset(n);
}

static uint32_t *find(const struct names *n, uint64_t key)
{
	size_t mask = n->slot_count - 1;
	size_t i = hash_place(key, n->slot_count);

	while (n->slots[i] != 0 && n->entries[n->slots[i] - 1].key != key)
		i = (i + 1) & mask;
	return &n->slots[i];
}

static void grow(struct names *n)
{
	free(n->slots);
	n->slot_count = n->slot_count > 0 ? n->slot_count * 2 : 32;
	n->slots = xcalloc(n->slot_count, sizeof(*n->slots));
	for (size_t i = 0; i < n->count; i++)
		*find(n, n->entries[i].key) = (uint32_t)i + 1;
}

static struct name *learn(struct names *n, uint64_t key)
{
	char text[NAME_SIZE] = "";
	struct name *entry;

	n->lookup(n->context, key, text);
	n->entries = xgrow(n->entries, &n->cap, n->count + 1, sizeof(*n->entries));
	entry = &n->entries[n->count++];
	*entry = (struct name){ .key = key, .text = strtab_add(&n->strings, text) };
	return entry;
}

uint32_t names_get(struct names *n, uint64_t key, struct strtab *strings)
{
	struct name *entry;
	uint32_t *slot;

	if (n->count * 2 >= n->slot_count)
		grow(n);
	slot = find(n, key);
	if (*slot == 0) {
		learn(n, key);
		*slot = (uint32_t)n->count;
	}
	entry = &n->entries[*slot - 1];
	if (entry->sample != n->sample) {
		entry->index = strtab_add(strings, strtab_get(&n->strings, entry->text));
		entry->sample = n->sample;
	}
	return entry->index;
}
