/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of text being typed, and the lines typed before. */
#ifndef KATOP_VIEW_INPUT_H
#define KATOP_VIEW_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

#define INPUT_MAX_BYTES 1000

/* The text, harmless UTF-8, and the cursor's byte offset in it. Owns its texts. */
struct input {
	struct strbuf text;
	size_t at;
	size_t recalled;     /* how far back in the history, 0: the line itself */
	struct strbuf typed; /* the line itself, while another is recalled */
};

/* Starts with @text, the cursor at its end. */
void input_set(struct input *in, const char *text);
void input_clear(struct input *in);

/*
 * Applies an editing key: characters, Backspace, Delete, ← → Home End, ^A ^E ^U ^K ^W.
 * Returns true when the key was one of these.
 */
bool input_key(struct input *in, uint32_t key);

#define HISTORY_LINES 20

/* The last different lines, newest first. Owns them. */
struct history_lines {
	char *at[HISTORY_LINES];
	size_t count;
};

/* Remembers @text (not when empty); an equal one moves to the front. */
void history_lines_add(struct history_lines *h, const char *text);
void history_lines_clear(struct history_lines *h);

/* Brings an older (@step 1) or newer (-1) line into the input; behind the newest comes
 * what was typed before. */
void history_lines_recall(const struct history_lines *h, struct input *in, int step);

#endif
