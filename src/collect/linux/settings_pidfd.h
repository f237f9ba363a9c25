/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings by duplicating descriptors: pidfd_open() the owner, pidfd_getfd() its socket,
 * ask it, close at once (Linux 5.6). While the duplicate is held the socket has two
 * owners, and if its owner closes it meanwhile the FIN waits for our close.
 */
#ifndef KATOP_COLLECT_LINUX_SETTINGS_PIDFD_H
#define KATOP_COLLECT_LINUX_SETTINGS_PIDFD_H

#include "collect/linux/settings_cache.h"
#include "model/snapshot.h"

/* What became of the sockets that were asked for. */
struct pidfd_outcome {
	unsigned read;
	unsigned refused;
	unsigned gone; /* closed or changed hands since the sample */
	int error;     /* errno of a refusal */
};

/*
 * Reads the sockets of the @count connections whose indexes are @wanted and whose
 * owners are known, into @cache; adds to @out. Call it on a thread of its own: signals
 * are blocked while it works. It never waits: not for an owner, nor for a peer when
 * ours becomes the last close of a lingering socket.
 */
void settings_pidfd_read(const struct snapshot *snap, const uint32_t *wanted,
	size_t count, struct settings_cache *cache, struct pidfd_outcome *out);

/* Why the system refused with @error, and the cure: "" or words for parentheses. */
const char *settings_pidfd_cure(int error);

#endif
