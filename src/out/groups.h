/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections that are told about together. */
#ifndef KATOP_OUT_GROUPS_H
#define KATOP_OUT_GROUPS_H

#include <stddef.h>
#include <stdint.h>

#include "table/table.h"

/* What the connections of a group share. Without padding, so that bytes compare. */
struct group_key {
	uint64_t keepidle_ms;
	uint64_t keepintvl_ms;
	uint64_t keepcnt;
	uint64_t user_timeout_ms;
	uint32_t process; /* a string of the snapshot; 0: see owner_unknown */
	uint16_t peer_port;
	uint8_t owner_unknown;
	uint8_t verdict;
	uint8_t source;
	uint8_t keepalive;
	uint8_t reserved[6];
};

_Static_assert(sizeof(struct group_key) == 48, "a group's key has no padding");

/* `worst` is the place in the table of the connection that is the worst off. */
struct group {
	struct group_key key;
	size_t count;
	size_t worst;
	int64_t deadline_ms; /* of the worst, OUTLOOK_* when there is none */
	int64_t silence_ms;
};

/* Zeroed is empty. Groups stand in the order of their first connections. */
struct groups {
	struct group *at;
	size_t count;
	size_t cap;
	uint32_t *slots; /* open addressing: index of a group plus one, 0 free */
	size_t slot_count;
};

/* Groups the rows of @t, judged by @path, in one pass. */
void groups_fill(struct groups *g, const struct table *t, const struct path_policy *path);
void groups_clear(struct groups *g);

#endif
