/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses of this network namespace: a peer among them is this system. */
#ifndef KATOP_COLLECT_LINUX_LOCAL_ADDR_H
#define KATOP_COLLECT_LINUX_LOCAL_ADDR_H

#include <stdbool.h>
#include <stddef.h>

#include "model/conn.h"

/* An address as two numbers, IPv4 in its v4-mapped form. */
struct local_addr {
	uint64_t high;
	uint64_t low;
};

/* Sorted. `known` is false when they could not be read. Zeroed is empty; owns `list`. */
struct local_addrs {
	struct local_addr *list;
	size_t count;
	size_t cap;
	bool known;
};

/* Reads them anew from the kernel (RTM_GETADDR). */
void local_addrs_read(struct local_addrs *a);
void local_addrs_clear(struct local_addrs *a);

/* Fills peer_is_local where it can be told. */
void local_addrs_place(const struct local_addrs *a, struct conn *c);

#endif
