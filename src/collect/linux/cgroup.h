/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths of control groups by id. An id is the inode of the group's directory in the
 * cgroup2 file system, so that one look at that tree tells them all, without privilege.
 */
#ifndef KATOP_COLLECT_LINUX_CGROUP_H
#define KATOP_COLLECT_LINUX_CGROUP_H

#include <stddef.h>
#include <stdint.h>

#include "model/strtab.h"

struct cgroup_path {
	uint64_t id;
	uint32_t path; /* in `strings` */
};

/* Sorted by id. Zeroed is empty. Owns its arrays. `looked` until the next sample. */
struct cgroup_tree {
	struct cgroup_path *paths;
	size_t count;
	size_t cap;
	struct strtab strings;
	int looked;
};

void cgroup_clear(struct cgroup_tree *t);

/* A new sample: the tree may be looked at once more for groups that are new. */
void cgroup_begin_sample(struct cgroup_tree *t);

/* A name_lookup (names.h) over a struct cgroup_tree: "/system.slice/x.service". */
void cgroup_lookup(void *tree, uint64_t id, char *out);

#endif
