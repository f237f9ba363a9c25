/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What will become of one connection: its settings in effect, the forecast, and the
 * verdict on whether it will be dropped while idle. Pure: facts in, judgment out.
 */
#ifndef KATOP_MODEL_OUTLOOK_H
#define KATOP_MODEL_OUTLOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "model/conn.h"
#include "model/path.h"
#include "model/snapshot.h"

/* In the order of katop(1): the first that fits; worst first when sorted. */
enum verdict {
	VERDICT_NONE = 0, /* `-`: a state to which the question does not apply */
	VERDICT_STALLED,
	VERDICT_PROBING,
	VERDICT_LOST,
	VERDICT_OFF,
	VERDICT_LATE,
	VERDICT_KEPT,
	VERDICT_OK,
	VERDICT_LOCAL,
	VERDICT_UNKNOWN,
	VERDICT_COUNT
};

/* stalled, probing, ...; "-" for VERDICT_NONE. */
const char *verdict_name(enum verdict v);

/* Rank for sorting: 0 is the worst; VERDICT_NONE comes last. */
int verdict_rank(enum verdict v);

/* Keepalive settings in effect, whatever their source. OUTLOOK_UNKNOWN if unknown. */
#define OUTLOOK_UNKNOWN INT64_C(-2)
#define OUTLOOK_NEVER	INT64_C(-1)

struct ka_settings {
	enum settings_source source;
	int64_t keepidle_ms;
	int64_t keepintvl_ms;
	int64_t keepcnt;
	int64_t user_timeout_ms; /* 0: not set */
};

/*
 * Times are milliseconds from the sample: OUTLOOK_NEVER when it will not happen,
 * OUTLOOK_UNKNOWN when it cannot be told. Ages are OUTLOOK_UNKNOWN likewise.
 */
struct outlook {
	struct ka_settings settings;
	enum verdict verdict;
	bool at_risk;
	bool assumed;	  /* the verdict rests on assumed settings */
	bool next_due;	  /* the kernel is late with the probe: it leaves any moment */
	bool deadline_approximate;
	bool retransmitting; /* the deadline is retransmission's, not keepalive's */
	bool path_applies;   /* a limit was compared: not local, path not `none` */
	int64_t silence_ms;	 /* what the kernel compares with keepidle */
	int64_t path_silence_ms; /* since any packet crossed the path, as far as known */
	int64_t next_ms;
	int64_t next_latest_ms;
	int64_t deadline_ms;
	int64_t deadline_earliest_ms;
	int64_t deadline_latest_ms;
	int64_t forgets_ms;	 /* until the path forgets: limit - path silence, may be < 0 */
	int64_t period_ms;	 /* steady period of probes, with slack */
};

/*
 * Fills @out for @c. @system is that of the sample; @path the policy to judge by. The
 * settings that @c lacks are assumed from @system and marked so.
 */
void outlook_of(const struct conn *c, const struct system_info *system,
	const struct path_policy *path, struct outlook *out);

#endif
