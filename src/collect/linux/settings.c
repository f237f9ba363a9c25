/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which way the settings are read, when they are read again, and what is said of it. */
#include "config.h"

#include "collect/linux/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "collect/linux/settings_bpf.h"
#include "collect/linux/settings_cache.h"
#include "collect/linux/settings_fill.h"
#include "collect/linux/settings_pidfd.h"
#include "host/host.h"

/* Loading BPF programs costs 20 ms; so does duplicating this many descriptors. */
#define BPF_WORTH_IT 5000

/* In repeated sampling: */
#define REREAD_MS     10000 /* how old settings may get */
#define REREADS_PER_S 2000  /* by duplicated descriptors */
#define PASS_SHARE    100   /* a BPF pass takes at most this part of the time */
#define NEW_SELDOM_MS 1000  /* for some new sockets alone, a pass no more often */

enum bpf_policy { BPF_AUTO, BPF_NEVER, BPF_ALWAYS };

struct settings_reader {
	bool peek;
	bool repeat;
	enum bpf_policy policy;
	struct settings_bpf *bpf;
	bool bpf_tried;
	struct error bpf_fault; /* "" while nothing was refused */
	struct settings_cache cache;
	struct pidfd_outcome pidfd; /* of this sample */
	uint32_t *entry_of; /* by connection of this sample: cache index + 1, 0 none */
	size_t entry_cap;
	uint32_t *wanted; /* connections to be read by pidfd_getfd */
	size_t wanted_count;
	size_t wanted_cap;
	size_t reread_from; /* where the round of re-reading stands */
	int64_t reread_budget;
	int64_t sampled_ms; /* when the last sample was taken */
	int64_t pass_ms;    /* when the last BPF pass began */
	int64_t pass_cost_ms;
	uint16_t sample;
	bool passed;	  /* a BPF pass was made for this sample */
	size_t count;	  /* connections with settings, of this sample */
	size_t asked;	  /* ... worth reading */
	size_t answered;  /* ... of which we know them */
	size_t ownerless; /* ... that pidfd_getfd had no owner for */
};

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

/*
 * Only where our close cannot change what is on the wire: a FIN of the owner's waits
 * for the duplicate, in other states it is under way or was.
 */
static bool may_be_duplicated(const struct conn *c)
{
	return c->state == STATE_ESTABLISHED || c->state == STATE_CLOSE_WAIT;
}

static bool load_bpf(struct settings_reader *r)
{
	if (r->bpf || r->bpf_tried || r->policy == BPF_NEVER || !r->peek)
		return r->bpf != NULL;
	r->bpf_tried = true;
	r->bpf = settings_bpf_open(BPF_SETTINGS | BPF_OWNERS, &r->bpf_fault);
	return r->bpf != NULL;
}

static bool bpf_has(const struct settings_reader *r, unsigned program)
{
	return r->bpf && settings_bpf_programs(r->bpf) & program;
}

struct settings_reader *settings_open(const struct collect_options *options)
{
	struct settings_reader *r = xcalloc(1, sizeof(*r));

	r->peek = options->peek;
	r->repeat = options->repeat;
	r->policy = policy();
	r->reread_budget = REREADS_PER_S;
	/* Repeated sampling opens what it needs before privileges are dropped. */
	if (r->repeat || r->policy == BPF_ALWAYS)
		load_bpf(r);
	return r;
}

/*
 * The settings may have changed, or are too old. That sock_diag sees another keepalive
 * than we remember is proof.
 */
static bool is_stale(const struct settings_reader *r, const struct conn *c,
	const struct socket_settings *s)
{
	bool on = s->flags & SETTING_KEEPALIVE_ON;

	return r->sampled_ms - s->read_ms >= REREAD_MS ||
	       (conn_has(c, HAVE_KEEPALIVE) && c->keepalive_on != on);
}

/* What one look over the sample tells about the work to do. */
struct survey {
	size_t count; /* with settings worth reading */
	size_t missing;
	bool quiet; /* one whose peer may be keeping it alive: BPF alone tells at once */
};

static bool may_be_kept_by_peer(const struct conn *c)
{
	int64_t silence_ms;

	return c->state == STATE_ESTABLISHED && !c->peer_is_local &&
	       conn_silence_ms(c, &silence_ms) && silence_ms >= 1000;
}

/* The cache's entry of connection @i, NULL while there is none. */
static struct socket_settings *entry(const struct settings_reader *r, size_t i)
{
	return r->entry_of[i] ? &r->cache.entries[r->entry_of[i] - 1] : NULL;
}

static void survey(
	struct settings_reader *r, const struct snapshot *snap, struct survey *v)
{
	size_t next = 0;

	memset(v, 0, sizeof(*v));
	r->entry_of =
		xgrow(r->entry_of, &r->entry_cap, snap->count, sizeof(*r->entry_of));
	for (size_t i = 0; i < snap->count; i++) {
		const struct conn *c = &snap->conns[i];

		r->entry_of[i] = 0;
		if (!settings_exist(c))
			continue;
		v->count++;
		v->quiet = v->quiet || may_be_kept_by_peer(c);
		r->entry_of[i] = settings_cache_index(&r->cache, c->id, &next);
		if (r->entry_of[i])
			entry(r, i)->sample = r->sample;
		else
			v->missing++;
	}
}

/* Those that were read since the survey. */
static void look_again(struct settings_reader *r, const struct snapshot *snap)
{
	size_t next = 0;

	for (size_t i = 0; i < snap->count; i++)
		if (!r->entry_of[i] && settings_exist(&snap->conns[i]))
			r->entry_of[i] =
				settings_cache_index(&r->cache, snap->conns[i].id, &next);
}

/*
 * A pass reads every socket of the namespace: 2 us each. Small tables can have one each
 * sample, large ones each ten seconds and for many new sockets.
 */
static bool is_time_for_pass(const struct settings_reader *r, const struct survey *v)
{
	int64_t age_ms = r->sampled_ms - r->pass_ms;
	int64_t spacing_ms = r->pass_cost_ms * PASS_SHARE;

	if (!r->pass_ms)
		return true;
	if (spacing_ms > REREAD_MS)
		spacing_ms = REREAD_MS;
	if (age_ms >= spacing_ms)
		return true;
	return v->missing > BPF_WORTH_IT && age_ms >= NEW_SELDOM_MS;
}

/* Where pidfd_getfd is refused new sockets have no other way. */
static bool may_pass_again(const struct settings_reader *r)
{
	int64_t age_ms = r->sampled_ms - r->pass_ms;

	return age_ms >= NEW_SELDOM_MS && age_ms >= r->pass_cost_ms * PASS_SHARE / 4;
}

static void pass_bpf(struct settings_reader *r)
{
	struct error fault = { 0 };

	r->pass_ms = clock_mono_ms();
	r->passed = settings_bpf_read(r->bpf, &r->cache, &fault) == 0;
	r->pass_cost_ms = clock_mono_ms() - r->pass_ms;
	if (!r->passed)
		r->bpf_fault = fault;
}

static bool is_bpf_wanted(const struct settings_reader *r, const struct survey *v)
{
	return r->bpf || v->count > BPF_WORTH_IT || (v->quiet && !r->repeat);
}

static void want(struct settings_reader *r, size_t index)
{
	r->wanted =
		xgrow(r->wanted, &r->wanted_cap, r->wanted_count + 1, sizeof(*r->wanted));
	r->wanted[r->wanted_count++] = (uint32_t)index;
}

/* Unread ones all, read ones as far as the budget goes, the selected one always. */
static void choose_for_pidfd(struct settings_reader *r,
	const struct collect_request *request, const struct snapshot *snap)
{
	size_t from = r->reread_from < snap->count ? r->reread_from : 0;

	r->wanted_count = 0;
	for (size_t n = 0; n < snap->count; n++) {
		size_t i = from + n < snap->count ? from + n : from + n - snap->count;
		const struct conn *c = &snap->conns[i];
		const struct socket_settings *s = entry(r, i);

		if (!settings_exist(c) || !may_be_duplicated(c))
			continue;
		if (s && c->id != request->selected) {
			if (!is_stale(r, c, s) || r->reread_budget <= 0)
				continue;
			r->reread_budget--;
			r->reread_from = i + 1;
		}
		want(r, i);
	}
}

/* Without its owner there is no descriptor to ask. */
static void read_by_pidfd(struct settings_reader *r, const struct snapshot *snap)
{
	size_t kept = 0;

	for (size_t n = 0; n < r->wanted_count; n++) {
		uint32_t i = r->wanted[n];

		if (snap->conns[i].owner_count)
			r->wanted[kept++] = i;
		else
			r->ownerless += !r->entry_of[i];
	}
	settings_pidfd_read(snap, r->wanted, kept, &r->cache, &r->pidfd);
	if (kept)
		look_again(r, snap);
}

static void fill(struct settings_reader *r, struct snapshot *snap)
{
	int64_t now_ms = snap->mono_ms ? snap->mono_ms : r->sampled_ms;

	for (size_t i = 0; i < snap->count; i++) {
		struct conn *c = &snap->conns[i];
		struct socket_settings *s = entry(r, i);

		if (!settings_exist(c))
			continue;
		r->asked += may_be_duplicated(c) || s;
		if (!s)
			continue;
		s->sample = r->sample;
		r->answered++;
		settings_fill(c, s, &snap->system, now_ms);
	}
}

/* One line: the way, how many of how many, what was refused and the cure. */
static void describe(const struct settings_reader *r, struct access_info *access)
{
	struct strbuf line = { 0 };
	const char *cure = settings_pidfd_cure(r->pidfd.error);
	size_t unread = r->asked - r->answered;

	access->settings_refused = unread < r->pidfd.refused ? unread : r->pidfd.refused;
	snprintf(access->settings_cure, sizeof(access->settings_cure), "%s", cure);
	if (r->bpf_fault.text[0])
		strbuf_printf(&line, "BPF refused: %s; ", r->bpf_fault.text);
	strbuf_printf(&line, "%s: %zu of %zu",
		bpf_has(r, BPF_SETTINGS) ? "BPF iterators" : "pidfd_getfd", r->answered,
		r->asked);
	if (r->pidfd.refused)
		strbuf_printf(&line, "; refused for %u: %s%s%s%s", r->pidfd.refused,
			strerror(r->pidfd.error), *cure ? " (" : "", cure,
			*cure ? ")" : "");
	if (r->ownerless && r->answered < r->asked)
		strbuf_printf(&line, "; owner unknown for %zu", r->ownerless);
	snprintf(access->settings, sizeof(access->settings), "%s", strbuf_text(&line));
	strbuf_clear(&line);
}

static void begin_sample(struct settings_reader *r)
{
	int64_t now_ms = clock_mono_ms();

	if (r->sampled_ms)
		r->reread_budget += (now_ms - r->sampled_ms) * REREADS_PER_S / 1000;
	if (r->reread_budget > REREADS_PER_S)
		r->reread_budget = REREADS_PER_S;
	r->sampled_ms = now_ms;
	r->sample++;
	r->passed = false;
	r->asked = r->answered = r->ownerless = 0;
	memset(&r->pidfd, 0, sizeof(r->pidfd));
}

bool settings_begin(struct settings_reader *r, const struct collect_request *request,
	const struct snapshot *snap)
{
	struct survey v;

	if (!r->peek)
		return false;
	begin_sample(r);
	survey(r, snap, &v);
	r->count = v.count;
	if (is_bpf_wanted(r, &v) && load_bpf(r) && bpf_has(r, BPF_SETTINGS) &&
		is_time_for_pass(r, &v)) {
		settings_cache_reserve(&r->cache, v.count);
		pass_bpf(r);
		look_again(r, snap);
	}
	choose_for_pidfd(r, request, snap);
	return r->wanted_count > 0;
}

void settings_apply(struct settings_reader *r, struct snapshot *snap)
{
	if (!r->peek) {
		snprintf(snap->access.settings, sizeof(snap->access.settings),
			"not read (--no-peek)");
		return;
	}
	read_by_pidfd(r, snap);
	if (r->pidfd.refused && !r->passed && load_bpf(r) && bpf_has(r, BPF_SETTINGS) &&
		may_pass_again(r)) {
		pass_bpf(r);
		look_again(r, snap);
	}
	fill(r, snap);
	describe(r, &snap->access);
	settings_cache_sweep(&r->cache, r->sample, r->count);
}

bool settings_walk_owners(struct settings_reader *r, struct owner_map *map)
{
	struct error fault = { 0 };

	if (!r->bpf && map->used <= BPF_WORTH_IT)
		return false;
	if (!load_bpf(r) || !bpf_has(r, BPF_OWNERS))
		return false;
	return settings_bpf_walk_owners(r->bpf, map, &fault) == 0;
}

void settings_close(struct settings_reader *r)
{
	if (!r)
		return;
	settings_bpf_close(r->bpf);
	settings_cache_clear(&r->cache);
	free(r->entry_of);
	free(r->wanted);
	free(r);
}
