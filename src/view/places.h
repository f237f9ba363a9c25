/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Places: the rows of the table with the vanished connections among them, counted from
 * the top. The cursor and the scrolling speak of places; the selection of identities.
 */
#ifndef KATOP_VIEW_PLACES_H
#define KATOP_VIEW_PLACES_H

#include "view/view.h"

#define PLACE_NONE SIZE_MAX

/* What stands at a place: a vanished connection, or row @row of the table. `snap` and
 * `conn` are NULL past the end. */
struct place {
	const struct gone *gone;
	const struct snapshot *snap;
	const struct conn *conn;
	size_t row;
};

size_t places_count(const struct view *v, const struct table *t);
struct place places_at(const struct view *v, const struct table *t, size_t place);

/* The place of the snapshot's connection @index (PAIR_NONE: none) or of the vanished
 * @id; PLACE_NONE when it is not shown. */
size_t places_find_index(
	const struct view *v, const struct table *t, uint32_t index, uint64_t id);

/* Puts the cursor on @place (clamped), selects what is there and scrolls to it. */
void places_select(struct view *v, const struct table *t, size_t place);

/* Scrolls so that the cursor is seen and no room is wasted. */
void places_scroll(struct view *v, const struct table *t);

/* The connection under the cursor with its snapshot; false when there is none, also when
 * the one of the detail pane is not shown any more. */
bool places_current(const struct view *v, const struct table *t, struct place *out);

/*
 * After the rows moved: the cursor follows the selection, whose connection is number
 * @index of the snapshot (PAIR_NONE: it is not there). The detail pane keeps to its own.
 */
void places_follow(struct view *v, const struct table *t, uint32_t index);

/* Milliseconds that the sample has aged, 0 for a replay. */
int64_t view_elapsed_ms(
	const struct view *v, const struct snapshot *snap, int64_t now_ms);

/* What a place shows now: the connection advanced to @now_ms and judged. */
void places_row(const struct view *v, const struct place *at, int64_t now_ms,
	struct conn *conn, struct outlook *outlook, struct row *row);

#endif
