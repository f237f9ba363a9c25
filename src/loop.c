/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "loop.h"

#include <stdlib.h>
#include <string.h>

#include "act/act.h"
#include "base/xalloc.h"
#include "host/host.h"
#include "host/signals.h"
#include "loop_state.h"
#include "table/query.h"

/* A replay waits no longer than this for a sample, however far apart they were made. */
#define REPLAY_GAP_MOST_MS 10000
/* Countdowns move each second. */
#define TICK_MS 1000
/* How much later they may, for a sample that is under way then. */
#define SAMPLE_GRACE_MS 150

static struct filter *compile(const struct loop *l)
{
	return filter_compile(strbuf_text(&l->view.filter), &l->run->resolver, NULL);
}

static struct table_query query_with(const struct loop *l, const struct filter *filter)
{
	struct table_query query = l->view.query;

	query.filter = filter;
	return query;
}

static const struct table *shown(const struct loop *l)
{
	return l->frame != NULL ? &l->frame->table : NULL;
}

static void ask(struct loop *l, int64_t now)
{
	struct sampler_wish wish = {
		.query = query_with(l, compile(l)),
		.selected = view_wants(&l->view),
		.generation = l->generation,
		.seek_to = l->seek_to,
	};

	wish.needs = COLLECT_INFO | COLLECT_OWNER | COLLECT_USER | COLLECT_LOCAL |
		     COLLECT_SETTINGS | table_needs(&wish.query, &l->view.columns);
	if (wish.selected != 0)
		/* the detail pane tells it, shown as a column or not */
		wish.needs |= COLLECT_CGROUP;
	if (l->run->record != NULL)
		wish.needs = COLLECT_ALL;
	if (!sampler_ask(l->sampler, &wish)) {
		filter_free((struct filter *)wish.query.filter);
		return;
	}
	l->asked_ms = now;
	l->sample_now = false;
	l->seek_to = -1;
}

void loop_requery(struct loop *l)
{
	struct table_query query;

	filter_free(l->filter);
	l->filter = compile(l);
	l->generation++;
	if (l->frame == NULL)
		return;
	query = query_with(l, l->filter);
	table_fill(&l->frame->table, &l->frame->snap, &query);
	view_refilled(&l->view, &l->frame->table);
}

static void accept_frame(struct loop *l, int64_t now)
{
	struct frame *old = l->frame;
	struct frame *fresh = sampler_peek(l->sampler);
	bool forward = old != NULL && fresh->index > old->index;

	view_sample(
		&l->view, forward ? &old->table : NULL, &fresh->table, fresh->pairs, now);
	l->frame = sampler_take(l->sampler, old);
	l->shown_ms = now;
	l->hurry = false;
	l->stepping_to = -1;
	l->samples++;
	if (l->run->options.iterations > 0 && l->samples >= l->run->options.iterations)
		l->quit = true;
}

/* Whether the frame that waits was made by a query that was changed meanwhile; it is
 * filled anew then. */
static bool is_outdated(struct loop *l)
{
	struct table_query query;

	if (sampler_peek(l->sampler)->generation == l->generation)
		return false;
	query = query_with(l, compile(l));
	sampler_refill(l->sampler, &query, l->generation);
	return true;
}

/* When a frame of a replay is due: at the pace at which it was recorded. */
static int64_t frame_due_ms(struct loop *l)
{
	const struct frame *fresh = sampler_peek(l->sampler);
	int64_t gap;

	if (l->frame == NULL || fresh == NULL || l->hurry)
		return 0;
	if (l->view.frozen)
		return INT64_MAX;
	if (!l->view.replay)
		return 0;
	gap = fresh->snap.time_ms - l->frame->snap.time_ms;
	if (gap < 0)
		return 0;
	return l->shown_ms + (gap < REPLAY_GAP_MOST_MS ? gap : REPLAY_GAP_MOST_MS);
}

static void say_fault(struct loop *l, const struct error *fault, int64_t now)
{
	view_say(&l->view, true, fault->text, now);
	l->fault = *fault;
	/* without any sample there is nothing to look at */
	if (l->frame == NULL)
		l->quit = l->failed = true;
	if (l->run->record != NULL && record_has_failed(l->run->record))
		l->failed = true;
}

static void answer_sampler(struct loop *l, int64_t now)
{
	struct error fault;

	switch (sampler_result(l->sampler, &fault)) {
	case SAMPLER_FRAME:
		if (!is_outdated(l) && now >= frame_due_ms(l))
			accept_frame(l, now);
		break;
	case SAMPLER_END:
		view_set_ended(&l->view, true);
		loop_say_end(l, now);
		break;
	case SAMPLER_FAILED:
		say_fault(l, &fault, now);
		view_set_ended(&l->view, l->view.replay);
		break;
	case SAMPLER_NOTHING:
		break;
	}
}

/* When the next sample should be asked for; INT64_MAX for not at all. */
static int64_t sample_due_ms(const struct loop *l)
{
	if (l->seek_to >= 0 || l->asked_ms < 0)
		return 0;
	if (l->view.replay)
		/* one sample is read ahead, to know when it is due */
		return l->view.replay_ended ? INT64_MAX : 0;
	if (l->view.frozen)
		return INT64_MAX;
	return l->sample_now ? 0 : l->asked_ms + l->view.delay_ms;
}

static void draw(struct loop *l, int64_t now)
{
	int width, height;

	term_size(l->term, &width, &height);
	if (width != l->screen.width || height != l->screen.height) {
		screen_resize(&l->screen, width, height);
		view_resize(&l->view, width, height);
	}
	view_tick(&l->view, shown(l), now);
	view_draw(&l->view, shown(l), now, &l->screen);
	term_show(l->term, &l->screen, l->redraw_all);
	l->redraw_all = false;
}

/* Milliseconds until something has to happen without a key. */
static int timeout_ms(struct loop *l, int64_t now)
{
	int64_t due = sampler_is_busy(l->sampler) ? INT64_MAX : sample_due_ms(l);
	int64_t tick = now + TICK_MS;

	if (sampler_peek(l->sampler) != NULL)
		due = frame_due_ms(l);
	if (l->frame != NULL && l->frame->snap.mono_ms > 0)
		/* a second after the sample's own, so that countdowns move evenly */
		tick = now + TICK_MS - (now - l->frame->snap.mono_ms) % TICK_MS;
	if (sampler_is_busy(l->sampler) && sampler_peek(l->sampler) == NULL)
		/* the sample under way will be drawn: not twice within an instant */
		tick += SAMPLE_GRACE_MS;
	if (due > tick)
		due = tick;
	return due > now ? (int)(due - now) : 0;
}

/* Answers what was typed; several keys may have come at once. */
static void answer_keys(struct loop *l, int timeout_ms)
{
	struct key_event event;
	int rc = term_read(l->term, timeout_ms, &event);

	while (rc > 0) {
		int64_t now = clock_mono_ms();

		loop_grant(l, view_apply(&l->view, shown(l), &event, now), now);
		rc = l->quit ? 0 : term_read(l->term, 0, &event);
	}
	if (rc < 0)
		l->quit = l->hung_up = true;
}

static void turn(struct loop *l)
{
	int64_t now = clock_mono_ms();

	answer_sampler(l, now);
	if (!l->quit && !sampler_is_busy(l->sampler) && now >= sample_due_ms(l))
		ask(l, now);
	draw(l, now);
	if (l->quit)
		return;
	answer_keys(l, timeout_ms(l, clock_mono_ms()));
	if (signals_stop_wanted())
		loop_stop(l);
}

static void start_view(struct loop *l)
{
	const struct options *o = &l->run->options;
	struct view_setup setup = {
		.query = run_query(l->run),
		.filter = strbuf_text(&o->filter),
		.columns = o->columns,
		.resolver = &l->run->resolver,
		.delay_ms = o->delay_ms,
		.replay = o->replay_path != NULL,
	};

	if (o->readonly)
		setup.close_refusal = "Closing is off: --readonly, or an options file "
				      "that says so.";
	else if (!setup.replay && act_may_close(&l->refusal) != 0)
		setup.close_refusal = l->refusal.text;
	setup.query.filter = NULL;
	view_init(&l->view, &setup);
	l->filter = compile(l);
}

/*
 * Starts the thread. A record's own path counts unless the user named one: it is
 * known with the first sample, which is waited for before the terminal is taken.
 */
static int start_sampler(struct loop *l, struct error *e)
{
	struct options *o = &l->run->options;
	bool adopt = o->replay_path != NULL && !o->path_given;
	const struct sampler_setup setup = {
		.ops = l->run->ops,
		.collector = l->run->collector,
		.record = l->run->record,
		.wake = term_wake,
	};

	l->sampler = sampler_start(&setup, e);
	if (l->sampler == NULL)
		return -1;
	if (!adopt)
		return 0;
	ask(l, clock_mono_ms());
	sampler_settle(l->sampler);
	if (sampler_peek(l->sampler) != NULL)
		query_adopt_path(&o->path, &sampler_peek(l->sampler)->snap);
	l->view.query.path = o->path;
	return 0;
}

static int start_terminal(struct loop *l, struct error *e)
{
	const struct term_options setup = {
		.colour = run_wants_colour(l->run),
		.mouse = !l->run->options.no_mouse,
	};

	l->term = term_open(&setup, e);
	if (l->term == NULL)
		return -1;
	/* after the terminal library's own handlers, whose endwin() is not signal-safe */
	signals_catch(term_wake, term_rescue);
	xalloc_set_last_rites(term_rescue);
	l->screen.ascii = term_is_ascii(l->term);
	return 0;
}

static void clear(struct loop *l)
{
	sampler_stop(l->sampler);
	view_clear(&l->view);
	screen_clear(&l->screen);
	filter_free(l->filter);
}

static void finish(struct loop *l)
{
	xalloc_set_last_rites(NULL);
	sampler_settle(l->sampler);
	term_close(l->term);
	if (l->hung_up)
		signals_die_by(signals_of_hangup());
	if (signals_end_wanted() != 0)
		signals_die_by(signals_end_wanted());
	clear(l);
}

int loop_run(struct run *run, struct error *e)
{
	struct loop l = { .run = run, .asked_ms = -1, .seek_to = -1, .stepping_to = -1 };

	start_view(&l);
	if (start_sampler(&l, e) != 0 || start_terminal(&l, e) != 0) {
		clear(&l);
		return -1;
	}
	while (!l.quit && signals_end_wanted() == 0)
		turn(&l);
	finish(&l);
	if (l.failed)
		*e = l.fault;
	return l.failed ? -1 : 0;
}
