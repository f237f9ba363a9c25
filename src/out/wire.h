/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keepalive costs on the wire. */
#ifndef KATOP_OUT_WIRE_H
#define KATOP_OUT_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "table/table.h"

/*
 * A probe and its answer are empty ACKs: 54 bytes on Ethernet over IPv4 without options,
 * 66 with timestamps, 74 and 86 over IPv6.
 */
#define WIRE_LEAST_BYTES 54
#define WIRE_MOST_BYTES	 86

/*
 * The cost if every one of `connections` had keepalive with the system's settings: two
 * packets each `period_ms`. SYSTEM_UNKNOWN where the settings are.
 */
struct wire_cost {
	size_t connections;
	int64_t period_ms;
	int64_t least_bytes_hourly;
	int64_t most_bytes_hourly;
};

/* For the rows of @t whose state keepalive applies to. */
struct wire_cost wire_cost_of(const struct table *t);

#endif
