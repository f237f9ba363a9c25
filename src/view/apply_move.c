/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cursor keys: in the table, and how far they go elsewhere. */
#include "config.h"
#include "view/apply.h"

#include "base/bounds.h"
#include "view/layout.h"
#include "view/places.h"

/* Rows, entries and lines that the wheel moves by. */
#define WHEEL_ROWS 3

bool apply_step(enum action action, long page, long all, long *step)
{
	switch (action) {
	case ACTION_UP:
		*step = -1;
		return true;
	case ACTION_DOWN:
		*step = 1;
		return true;
	case ACTION_PAGE_UP:
		*step = -page;
		return true;
	case ACTION_PAGE_DOWN:
		*step = page;
		return true;
	case ACTION_HOME:
		*step = -all;
		return true;
	case ACTION_END:
		*step = all;
		return true;
	case ACTION_WHEEL_UP:
		*step = -WHEEL_ROWS;
		return true;
	case ACTION_WHEEL_DOWN:
		*step = WHEEL_ROWS;
		return true;
	default:
		return false;
	}
}

static long page_rows(const struct view *v)
{
	struct layout lay;

	layout_of(v, &lay);
	return lay.rows_height > 1 ? lay.rows_height - 1 : 1;
}

unsigned apply_move(struct apply *a, enum action action)
{
	struct view *v = a->v;
	long all = (long)places_count(v, a->t), step;

	if (!apply_step(action, page_rows(v), all, &step))
		return 0;
	v->hold = HOLD_REFRESHES;
	/* a page is another screenful, not the last row of this one */
	if (action == ACTION_PAGE_UP || action == ACTION_PAGE_DOWN)
		v->top = (size_t)max_of(0, (int64_t)v->top + step);
	places_select(v, a->t, (size_t)max_of(0, (int64_t)v->cursor + step));
	return 0;
}

unsigned apply_next_risk(struct apply *a, enum action action)
{
	struct view *v = a->v;
	size_t count = places_count(v, a->t);

	(void)action;
	for (size_t i = 1; i <= count; i++) {
		size_t place = (v->cursor + i) % count;
		struct place at = places_at(v, a->t, place);
		struct outlook outlook;
		struct conn conn;
		struct row row;

		if (at.conn == NULL || at.gone != NULL)
			continue;
		places_row(v, &at, a->now_ms, &conn, &outlook, &row);
		if (!outlook.at_risk)
			continue;
		v->hold = HOLD_REFRESHES;
		places_select(v, a->t, place);
		return 0;
	}
	view_say(v, false, "No connection shown is at risk.", a->now_ms);
	return 0;
}
