/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Phrases that the explanations share. Part of explain.c. */
#ifndef KATOP_MODEL_EXPLAIN_WORDS_H
#define KATOP_MODEL_EXPLAIN_WORDS_H

#include "model/explain.h"

#define WORDS_SPAN_SIZE 32

/* What is told about: all borrowed. */
struct telling {
	struct strbuf *out;
	const struct snapshot *snap;
	const struct conn *c;
	const struct outlook *o;
	const struct path_policy *path;
};

/* A span in long form, truncated to two units: 450 ms, 9.9 s, 6 min 12 s, 1 h 54 min, 5 d.
 * @out holds WORDS_SPAN_SIZE bytes and is returned. */
const char *words_span(char *out, int64_t ms);

/* The same for what somebody set: seconds stay seconds below ten minutes, as in 350 s. */
const char *words_setting(char *out, int64_t ms);

/* The lowest owner's process, or "the owner". */
const char *words_owner(const struct telling *t);

/* "Keepalive is on with the system's 2 h", "Keepalive is off", ...; no period. */
void words_keepalive(const struct telling *t);

/* A sentence: what the owner, or the administrator, changes so that probes leave before
 * the path forgets. */
void words_remedy(const struct telling *t);

/* ", unless the peer keeps it alive (...)" where nothing was seen that could tell. */
void words_unless_the_peer(const struct telling *t);

/* The paragraph that the verdict asks for (explain_tell.c). */
void explain_tell(const struct telling *t);

#endif
