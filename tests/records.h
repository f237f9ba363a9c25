/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records behind the golden screens: how they were made, so that they can be again.
 */
#ifndef KATOP_TESTS_RECORDS_H
#define KATOP_TESTS_RECORDS_H

#include <stddef.h>

#include "base/strbuf.h"

/* Writes tests/data/view-*.json anew into @folder (with its slash). */
void records_update(const char *folder);

/* A record of one sample with @rows connections. */
void records_big(size_t rows, struct strbuf *out);

/* Writes a whole file or fails the test. */
void records_write(const char *path, const char *text);

#endif
