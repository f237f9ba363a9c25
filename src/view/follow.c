/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From one sample to the next: what rose, what got worse, what is gone. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/explain.h"
#include "view/hint.h"
#include "view/layout.h"
#include "view/places.h"
#include "view/view.h"

/* A row that was on the screen: its place, and its number in the new sample. */
struct watched {
	const struct conn *conn;
	size_t place;
	uint32_t index;
};

/*
 * One comparison. `shown` has a bit for each connection of the new sample that the new
 * table shows, `seen` for each of those that are on the screen.
 */
struct follow {
	struct view *v;
	const struct table *old;
	struct table *new;
	int64_t now_ms;
	size_t rows; /* of the screen */
	struct watched *watched;
	size_t watched_count;
	uint32_t selected; /* number of the selected connection in the new sample */
	uint8_t *shown;
	uint8_t *seen;
};

static bool bit(const uint8_t *bits, uint32_t i)
{
	return (bits[i / 8] >> (i % 8) & 1) != 0;
}

static void set_bit(uint8_t *bits, uint32_t i)
{
	bits[i / 8] = (uint8_t)(bits[i / 8] | 1U << (i % 8));
}

static int64_t rate(int64_t before, int64_t after, int64_t span_ms)
{
	if (before == SYSTEM_UNKNOWN || after == SYSTEM_UNKNOWN || after < before ||
		span_ms <= 0 || after - before > INT64_MAX / 100000)
		return VIEW_NO_RATE;
	return (after - before) * 100000 / span_ms;
}

static void find_rates(
	struct view *v, const struct snapshot *old, const struct snapshot *new)
{
	const struct system_info *a = &old->system, *b = &new->system;
	int64_t span_ms = new->time_ms - old->time_ms;

	v->rates.probes = rate(a->probes_sent, b->probes_sent, span_ms);
	v->rates.aborted = rate(a->aborted_on_timeout, b->aborted_on_timeout, span_ms);
}

/*
 * Whether one more of the vanished may take a place on the screen: those at risk up to
 * half of it, others up to a quarter, and none of states that come and go.
 */
static bool has_room(const struct follow *f, const struct outlook *o)
{
	const struct marks *m = &f->v->marks;
	size_t most = o->at_risk ? f->rows / 2 : f->rows / 4;

	if (most > GONE_MAX - 1)
		most = GONE_MAX - 1;
	return o->verdict != VERDICT_NONE && m->gone_count < most;
}

/* A row of the old table that is no more: it stays for a while, with its ending. */
static void bury(struct follow *f, size_t place, const struct conn *c)
{
	struct view *v = f->v;
	const struct snapshot *snap = f->old->snap;
	struct strbuf ending = { 0 };
	struct outlook o;
	struct gone *g;

	outlook_of(c, &snap->system, &v->query.path, &o);
	if (c->id != v->selected && !has_room(f, &o))
		return;
	g = marks_bury(&v->marks, snap, c, place, f->now_ms + MARK_LASTS_MS);
	if (g != NULL) {
		explain_ending(
			&ending, snap, c, &o, f->new->snap->time_ms - snap->time_ms);
		strncat(g->ending, strbuf_text(&ending), sizeof(g->ending) - 1);
	}
	strbuf_clear(&ending);
}

static bool got_worse(const struct follow *f, const struct conn *a, const struct conn *b)
{
	struct outlook before, after;

	outlook_of(a, &f->old->snap->system, &f->v->query.path, &before);
	outlook_of(b, &f->new->snap->system, &f->v->query.path, &after);
	return (after.at_risk && !before.at_risk) ||
	       (after.at_risk >= before.at_risk && before.verdict != VERDICT_UNKNOWN &&
		       before.verdict != VERDICT_NONE &&
		       verdict_rank(after.verdict) < verdict_rank(before.verdict));
}

static bool has_closed(const struct conn *before, const struct conn *after)
{
	const uint32_t closed = STATE_BIT(STATE_TIME_WAIT) | STATE_BIT(STATE_CLOSE);

	return (STATE_BIT(after->state) & closed) != 0 &&
	       (STATE_BIT(before->state) & closed) == 0;
}

static void watch(struct follow *f, size_t place)
{
	struct place at = places_at(f->v, f->old, place);

	if (at.conn == NULL || at.gone != NULL)
		return;
	f->watched[f->watched_count] = (struct watched){ at.conn, place, IDMAP_NONE };
	idmap_put(&f->v->ids, at.conn->id, (uint32_t)f->watched_count++);
}

/* Notes the rows on the screen and the one under the cursor. */
static void watch_screen(struct follow *f)
{
	struct view *v = f->v;

	f->watched = xcalloc(f->rows + 1, sizeof(f->watched[0]));
	idmap_reset(&v->ids);
	for (size_t i = 0; i < f->rows; i++)
		watch(f, v->top + i);
	if (v->cursor < v->top || v->cursor >= v->top + f->rows)
		watch(f, v->cursor);
}

/*
 * Goes through the new sample once, in the order of memory: finds what is watched, and
 * notes in `rising` the connections whose past is of interest: those on the screen and
 * those with unanswered probes.
 */
static void pass_new(struct follow *f, struct idmap *rising)
{
	const struct snapshot *snap = f->new->snap;

	for (uint32_t i = 0; i < snap->count; i++) {
		const struct conn *c = &snap->conns[i];
		uint32_t k = idmap_find(&f->v->ids, c->id);

		if (k != IDMAP_NONE)
			f->watched[k].index = i;
		if (c->id == f->v->selected)
			f->selected = i;
		if (bit(f->seen, i) || (c->probes > 0 && bit(f->shown, i)))
			idmap_put(rising, c->id, i);
	}
}

/* Goes through the old sample once: marks what rose or got worse since. */
static void pass_old(struct follow *f, const struct idmap *rising)
{
	const struct snapshot *snap = f->old->snap;

	for (size_t i = 0; i < snap->count; i++) {
		const struct conn *a = &snap->conns[i], *b;
		uint32_t index = idmap_find(rising, a->id);

		if (index == IDMAP_NONE)
			continue;
		b = &f->new->snap->conns[index];
		if (b->probes > a->probes || (bit(f->seen, index) && got_worse(f, a, b)))
			marks_change(&f->v->marks, b->id, f->now_ms + MARK_LASTS_MS);
	}
}

static bool is_gone(const struct follow *f, const struct watched *w)
{
	if (w->index == IDMAP_NONE)
		return true;
	return has_closed(w->conn, &f->new->snap->conns[w->index]) &&
	       !bit(f->shown, w->index);
}

static void bury_watched(struct follow *f)
{
	for (size_t i = 0; i < f->watched_count; i++)
		if (is_gone(f, &f->watched[i]))
			bury(f, f->watched[i].place, f->watched[i].conn);
}

/* The rows keep the order they had; new ones come last. */
static void hold_order(struct follow *f)
{
	struct table *t = f->new;
	struct idmap *ids = &f->v->ids;
	uint32_t *order = xmalloc((t->count + 1) * sizeof(order[0]));
	size_t n = 0;

	idmap_reset(ids);
	for (size_t i = 0; i < t->count; i++)
		idmap_put(ids, t->snap->conns[t->order[i]].id, t->order[i]);
	for (size_t i = 0; i < f->old->count; i++) {
		uint64_t id = f->old->snap->conns[f->old->order[i]].id;
		uint32_t index = idmap_find(ids, id);

		if (index == IDMAP_NONE || !bit(f->shown, index))
			continue;
		f->shown[index / 8] &= (uint8_t) ~(1U << (index % 8));
		order[n++] = index;
	}
	for (size_t i = 0; i < t->count; i++)
		if (bit(f->shown, t->order[i]))
			order[n++] = t->order[i];
	memcpy(t->order, order, t->count * sizeof(order[0]));
	free(order);
	idmap_clear(ids); /* it grew with the table; the next use is small */
}

/* Room for two bit sets over the new sample, cleared. */
static void make_bits(struct follow *f)
{
	struct view *v = f->v;
	size_t bytes = f->new->snap->count / 8 + 1;

	if (bytes * 2 > v->scratch_size) {
		v->scratch = xreallocarray(v->scratch, bytes, 2);
		v->scratch_size = bytes * 2;
	}
	memset(v->scratch, 0, bytes * 2);
	f->shown = v->scratch;
	f->seen = v->scratch + bytes;
}

static void compare(struct follow *f)
{
	const struct view *v = f->v;
	struct idmap rising = { 0 };
	struct layout lay;

	layout_of(v, &lay);
	f->rows = (size_t)lay.rows_height;
	make_bits(f);
	for (size_t i = 0; i < f->new->count; i++)
		set_bit(f->shown, f->new->order[i]);
	for (size_t i = v->top; i < f->new->count &&i < v->top + f->rows; i++)
		set_bit(f->seen, f->new->order[i]);
	watch_screen(f);
	pass_new(f, &rising);
	pass_old(f, &rising);
	bury_watched(f);
	idmap_clear(&rising);
	free(f->watched);
}

/* The number of the selected connection, when there is no table to compare with. */
static uint32_t find_selected(const struct view *v, const struct snapshot *snap)
{
	const struct conn *c = v->selected != 0 ? snapshot_find(snap, v->selected) : NULL;

	return c != NULL ? (uint32_t)(c - snap->conns) : IDMAP_NONE;
}

void view_sample(
	struct view *v, const struct table *old, struct table *new, int64_t now_ms)
{
	struct follow f = {
		.v = v, .old = old, .new = new, .now_ms = now_ms, .selected = IDMAP_NONE
	};

	v->rates = (struct view_rates){ VIEW_NO_RATE, VIEW_NO_RATE };
	if (old != NULL && old->snap != NULL && v->sampled) {
		find_rates(v, old->snap, new->snap);
		compare(&f);
		if (v->hold > 0) {
			hold_order(&f);
			v->hold--;
		}
	} else {
		f.selected = find_selected(v, new->snap);
	}
	v->sampled = true;
	hint_update(v, new);
	marks_settle(&v->marks, new->count);
	places_follow(v, new, f.selected);
}
