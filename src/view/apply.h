/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the reducer: each answers the keys of one pane. */
#ifndef KATOP_VIEW_APPLY_H
#define KATOP_VIEW_APPLY_H

#include "view/view.h"

/* For so many samples the order holds still after a cursor key. */
#define HOLD_REFRESHES 5

/* One key with what it may look at. */
struct apply {
	struct view *v;
	const struct table *t;
	const struct key_event *event;
	int64_t now_ms;
	bool double_click;
};

/* Each returns VIEW_* wishes. */
unsigned apply_action(struct apply *a, enum action action);
/* Cursor keys in the table: the order holds still from now on. */
unsigned apply_move(struct apply *a, enum action action);
/* To the next place after the cursor whose connection is at risk now, around the end. */
unsigned apply_next_risk(struct apply *a, enum action action);
unsigned apply_columns(struct apply *a);
unsigned apply_sort(struct apply *a);
unsigned apply_path(struct apply *a);
unsigned apply_filter(struct apply *a);
unsigned apply_search(struct apply *a);
/* To the next match of what is typed, or else of the last search. */
void apply_search_on(struct apply *a);
unsigned apply_close(struct apply *a);
unsigned apply_page(struct apply *a); /* help, detail */
unsigned apply_mouse(struct apply *a);

/* How far a cursor key moves, with @page for a screenful and @all for all there is; false
 * when the action is none. */
bool apply_step(enum action action, long page, long all, long *step);

/* Opens a pane, its list or page at the top. */
void apply_open(struct view *v, enum view_pane pane);
/* Leaves it, back to the detail pane or the table. */
void apply_leave(struct view *v);

/* Opens the question before the connection under the cursor is closed. */
unsigned apply_ask_close(struct apply *a);

/* Sorts by @column (NULL: the default order); by the same column again: reverses. */
unsigned apply_sort_by(struct view *v, const struct column *column);

/* The next place at or after @from (around the end) where @text is found, PLACE_NONE. */
size_t search_find(
	const struct view *v, const struct table *t, const char *text, size_t from);

#endif
