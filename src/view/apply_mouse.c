/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clicks: on a header, a row, an entry of a list, the key line. */
#include "config.h"
#include "view/apply.h"

#include "view/fit.h"
#include "view/keyline.h"
#include "view/layout.h"
#include "view/lists.h"
#include "view/places.h"

#define DOUBLE_CLICK_MS 400

static unsigned click_table(struct apply *a)
{
	struct view *v = a->v;
	struct layout lay;
	struct fit fit;
	size_t place;

	layout_of(v, &lay);
	fit_columns(v, &fit);
	if (a->event->y == lay.header_y) {
		for (size_t i = fit.count; i-- > 0;)
			if (a->event->x >= fit.at[i].x)
				return apply_sort_by(v, fit.at[i].column);
		return 0;
	}
	place = v->top + (size_t)(a->event->y - lay.rows_y);
	if (a->event->y < lay.rows_y || a->event->y >= lay.rows_y + lay.rows_height ||
		place >= places_count(v, a->t))
		return 0;
	v->hold = HOLD_REFRESHES;
	places_select(v, a->t, place);
	return a->double_click ? apply_action(a, ACTION_DETAIL) : 0;
}

static unsigned click_list(struct apply *a)
{
	struct view *v = a->v;
	int line = a->event->y - layout_pane(v).y - lists_first_line(v);
	struct key_event enter = { .key = KEY_RET };
	struct apply again = { .v = v, .t = a->t, .event = &enter, .now_ms = a->now_ms };

	if (line < 0 || (size_t)line >= lists_height(v) ||
		v->pane_top + (size_t)line >= lists_count(v))
		return 0;
	v->pane_cursor = v->pane_top + (size_t)line;
	if (v->pane == PANE_SORT)
		return apply_sort(&again);
	if (v->pane == PANE_COLUMNS && a->double_click)
		return apply_columns(&again);
	if (v->pane == PANE_PATH) {
		input_set(&v->input, path_device(v->pane_cursor)->name);
		v->path_chosen = true;
	}
	return 0;
}

/* Two clicks at one place soon after each other are a double one; the time is the
 * view's, so no terminal needs to tell. */
static bool is_double(struct apply *a)
{
	struct view *v = a->v;
	bool soon = v->click.clicks == 1 && a->now_ms - v->click_ms < DOUBLE_CLICK_MS;
	bool twice = soon && v->click.x == a->event->x && v->click.y == a->event->y;

	v->click = *a->event;
	v->click.clicks = twice ? 2 : 1;
	v->click_ms = a->now_ms;
	return twice || a->event->clicks > 1;
}

unsigned apply_mouse(struct apply *a)
{
	struct view *v = a->v;
	struct layout lay;

	a->double_click = is_double(a);

	layout_of(v, &lay);
	if (a->event->y == lay.keys_y) {
		struct key_event key = { .key = keyline_click(v, a->event->x) };

		return view_apply(v, a->t, &key, a->now_ms);
	}
	if (v->pane == PANE_NONE || v->pane == PANE_SEARCH)
		return click_table(a);
	if (v->pane == PANE_COLUMNS || v->pane == PANE_SORT || v->pane == PANE_PATH)
		return click_list(a);
	return 0;
}
