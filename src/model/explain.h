/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words: what is happening to a connection, why, and what to change. */
#ifndef KATOP_MODEL_EXPLAIN_H
#define KATOP_MODEL_EXPLAIN_H

#include "base/strbuf.h"
#include "model/outlook.h"
#include "model/snapshot.h"

/*
 * Appends one paragraph of plain sentences, without line breaks, that a person can act
 * on: what is on, what will happen when, what forgets first, and the change that mends
 * it, addressed to the owner's name. The same words serve the detail pane and --check.
 */
void explain_connection(struct strbuf *out, const struct snapshot *snap,
	const struct conn *c, const struct outlook *o, const struct path_policy *path);

/*
 * The same for @count connections that differ only in their addresses and times (same
 * process, verdict, settings, peer port). @c is the worst of them.
 */
void explain_group(struct strbuf *out, const struct snapshot *snap, const struct conn *c,
	const struct outlook *o, const struct path_policy *path, size_t count);

/* Two or three words for a column or legend: "the path has forgotten it". */
const char *explain_verdict_briefly(enum verdict v);

/*
 * How a connection that is gone seems to have ended, from its last sample @elapsed_ms
 * ago: "keepalive gave up after 3/3 probes", "retransmission gave up", "closed".
 */
void explain_ending(struct strbuf *out, const struct conn *c, const struct outlook *o,
	int64_t elapsed_ms);

#endif
