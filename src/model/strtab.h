/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings that many rows share, stored once. */
#ifndef KATOP_MODEL_STRTAB_H
#define KATOP_MODEL_STRTAB_H

#include <stddef.h>
#include <stdint.h>

/* Owns its bytes. Zeroed is empty. Index 0 is always the empty string. */
struct strtab {
	char *bytes;
	size_t len;
	size_t cap;
	uint32_t *slots; /* open addressing over offsets, 0 free */
	size_t slot_count;
	size_t used;
};

/* The index of @text, added if it is new. Valid until strtab_reset(). */
uint32_t strtab_add(struct strtab *t, const char *text);

/* The string of an index that strtab_add() returned; moves with the next add. */
const char *strtab_get(const struct strtab *t, uint32_t index);

void strtab_reset(struct strtab *t);
void strtab_clear(struct strtab *t);
void strtab_copy(struct strtab *to, const struct strtab *from);

#endif
