/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that are slow to learn, by number: users, interfaces, cgroups. Each is asked for
 * once and entered into the strings of each sample once.
 */
#ifndef KATOP_COLLECT_LINUX_NAMES_H
#define KATOP_COLLECT_LINUX_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "model/strtab.h"

#define NAME_SIZE 512

/* Writes the harmless name of @key into @out (NAME_SIZE bytes), "" when it has none. */
typedef void (*name_lookup)(void *context, uint64_t key, char *out);

/* `text` is an index into our own strings, `index` one into those of sample `sample`. */
struct name {
	uint64_t key;
	uint32_t text;
	uint32_t index;
	uint32_t sample;
};

struct names {
	name_lookup lookup;
	void *context;
	struct strtab strings;
	struct name *entries;
	size_t count;
	size_t cap;
	uint32_t *slots; /* entry + 1 by key, open addressing */
	size_t slot_count;
	uint32_t sample;
};

void names_init(struct names *n, name_lookup lookup, void *context);
void names_clear(struct names *n);

/* Forgets everything. */
void names_reset(struct names *n);

/* The indexes given out so far are void: the sample's strings were reset. */
void names_begin_sample(struct names *n);

/* The index of @key's name in @strings. */
uint32_t names_get(struct names *n, uint64_t key, struct strtab *strings);

#endif
