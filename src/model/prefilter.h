/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of a filter that a kernel can apply: states, ports and prefixes that every
 * wanted connection must have. It may let more through than the filter, never less.
 */
#ifndef KATOP_MODEL_PREFILTER_H
#define KATOP_MODEL_PREFILTER_H

#include <stddef.h>
#include <stdint.h>

#include "model/addr.h"

enum prefilter_kind {
	PREFILTER_LOCAL_PORT, /* first_port <= local port <= last_port */
	PREFILTER_PEER_PORT,
	PREFILTER_LOCAL_PREFIX, /* addr/prefix_len; IPv4 also matches v4-mapped */
	PREFILTER_PEER_PREFIX,
};

struct prefilter_term {
	enum prefilter_kind kind;
	uint16_t first_port;
	uint16_t last_port;
	struct addr addr;
	uint8_t prefix_len;
};

#define PREFILTER_MAX 16

/* All terms hold (and). `states` and `families` (bit 0: IPv4, bit 1: IPv6) are masks. */
struct prefilter {
	uint32_t states;
	unsigned families;
	size_t count;
	struct prefilter_term terms[PREFILTER_MAX];
};

#define FAMILY_V4  1U
#define FAMILY_V6  2U
#define FAMILY_ANY 3U

#endif
