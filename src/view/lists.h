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
 * Entry @i of the columns pane: the shown columns in their order, then the others in the
 * documented one. NULL past the last.
 */
const struct column *lists_column(const struct view *v, size_t i);

/* Entry @i of the sort pane: NULL for 0, the default order, and past the last. */
const struct column *lists_sort(size_t i);

/* Moves the pane's cursor by @step entries and scrolls. */
void lists_move(struct view *v, long step);

#endif
