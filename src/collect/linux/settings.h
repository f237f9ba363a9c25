/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings that each socket really has: read by duplicating descriptors
 * (pidfd_getfd) or by BPF iterators, cached by cookie. The one door between the Linux
 * collector (live.c) and the ways of reading.
 */
#ifndef KATOP_COLLECT_LINUX_SETTINGS_H
#define KATOP_COLLECT_LINUX_SETTINGS_H

#include "collect/collect.h"
#include "collect/linux/owner_map.h"

struct settings_reader;

/*
 * Opens the ways that this process may use; never fails: without any it reads nothing
 * and says why in snapshot.access.
 */
struct settings_reader *settings_open(const struct collect_options *options);

/*
 * Begins with @snap: looks what of it is known already and lets BPF read what is not,
 * where it may; where owners are asked for, too, their walk may do so first. Returns true
 * when descriptors are to be duplicated: then the owners must be found before
 * settings_apply().
 */
bool settings_begin(struct settings_reader *r, const struct collect_request *request,
	const struct snapshot *snap);

/*
 * Fills the settings (SETTINGS_SOCKET), and where BPF tells them the hidden keepalive
 * timer and the last out-of-window ACK, into the connections of the @snap that
 * settings_begin() has seen. Writes access.settings.
 */
void settings_apply(struct settings_reader *r, struct snapshot *snap);

/*
 * Whether the owners of @count sockets may be found by one read of the kernel
 * (iter/task_file), and that pays; otherwise it takes a walk over /proc.
 */
bool settings_may_walk_owners(struct settings_reader *r, size_t count);

/*
 * Enters the holders of what @map wants, by cookie; where the settings of these sockets
 * are due, reads them along. Returns false when it failed, with some holders missing.
 */
bool settings_walk_owners(struct settings_reader *r, struct owner_map *map);

void settings_close(struct settings_reader *r);

#endif
