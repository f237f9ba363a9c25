/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modes that print: --list, --json, --check, --settings; once or again and again. */
#ifndef KATOP_LISTING_H
#define KATOP_LISTING_H

#include "run.h"

/* Returns the exit status (0, or 1 when --check found risk), or -1 with @e. */
int listing_run(struct run *run, struct error *e);

/* Writes text to standard output, flushed. Returns 0, or -1 with @e. */
int listing_print(const char *text, size_t len, struct error *e);

#endif
