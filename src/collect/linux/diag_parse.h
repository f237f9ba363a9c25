/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sock_diag's answers as facts. Pure functions over buffers: no socket, no clock, no
 * allocation, any length.
 */
#ifndef KATOP_COLLECT_LINUX_DIAG_PARSE_H
#define KATOP_COLLECT_LINUX_DIAG_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "model/conn.h"

/* What a message names by number only; 0 is none. */
struct diag_extra {
	uint32_t interface; /* index of the interface the socket is bound to */
	uint64_t cgroup;    /* id in the cgroup hierarchy */
};

/* The kernel's numbers of timers: idiag_timer, and `tr` in /proc/net/tcp. */
enum diag_timer {
	DIAG_TIMER_NONE = 0,
	DIAG_TIMER_RETRANSMIT = 1,
	DIAG_TIMER_KEEPALIVE = 2,
	DIAG_TIMER_TIME_WAIT = 3,
	DIAG_TIMER_PERSIST = 4,
	DIAG_TIMER_DELAYED_ACK = 5,
};

/*
 * Fills the zeroed @c and @x from the payload of one message (struct inet_diag_msg and
 * attributes). Attributes of unknown kinds, wrong lengths or cut short are passed over.
 * Returns 0, or -1 when the payload is no TCP socket's: too short, or no address family
 * or state that is known.
 */
int diag_parse(const void *payload, size_t len, struct conn *c, struct diag_extra *x);

/*
 * Fills what the timer tells: the timer, its expiry, keepalive, probes, retransmits. The
 * state, inode and minisocket of @c are set already. @timer is the kernel's number,
 * @retrans its count of whatever that timer repeats.
 */
void diag_place_timer(
	struct conn *c, unsigned timer, uint32_t expires_ms, uint32_t retrans);

#endif
