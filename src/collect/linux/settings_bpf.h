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
 * Takes some 20 ms, CAP_BPF and CAP_PERFMON; using it later takes CAP_BPF. NULL with @e
 * when none could be loaded.
 */
struct settings_bpf *settings_bpf_open(unsigned programs, struct error *e);

/* The programs that are loaded. */
unsigned settings_bpf_programs(const struct settings_bpf *b);

/* Reads the settings of all sockets into @cache. Returns 0, or -1 with @e. */
int settings_bpf_read(
	struct settings_bpf *b, struct settings_cache *cache, struct error *e);

/*
 * Enters all holders of the wanted inodes of @map, by ascending process id. Returns 0, or
 * -1 with @e and nothing entered.
 */
int settings_bpf_walk_owners(
	struct settings_bpf *b, struct owner_map *map, struct error *e);

void settings_bpf_close(struct settings_bpf *b);

#endif
