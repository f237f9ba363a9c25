/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The collector's thread: takes samples when asked, judges and orders them, and hands
 * finished frames over at one point. It never decides when: the loop has the clock.
 *
 * The sample of the frame that is lent is read by both sides and written by none.
 */
#ifndef KATOP_SAMPLER_H
#define KATOP_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

#include "collect/collect.h"
#include "model/pairs.h"
#include "record.h"
#include "table/table.h"

/* A finished sample with its table. Owned by the sampler; one is lent to the loop. */
struct frame {
	struct snapshot snap;
	struct table table;
	unsigned generation; /* of the wish that it answers */
	long index;	     /* its place among the samples, from 0 */
	/* with the sample of the frame that was lent when this one was made; the
	 * sampler's, until the frame is taken */
	const struct pairs *pairs;
};

/* What the next sample should be. `query.filter` is handed over: the sampler frees it. */
struct sampler_wish {
	struct table_query query;
	unsigned needs;
	uint64_t selected;
	unsigned generation;
	long seek_to; /* a replay: the sample of that index; -1 the next */
};

struct sampler_setup {
	const struct collector_ops *ops;
	struct collector *collector; /* borrowed; only the thread uses it from now on */
	struct record *record;	     /* NULL: nothing is recorded */

	void (*wake)(void); /* called by the thread when it has finished */
};

enum sampler_result {
	SAMPLER_NOTHING, /* still at work, or nothing asked */
	SAMPLER_FRAME,	 /* sampler_take() will give one */
	SAMPLER_END,	 /* a replay has no more */
	SAMPLER_FAILED,	 /* sampler_error() says why; the next wish tries again */
};

struct sampler;

struct sampler *sampler_start(const struct sampler_setup *setup, struct error *e);

/* Asks for one sample. False while the last one is at work or not taken yet; the filter
 * is then still the caller's. */
bool sampler_ask(struct sampler *s, const struct sampler_wish *wish);

bool sampler_is_busy(struct sampler *s);

/* Has the frame that waits to be taken filled anew: by @query, whose filter is handed
 * over as with sampler_ask(). False when no frame waits. */
bool sampler_refill(
	struct sampler *s, const struct table_query *query, unsigned generation);

/* What became of the last wish. SAMPLER_END and SAMPLER_FAILED are told once. */
enum sampler_result sampler_result(struct sampler *s, struct error *e);

/* The frame that waits to be taken, NULL for none. */
struct frame *sampler_peek(struct sampler *s);

/* Throws away the frame that waits to be taken, if any. */
void sampler_drop(struct sampler *s);

/* Takes the finished frame and gives the one before (@done, NULL at first) back. */
struct frame *sampler_take(struct sampler *s, struct frame *done);

/* Waits until the thread does nothing: no other process's socket is held then. */
void sampler_settle(struct sampler *s);

/* Ends the thread, frees all frames. */
void sampler_stop(struct sampler *s);

#endif
