/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GetExtendedTcpTable() into a buffer that is kept. */
#ifndef KATOP_COLLECT_WINDOWS_TCP_TABLE_H
#define KATOP_COLLECT_WINDOWS_TCP_TABLE_H

#include "collect/windows/tcp_rows.h"
#include "collect/windows/win_api.h"

/* One family's table. Start with .family AF_INET or AF_INET6 and the rest zeroed, end
 * with tcp_table_clear(). `pids_only`: times of creation are not to be had here. */
struct tcp_table {
	ULONG family;
	bool pids_only;
	void *bytes;
	size_t cap;
	struct tcp_rows rows;
};

/* Reads it anew into `rows`. Returns ERROR_SUCCESS or what Windows says. */
DWORD tcp_table_read(const struct win_api *api, struct tcp_table *t);

void tcp_table_clear(struct tcp_table *t);

#endif
