/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/places.h"

#include "view/layout.h"

size_t places_count(const struct view *v, const struct table *t)
{
	return (t != NULL ? t->count : 0) + v->marks.gone_count;
}

struct place places_at(const struct view *v, const struct table *t, size_t place)
{
	const struct gone *gone = marks_gone_at(&v->marks, place);
	size_t row = place - marks_gone_before(&v->marks, place);

	if (gone != NULL)
		return (struct place){ gone, &v->marks.past, &gone->conn, 0 };
	if (t == NULL || row >= t->count)
		return (struct place){ 0 };
	return (struct place){ NULL, t->snap, &t->snap->conns[t->order[row]], row };
}

/* The place of row @row: past the vanished that stand before it. */
static size_t place_of_row(const struct view *v, size_t row)
{
	for (size_t i = 0; i < v->marks.gone_count; i++)
		if (v->marks.gone[i].place <= row)
			row++;
	return row;
}

size_t places_find_index(
	const struct view *v, const struct table *t, uint32_t index, uint64_t id)
{
	for (size_t i = 0; t != NULL && i < t->count && index != PAIR_NONE; i++)
		if (t->order[i] == index)
			return place_of_row(v, i);
	for (size_t i = 0; i < v->marks.gone_count; i++)
		if (v->marks.gone[i].conn.id == id)
			return v->marks.gone[i].place;
	return PLACE_NONE;
}

void places_scroll(struct view *v, const struct table *t)
{
	size_t count = places_count(v, t);
	struct layout lay;
	size_t rows;

	layout_of(v, &lay);
	rows = lay.rows_height > 0 ? (size_t)lay.rows_height : 1;
	if (v->cursor >= count)
		v->cursor = count > 0 ? count - 1 : 0;
	if (v->top > v->cursor)
		v->top = v->cursor;
	if (v->cursor - v->top >= rows)
		v->top = v->cursor - rows + 1;
	if (v->top + rows > count)
		v->top = count > rows ? count - rows : 0;
}

void places_select(struct view *v, const struct table *t, size_t place)
{
	struct place at;

	v->cursor = place;
	places_scroll(v, t);
	at = places_at(v, t, v->cursor);
	v->selected = at.conn != NULL ? at.conn->id : 0;
	v->number = at.conn != NULL && at.gone == NULL ? t->order[at.row] : PAIR_NONE;
}

bool places_current(const struct view *v, const struct table *t, struct place *out)
{
	uint64_t held = view_wants(v);

	*out = places_at(v, t, v->cursor);
	return out->conn != NULL && (held == 0 || out->conn->id == held);
}

void places_follow(struct view *v, const struct table *t, uint32_t index)
{
	size_t place = PLACE_NONE;

	v->number = v->selected != 0 ? index : PAIR_NONE;
	if (v->selected == 0) {
		v->cursor = 0;
	} else {
		place = places_find_index(v, t, index, v->selected);
		if (place != PLACE_NONE)
			v->cursor = place;
	}
	places_scroll(v, t);
	if (v->selected != 0 && place == PLACE_NONE && view_wants(v) == 0)
		places_select(v, t, v->cursor);
}

int64_t view_elapsed_ms(const struct view *v, const struct snapshot *snap, int64_t now_ms)
{
	int64_t now = v->frozen ? v->frozen_at_ms : now_ms;

	if (snap == NULL || snap->mono_ms == 0 || now < snap->mono_ms)
		return 0;
	return now - snap->mono_ms;
}

void places_row(const struct view *v, const struct place *at, int64_t now_ms,
	struct conn *conn, struct outlook *outlook, struct row *row)
{
	*conn = *at->conn;
	if (at->gone == NULL)
		conn_advance(conn, view_elapsed_ms(v, at->snap, now_ms));
	outlook_of(conn, &at->snap->system, &v->query.path, outlook);
	*row = (struct row){ .snap = at->snap, .conn = conn, .outlook = outlook };
}
