/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One dump of the kernel's TCP sockets over NETLINK_SOCK_DIAG. */
#ifndef KATOP_COLLECT_LINUX_DIAG_DUMP_H
#define KATOP_COLLECT_LINUX_DIAG_DUMP_H

#include "base/error.h"
#include "collect/collect.h"
#include "collect/linux/diag_parse.h"

struct diag_channel;

/*
 * Opens the channel to this network namespace, for good. NULL with the cause in @e and
 * errno in *@why.
 */
struct diag_channel *diag_open(int *why, struct error *e);

void diag_close(struct diag_channel *d);

/* Frees what is kept to be quicker the next time. */
void diag_relax(struct diag_channel *d);

/* What a row still lacks is filled in while it is at hand. */
struct diag_sink {
	void (*row)(void *context, struct conn *c, const struct diag_extra *x);
	void *context;
};

/*
 * Fills the freshly reset @snap with the connections that match request->where, each
 * once, all true at snap->mono_ms and snap->time_ms. An incomplete dump is tried again
 * twice, then delivered and marked partial. Returns 0, or -1 with errno in *@why when the
 * kernel refuses.
 */
int diag_dump(struct diag_channel *d, const struct collect_request *request,
	const struct diag_sink *sink, struct snapshot *snap, int *why, struct error *e);

#endif
