/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses of this system: a peer among them is this system. */
#ifndef KATOP_MODEL_LOCAL_ADDRS_H
#define KATOP_MODEL_LOCAL_ADDRS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/conn.h"

/* An address as two numbers, IPv4 in its v4-mapped form. */
struct local_addr {
	uint64_t high;
	uint64_t low;
};

/* `known` is false when they could not be read. Zeroed is empty; owns `list`. */
struct local_addrs {
	struct local_addr *list;
	size_t count;
	size_t cap;
	bool known;
};

/* Adds one of @family (4 or 6) from the bytes of the wire. */
void local_addrs_add(struct local_addrs *a, unsigned family, const void *bytes);

/* Once all are added, before local_addrs_place(). */
void local_addrs_sort(struct local_addrs *a);

void local_addrs_clear(struct local_addrs *a);

/* Fills peer_is_local where it can be told. */
void local_addrs_place(const struct local_addrs *a, struct conn *c);

#endif
