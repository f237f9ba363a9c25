/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists to choose from: columns, the sort column, the paths with names. */
#ifndef KATOP_VIEW_LISTS_H
#define KATOP_VIEW_LISTS_H

#include "view/layout.h"
#include "view/view.h"

/* How many entries the open pane's list has, and how many are seen at a time. */
size_t lists_count(const struct view *v);
size_t lists_height(const struct view *v);

/* The first line of the list within the pane's area. */
int lists_first_line(const struct view *v);

/*
 * Lists the columns for their pane: the shown ones in their order, then the others in the
 * documented one. Each keeps its place there when it is hidden or shown.
 */
void lists_columns(struct view *v);

bool lists_is_shown(const struct view *v, const struct column *c);

/* Hides or shows entry @i, but never the last one shown; false when it did not. */
bool lists_toggle(struct view *v, size_t i);

/* Swaps entry @i with the next; the columns of the table follow. */
bool lists_swap(struct view *v, size_t i);

/* Entry @i of the sort pane: NULL for 0, the default order, and past the last. */
const struct column *lists_sort(size_t i);

/* Moves the pane's cursor to the next entry that begins with @letter, in any case; false
 * when there is none. */
bool lists_jump(struct view *v, uint32_t letter);

/* Moves the pane's cursor by @step entries and scrolls. */
void lists_move(struct view *v, long step);

/* Scrolls so that the pane's cursor is seen and no room is wasted; nothing where no list
 * is open. */
void lists_scroll(struct view *v);

#endif
