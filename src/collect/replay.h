/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moving about in a record, beyond reading it from front to back. */
#ifndef KATOP_COLLECT_REPLAY_H
#define KATOP_COLLECT_REPLAY_H

#include "collect/collect.h"

/*
 * Samples delivered so far on the way from the front: the index (from 0) of the one
 * that read() delivers next. @c must come from collect_replay.
 */
long replay_index(const struct collector *c);

/*
 * Lets the next read() deliver the sample of that index (0 is the first), which must
 * have been read before or be the one that comes next. Returns 0, or -1 with @e when
 * there is no such sample or the record is a pipe, which cannot go back.
 */
int replay_seek(struct collector *c, long index, struct error *e);

#endif
