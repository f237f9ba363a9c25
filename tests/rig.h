/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A live view without loop, sampler and terminal: samples are built or replayed, keys are
 * pressed, the clock is turned, the screen is looked at.
 */
#ifndef KATOP_TESTS_RIG_H
#define KATOP_TESTS_RIG_H

#include "view/screen.h"
#include "view/view.h"

struct rig {
	struct view view;
	struct snapshot snaps[2];
	struct table tables[2];
	int now; /* which of the two is shown, -1 none yet */
	int64_t mono_ms;
	struct filter *filter;
	struct screen screen;
	struct pairs pairs;
	unsigned wishes; /* of the last key */
};

void rig_init(struct rig *r, const struct view_setup *setup, int width, int height);
void rig_clear(struct rig *r);

/* Where the next sample is to be built, emptied. */
struct snapshot *rig_next(struct rig *r);

/* Hands the sample built last over to the view, true now. */
void rig_sample(struct rig *r);

/* The next sample is the last one again, @ms later; it may be changed before
 * rig_sample(). */
struct snapshot *rig_again(struct rig *r, int64_t ms);

/* The table at hand. */
const struct table *rig_table(const struct rig *r);

/* Presses a key and does what the view wishes, as far as tables go. */
unsigned rig_key(struct rig *r, uint32_t key);
unsigned rig_event(struct rig *r, struct key_event event);
/* Types text. */
void rig_type(struct rig *r, const char *text);

/* Lets time pass; ticks. */
void rig_pass(struct rig *r, int64_t ms);

void rig_resize(struct rig *r, int width, int height);

/* Draws; the text of the whole screen, owned by the rig until the next call. */
const char *rig_look(struct rig *r);
bool rig_sees(struct rig *r, const char *text);

/* A connection with every fact known: silent for a minute, keepalive off, no owner. */
struct conn *rig_conn(struct snapshot *s, uint64_t id, const char *peer, unsigned port);
/* Keepalive on, read from the socket; times in seconds. */
void rig_keepalive(
	struct conn *c, unsigned expires, unsigned idle, unsigned intvl, unsigned count);
/* Nothing was heard or said for so many seconds. */
void rig_silent(struct conn *c, unsigned seconds);
void rig_owner(struct snapshot *s, struct conn *c, unsigned pid, const char *process);

/* One connection of each verdict, and one that listens, with @first as the first id. */
void rig_zoo(struct snapshot *s, uint64_t first);

#endif
