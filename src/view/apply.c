/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/apply.h"

#include "view/fit.h"
#include "view/lists.h"
#include "view/places.h"

void apply_open(struct view *v, enum view_pane pane)
{
	v->click.clicks = 0; /* no first half of a double one on what comes */
	v->under = v->pane == PANE_DETAIL ? PANE_DETAIL : PANE_NONE;
	v->pane = pane;
	v->pane_cursor = 0;
	v->pane_top = 0;
}

void apply_leave(struct view *v)
{
	v->click.clicks = 0;
	v->pane = v->pane != PANE_DETAIL ? v->under : PANE_NONE;
	v->under = PANE_NONE;
	v->pane_cursor = 0;
	v->pane_top = 0;
}

static unsigned scroll_columns(struct apply *a, enum action action)
{
	struct view *v = a->v;

	if (action == ACTION_LEFT && v->left > 0)
		v->left--;
	else if (action == ACTION_RIGHT && v->left < fit_left_max(v))
		v->left++;
	return 0;
}

/* The delays that + and - step through, as a person would count. */
static unsigned change_delay(struct apply *a, enum action action)
{
	static const int64_t delays[] = { 100, 200, 500, 1000, 2000, 3000, 5000, 10000,
		15000, 30000, 60000, 120000, 300000, 600000, 1800000, 3600000 };
	const size_t count = sizeof(delays) / sizeof(delays[0]);
	int64_t before = a->v->delay_ms;
	size_t i;

	if (a->v->replay) {
		view_say(a->v, true, "A replay keeps the record's pace; [ and ] step it.",
			a->now_ms);
		return 0;
	}
	if (action == ACTION_SLOWER) {
		for (i = 0; i < count - 1 && delays[i] <= before; i++)
			;
	} else {
		for (i = count - 1; i > 0 && delays[i] >= before; i--)
			;
	}
	a->v->delay_ms = delays[i];
	return delays[i] != before ? VIEW_DELAY : 0;
}

static unsigned freeze(struct apply *a, enum action action)
{
	(void)action;
	a->v->frozen = !a->v->frozen;
	a->v->frozen_at_ms = a->now_ms;
	return VIEW_FREEZE;
}

static unsigned step_replay(struct apply *a, enum action action)
{
	if (!a->v->replay) {
		view_say(a->v, true, "[ and ] step a replay: katop --replay=FILE",
			a->now_ms);
		return 0;
	}
	a->v->frozen = true;
	a->v->frozen_at_ms = a->now_ms;
	/* what was said of the sample before is not true of the next */
	strbuf_reset(&a->v->message);
	return VIEW_FREEZE | (action == ACTION_STEP_BACK ? VIEW_STEP_BACK : VIEW_STEP_ON);
}

static void let_go_of_row(struct view *v)
{
	v->cursor = 0;
	v->top = 0;
	v->selected = 0;
	v->number = PAIR_NONE;
}

unsigned apply_sort_by(struct view *v, const struct column *column)
{
	if (v->query.sort == column && column != NULL)
		v->query.descending = !v->query.descending;
	else
		v->query.descending =
			column != NULL && (column->flags & COLUMN_MOST_FIRST) != 0;
	v->query.sort = column;
	v->hold = 0;
	return VIEW_REQUERY;
}

static unsigned reverse(struct apply *a, enum action action)
{
	(void)action;
	a->v->query.descending = !a->v->query.descending;
	a->v->hold = 0;
	return VIEW_REQUERY;
}

static unsigned show_all(struct apply *a, enum action action)
{
	struct view *v = a->v;
	const char *said = "Without LISTEN, TIME-WAIT, SYN-RECV and CLOSE.";

	(void)action;
	v->query.all_states = !v->query.all_states;
	marks_forget_gone(&v->marks);
	if (v->query.all_states)
		said = v->frozen && !v->replay
			       ? "All states from the next sample on (F5 goes on)."
			       : "All states.";
	view_say(v, false, said, a->now_ms);
	return VIEW_REQUERY | VIEW_SAMPLE_NOW;
}

static unsigned open_detail(struct apply *a, enum action action)
{
	struct place at;

	(void)action;
	if (!places_current(a->v, a->t, &at))
		return 0;
	places_select(a->v, a->t, a->v->cursor);
	apply_open(a->v, PANE_DETAIL);
	return VIEW_SAMPLE_NOW;
}

static unsigned open_prompt(struct apply *a, enum view_pane pane, const char *text)
{
	apply_open(a->v, pane);
	input_set(&a->v->input, text);
	a->v->search_missed = false;
	a->v->search_stepped = false;
	a->v->filter_refused = false;
	a->v->path_chosen = false;
	return 0;
}

/* Nothing is open: Esc dismisses the message, the hint, then lets go of the selection. */
static unsigned let_go(struct apply *a, enum action action)
{
	struct view *v = a->v;

	(void)action;
	if (v->message.len > 0) {
		strbuf_reset(&v->message);
	} else if (v->hint.len > 0 && !v->hint_dismissed) {
		v->hint_dismissed = true;
	} else {
		v->hold = 0;
		let_go_of_row(v);
	}
	return 0;
}

/* Actions that open a pane or a prompt. */
static unsigned open_pane(struct apply *a, enum action action)
{
	struct view *v = a->v;

	switch (action) {
	case ACTION_HELP:
		apply_open(v, PANE_HELP);
		return 0;
	case ACTION_COLUMNS:
		apply_open(v, PANE_COLUMNS);
		lists_columns(v);
		return 0;
	case ACTION_SORT:
		apply_open(v, PANE_SORT);
		for (size_t i = 1; lists_sort(i) != NULL; i++)
			if (lists_sort(i) == v->query.sort)
				lists_move(v, (long)i);
		return 0;
	case ACTION_SEARCH:
		open_prompt(a, PANE_SEARCH, "");
		if (a->event->key != '/' && v->search.len > 0)
			apply_search_on(a);
		return 0;
	case ACTION_FILTER:
		return open_prompt(a, PANE_FILTER, strbuf_text(&v->filter));
	case ACTION_PATH:
		return open_prompt(a, PANE_PATH, v->query.path.name);
	default:
		return apply_ask_close(a);
	}
}

/* Actions that are wishes and no more. */
static unsigned just_wish(struct apply *a, enum action action)
{
	(void)a;
	switch (action) {
	case ACTION_QUIT:
		return VIEW_QUIT;
	case ACTION_SAVE:
		return VIEW_SAVE;
	case ACTION_REDRAW:
		return VIEW_REDRAW;
	case ACTION_STOP:
		return VIEW_STOP;
	default:
		return 0;
	}
}

unsigned apply_action(struct apply *a, enum action action)
{
	static unsigned (*const answers[ACTION_COUNT])(struct apply *, enum action) = {
		[ACTION_NONE] = just_wish,
		[ACTION_HELP] = open_pane,
		[ACTION_COLUMNS] = open_pane,
		[ACTION_SEARCH] = open_pane,
		[ACTION_FILTER] = open_pane,
		[ACTION_FREEZE] = freeze,
		[ACTION_SORT] = open_pane,
		[ACTION_REVERSE] = reverse,
		[ACTION_CLOSE] = open_pane,
		[ACTION_QUIT] = just_wish,
		[ACTION_DETAIL] = open_detail,
		[ACTION_LEFT] = scroll_columns,
		[ACTION_RIGHT] = scroll_columns,
		[ACTION_SLOWER] = change_delay,
		[ACTION_FASTER] = change_delay,
		[ACTION_ALL] = show_all,
		[ACTION_NEXT_RISK] = apply_next_risk,
		[ACTION_PATH] = open_pane,
		[ACTION_SAVE] = just_wish,
		[ACTION_STEP_BACK] = step_replay,
		[ACTION_STEP_ON] = step_replay,
		[ACTION_REDRAW] = just_wish,
		[ACTION_STOP] = just_wish,
		[ACTION_LEAVE] = let_go,
	};

	return answers[action] != NULL ? answers[action](a, action)
				       : apply_move(a, action);
}

/* A paste fills in what is being typed; it never commands. */
static bool is_refused_paste(const struct view *v, const struct key_event *event)
{
	bool typing =
		v->pane == PANE_FILTER || v->pane == PANE_SEARCH || v->pane == PANE_PATH;

	return event->pasted && (!typing || event->key < 0x20 || event->key >= 0x110000);
}

unsigned view_apply(struct view *v, const struct table *t, const struct key_event *event,
	int64_t now_ms)
{
	struct apply a = { .v = v, .t = t, .event = event, .now_ms = now_ms };
	static unsigned (*const panes[])(struct apply *) = {
		[PANE_HELP] = apply_page,
		[PANE_COLUMNS] = apply_columns,
		[PANE_SORT] = apply_sort,
		[PANE_DETAIL] = apply_page,
		[PANE_CLOSE] = apply_close,
		[PANE_FILTER] = apply_filter,
		[PANE_SEARCH] = apply_search,
		[PANE_PATH] = apply_path,
	};

	if (is_refused_paste(v, event) || event->key == KEYPRESS_RESIZE ||
		event->key == KEYPRESS_NONE)
		return 0;
	if (event->key == KEY_CTRL('l'))
		return VIEW_REDRAW;
	if (event->key == KEY_CTRL('z'))
		return VIEW_STOP;
	if (event->key == KEYPRESS_F1 + 9)
		return VIEW_QUIT;
	if (event->key == KEYPRESS_MOUSE)
		return apply_mouse(&a);
	if (panes[v->pane] != NULL)
		return panes[v->pane](&a);
	return apply_action(&a, keymap_action(event->key));
}
