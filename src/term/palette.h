/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What roles look like: by the colours that the terminal has. */
#ifndef KATOP_TERM_PALETTE_H
#define KATOP_TERM_PALETTE_H

#include <stdbool.h>

#include "view/screen.h"

/* Curses attributes and the number of the colour pair, 0 for the default colours. */
struct look {
	unsigned long attributes;
	short pair;
};

/*
 * Prepares the looks for 256, 16, 8 colours or none (@colour false, or a terminal that
 * has none). Curses must have been started. The background stays the terminal's own, so
 * that light and dark ones both work.
 */
void palette_init(bool colour, struct look looks[ROLE_COUNT]);

#endif
