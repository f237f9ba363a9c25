/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one way in which curses is included: wide characters, no macros over our names. */
#ifndef KATOP_TERM_WITH_CURSES_H
#define KATOP_TERM_WITH_CURSES_H

#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#define NCURSES_NOMACROS 1

#include <curses.h>

#endif
