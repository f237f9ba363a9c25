/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal: shows a grid of cells, tells which key was pressed. */
#ifndef KATOP_TERM_TERM_H
#define KATOP_TERM_TERM_H

#include <stdbool.h>

#include "base/error.h"
#include "view/keymap.h"
#include "view/screen.h"

struct term;

struct term_options {
	bool colour; /* false: attributes only */
	bool mouse;
};

/* Takes over the terminal. NULL with the cause and the cure in @e (not a terminal,
 * unknown TERM). One at a time. */
struct term *term_open(const struct term_options *options, struct error *e);

/* Gives the terminal back as it was. NULL is allowed. */
void term_close(struct term *t);

/* Gives the terminal back by async-signal-safe means only: for crashes and exhaustion. */
void term_rescue(void);

/* Gives the terminal back and takes it again, around a stop (^Z). */
void term_suspend(struct term *t);
void term_resume(struct term *t);

void term_size(struct term *t, int *width, int *height);
bool term_is_ascii(const struct term *t);

/* Shows @s; @all redraws everything (^L). */
void term_show(struct term *t, const struct screen *s, bool all);

/*
 * Waits up to @timeout_ms (0: not at all) for input or term_wake(). Fills @event and
 * returns 1; 0 for none; -1 when the terminal is gone.
 */
int term_read(struct term *t, int timeout_ms, struct key_event *event);

/* Ends a term_read() from another thread or a signal handler. */
void term_wake(void);

#endif
