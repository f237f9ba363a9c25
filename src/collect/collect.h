/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door to the facts. `live` reads this system and is defined by exactly one platform
 * folder; `replay` reads what --record wrote. A collector turns bytes into facts: it
 * never knows a column, never prints, never forecasts.
 */
#ifndef KATOP_COLLECT_COLLECT_H
#define KATOP_COLLECT_COLLECT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "collect/needs.h"
#include "model/prefilter.h"
#include "model/snapshot.h"

/*
 * `replay_file` is the record, which main opened for reading (in binary) and close()
 * closes, standard input excepted; NULL for a live collector. `replay_path` names it in
 * messages, "-" for standard input.
 */
struct collect_options {
	const char *replay_path;
	FILE *replay_file;
	bool peek;   /* other processes' descriptors may be duplicated */
	bool repeat; /* more than one sample will be asked for */
};

/*
 * One sample's wishes. `needs` are COLLECT_* bits; `where` what every wanted connection
 * must have (a hint: more may be delivered). `selected` is the id whose settings are read
 * anew at once, 0 for none.
 */
struct collect_request {
	unsigned needs;
	struct prefilter where;
	uint64_t selected;
};

struct collector;

struct collector_ops {
	const char *name;

	/* Opens what it needs for good. NULL with the cause and the cure in @e. */
	struct collector *(*open)(const struct collect_options *options, struct error *e);

	/*
	 * Replaces @snap by a new sample, true at snap->time_ms. Returns 1, 0 when there
	 * is none left (a replay's end), -1 with @e. A sample that the kernel cut short
	 * is delivered and marked partial.
	 */
	int (*read)(struct collector *c, const struct collect_request *request,
		struct snapshot *snap, struct error *e);

	void (*close)(struct collector *c);
};

extern const struct collector_ops collect_live;
extern const struct collector_ops collect_replay;

#endif
