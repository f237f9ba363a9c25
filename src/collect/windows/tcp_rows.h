/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of GetExtendedTcpTable() as bytes: no Windows header, so that they are
 * tested and fuzzed on every system. live.c proves the layouts against the headers.
 */
#ifndef KATOP_COLLECT_WINDOWS_TCP_ROWS_H
#define KATOP_COLLECT_WINDOWS_TCP_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/conn.h"

/* MIB_TCPTABLE_OWNER_PID, MIB_TCP6TABLE_OWNER_PID and their _MODULE sisters. */
enum tcp_rows_layout {
	TCP_ROWS_V4_PID,
	TCP_ROWS_V6_PID,
	TCP_ROWS_V4_MODULE,
	TCP_ROWS_V6_MODULE,
	TCP_ROWS_LAYOUTS
};

/* Bytes before the first row, and of a row. */
size_t tcp_rows_head_size(enum tcp_rows_layout layout);
size_t tcp_rows_row_size(enum tcp_rows_layout layout);

/* A table in the caller's memory. */
struct tcp_rows {
	enum tcp_rows_layout layout;
	const void *bytes;
	size_t size;
};

/*
 * What a row says: `conn` with identity, addresses, ports and state, nothing else. `pid`
 * is 0 for none. `created` is a FILETIME, 0 when it is not told. `zone` is the number of
 * the interface that a link-local address belongs to, 0 for none.
 */
struct tcp_row {
	struct conn conn;
	uint32_t pid;
	uint32_t zone;
	uint64_t created;
};

/* Rows that lie wholly in the table; *@cut tells that it claims more. */
size_t tcp_rows_count(const struct tcp_rows *t, bool *cut);

/* Reads row @i, less than tcp_rows_count(). */
void tcp_rows_get(const struct tcp_rows *t, size_t i, struct tcp_row *row);

#endif
