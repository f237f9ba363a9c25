/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "collect/linux/settings_pass.h"

#include <string.h>

#include "host/host.h"

/* Loading BPF programs costs 10 ms and more; so does duplicating this many descriptors.
 */
#define WORTH_IT 5000

/* In repeated sampling: */
#define REREAD_MS     10000 /* how old settings may get */
#define PASS_SHARE    100   /* a pass takes at most this part of the time */
#define NEW_SELDOM_MS 1000  /* for some new sockets alone, a pass no more often */

/* For the tests; deaf under file capabilities, as host_env() is. */
static enum bpf_policy policy(void)
{
	const char *value = host_env("KATOP_BPF");

	if (value && strcmp(value, "never") == 0)
		return BPF_NEVER;
	if (value && strcmp(value, "always") == 0)
		return BPF_ALWAYS;
	return BPF_AUTO;
}

void settings_pass_open(struct settings_pass *p, bool repeat)
{
	p->policy = policy();
	if (repeat || p->policy == BPF_ALWAYS)
		settings_pass_load(p);
}

bool settings_pass_load(struct settings_pass *p)
{
	if (p->bpf || p->tried || p->policy == BPF_NEVER)
		return p->bpf != NULL;
	p->tried = true;
	p->bpf = settings_bpf_open(BPF_SETTINGS | BPF_OWNERS, &p->fault);
	return p->bpf != NULL;
}

bool settings_pass_has(const struct settings_pass *p, unsigned program)
{
	return p->bpf && settings_bpf_programs(p->bpf) & program;
}

bool settings_pass_is_worth_it(const struct settings_pass *p, size_t count)
{
	return p->bpf || count > WORTH_IT;
}

/*
 * A pass reads every socket of the namespace: 1 us each. Small tables can have one each
 * sample, large ones each ten seconds and for many new sockets.
 */
bool settings_pass_is_due(const struct settings_pass *p, int64_t now_ms, size_t missing)
{
	int64_t age_ms = now_ms - p->begun_ms;
	int64_t spacing_ms = p->cost_ms * PASS_SHARE;

	if (!p->begun_ms)
		return true;
	if (spacing_ms > REREAD_MS)
		spacing_ms = REREAD_MS;
	if (age_ms >= spacing_ms)
		return true;
	return missing > WORTH_IT && age_ms >= NEW_SELDOM_MS;
}

bool settings_pass_may_repeat(const struct settings_pass *p, int64_t now_ms)
{
	int64_t age_ms = now_ms - p->begun_ms;

	return age_ms >= NEW_SELDOM_MS && age_ms >= p->cost_ms * PASS_SHARE / 4;
}

bool settings_pass_read(struct settings_pass *p, struct settings_cache *cache)
{
	struct error fault = { 0 };
	int rc;

	p->begun_ms = clock_mono_ms();
	rc = settings_bpf_read(p->bpf, cache, &fault);
	p->cost_ms = clock_mono_ms() - p->begun_ms;
	p->fault = fault;
	return rc == 0;
}

bool settings_pass_walk(
	struct settings_pass *p, struct owner_map *map, const struct settings_room *room)
{
	int64_t begun_ms = clock_mono_ms();
	struct error fault = { 0 };

	if (settings_bpf_walk_owners(p->bpf, map, room, &fault) != 0)
		return false;
	if (room) {
		p->begun_ms = begun_ms;
		p->cost_ms = clock_mono_ms() - begun_ms;
	}
	return true;
}

void settings_pass_close(struct settings_pass *p)
{
	settings_bpf_close(p->bpf);
	p->bpf = NULL;
}
