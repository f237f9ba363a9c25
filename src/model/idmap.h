/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections by id: what was noted about some of them. */
#ifndef KATOP_MODEL_IDMAP_H
#define KATOP_MODEL_IDMAP_H

#include <stddef.h>
#include <stdint.h>

#define IDMAP_NONE UINT32_MAX

/* Owns its slots (open addressing), keeps them for the next use. Zeroed is empty. */
struct idmap {
	struct idmap_slot {
		uint64_t id;
		uint32_t value; /* plus 1; 0 is a free slot */
	} * slots;
	size_t size; /* a power of two */
	size_t used;
};

void idmap_reset(struct idmap *m);

/* Notes @value (not IDMAP_NONE) for @id; what was noted first stays. */
void idmap_put(struct idmap *m, uint64_t id, uint32_t value);

/* What was noted, IDMAP_NONE for nothing. */
uint32_t idmap_find(const struct idmap *m, uint64_t id);

void idmap_clear(struct idmap *m);

#endif
