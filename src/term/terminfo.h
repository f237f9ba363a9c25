/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the terminal's description says; apart, since <term.h> takes our names. */
#ifndef KATOP_TERM_TERMINFO_H
#define KATOP_TERM_TERMINFO_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the cursor can be moved at all. */
bool terminfo_can_address(void);

/* Terminals that report the mouse as xterm does also know xterm's bracketed paste. */
bool terminfo_is_like_xterm(void);

/* Whether what was shown stays after endwin() unless it is wiped before. */
bool terminfo_keeps_screen(void);

/* Writes what endwin() would send into @out: for a crash, when endwin() is out of reach.
 * Returns the length. */
size_t terminfo_exit_bytes(bool mouse, bool brackets, char *out, size_t size);

#endif
