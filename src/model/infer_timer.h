/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firings of the keepalive timer tell. Part of infer.c. */
#ifndef KATOP_MODEL_INFER_TIMER_H
#define KATOP_MODEL_INFER_TIMER_H

#include "model/infer.h"

/* A dump takes time: rows of one sample are true at instants that differ so much. */
#define INFER_JITTER_MS 300

/* One sample, as far as inference reads it. */
struct sight {
	const struct conn *c;
	int64_t now_ms;
	int64_t silence_ms;
	int64_t expiry_ms;
	int64_t arrival_ms;
	int64_t tolerance_ms; /* of differences within one row: both are whole ticks */
	bool timed;	      /* the keepalive timer is seen running */
};

/* No byte was sent or received since the sample before. */
static inline bool infer_is_quiet(const struct track *t, const struct conn *c)
{
	return t->bytes == c->sent_bytes + c->received_bytes;
}

/* Learns from the keepalive timer's expiry in @s against that of the sample before. */
void infer_step_timer(struct track *t, const struct sight *s);

#endif
