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
	uint32_t number;
};

/*
 * One comparison. `shown` has a bit for each connection of the new sample that the new
 * table shows.
 */
struct follow {
	struct view *v;
	const struct table *old;
	struct table *new;
	const struct pairs *pairs;
	int64_t now_ms;
	size_t rows; /* of the screen */
	uint8_t *shown;
};

static bool bit(const uint8_t *bits, uint32_t i)
{
	return (bits[i / 8] >> (i % 8) & 1) != 0;
}

static void set_bit(uint8_t *bits, uint32_t i)
{
	bits[i / 8] = (uint8_t)(bits[i / 8] | 1U << (i % 8));
}

static void clear_bit(uint8_t *bits, uint32_t i)
{
	bits[i / 8] = (uint8_t)(bits[i / 8] & ~(1U << (i % 8)));
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
		explain_ending(&ending, c, &o, f->new->snap->time_ms - snap->time_ms);
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

static bool is_gone(const struct follow *f, const struct watched *w)
{
	if (w->number == PAIR_NONE)
		return true;
	return has_closed(w->conn, &f->new->snap->conns[w->number]) &&
	       !bit(f->shown, w->number);
}

/* Notes what stands at @place of the old table if it is no more. */
static size_t watch(const struct follow *f, size_t place, struct watched *out)
{
	struct place at = places_at(f->v, f->old, place);

	if (at.conn == NULL || at.gone != NULL)
		return 0;
	*out = (struct watched){ at.conn, place,
		f->pairs->now[at.conn - f->old->snap->conns] };
	return is_gone(f, out) ? 1 : 0;
}

/* Of the rows on the screen and the one under the cursor those that vanished stay for a
 * while. All are found first: each that is buried moves the places. */
static void bury_vanished(struct follow *f)
{
	const struct view *v = f->v;
	struct watched *gone = xcalloc(f->rows + 1, sizeof(gone[0]));
	size_t count = 0;

	for (size_t i = 0; i < f->rows; i++)
		count += watch(f, v->top + i, &gone[count]);
	if (v->cursor < v->top || v->cursor >= v->top + f->rows)
		count += watch(f, v->cursor, &gone[count]);
	for (size_t i = 0; i < count; i++)
		bury(f, gone[i].place, gone[i].conn);
	free(gone);
}

/* A dump may have missed a row: what was not there before may be a vanished one. */
static void take_back(struct follow *f)
{
	const struct snapshot *snap = f->new->snap;

	for (uint32_t i = 0; i < snap->count && f->v->marks.gone_count > 0; i++)
		if (f->pairs->before[i] == PAIR_NONE)
			marks_return(&f->v->marks, snap->conns[i].id);
}

/* The rows keep the order they had; new ones come last. */
static void hold_order(struct follow *f)
{
	struct table *t = f->new;
	uint32_t *order = xmalloc((t->count + 1) * sizeof(order[0]));
	size_t n = 0;

	for (size_t i = 0; i < f->old->count; i++) {
		uint32_t number = f->pairs->now[f->old->order[i]];

		if (number == PAIR_NONE || !bit(f->shown, number))
			continue;
		clear_bit(f->shown, number);
		order[n++] = number;
	}
	for (size_t i = 0; i < t->count; i++)
		if (bit(f->shown, t->order[i]))
			order[n++] = t->order[i];
	memcpy(t->order, order, t->count * sizeof(order[0]));
	free(order);
}

/*
 * The number of the selected connection now. One that had vanished and is here again (a
 * dump may miss a row) is among those that were not there before.
 */
static uint32_t follow_selected(const struct follow *f)
{
	const struct view *v = f->v;
	const struct snapshot *snap = f->new->snap;

	if (v->number != PAIR_NONE)
		return f->pairs->now[v->number];
	for (uint32_t i = 0; i < snap->count && v->selected != 0; i++)
		if (f->pairs->before[i] == PAIR_NONE && snap->conns[i].id == v->selected)
			return i;
	return PAIR_NONE;
}

static void mark(struct follow *f, uint32_t number)
{
	marks_change(
		&f->v->marks, f->new->snap->conns[number].id, f->now_ms + MARK_LASTS_MS);
}

/* Marks what rose, as far as it is shown and there is room. */
static void mark_risen(struct follow *f)
{
	const struct pairs *p = f->pairs;

	for (size_t i = 0; i < p->risen_count; i++)
		if (f->v->marks.changed_count < MARKS_MAX && bit(f->shown, p->risen[i]))
			mark(f, p->risen[i]);
}

/* Marks what got worse on the screen as it is now. */
static void mark_worse(struct follow *f)
{
	const struct view *v = f->v;

	for (size_t i = 0; i < f->rows; i++) {
		struct place at = places_at(v, f->new, v->top + i);
		uint32_t number, before;

		if (at.conn == NULL || at.gone != NULL)
			continue;
		number = f->new->order[at.row];
		before = f->pairs->before[number];
		if (before != PAIR_NONE &&
			got_worse(f, &f->old->snap->conns[before], at.conn))
			mark(f, number);
	}
}

static void note_shown(struct follow *f)
{
	struct layout lay;

	layout_of(f->v, &lay);
	f->rows = (size_t)lay.rows_height;
	f->shown = xcalloc(f->new->snap->count / 8 + 1, 1);
	for (size_t i = 0; i < f->new->count; i++)
		set_bit(f->shown, f->new->order[i]);
}

static void compare(struct follow *f)
{
	struct view *v = f->v;
	uint32_t selected = follow_selected(f);

	note_shown(f);
	find_rates(v, f->old->snap, f->new->snap);
	bury_vanished(f);
	take_back(f);
	mark_risen(f);
	if (v->hold > 0) {
		hold_order(f);
		v->hold--;
	}
	marks_settle(&v->marks, f->new->count);
	places_follow(v, f->new, selected);
	mark_worse(f);
	free(f->shown);
}

/* There is no table to compare with; what was marked belongs to a later sample. */
static void start_over(struct view *v, const struct table *new)
{
	const struct snapshot *snap = new->snap;
	const struct conn *c = v->selected != 0 ? snapshot_find(snap, v->selected) : NULL;

	marks_clear(&v->marks);
	places_follow(v, new, c != NULL ? (uint32_t)(c - snap->conns) : PAIR_NONE);
}

void view_sample(struct view *v, const struct table *old, struct table *new,
	const struct pairs *pairs, int64_t now_ms)
{
	struct follow f = {
		.v = v, .old = old, .new = new, .pairs = pairs, .now_ms = now_ms
	};

	v->rates = (struct view_rates){ VIEW_NO_RATE, VIEW_NO_RATE };
	hint_update(v, new);
	if (old != NULL && old->snap != NULL && v->sampled)
		compare(&f);
	else
		start_over(v, new);
	v->sampled = true;
}
