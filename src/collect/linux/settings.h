/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The settings that each socket really has: read by duplicating descriptors
 * (pidfd_getfd) or by BPF iterators, cached by cookie. The one door between the Linux
 * collector (live.c) and the ways of reading.
 */
#ifndef KATOP_COLLECT_LINUX_SETTINGS_H
#define KATOP_COLLECT_LINUX_SETTINGS_H

#include "collect/collect.h"

struct settings_reader;

/*
 * Opens the ways that this process may use; never fails: without any it reads nothing
 * and says why in snapshot.access.
 */
struct settings_reader *settings_open(const struct collect_options *options);

/*
 * Fills the settings (SETTINGS_SOCKET), and where BPF tells them the hidden keepalive
 * timer, the last out-of-window ACK and the owners, into @snap's connections, whose
 * owners are known where they could be found. Writes access.settings.
 */
void settings_apply(struct settings_reader *r, const struct collect_request *request,
	struct snapshot *snap);

/*
 * Tries to fill all owners of @snap by one read of the kernel (iter/task_file), before
 * any walk of /proc. Returns true when that was done (then no walk is needed).
 */
bool settings_find_owners(struct settings_reader *r, struct snapshot *snap);

void settings_close(struct settings_reader *r);

#endif
