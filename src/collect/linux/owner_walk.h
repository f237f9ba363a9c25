/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk over the descriptors of all processes. */
#ifndef KATOP_COLLECT_LINUX_OWNER_WALK_H
#define KATOP_COLLECT_LINUX_OWNER_WALK_H

#include <stdbool.h>

#include "collect/linux/owner_map.h"

/* What the walk met: processes whose descriptors could not be read; whether process 1
 * showed itself (a proc mounted with hidepid hides other users' processes). */
struct owner_walk {
	size_t unreadable;
	bool saw_init;
};

/*
 * Enters the holders of the wanted inodes of @m, by ascending process id. A socket that
 * is found may have more holders: every process is looked at, unless @first_only: then
 * the walk ends with the process that holds the last one missing. Returns 0, or -1 with
 * errno when the proc file system cannot be read.
 */
int owner_walk(struct owner_map *m, bool first_only, struct owner_walk *met);

/* The inode in the target of a descriptor's link, "socket:[123]"; 0 when it is none. */
uint32_t owner_inode_of_link(const char *target, size_t len);

#endif
