/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --record: every sample's facts, appended to a file a whole sample at a time. */
#ifndef KATOP_RECORD_H
#define KATOP_RECORD_H

#include <stdbool.h>

#include "base/error.h"
#include "table/table.h"

struct record;

/* Truncates @path, with the user's own rights. NULL with @e. */
struct record *record_open(const char *path, struct error *e);

/* Appends the rows of @t. Returns 0, or -1 with @e (full disk, closed pipe). */
int record_write(struct record *r, const struct table *t, const struct path_policy *path,
	struct error *e);

/* True once a write failed: nothing more is recorded. */
bool record_has_failed(const struct record *r);

/* Closes the file; 0, or -1 with @e when the last bytes could not be written. NULL is
 * allowed. */
int record_close(struct record *r, struct error *e);

#endif
