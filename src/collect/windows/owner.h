/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes behind the rows: image name and user, looked up once for each process. */
#ifndef KATOP_COLLECT_WINDOWS_OWNER_H
#define KATOP_COLLECT_WINDOWS_OWNER_H

#include "collect/windows/win_api.h"
#include "model/snapshot.h"

struct owners;

struct owners *owners_new(const struct win_api *api);
void owners_free(struct owners *o);

/* Begins a sample. @needs are COLLECT_* bits. */
void owners_begin(
	struct owners *o, struct snapshot *snap, unsigned needs, int64_t now_ms);

/* Names the owner of @c, a connection of that snapshot, from the table's @pid. */
void owners_place(struct owners *o, struct conn *c, uint32_t pid);

/* Forgets processes without connections; says in snap->access what stayed hidden. */
void owners_end(struct owners *o);

#endif
