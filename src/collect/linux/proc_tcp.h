/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/net/tcp and tcp6: what is left where sock_diag is missing or refused. They know
 * timers, probes, retransmits, queues and owners, but neither ages nor counters.
 */
#ifndef KATOP_COLLECT_LINUX_PROC_TCP_H
#define KATOP_COLLECT_LINUX_PROC_TCP_H

#include <stddef.h>

#include "base/error.h"
#include "collect/collect.h"
#include "collect/linux/diag_dump.h"

/*
 * Fills the zeroed @c from one line without its newline; @family is 4 or 6. Returns 0, or
 * -1 for the title and for whatever else is no socket.
 */
int proc_tcp_parse(const char *line, size_t len, unsigned family, struct conn *c);

/*
 * Fills the freshly reset @snap as diag_dump() does, as far as these files tell. Returns
 * 0, or -1 with the cause in @e.
 */
int proc_tcp_dump(const struct collect_request *request, const struct diag_sink *sink,
	struct snapshot *snap, struct error *e);

#endif
