/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The live view without a terminal: a state, a reducer that turns keys into a new state
 * and wishes for the loop, and a drawing of the state into a grid of cells.
 *
 * The loop's part:
 *	view_init(), view_resize()
 *	a new frame:  view_sample(v, old table or NULL, new table, pairs, now)
 *	a wish VIEW_REQUERY:  table_fill() of the snapshot at hand, view_refilled()
 *	a key:        wishes = view_apply(v, table, event, now)
 *	before it draws (after each of these, and each second unless frozen):
 *	              view_tick(v, table, now), view_draw(v, table, now, screen)
 *
 * `now` is monotonic milliseconds, the clock of snapshot.mono_ms. Nothing here asks for
 * the time; a replay's samples (mono_ms 0) do not age.
 */
#ifndef KATOP_VIEW_VIEW_H
#define KATOP_VIEW_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "model/pairs.h"
#include "table/table.h"
#include "view/input.h"
#include "view/keymap.h"
#include "view/marks.h"
#include "view/screen.h"

/* What view_apply() asks the loop to do; several at once are possible. */
enum view_wish {
	VIEW_QUIT = 1 << 0,
	VIEW_REDRAW = 1 << 1,  /* ^L: everything, anew (any key may be followed by a
				* plain draw) */
	VIEW_REQUERY = 1 << 2, /* query, filter or columns changed: fill the table anew */
	VIEW_SAMPLE_NOW =
		1 << 3,	      /* and other facts may be needed: take a sample at once */
	VIEW_DELAY = 1 << 4,  /* delay_ms changed */
	VIEW_FREEZE = 1 << 5, /* frozen changed: stop or go on sampling or replaying */
	VIEW_STEP_BACK = 1 << 6, /* a replay: one sample back; the view is frozen then */
	VIEW_STEP_ON = 1 << 7,
	VIEW_CLOSE = 1 << 8, /* close the connection v->closing, tell by view_say() */
	VIEW_SAVE = 1 << 9,  /* save columns, sort, delay, path idle; view_say() */
	VIEW_STOP = 1 << 10, /* ^Z */
};

/* What lies over the table or asks for input. */
enum view_pane {
	PANE_NONE,
	PANE_HELP,
	PANE_COLUMNS,
	PANE_SORT,
	PANE_DETAIL,
	PANE_CLOSE,  /* the question before a connection is closed */
	PANE_FILTER, /* prompts */
	PANE_SEARCH,
	PANE_PATH,
};

/* With what it starts. Everything is copied but the resolver and the strings named
 * const, which must outlive the view. */
struct view_setup {
	struct table_query query; /* its `filter` is not looked at */
	const char *filter;	  /* text, valid; "" or NULL: everything */
	struct column_list columns;
	const struct filter_resolver *resolver;
	int64_t delay_ms;
	bool replay;
	const char *close_refusal; /* why no connection may be closed; NULL: it may */
};

/* The rates between two samples, VIEW_NO_RATE unknown; in hundredths a second. */
#define VIEW_NO_RATE INT64_C(-1)

struct view_rates {
	int64_t probes;	 /* keepalive probes sent */
	int64_t aborted; /* connections given up on a timeout */
};

/*
 * The loop reads query, filter, columns, delay_ms, frozen and closing, and writes nothing
 * but query.path before the first sample: that of a record.
 * query.filter stays NULL: who fills tables compiles `filter` for itself and keeps it as
 * long as it is used.
 */
struct view {
	struct table_query query;
	struct strbuf filter; /* the text in force; compiles */
	struct column_list columns;
	struct column_list listed; /* those of the columns pane, shown or not */
	int64_t delay_ms;
	bool frozen;
	int64_t frozen_at_ms;
	bool replay;
	bool replay_ended;	     /* its last sample is shown */
	struct conn closing;	     /* for VIEW_CLOSE: a copy as it was shown */
	struct strbuf closing_words; /* which it is and whose */

	const struct filter_resolver *resolver;
	const char *close_refusal;
	int width, height;

	enum view_pane pane;
	enum view_pane under; /* where Esc returns to: PANE_NONE or PANE_DETAIL */
	uint64_t selected;    /* id of the connection under the cursor, 0 none */
	uint32_t number;      /* its number in the sample at hand, or PAIR_NONE */
	size_t cursor;	      /* its place among the rows and the vanished */
	size_t top;	      /* the first place shown */
	size_t left;	      /* steps that the columns are scrolled: fit.c */
	int hold;	      /* refreshes for which the order still holds */
	size_t pane_cursor, pane_top;
	struct key_event click; /* the last one, for a double click */
	int64_t click_ms;
	struct input input;
	struct history_lines filters; /* the last filters */
	struct strbuf search;	      /* the last one */
	bool search_missed;
	bool search_stepped; /* F3 went on to the next since the prompt is open */
	bool filter_refused; /* by Enter; nothing was typed since */
	bool path_chosen;    /* the prompt's text comes from the list */
	struct marks marks;
	struct view_rates rates;
	struct strbuf hint; /* what is hidden and the cure */
	bool hint_dismissed;
	bool sampled; /* at least one sample was seen */

	struct strbuf message;
	bool message_is_error;
	int64_t message_until_ms;

	uint8_t widths[COLUMN_LIST_MAX]; /* cells that each column needed so far */
};

void view_init(struct view *v, const struct view_setup *setup);
void view_clear(struct view *v);

/* The grid's size, at first and when it changes. */
void view_resize(struct view *v, int width, int height);

/*
 * Takes note of a new sample: what changed, rose or vanished since @old (the table shown
 * so far; NULL at first or when time went backwards), and rearranges @new's order while
 * the order holds. @pairs are those of the two samples, not looked at without @old. All
 * are read only during the call. What is linear here is a few nanoseconds a row.
 */
void view_sample(struct view *v, const struct table *old, struct table *new,
	const struct pairs *pairs, int64_t now_ms);

/* The table was filled anew from the same snapshot: finds the selection again. */
void view_refilled(struct view *v, const struct table *t);

/* Answers one key or click; returns VIEW_* bits, 0 for none. */
unsigned view_apply(struct view *v, const struct table *t, const struct key_event *event,
	int64_t now_ms);

/* Lets marks, the vanished and messages expire. */
void view_tick(struct view *v, const struct table *t, int64_t now_ms);

/* Shows a line above the keys for some seconds, e.g. the result of an action. */
void view_say(struct view *v, bool is_error, const char *text, int64_t now_ms);

/* A replay: whether there is nothing behind the sample shown. */
void view_set_ended(struct view *v, bool ended);

/* The id whose settings should be read at once (the detail pane's), 0 for none. */
uint64_t view_wants(const struct view *v);

/* Draws everything; @s already has its size. @t NULL: no sample yet. */
void view_draw(
	const struct view *v, const struct table *t, int64_t now_ms, struct screen *s);

#endif
