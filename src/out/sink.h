/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where output goes: gathered in a buffer, handed over in large pieces. */
#ifndef KATOP_OUT_SINK_H
#define KATOP_OUT_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

/*
 * `write` takes a piece and returns 0, or -1 when it could not be written; with NULL
 * everything stays in `text`. After a failure `failed` is set, and what still comes is
 * thrown away. Start with {0}, end with sink_clear().
 */
struct sink {
	struct strbuf text;
	int (*write)(void *context, const char *bytes, size_t len);
	void *context;
	bool failed;
};

/* Hands over what was gathered if it is much: call it between lines. */
void sink_relieve(struct sink *s);

/* Hands over everything. Returns 0, or -1 when any piece could not be written. */
int sink_flush(struct sink *s);

/* Frees the buffer; what was not handed over is lost. */
void sink_clear(struct sink *s);

#endif
