/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When BPF reads the settings, and when that would cost more than it tells. */
#ifndef KATOP_COLLECT_LINUX_SETTINGS_PASS_H
#define KATOP_COLLECT_LINUX_SETTINGS_PASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collect/linux/settings_bpf.h"

enum bpf_policy { BPF_AUTO, BPF_NEVER, BPF_ALWAYS };

/*
 * Owns `bpf`, NULL until it is worth loading. Times are milliseconds of the monotonic
 * clock; begun_ms is 0 before the first pass.
 */
struct settings_pass {
	enum bpf_policy policy;
	struct settings_bpf *bpf;
	bool tried;
	struct error fault; /* "" while nothing was refused */
	int64_t begun_ms;
	int64_t cost_ms;
};

/* Repeated sampling loads the programs at once, before privileges are dropped. */
void settings_pass_open(struct settings_pass *p, bool repeat);

/* Loads the programs if nobody tried yet. Returns whether they are there. */
bool settings_pass_load(struct settings_pass *p);

/* Whether the program (BPF_SETTINGS, BPF_OWNERS) is loaded. */
bool settings_pass_has(const struct settings_pass *p, unsigned program);

/* Whether @count sockets are worth loading the programs, or they are loaded already. */
bool settings_pass_is_worth_it(const struct settings_pass *p, size_t count);

/* Whether the next pass is due at @now_ms, where the settings of @missing are unknown. */
bool settings_pass_is_due(const struct settings_pass *p, int64_t now_ms, size_t missing);

/* Whether one may be made for sockets that pidfd_getfd cannot read. */
bool settings_pass_may_repeat(const struct settings_pass *p, int64_t now_ms);

/* Reads the settings of all sockets into @cache. Returns false, with `fault`, if not. */
bool settings_pass_read(struct settings_pass *p, struct settings_cache *cache);

/* Enters the holders of what @map wants, and settings, as settings_bpf_walk_owners(). */
bool settings_pass_walk(
	struct settings_pass *p, struct owner_map *map, const struct settings_room *room);

void settings_pass_close(struct settings_pass *p);

#endif
