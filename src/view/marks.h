/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changed lately: rows that got worse, and connections that are gone. */
#ifndef KATOP_VIEW_MARKS_H
#define KATOP_VIEW_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/path.h"
#include "model/snapshot.h"

#define MARKS_MAX     256
#define GONE_MAX      64
#define MARK_LASTS_MS 3000

struct mark {
	uint64_t id;
	int64_t until_ms;
};

/* A vanished connection: its last facts, how it ended, and where it was shown. */
struct gone {
	struct conn conn; /* strings are those of marks.past */
	int64_t until_ms;
	size_t place; /* among the rows and the vanished */
	char ending[96];
};

/* Owns `past`, which holds the strings and owners of the vanished. Zeroed is empty. */
struct marks {
	struct mark changed[MARKS_MAX];
	size_t changed_count;
	struct gone gone[GONE_MAX]; /* by place */
	size_t gone_count;
	struct snapshot past;
};

void marks_clear(struct marks *m);

/* Marks a row as changed until @until_ms; the oldest gives way. */
void marks_change(struct marks *m, uint64_t id, int64_t until_ms);
bool marks_is_changed(const struct marks *m, uint64_t id, int64_t now_ms);

/* Keeps @c of @snap as vanished from @place; returns it, NULL when there is no room. */
struct gone *marks_bury(struct marks *m, const struct snapshot *snap,
	const struct conn *c, size_t place, int64_t until_ms);

/* The vanished connection shown at @place, NULL if a row is. */
const struct gone *marks_gone_at(const struct marks *m, size_t place);

/* How many vanished ones are shown before @place. */
size_t marks_gone_before(const struct marks *m, size_t place);

/* The connection @id is here again: it is no vanished one, if it was; its row takes that
 * one's place. */
void marks_return(struct marks *m, uint64_t id);

/* Lets go of the vanished: another list is shown. */
void marks_forget_gone(struct marks *m);

/* Fits the places to a table of @rows rows: all different, none past the end. */
void marks_settle(struct marks *m, size_t rows);

/* Drops what has expired but @keep (an id, 0 none); true when a vanished one went. */
bool marks_expire(struct marks *m, int64_t now_ms, uint64_t keep);

#endif
