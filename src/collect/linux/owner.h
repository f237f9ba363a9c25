/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owners of connections, or why none can be named; kept between samples. */
#ifndef KATOP_COLLECT_LINUX_OWNER_H
#define KATOP_COLLECT_LINUX_OWNER_H

#include <stdbool.h>

#include "collect/linux/settings.h"
#include "model/snapshot.h"

struct owner_finder;

/* @settings is borrowed: it may have a faster way than a walk over /proc. NULL: none. */
struct owner_finder *owner_open(struct settings_reader *settings);
void owner_close(struct owner_finder *f);

/*
 * Fills the owners of @snap's connections, all of them or at least the first one, and
 * access.owners ("" when nothing is hidden). Walks the processes only when there are
 * sockets not seen before or the last walk is old, and never for more than a small part
 * of the time.
 */
void owner_find(struct owner_finder *f, bool first_only, struct snapshot *snap);

/*
 * Says of what no process can hold why that is so (OWNER_MINISOCKET, OWNER_ORPHAN), which
 * takes no walk. Returns how many connections remain. owner_find() does it too.
 */
size_t owner_explain(struct snapshot *snap);

#endif
