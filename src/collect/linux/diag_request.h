/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of sock_diag: netlink requests written into the caller's buffer. */
#ifndef KATOP_COLLECT_LINUX_DIAG_REQUEST_H
#define KATOP_COLLECT_LINUX_DIAG_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collect/collect.h"

struct nlmsghdr;

/* Room for the longest request: headers and PREFILTER_MAX terms of bytecode. */
#define DIAG_REQUEST_SIZE 2048

/* Two instructions of 8 bytes (ports) or one of 28 (prefix) for each term. */
#define DIAG_BYTECODE_SIZE (PREFILTER_MAX * 28)

/*
 * Writes the terms of @where as INET_DIAG bytecode into @code (DIAG_BYTECODE_SIZE bytes).
 * Returns its length, 0 when there is nothing to ask for.
 */
size_t diag_bytecode(void *code, const struct prefilter *where);

/*
 * Writes a dump request for @families (FAMILY_*) into @buf (DIAG_REQUEST_SIZE, aligned
 * for struct nlmsghdr). Both families together are one walk of the kernel's table. The
 * terms of request->where go along if @filter is true; its states always do.
 */
struct nlmsghdr *diag_request_dump(void *buf, unsigned families,
	const struct collect_request *request, bool filter, uint32_t seq);

#endif
