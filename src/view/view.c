/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/view.h"

#include <stdlib.h>
#include <string.h>

#include "view/fit.h"
#include "view/lists.h"
#include "view/places.h"

#define MESSAGE_LASTS_MS 6000

void view_init(struct view *v, const struct view_setup *setup)
{
	memset(v, 0, sizeof(*v));
	v->query = setup->query;
	v->query.filter = NULL;
	v->query.steady = true;
	v->columns = setup->columns;
	v->delay_ms = setup->delay_ms;
	v->replay = setup->replay;
	v->resolver = setup->resolver;
	v->close_refusal = setup->close_refusal;
	v->rates = (struct view_rates){ VIEW_NO_RATE, VIEW_NO_RATE };
	v->number = PAIR_NONE;
	v->width = 80;
	v->height = 24;
	if (setup->filter != NULL) {
		strbuf_puts(&v->filter, setup->filter);
		history_lines_add(&v->filters, setup->filter);
	}
}

void view_clear(struct view *v)
{
	strbuf_clear(&v->filter);
	strbuf_clear(&v->search);
	strbuf_clear(&v->message);
	strbuf_clear(&v->hint);
	strbuf_clear(&v->closing_words);
	input_clear(&v->input);
	history_lines_clear(&v->filters);
	marks_clear(&v->marks);
	memset(v, 0, sizeof(*v));
}

void view_resize(struct view *v, int width, int height)
{
	v->width = width > 1 ? width : 1;
	v->height = height > 1 ? height : 1;
}

void view_say(struct view *v, bool is_error, const char *text, int64_t now_ms)
{
	strbuf_reset(&v->message);
	strbuf_puts(&v->message, text);
	v->message_is_error = is_error;
	v->message_until_ms = now_ms + MESSAGE_LASTS_MS;
}

void view_set_ended(struct view *v, bool ended)
{
	v->replay_ended = ended;
}

void view_tick(struct view *v, const struct table *t, int64_t now_ms)
{
	if (v->message.len > 0 && now_ms >= v->message_until_ms)
		strbuf_reset(&v->message);
	if (marks_expire(&v->marks, now_ms, view_wants(v)) && t != NULL &&
		t->snap != NULL)
		view_refilled(v, t);
	fit_widths(v, t, now_ms);
	if (v->left > fit_left_max(v))
		v->left = fit_left_max(v);
	places_scroll(v, t);
	lists_scroll(v);
}

uint64_t view_wants(const struct view *v)
{
	return v->pane == PANE_DETAIL || v->under == PANE_DETAIL ? v->selected : 0;
}

void view_refilled(struct view *v, const struct table *t)
{
	marks_settle(&v->marks, t->count);
	places_follow(v, t, v->number);
}
