/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/windows/tcp_rows.h"

#include <string.h>

/* As tcpmib.h of the Windows SDK lays them out. A port is in network order in the first
 * two bytes of its DWORD; the other two are undefined. */
struct row_v4 {
	uint32_t state;
	uint8_t local[4];
	uint8_t local_port[4];
	uint8_t remote[4];
	uint8_t remote_port[4];
	uint32_t pid;
};

struct row_v6 {
	uint8_t local[16];
	uint32_t local_scope;
	uint8_t local_port[4];
	uint8_t remote[16];
	uint32_t remote_scope;
	uint8_t remote_port[4];
	uint32_t state;
	uint32_t pid;
};

/* What follows in the tables with modules, whose rows it aligns at 8 bytes. */
struct row_module {
	uint64_t created;
	uint64_t module[16];
};

_Static_assert(sizeof(struct row_v4) == 24 && sizeof(struct row_v6) == 56 &&
		       sizeof(struct row_module) == 136,
	"as Windows lays them out");

static const struct layout {
	size_t head;
	size_t row;
	bool v6;
	bool module;
} layouts[TCP_ROWS_LAYOUTS] = {
	[TCP_ROWS_V4_PID] = { 4, sizeof(struct row_v4), false, false },
	[TCP_ROWS_V6_PID] = { 4, sizeof(struct row_v6), true, false },
	[TCP_ROWS_V4_MODULE] = { 8, sizeof(struct row_v4) + sizeof(struct row_module),
		false, true },
	[TCP_ROWS_V6_MODULE] = { 8, sizeof(struct row_v6) + sizeof(struct row_module),
		true, true },
};

size_t tcp_rows_head_size(enum tcp_rows_layout layout)
{
	return layouts[layout].head;
}

size_t tcp_rows_row_size(enum tcp_rows_layout layout)
{
	return layouts[layout].row;
}

size_t tcp_rows_count(const struct tcp_rows *t, bool *cut)
{
	const struct layout *l = &layouts[t->layout];
	uint32_t claimed;
	size_t room;

	*cut = t->size < sizeof(claimed);
	if (*cut)
		return 0;
	memcpy(&claimed, t->bytes, sizeof(claimed));
	room = t->size > l->head ? (t->size - l->head) / l->row : 0;
	*cut = claimed > room;
	return *cut ? room : claimed;
}

/* MIB_TCP_STATE. 100 is a socket that is bound and no more, known since Windows 10. */
static enum tcp_state state_of(uint32_t mib_state)
{
	static const uint8_t states[] = { STATE_UNKNOWN, STATE_CLOSE, STATE_LISTEN,
		STATE_SYN_SENT, STATE_SYN_RECV, STATE_ESTABLISHED, STATE_FIN_WAIT_1,
		STATE_FIN_WAIT_2, STATE_CLOSE_WAIT, STATE_CLOSING, STATE_LAST_ACK,
		STATE_TIME_WAIT, STATE_CLOSE };

	if (mib_state < sizeof(states))
		return states[mib_state];
	return mib_state == 100 ? STATE_CLOSE : STATE_UNKNOWN;
}

static uint16_t port_of(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static void get_v4(const unsigned char *bytes, struct tcp_row *out)
{
	struct row_v4 row;

	memcpy(&row, bytes, sizeof(row));
	out->conn.state = (uint8_t)state_of(row.state);
	out->conn.local = addr_from_bytes(4, row.local);
	out->conn.local_port = port_of(row.local_port);
	out->conn.peer = addr_from_bytes(4, row.remote);
	out->conn.peer_port = port_of(row.remote_port);
	out->pid = row.pid;
}

/* Small numbers name interfaces. No byte order is documented for them, and both are seen
 * in the wild. */
static uint32_t zone_of(uint32_t scope)
{
	uint32_t swapped = scope >> 24 | (scope >> 8 & 0xff00) | (scope << 8 & 0xff0000) |
			   scope << 24;

	return swapped < scope ? swapped : scope;
}

static void get_v6(const unsigned char *bytes, struct tcp_row *out)
{
	struct row_v6 row;

	memcpy(&row, bytes, sizeof(row));
	out->conn.state = (uint8_t)state_of(row.state);
	out->conn.local = addr_from_bytes(6, row.local);
	out->conn.local_port = port_of(row.local_port);
	out->conn.peer = addr_from_bytes(6, row.remote);
	out->conn.peer_port = port_of(row.remote_port);
	out->pid = row.pid;
	if (addr_is_link_local(&out->conn.local))
		out->zone = zone_of(row.local_scope);
	else if (addr_is_link_local(&out->conn.peer))
		out->zone = zone_of(row.remote_scope);
}

/* FNV-1a. The same connection has the same identity in every sample; another one between
 * the same ends has another owner or was made at another time. */
static uint64_t identity_of(const struct tcp_row *row)
{
	const struct conn *c = &row->conn;
	struct {
		uint8_t local[16], peer[16];
		uint64_t created;
		uint32_t pid, family;
		uint16_t ports[4];
	} key = {
		.created = row->created,
		.pid = row->pid,
		.family = c->local.family,
		.ports = { c->local_port, c->peer_port },
	};
	const unsigned char *p = (const unsigned char *)&key;
	uint64_t h = UINT64_C(14695981039346656037);

	memcpy(key.local, c->local.bytes, 16);
	memcpy(key.peer, c->peer.bytes, 16);
	for (size_t i = 0; i < sizeof(key); i++)
		h = (h ^ p[i]) * UINT64_C(1099511628211);
	return h != 0 ? h : 1;
}

void tcp_rows_get(const struct tcp_rows *t, size_t i, struct tcp_row *row)
{
	const struct layout *l = &layouts[t->layout];
	const unsigned char *bytes =
		(const unsigned char *)t->bytes + l->head + i * l->row;

	*row = (struct tcp_row){ .pid = 0 };
	if (l->v6)
		get_v6(bytes, row);
	else
		get_v4(bytes, row);
	if (l->module)
		memcpy(&row->created,
			bytes + (l->v6 ? sizeof(struct row_v6) : sizeof(struct row_v4)),
			sizeof(row->created));
	/* the remote end of what has none is undefined */
	if (row->conn.state == STATE_LISTEN || row->conn.state == STATE_CLOSE) {
		memset(row->conn.peer.bytes, 0, sizeof(row->conn.peer.bytes));
		row->conn.peer_port = 0;
	}
	row->conn.id = identity_of(row);
}
