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

/* One comparison. `shown` has a bit for each connection of the new sample that the new
 * table shows, `seen` for each of those in its window. */
struct follow {
	struct view *v;
	const struct table *old;
	struct table *new;
	int64_t now_ms;
	size_t old_gone[GONE_MAX]; /* places of those that vanished before, ascending */
	size_t old_gone_count;
	size_t rows;	    /* of the screen */
	size_t gone_passed; /* of these, before the row at hand */
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

/* The place where row @row of the old table was shown; rows come in ascending order. */
static size_t old_place(struct follow *f, size_t row)
{
	while (f->gone_passed < f->old_gone_count &&
		f->old_gone[f->gone_passed] <= row + f->gone_passed)
		f->gone_passed++;
	return row + f->gone_passed;
}

/* Compares one row of the old table with what became of it. */
static void compare_row(struct follow *f, size_t row)
{
	const struct conn *a = &f->old->snap->conns[f->old->order[row]], *b;
	uint32_t index = idmap_find(&f->v->ids, a->id);
	size_t place = old_place(f, row);
	bool in_window = place >= f->v->top && place < f->v->top + f->rows;

	b = index != IDMAP_NONE ? &f->new->snap->conns[index] : NULL;
	if (b == NULL || (has_closed(a, b) && !bit(f->shown, index))) {
		if (in_window || a->id == f->v->selected)
			bury(f, place, a);
		return;
	}
	if ((conn_has(b, HAVE_PROBES) && b->probes > a->probes) ||
		((in_window || bit(f->seen, index)) && got_worse(f, a, b)))
		marks_change(&f->v->marks, b->id, f->now_ms + MARK_LASTS_MS);
}

/* The rows keep the order they had; new ones come last. */
static void hold_order(struct follow *f)
{
	struct table *t = f->new;
	uint32_t *order = xmalloc((t->count + 1) * sizeof(order[0]));
	size_t n = 0;

	for (size_t i = 0; i < f->old->count; i++) {
		uint64_t id = f->old->snap->conns[f->old->order[i]].id;
		uint32_t index = idmap_find(&f->v->ids, id);

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
	struct layout lay;

	layout_of(v, &lay);
	f->rows = (size_t)lay.rows_height;
	for (; f->old_gone_count < v->marks.gone_count; f->old_gone_count++)
		f->old_gone[f->old_gone_count] = v->marks.gone[f->old_gone_count].place;
	make_bits(f);
	for (size_t i = 0; i < f->new->count; i++)
		set_bit(f->shown, f->new->order[i]);
	for (size_t i = v->top; i < f->new->count &&i < v->top + f->rows; i++)
		set_bit(f->seen, f->new->order[i]);
	for (size_t i = 0; i < f->old->count; i++)
		compare_row(f, i);
}

void view_sample(
	struct view *v, const struct table *old, struct table *new, int64_t now_ms)
{
	struct follow f = { .v = v, .old = old, .new = new, .now_ms = now_ms };

	idmap_build(&v->ids, new->snap);
	v->rates = (struct view_rates){ VIEW_NO_RATE, VIEW_NO_RATE };
	if (old != NULL && old->snap != NULL && v->sampled) {
		find_rates(v, old->snap, new->snap);
		compare(&f);
		if (v->hold > 0) {
			hold_order(&f);
			v->hold--;
		}
	}
	v->sampled = true;
	hint_update(v, new);
	marks_settle(&v->marks, new->count);
	places_follow(
		v, new, v->selected != 0 ? idmap_find(&v->ids, v->selected) : IDMAP_NONE);
	idmap_forget(&v->ids);
}
