/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A katop built without BPF. */
#include "config.h"

#include "collect/linux/settings_bpf.h"

static int not_built(struct error *e)
{
	return error_set(e, "built without BPF");
}

struct settings_bpf *settings_bpf_open(unsigned programs, struct error *e)
{
	(void)programs;
	not_built(e);
	return NULL;
}

unsigned settings_bpf_programs(const struct settings_bpf *b)
{
	(void)b;
	return 0;
}

int settings_bpf_read(
	struct settings_bpf *b, struct settings_cache *cache, struct error *e)
{
	(void)b;
	(void)cache;
	return not_built(e);
}

int settings_bpf_walk_owners(struct settings_bpf *b, struct owner_map *map,
	const struct settings_room *room, struct error *e)
{
	(void)b;
	(void)map;
	(void)room;
	return not_built(e);
}

void settings_bpf_close(struct settings_bpf *b)
{
	(void)b;
}
