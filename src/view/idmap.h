/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in a snapshot the connection of an id is: built once a sample. */
#ifndef KATOP_VIEW_IDMAP_H
#define KATOP_VIEW_IDMAP_H

#include "model/snapshot.h"

#define IDMAP_NONE UINT32_MAX

/* Owns its slots, keeps them between samples. Zeroed is empty. */
struct idmap {
	uint32_t *slots; /* index + 1, 0 free; open addressing */
	size_t size;	 /* a power of two */
	const struct snapshot *snap;
};

void idmap_build(struct idmap *m, const struct snapshot *snap);
uint32_t idmap_find(const struct idmap *m, uint64_t id);
/* Ends the use of the snapshot, keeps the memory. */
void idmap_forget(struct idmap *m);
void idmap_clear(struct idmap *m);

#endif
