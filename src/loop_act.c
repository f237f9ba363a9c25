/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the view asks the loop to do: close, save, stop, step. */
#include "config.h"
#include "loop_state.h"

#include <stdlib.h>

#include "act/act.h"
#include "host/host.h"
#include "host/signals.h"

static void close_connection(struct loop *l, int64_t now)
{
	struct error fault = { .at = ERROR_NOWHERE };
	enum act_result result;

	if (l->run->options.readonly || l->view.replay)
		return;
	result = act_close(&l->view.closing, &fault);
	if (result == ACT_FAILED)
		view_say(&l->view, true, fault.text, now);
	else
		view_say(&l->view, false,
			result == ACT_DONE ? "The connection is closed."
					   : "It was gone already.",
			now);
	l->sample_now = true;
}

static void save_options(struct loop *l, int64_t now)
{
	struct options chosen = l->run->options;
	struct error fault = { .at = ERROR_NOWHERE };
	struct strbuf text = { 0 };
	char path[4096], *old;
	size_t size = 0;

	host_user_options(path, sizeof(path));
	if (path[0] == '\0') {
		view_say(&l->view, true,
			"cannot save the options: neither XDG_CONFIG_HOME nor HOME (on "
			"Windows: APPDATA) names a folder",
			now);
		return;
	}
	chosen.columns = l->view.columns;
	chosen.sort = l->view.query.sort;
	chosen.sort_descending = l->view.query.descending;
	chosen.delay_ms = l->view.delay_ms;
	chosen.path = l->view.query.path;
	old = host_read_file(path, &size, &fault);
	if (old == NULL && fault.text[0] != '\0') {
		view_say(&l->view, true, fault.text, now);
		return;
	}
	options_merge_file(&chosen, old != NULL ? old : "", size, &text);
	if (host_replace_file(path, text.data, text.len, &fault) != 0) {
		view_say(&l->view, true, fault.text, now);
	} else {
		strbuf_reset(&text);
		strbuf_printf(&text, "saved in %s", path);
		view_say(&l->view, false, text.data, now);
	}
	strbuf_clear(&text);
	free(old);
}

void loop_stop(struct loop *l)
{
	sampler_settle(l->sampler);
	term_suspend(l->term);
	signals_stop();
	term_resume(l->term);
	l->redraw_all = true;
	l->sample_now = true;
}

void loop_say_end(struct loop *l, int64_t now)
{
	view_say(&l->view, false, "The end of the record ([ goes back, q leaves).", now);
}

/* What was read ahead is still to be shown. */
static bool is_at_end(const struct loop *l)
{
	return l->view.replay_ended && sampler_peek(l->sampler) == NULL;
}

/* One before the sample shown, or before the one that an earlier [ asked for. */
static void step_back(struct loop *l, int64_t now)
{
	long from;

	if (l->frame == NULL)
		return;
	from = l->stepping_to >= 0 ? l->stepping_to : l->frame->index;
	if (from == 0) {
		view_say(&l->view, false, "The first sample of the record.", now);
		return;
	}
	/* what was read ahead comes after; it is read again */
	sampler_settle(l->sampler);
	sampler_drop(l->sampler);
	l->seek_to = l->stepping_to = from - 1;
	l->hurry = true;
	view_set_ended(&l->view, false);
}

/* Frozen no more: a sample that was under way then is as old as that. */
static void freeze(struct loop *l)
{
	if (l->view.frozen || l->view.replay)
		return;
	sampler_drop(l->sampler);
	l->sample_now = true;
}

void loop_grant(struct loop *l, unsigned wishes, int64_t now)
{
	if (wishes & VIEW_QUIT)
		l->quit = true;
	if (wishes & VIEW_REDRAW)
		l->redraw_all = true;
	if (wishes & VIEW_REQUERY)
		loop_requery(l);
	if (wishes & VIEW_SAMPLE_NOW)
		l->sample_now = true;
	if (wishes & VIEW_FREEZE)
		freeze(l);
	if (wishes & VIEW_STEP_BACK)
		step_back(l, now);
	if ((wishes & VIEW_STEP_ON) && !is_at_end(l))
		l->hurry = true;
	if ((wishes & (VIEW_STEP_ON | VIEW_FREEZE)) && is_at_end(l) &&
		!(wishes & VIEW_STEP_BACK))
		loop_say_end(l, now);
	if (wishes & VIEW_CLOSE)
		close_connection(l, now);
	if (wishes & VIEW_SAVE)
		save_options(l, now);
	if (wishes & VIEW_STOP)
		loop_stop(l);
}
