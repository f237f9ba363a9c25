/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings and owners by BPF iterators (bpf/katop.bpf.c): every socket in one read,
 * nobody disturbed. Implemented by settings_bpf.c, or by settings_nobpf.c in a katop
 * built without BPF.
 */
#ifndef KATOP_COLLECT_LINUX_SETTINGS_BPF_H
#define KATOP_COLLECT_LINUX_SETTINGS_BPF_H

#include "base/error.h"
#include "collect/linux/owner_map.h"
#include "collect/linux/settings_cache.h"

enum settings_bpf_program {
	BPF_SETTINGS = 1 << 0,
	BPF_OWNERS = 1 << 1,
};

struct settings_bpf;

/*
 * Loads the @programs (bits); what the verifier refuses of one does not lose the other.
 * Takes some 13 ms, CAP_BPF and CAP_PERFMON; using it later takes CAP_BPF. NULL with @e
 * when none could be loaded.
 */
struct settings_bpf *settings_bpf_open(unsigned programs, struct error *e);

/* The programs that are loaded. */
unsigned settings_bpf_programs(const struct settings_bpf *b);

/* Reads the settings of all sockets into @cache. Returns 0, or -1 with @e. */
int settings_bpf_read(
	struct settings_bpf *b, struct settings_cache *cache, struct error *e);

/*
 * Where the settings of a sample's connections go: entry_of has, by connection, the index
 * of the cache's entry plus one. Borrowed.
 */
struct settings_room {
	struct settings_cache *cache;
	const uint32_t *entry_of;
};

/*
 * Enters all holders of the sockets that @map wants by their cookies, by ascending
 * process id, and the settings of those that have a holder into @room, if not NULL: there
 * the map's tags are the connections. Returns 0, or -1 with @e: some holders are missing.
 */
int settings_bpf_walk_owners(struct settings_bpf *b, struct owner_map *map,
	const struct settings_room *room, struct error *e);

void settings_bpf_close(struct settings_bpf *b);

#endif
