/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a terminal needs of the system below curses: waiting for input, its size, and a
 * rescue that works within a signal handler. One file a platform.
 */
#ifndef KATOP_TERM_CONSOLE_H
#define KATOP_TERM_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum console_event {
	CONSOLE_INPUT = 1 << 0,
	CONSOLE_WOKEN = 1 << 1,	  /* term_wake() */
	CONSOLE_RESIZED = 1 << 2, /* perhaps: ask console_size() */
	CONSOLE_GONE = 1 << 3,	  /* hung up */
};

/* Before curses: checks for a terminal, saves its modes, prepares the waking. 0, or -1
 * with the cause and the cure. */
int console_open(struct error *e);

/* After curses started: notices resizes in place of its handler. */
void console_watch_size(void);

/* After curses started: whether it is given the mouse. */
void console_take_mouse(bool wanted);

/* After curses ended: puts the saved modes back. */
void console_close(void);

/* The bytes that term_rescue() writes to leave the alternate screen and so on. */
void console_set_rescue(const char *bytes, size_t len);

/* While @armed, term_rescue() does something. */
void console_arm(bool armed);

/* Waits up to @timeout_ms; CONSOLE_* bits, 0 for none. */
int console_wait(int timeout_ms);

/* The size of the terminal now; false when it cannot be told. */
bool console_size(int *width, int *height);

/* Whether its characters are UTF-8. */
bool console_is_utf8(void);

#endif
