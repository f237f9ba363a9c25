/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time, which only main, loop, sampler and the collectors ask for. */
#ifndef KATOP_CLOCK_H
#define KATOP_CLOCK_H

#include <stdint.h>

/* Milliseconds of a clock that never jumps and includes no suspension. */
int64_t clock_mono_ms(void);

/* Milliseconds since 1970, UTC. */
int64_t clock_wall_ms(void);

/* Waits; a signal ends it early. */
void clock_sleep_ms(int64_t ms);

#endif
