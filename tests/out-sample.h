/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sample that the tests of the outputs share. */
#ifndef KATOP_TESTS_OUT_SAMPLE_H
#define KATOP_TESTS_OUT_SAMPLE_H

#include <jansson.h>

#include "base/strbuf.h"
#include "model/snapshot.h"

/* A process name that no terminal, line or document may be disturbed by. */
#define SAMPLE_HOSTILE "a\"b\\c) <\xc3\xa9\xe6\x97\xa5>"

/* Fills @s with connections of every kind: v4, v6, v4-mapped and link-local; every state
 * that matters, every verdict that one sample can have, everything known and nothing. */
void sample_fill(struct snapshot *s);

/* A plain established IPv4 connection without keepalive, silent for @silence_ms; the
 * first free id. For more in bulk. */
struct conn *sample_add(struct snapshot *s, int64_t silence_ms);

/* Gives @c an owner more. */
void sample_own(struct snapshot *s, struct conn *c, uint32_t pid, uint32_t fd,
	const char *process);

/* The document that @text is, to be released by the caller; fails where it is none. */
json_t *json_of(const struct strbuf *text);

/* Fails unless @text is that of tests/golden/@name; with KATOP_GOLDEN=write in the
 * environment writes it there instead, for a review. */
void golden_check(const char *name, const struct strbuf *text);

#endif
