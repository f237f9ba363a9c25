/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "sampler.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "collect/replay.h"
#include "host/host.h"
#include "host/signals.h"
#include "model/history.h"
#include "table/query.h"

enum phase { PHASE_IDLE, PHASE_ASKED, PHASE_WORKING, PHASE_READY, PHASE_QUIT };

/* `lock` guards phase, result and fault; the rest changes hands with the phase. */
struct sampler {
	struct sampler_setup setup;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	enum phase phase;
	enum sampler_result result;
	struct error fault;
	struct sampler_wish wish;
	struct frame frames[2];
	struct frame *filling;
	struct pairs pairs;
	bool refill; /* the sample is there already: only its table is wanted */
	struct history *history;
	long next_index;
};

/* Going back in a replay undoes what was learned from samples that now lie ahead. */
static int seek(struct sampler *s, struct error *e)
{
	history_free(s->history);
	s->history = history_new();
	s->next_index = s->wish.seek_to;
	return replay_seek(s->setup.collector, s->wish.seek_to, e);
}

static int take_sample(struct sampler *s, struct error *e)
{
	struct collect_request request = {
		.needs = s->wish.needs,
		.selected = s->wish.selected,
	};
	int rc;

	if (s->wish.seek_to >= 0 && seek(s, e) != 0)
		return -1;
	/* the whole scope, not the filter's part: "20 of 1000" counts both */
	query_scope(&s->wish.query, &request.where);
	rc = s->setup.ops->read(s->setup.collector, &request, &s->filling->snap, e);
	return rc;
}

static struct frame *other_frame(struct sampler *s)
{
	return s->filling == &s->frames[0] ? &s->frames[1] : &s->frames[0];
}

static void fill(struct sampler *s)
{
	struct frame *f = s->filling;

	table_fill(&f->table, &f->snap, &s->wish.query);
	f->generation = s->wish.generation;
}

static enum sampler_result make_frame(struct sampler *s, struct error *e)
{
	struct frame *f = s->filling;
	int rc = take_sample(s, e);

	if (rc <= 0)
		return rc == 0 ? SAMPLER_END : SAMPLER_FAILED;
	history_apply(s->history, &f->snap);
	fill(s);
	pairs_make(&s->pairs, &other_frame(s)->snap, &f->snap);
	f->pairs = &s->pairs;
	f->index = s->next_index++;
	if (s->setup.record != NULL &&
		record_write(s->setup.record, &f->table, &s->wish.query.path, e) != 0)
		return SAMPLER_FAILED;
	return SAMPLER_FRAME;
}

static enum sampler_result answer_wish(struct sampler *s, struct error *e)
{
	if (!s->refill)
		return make_frame(s, e);
	fill(s);
	return SAMPLER_FRAME;
}

static void *work(void *context)
{
	struct sampler *s = context;

	signals_block_in_thread();
	host_stand_back();
	pthread_mutex_lock(&s->lock);
	while (s->phase != PHASE_QUIT) {
		struct error fault = { .at = ERROR_NOWHERE };
		enum sampler_result result;

		if (s->phase != PHASE_ASKED) {
			pthread_cond_wait(&s->changed, &s->lock);
			continue;
		}
		s->phase = PHASE_WORKING;
		pthread_mutex_unlock(&s->lock);
		result = answer_wish(s, &fault);
		pthread_mutex_lock(&s->lock);
		s->result = result;
		s->fault = fault;
		if (s->phase == PHASE_WORKING)
			s->phase = result == SAMPLER_FRAME ? PHASE_READY : PHASE_IDLE;
		pthread_cond_broadcast(&s->changed);
		s->setup.wake();
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

struct sampler *sampler_start(const struct sampler_setup *setup, struct error *e)
{
	struct sampler *s = xcalloc(1, sizeof(*s));
	int rc;

	s->setup = *setup;
	s->filling = &s->frames[0];
	s->history = history_new();
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	rc = pthread_create(&s->thread, NULL, work, s);
	if (rc == 0)
		return s;
	error_set(e, "cannot start the collector's thread: %s", strerror(rc));
	history_free(s->history);
	free(s);
	return NULL;
}

/* Under the lock. */
static void set_to_work(struct sampler *s)
{
	s->result = SAMPLER_NOTHING;
	s->phase = PHASE_ASKED;
	pthread_cond_broadcast(&s->changed);
}

bool sampler_ask(struct sampler *s, const struct sampler_wish *wish)
{
	bool free_now;

	pthread_mutex_lock(&s->lock);
	free_now = s->phase == PHASE_IDLE;
	if (free_now) {
		filter_free((struct filter *)s->wish.query.filter);
		s->wish = *wish;
		s->refill = false;
		set_to_work(s);
	}
	pthread_mutex_unlock(&s->lock);
	return free_now;
}

bool sampler_refill(
	struct sampler *s, const struct table_query *query, unsigned generation)
{
	bool waits;

	pthread_mutex_lock(&s->lock);
	waits = s->phase == PHASE_READY;
	if (waits) {
		filter_free((struct filter *)s->wish.query.filter);
		s->wish.query = *query;
		s->wish.generation = generation;
		s->refill = true;
		set_to_work(s);
	}
	pthread_mutex_unlock(&s->lock);
	return waits;
}

bool sampler_is_busy(struct sampler *s)
{
	bool busy;

	pthread_mutex_lock(&s->lock);
	busy = s->phase != PHASE_IDLE;
	pthread_mutex_unlock(&s->lock);
	return busy;
}

enum sampler_result sampler_result(struct sampler *s, struct error *e)
{
	enum sampler_result result;

	pthread_mutex_lock(&s->lock);
	result = s->result;
	*e = s->fault;
	if (result != SAMPLER_FRAME)
		s->result = SAMPLER_NOTHING;
	pthread_mutex_unlock(&s->lock);
	return result;
}

struct frame *sampler_peek(struct sampler *s)
{
	struct frame *f;

	pthread_mutex_lock(&s->lock);
	f = s->phase == PHASE_READY ? s->filling : NULL;
	pthread_mutex_unlock(&s->lock);
	return f;
}

void sampler_drop(struct sampler *s)
{
	pthread_mutex_lock(&s->lock);
	if (s->phase == PHASE_READY) {
		s->phase = PHASE_IDLE;
		s->result = SAMPLER_NOTHING;
	}
	pthread_mutex_unlock(&s->lock);
}

struct frame *sampler_take(struct sampler *s, struct frame *done)
{
	struct frame *f;

	pthread_mutex_lock(&s->lock);
	f = s->filling;
	s->filling = done != NULL ? done : &s->frames[1];
	s->result = SAMPLER_NOTHING;
	s->phase = PHASE_IDLE;
	pthread_mutex_unlock(&s->lock);
	return f;
}

void sampler_settle(struct sampler *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->phase == PHASE_ASKED || s->phase == PHASE_WORKING)
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
}

void sampler_stop(struct sampler *s)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	s->phase = PHASE_QUIT;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	for (size_t i = 0; i < 2; i++) {
		table_clear(&s->frames[i].table);
		snapshot_clear(&s->frames[i].snap);
	}
	filter_free((struct filter *)s->wish.query.filter);
	pairs_clear(&s->pairs);
	history_free(s->history);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
