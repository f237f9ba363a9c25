/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what curses reads to key events. */
#ifndef KATOP_TERM_KEYS_H
#define KATOP_TERM_KEYS_H

#include <stdbool.h>

#include "view/keymap.h"

/* Whether what is read stands between the brackets of a paste. */
struct keys {
	bool pasting;
};

/* Makes curses know keys that terminals send whatever TERM says. */
void keys_define(void);

/*
 * Reads the next key that is there, without waiting. Returns 1 with @event filled, 0 when
 * there is none. KEYPRESS_NONE is a key that means nothing.
 */
int keys_read(struct keys *k, struct key_event *event);

#endif
