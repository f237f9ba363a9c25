/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespace's TCP settings and counters, from the proc file system. */
#ifndef KATOP_COLLECT_LINUX_SYSTEM_H
#define KATOP_COLLECT_LINUX_SYSTEM_H

#include "model/snapshot.h"

/* Fills @s as far as it can be read. */
void system_read(struct system_info *s);

/* Host name, network namespace and what is in force, into @snap. */
void system_identify(struct snapshot *snap);

/*
 * The value of the counter @name of the group @group in the text of /proc/net/netstat:
 * pairs of lines, titles and values. SYSTEM_UNKNOWN when it is not there.
 */
int64_t system_counter(const char *netstat, const char *group, const char *name);

#endif
