/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys within the panes: lists, pages, the question before a close. */
#include "config.h"
#include "view/apply.h"

#include <inttypes.h>

#include "base/bounds.h"
#include "view/detail.h"
#include "view/fit.h"
#include "view/layout.h"
#include "view/lists.h"
#include "view/places.h"

/* Moves in a list by a cursor key; false when the key is none. */
static bool move_list(struct apply *a)
{
	struct view *v = a->v;
	long step;

	if (!apply_step(keymap_action(a->event->key), (long)lists_height(v),
		    (long)lists_count(v), &step))
		return false;
	lists_move(v, step);
	return true;
}

static unsigned columns_changed(struct view *v)
{
	v->left = 0;
	fit_forget(v);
	return VIEW_REQUERY | VIEW_SAMPLE_NOW;
}

static unsigned toggle_column(struct view *v)
{
	return lists_toggle(v, v->pane_cursor) ? columns_changed(v) : 0;
}

static unsigned move_column(struct view *v, long step)
{
	size_t first = v->pane_cursor;

	if (step < 0 && first-- == 0)
		return 0;
	if (!lists_swap(v, first))
		return 0;
	lists_move(v, step);
	return columns_changed(v);
}

unsigned apply_columns(struct apply *a)
{
	struct view *v = a->v;

	if (move_list(a))
		return 0;
	switch (a->event->key) {
	case ' ':
	case KEY_RET:
	case '\n':
		return toggle_column(v);
	case KEYPRESS_F1 + 6:
	case '-':
		return move_column(v, -1);
	case KEYPRESS_F1 + 7:
	case '+':
		return move_column(v, 1);
	case 'R':
		column_list_default(&v->columns);
		lists_columns(v);
		return columns_changed(v);
	case KEY_ESC:
	case KEYPRESS_F1 + 1:
	case 'q':
		apply_leave(v);
		return 0;
	default:
		lists_jump(v, a->event->key);
		return 0;
	}
}

unsigned apply_sort(struct apply *a)
{
	struct view *v = a->v;

	if (move_list(a))
		return 0;
	switch (a->event->key) {
	case ' ':
	case KEY_RET:
	case '\n': {
		unsigned wishes = apply_sort_by(v, lists_sort(v->pane_cursor));

		apply_leave(v);
		return wishes;
	}
	case 'I':
		return apply_action(a, ACTION_REVERSE);
	case KEY_ESC:
	case KEYPRESS_F1 + 5:
	case '<':
	case '>':
	case 'q':
		apply_leave(v);
		return 0;
	default:
		lists_jump(v, a->event->key);
		return 0;
	}
}

/* Scrolls a page; false when the key does not. */
static bool scroll_page(struct apply *a)
{
	struct view *v = a->v;
	int height = layout_pane(v).height;
	int lines =
		v->pane == PANE_HELP ? help_lines(v) : detail_lines(v, a->t, a->now_ms);
	int last = lines > height ? lines - height : 0;
	int first = (int)min_of((int64_t)v->pane_top, last);
	long step;

	if (!apply_step(keymap_action(a->event->key), height - 1, lines, &step))
		return false;
	v->pane_top = (size_t)clamp_to(first + step, 0, last);
	return true;
}

/* What the detail pane lets through to the table: it follows the selection. */
static unsigned act_in_detail(struct apply *a, enum action action)
{
	switch (action) {
	case ACTION_DETAIL:
	case ACTION_LEFT:
		apply_leave(a->v);
		return 0;
	case ACTION_NEXT_RISK:
		a->v->pane_top = 0;
		return apply_action(a, action) | VIEW_SAMPLE_NOW;
	case ACTION_SEARCH:
	case ACTION_RIGHT:
	case ACTION_SORT:
	case ACTION_COLUMNS:
	case ACTION_FILTER:
	case ACTION_ALL:
	case ACTION_REVERSE:
		view_say(a->v, false, "That key is the table's: Esc goes back there.",
			a->now_ms);
		return 0;
	default:
		return apply_action(a, action);
	}
}

unsigned apply_page(struct apply *a)
{
	enum action action = keymap_action(a->event->key);

	if (scroll_page(a))
		return 0;
	if (action == ACTION_LEAVE) {
		apply_leave(a->v);
		return 0;
	}
	if (a->v->pane == PANE_DETAIL)
		return act_in_detail(a, action);
	if (action == ACTION_QUIT)
		return VIEW_QUIT;
	apply_leave(a->v);
	return 0;
}

static void name_owner(struct strbuf *out, const struct place *at)
{
	const struct conn_owner *owner = snapshot_first_owner(at->snap, at->conn);
	const char *why = owner_unknown_name((enum owner_unknown)at->conn->owner_unknown);

	if (owner != NULL)
		strbuf_printf(out, "held by %s (pid %u)",
			snapshot_string(at->snap, owner->process), (unsigned)owner->pid);
	else
		strbuf_printf(out, "owner unknown%s%s", why != NULL ? ": " : "",
			why != NULL ? why : "");
}

/* "established, from 10.0.0.1:44444 to 10.0.0.2:22", whose it is, and its cookie, which
 * Windows does not have. */
static void name_connection(struct strbuf *out, const struct place *at)
{
	const struct conn *c = at->conn;
	const char *zone = snapshot_string(at->snap, c->dev);
	char local[ADDR_TEXT_SIZE], peer[ADDR_TEXT_SIZE];

	addr_format_port(local, &c->local, zone, c->local_port);
	addr_format_port(peer, &c->peer, zone, c->peer_port);
	strbuf_reset(out);
	strbuf_printf(out, "%s, from %s to %s, ", state_name((enum tcp_state)c->state),
		local, peer);
	name_owner(out, at);
	if (!at->snap->system.windows)
		strbuf_printf(out, ", socket cookie %" PRIx64, c->id);
	strbuf_putc(out, '.');
}

unsigned apply_ask_close(struct apply *a)
{
	struct view *v = a->v;
	struct place at;

	if (v->replay) {
		view_say(v, true, "A replay closes nothing.", a->now_ms);
		return 0;
	}
	if (v->close_refusal != NULL) {
		view_say(v, true, v->close_refusal, a->now_ms);
		return 0;
	}
	if (!places_current(v, a->t, &at)) {
		view_say(v, true, "There is no connection here to close.", a->now_ms);
		return 0;
	}
	if (at.gone != NULL) {
		view_say(v, true, "That connection is gone already.", a->now_ms);
		return 0;
	}
	places_select(v, a->t, v->cursor);
	v->closing = *at.conn;
	name_connection(&v->closing_words, &at);
	apply_open(v, PANE_CLOSE);
	return 0;
}

unsigned apply_close(struct apply *a)
{
	uint32_t key = a->event->key;

	if (key != 'y' && key != 'Y' && key != 'n' && key != 'N' && key != 'q' &&
		key != KEY_ESC)
		return 0;
	apply_leave(a->v);
	return key == 'y' || key == 'Y' ? VIEW_CLOSE : 0;
}
