/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals of the live view: noted, answered by the loop, passed on honestly. */
#ifndef KATOP_HOST_SIGNALS_H
#define KATOP_HOST_SIGNALS_H

#include <stdbool.h>

/*
 * Catches what ends or stops the program, after the terminal library installed handlers
 * of its own. @wake is called in the handler when one was noted, @rescue before a crash
 * takes its course; both must be async-signal-safe.
 */
void signals_catch(void (*wake)(void), void (*rescue)(void));

/* The signal that asks the program to end, 0 for none. */
int signals_end_wanted(void);

/* True once after a signal asked the program to stop (^Z from outside). */
bool signals_stop_wanted(void);

/* Stops the program by the signal's own effect; returns when it was continued. */
void signals_stop(void);

/* Ends the program by @signal, so that the parent sees it (128+n in a shell). */
_Noreturn void signals_die_by(int signal);

/* The signal of a terminal that went away. */
int signals_of_hangup(void);

/* Makes the calling thread deaf: signals go to the loop. */
void signals_block_in_thread(void);

#endif
