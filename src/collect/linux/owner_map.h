/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes hold which sockets: a hash over what the way of looking knows a socket
 * by, its inode or its cookie; 48 bytes a socket. */
#ifndef KATOP_COLLECT_LINUX_OWNER_MAP_H
#define KATOP_COLLECT_LINUX_OWNER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/strtab.h"

/* A process that holds wanted sockets. `name` is an index into the map's strings. */
struct owner_process {
	uint32_t pid;
	uint32_t name;
};

/* One descriptor; `next` is the one found before it for the same socket, + 1. */
struct owner_holder {
	uint32_t process;
	uint32_t fd;
	uint32_t next;
};

/* key 0: free. `last` is the latest holder + 1, 0: none was found. */
struct owner_slot {
	uint64_t key;
	uint32_t last;
	uint32_t tag; /* the wisher's own */
};

/* Zeroed is empty. Owns its arrays. */
struct owner_map {
	struct owner_slot *slots;
	size_t slot_count;
	size_t used;
	size_t missing; /* wanted, and no holder found yet */
	struct owner_holder *holders;
	size_t holder_count;
	size_t holder_cap;
	struct owner_process *processes;
	size_t process_count;
	size_t process_cap;
	struct strtab names;
};

void owner_map_clear(struct owner_map *m);

/* Empties it and makes room for @count sockets. */
void owner_map_reset(struct owner_map *m, size_t count);

/* Asks for the holders of the socket of that key (not 0). */
void owner_map_want(struct owner_map *m, uint64_t key, uint32_t tag);

/* The slot of a wanted socket, NULL when it is not wanted. */
struct owner_slot *owner_map_find(const struct owner_map *m, uint64_t key);

/* Enters a process whose sockets follow. @name is harmless. */
void owner_map_add_process(struct owner_map *m, uint32_t pid, const char *name);

/* Enters a descriptor of the latest process. */
void owner_map_add_holder(struct owner_map *m, struct owner_slot *slot, uint32_t fd);

#endif
