/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which way the settings are read, when they are read again, and what is said of it. */
#include "config.h"

#include "collect/linux/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "collect/linux/settings_cache.h"
#include "collect/linux/settings_fill.h"
#include "collect/linux/settings_pass.h"
#include "collect/linux/settings_pidfd.h"
#include "host/host.h"

/* In repeated sampling, by duplicated descriptors: */
#define REREAD_MS     10000 /* how old settings may get */
#define REREADS_PER_S 2000

struct settings_reader {
	bool peek;
	bool repeat;
	struct settings_pass bpf;
	struct settings_cache cache;
	struct pidfd_outcome pidfd; /* of this sample */
	uint32_t *entry_of; /* by connection: cache index + 1; 0: has no settings */
	size_t entry_cap;
	uint32_t *wanted; /* connections to be read by pidfd_getfd */
	size_t wanted_count;
	size_t wanted_cap;
	size_t reread_from; /* where the round of re-reading stands */
	int64_t reread_budget;
	int64_t sampled_ms; /* when the last sample was taken */
	uint64_t selected;  /* the connection to read each time, 0 none */
	uint16_t sample;
	bool due;	  /* a BPF pass waits for what the walk of the owners brings */
	bool passed;	  /* a BPF pass was made for this sample */
	size_t count;	  /* connections with settings, of this sample */
	size_t asked;	  /* ... worth reading */
	size_t answered;  /* ... of which we know them */
	size_t ownerless; /* ... that pidfd_getfd had no owner for */
	bool hidden;	  /* ... one because its owner may not be known */
};

/*
 * Only where our close cannot change what is on the wire: a FIN of the owner's waits
 * for the duplicate, in other states it is under way or was.
 */
static bool may_be_duplicated(const struct conn *c)
{
	return c->state == STATE_ESTABLISHED || c->state == STATE_CLOSE_WAIT;
}

struct settings_reader *settings_open(const struct collect_options *options)
{
	struct settings_reader *r = xcalloc(1, sizeof(*r));

	r->peek = options->peek;
	r->repeat = options->repeat;
	r->reread_budget = REREADS_PER_S;
	if (r->peek)
		settings_pass_open(&r->bpf, r->repeat);
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
	bool quiet;  /* one whose peer may be keeping it alive: BPF alone tells at once */
	bool orphan; /* one that no walk of the owners will meet */
};

static bool may_be_kept_by_peer(const struct conn *c)
{
	int64_t silence_ms;

	return c->state == STATE_ESTABLISHED && !c->peer_is_local &&
	       conn_silence_ms(c, &silence_ms) && silence_ms >= 1000;
}

/* The settings of connection @i, NULL while they were never read. */
static const struct socket_settings *entry(const struct settings_reader *r, size_t i)
{
	const struct socket_settings *s;

	if (!r->entry_of[i])
		return NULL;
	s = &r->cache.entries[r->entry_of[i] - 1];
	return s->read_ms ? s : NULL;
}

/* Each connection with settings gets its entry, in the order of the sample. */
static void survey(
	struct settings_reader *r, const struct snapshot *snap, struct survey *v)
{
	size_t next = 0;

	memset(v, 0, sizeof(*v));
	r->entry_of =
		xgrow(r->entry_of, &r->entry_cap, snap->count, sizeof(*r->entry_of));
	settings_cache_reserve(&r->cache, snap->count);
	for (size_t i = 0; i < snap->count; i++) {
		const struct conn *c = &snap->conns[i];
		struct socket_settings *s;

		r->entry_of[i] = 0;
		if (!settings_exist(c))
			continue;
		v->count++;
		v->quiet = v->quiet || may_be_kept_by_peer(c);
		v->orphan = v->orphan || c->inode == 0;
		s = settings_cache_add_next(&r->cache, c->id, &next);
		s->sample = r->sample;
		r->entry_of[i] = (uint32_t)(s - r->cache.entries) + 1;
		v->missing += !s->read_ms;
	}
}

static void pass_bpf(struct settings_reader *r)
{
	r->passed = settings_pass_read(&r->bpf, &r->cache);
}

/* Whether every connection's settings were read since the sample was begun. */
static bool are_all_fresh(const struct settings_reader *r, const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->count; i++) {
		const struct socket_settings *s = entry(r, i);

		if (settings_exist(&snap->conns[i]) && (!s || s->read_ms < r->sampled_ms))
			return false;
	}
	return true;
}

static bool is_bpf_wanted(const struct settings_reader *r, const struct survey *v)
{
	return settings_pass_is_worth_it(&r->bpf, v->count) || (v->quiet && !r->repeat);
}

static void want(struct settings_reader *r, size_t index)
{
	r->wanted =
		xgrow(r->wanted, &r->wanted_cap, r->wanted_count + 1, sizeof(*r->wanted));
	r->wanted[r->wanted_count++] = (uint32_t)index;
}

/* Unread ones all, read ones as far as the budget goes, the selected one always. */
static void choose_for_pidfd(struct settings_reader *r, const struct snapshot *snap)
{
	size_t from = r->reread_from < snap->count ? r->reread_from : 0;

	r->wanted_count = 0;
	for (size_t n = 0; n < snap->count; n++) {
		size_t i = from + n < snap->count ? from + n : from + n - snap->count;
		const struct conn *c = &snap->conns[i];
		const struct socket_settings *s = entry(r, i);

		if (!settings_exist(c) || !may_be_duplicated(c))
			continue;
		if (s && c->id != r->selected) {
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
		const struct conn *c = &snap->conns[i];

		if (c->owner_count) {
			r->wanted[kept++] = i;
		} else if (!entry(r, i)) {
			r->ownerless++;
			r->hidden |= c->owner_unknown == OWNER_OTHER_USER;
		}
	}
	settings_pidfd_read(snap, r->wanted, kept, &r->cache, &r->pidfd);
}

/* What pidfd_getfd may not read, BPF may, whatever it costs. */
static void pass_if_refused(struct settings_reader *r)
{
	if ((r->pidfd.refused || r->hidden) && !r->passed &&
		settings_pass_load(&r->bpf) && settings_pass_has(&r->bpf, BPF_SETTINGS) &&
		settings_pass_may_repeat(&r->bpf, r->sampled_ms))
		pass_bpf(r);
}

static void fill(struct settings_reader *r, struct snapshot *snap)
{
	int64_t now_ms = snap->mono_ms ? snap->mono_ms : r->sampled_ms;

	for (size_t i = 0; i < snap->count; i++) {
		struct conn *c = &snap->conns[i];
		const struct socket_settings *s = entry(r, i);

		if (!settings_exist(c))
			continue;
		r->asked += may_be_duplicated(c) || s;
		if (!s)
			continue;
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
	if (r->bpf.fault.text[0])
		strbuf_printf(&line, "BPF refused: %s; ", r->bpf.fault.text);
	strbuf_printf(&line, "%s: %zu of %zu",
		settings_pass_has(&r->bpf, BPF_SETTINGS) ? "BPF iterators"
							 : "pidfd_getfd",
		r->answered, r->asked);
	if (access->settings_refused)
		strbuf_printf(&line, "; refused for %zu: %s%s%s%s",
			access->settings_refused, strerror(r->pidfd.error),
			*cure ? " (" : "", cure, *cure ? ")" : "");
	if (r->ownerless && unread)
		strbuf_printf(&line, "; owner unknown for %zu", r->ownerless);
	snprintf(access->settings, sizeof(access->settings), "%s", strbuf_text(&line));
	strbuf_clear(&line);
}

static void begin_sample(struct settings_reader *r, uint64_t selected)
{
	int64_t now_ms = clock_mono_ms();

	if (r->sampled_ms)
		r->reread_budget += (now_ms - r->sampled_ms) * REREADS_PER_S / 1000;
	if (r->reread_budget > REREADS_PER_S)
		r->reread_budget = REREADS_PER_S;
	r->sampled_ms = now_ms;
	r->selected = selected;
	r->sample++;
	r->due = r->passed = r->hidden = false;
	r->asked = r->answered = r->ownerless = 0;
	memset(&r->pidfd, 0, sizeof(r->pidfd));
}

/* Before the cache takes its memory: to load takes much, for a moment. */
static void load_if_many(struct settings_reader *r, const struct snapshot *snap)
{
	size_t count = 0;

	for (size_t i = 0; i < snap->count; i++) {
		count += settings_exist(&snap->conns[i]);
		if (settings_pass_is_worth_it(&r->bpf, count)) {
			settings_pass_load(&r->bpf);
			return;
		}
	}
}

bool settings_begin(struct settings_reader *r, const struct collect_request *request,
	const struct snapshot *snap)
{
	struct survey v;

	if (!r->peek)
		return false;
	begin_sample(r, request->selected);
	load_if_many(r, snap);
	survey(r, snap, &v);
	r->count = v.count;
	r->due = is_bpf_wanted(r, &v) && settings_pass_load(&r->bpf) &&
		 settings_pass_has(&r->bpf, BPF_SETTINGS) &&
		 settings_pass_is_due(&r->bpf, r->sampled_ms, v.missing);
	if (r->due && request->needs & COLLECT_OWNER && !v.orphan)
		return false;
	if (r->due)
		pass_bpf(r);
	r->due = false;
	choose_for_pidfd(r, snap);
	return r->wanted_count > 0;
}

/* The walk of the owners has read the sockets that have one: a pass reads the others. */
static void pass_if_due(struct settings_reader *r, const struct snapshot *snap)
{
	if (!r->due)
		return;
	r->due = false;
	if (!are_all_fresh(r, snap))
		pass_bpf(r);
	choose_for_pidfd(r, snap);
}

void settings_apply(struct settings_reader *r, struct snapshot *snap)
{
	if (!r->peek) {
		snprintf(snap->access.settings, sizeof(snap->access.settings),
			"not read (--no-peek)");
		return;
	}
	pass_if_due(r, snap);
	read_by_pidfd(r, snap);
	pass_if_refused(r);
	fill(r, snap);
	describe(r, &snap->access);
	settings_cache_sweep(&r->cache, r->sample, r->count);
}

bool settings_may_walk_owners(struct settings_reader *r, size_t count)
{
	return r->peek && settings_pass_is_worth_it(&r->bpf, count) &&
	       settings_pass_load(&r->bpf) && settings_pass_has(&r->bpf, BPF_OWNERS);
}

bool settings_walk_owners(struct settings_reader *r, struct owner_map *map)
{
	struct settings_room room = { &r->cache, r->entry_of };

	return settings_pass_walk(&r->bpf, map, r->due ? &room : NULL);
}

void settings_close(struct settings_reader *r)
{
	if (!r)
		return;
	settings_pass_close(&r->bpf);
	settings_cache_clear(&r->cache);
	free(r->entry_of);
	free(r->wanted);
	free(r);
}
