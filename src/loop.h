/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view's loop: sample, draw, wait for a key or the next tick. */
#ifndef KATOP_LOOP_H
#define KATOP_LOOP_H

#include "run.h"

/*
 * Runs the live view until it is left. Returns 0, or -1 with @e. Ends the program by the
 * signal itself when one asked for the end; the terminal is restored first.
 */
int loop_run(struct run *run, struct error *e);

#endif
