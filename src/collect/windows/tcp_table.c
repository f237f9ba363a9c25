/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/windows/tcp_table.h"

#include <stdlib.h>

#include "base/xalloc.h"

/* A table that grows faster than it is read is given up. */
#define TRIES	   8
#define FIRST_SIZE 16384

_Static_assert(sizeof(MIB_TCPROW_OWNER_PID) == 24 &&
		       sizeof(MIB_TCP6ROW_OWNER_PID) == 56 &&
		       sizeof(MIB_TCPROW_OWNER_MODULE) == 160 &&
		       sizeof(MIB_TCP6ROW_OWNER_MODULE) == 192,
	"rows as in tcp_rows.c");
_Static_assert(offsetof(MIB_TCPTABLE_OWNER_PID, table) == 4 &&
		       offsetof(MIB_TCP6TABLE_OWNER_PID, table) == 4 &&
		       offsetof(MIB_TCPTABLE_OWNER_MODULE, table) == 8 &&
		       offsetof(MIB_TCP6TABLE_OWNER_MODULE, table) == 8,
	"heads as in tcp_rows.c");
_Static_assert(offsetof(MIB_TCPROW_OWNER_MODULE, liCreateTimestamp) == 24 &&
		       offsetof(MIB_TCP6ROW_OWNER_MODULE, liCreateTimestamp) == 56 &&
		       offsetof(MIB_TCP6ROW_OWNER_MODULE, dwState) == 48 &&
		       offsetof(MIB_TCP6ROW_OWNER_MODULE, dwRemotePort) == 44,
	"members as in tcp_rows.c");

/* Grows by a quarter beyond what was asked for, so that the next call does. */
static void make_room(struct tcp_table *t, size_t size)
{
	size += size / 4;
	if (size <= t->cap)
		return;
	free(t->bytes);
	t->bytes = xmalloc(size);
	t->cap = size;
}

static DWORD read_kind(
	const struct win_api *api, struct tcp_table *t, TCP_TABLE_CLASS kind)
{
	DWORD rc = ERROR_INSUFFICIENT_BUFFER;
	DWORD size = 0;

	for (int i = 0; i < TRIES && rc == ERROR_INSUFFICIENT_BUFFER; i++) {
		make_room(t, size > FIRST_SIZE ? size : FIRST_SIZE);
		size = (DWORD)t->cap;
		rc = api->tcp_table(t->bytes, &size, FALSE, t->family, kind, 0);
	}
	t->rows.bytes = t->bytes;
	t->rows.size = rc == ERROR_SUCCESS ? t->cap : 0;
	return rc;
}

DWORD tcp_table_read(const struct win_api *api, struct tcp_table *t)
{
	bool v6 = t->family == AF_INET6;
	DWORD rc;

	if (!t->pids_only) {
		rc = read_kind(api, t, TCP_TABLE_OWNER_MODULE_ALL);
		t->rows.layout = v6 ? TCP_ROWS_V6_MODULE : TCP_ROWS_V4_MODULE;
		if (rc == ERROR_SUCCESS || rc == ERROR_INSUFFICIENT_BUFFER)
			return rc;
	}
	rc = read_kind(api, t, TCP_TABLE_OWNER_PID_ALL);
	t->rows.layout = v6 ? TCP_ROWS_V6_PID : TCP_ROWS_V4_PID;
	/* one failure of the better table is enough, unless neither is to be had */
	t->pids_only = rc == ERROR_SUCCESS;
	return rc;
}

void tcp_table_clear(struct tcp_table *t)
{
	free(t->bytes);
	t->bytes = NULL;
	t->cap = 0;
}
