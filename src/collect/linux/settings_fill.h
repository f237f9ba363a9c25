/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what was read of a socket to the facts of its connection. */
#ifndef KATOP_COLLECT_LINUX_SETTINGS_FILL_H
#define KATOP_COLLECT_LINUX_SETTINGS_FILL_H

#include "collect/linux/settings_cache.h"
#include "model/snapshot.h"

/* Sockets that keepalive or a silent path may concern: not LISTEN, not minisockets. */
bool settings_exist(const struct conn *c);

/*
 * Fills @c's settings from @s, with the system's values where the socket has none, and
 * what only BPF reads: the hidden keepalive timer and the last out-of-window ACK, as
 * they are at @now_ms of the monotonic clock.
 */
void settings_fill(struct conn *c, const struct socket_settings *s,
	const struct system_info *system, int64_t now_ms);

#endif
