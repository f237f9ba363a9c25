/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live collector of Windows: who is asked for what, in what order. */
#include "config.h"
#include "collect/windows/live.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "collect/windows/owner.h"
#include "collect/windows/system.h"
#include "collect/windows/tcp_table.h"
#include "host/host.h"
#include "host/wide.h"
#include "host/win_error.h"
#include "model/local_addrs.h"

#define ADAPTER_TRIES 4
#define ADAPTER_SIZE  16384

struct collector {
	const struct win_api *api;
	struct tcp_table v4;
	struct tcp_table v6;
	struct owners *owners;
	struct local_addrs locals;
};

struct collector *live_new(const struct win_api *api)
{
	struct collector *c = xcalloc(1, sizeof(*c));

	c->api = api;
	c->v4.family = AF_INET;
	c->v6.family = AF_INET6;
	c->owners = owners_new(api);
	return c;
}

static struct collector *live_open(const struct collect_options *options, struct error *e)
{
	(void)options, (void)e;
	return live_new(&win_api_system);
}

static void add_adapters(struct local_addrs *locals, const IP_ADAPTER_ADDRESSES *adapter)
{
	for (; adapter != NULL; adapter = adapter->Next)
		for (const IP_ADAPTER_UNICAST_ADDRESS *u = adapter->FirstUnicastAddress;
			u != NULL; u = u->Next) {
			const SOCKADDR *a = u->Address.lpSockaddr;

			if (a->sa_family == AF_INET)
				local_addrs_add(locals, 4,
					&((const SOCKADDR_IN *)(const void *)a)
						 ->sin_addr);
			else if (a->sa_family == AF_INET6)
				local_addrs_add(locals, 6,
					&((const SOCKADDR_IN6 *)(const void *)a)
						 ->sin6_addr);
		}
}

static void read_locals(struct collector *c)
{
	ULONG rc = ERROR_BUFFER_OVERFLOW, size = ADAPTER_SIZE;
	IP_ADAPTER_ADDRESSES *adapters = NULL;

	c->locals.count = 0;
	for (int i = 0; i < ADAPTER_TRIES && rc == ERROR_BUFFER_OVERFLOW; i++) {
		free(adapters);
		adapters = xmalloc(size);
		rc = c->api->adapters(AF_UNSPEC,
			GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST |
				GAA_FLAG_SKIP_DNS_SERVER | GAA_FLAG_SKIP_FRIENDLY_NAME,
			NULL, adapters, &size);
	}
	/* no data: a system without any address but the loopback's */
	c->locals.known = rc == ERROR_SUCCESS || rc == ERROR_NO_DATA;
	if (rc == ERROR_SUCCESS)
		add_adapters(&c->locals, adapters);
	local_addrs_sort(&c->locals);
	free(adapters);
}

static void add_row(struct collector *c, const struct tcp_row *row, unsigned needs,
	struct snapshot *snap)
{
	struct conn *conn = snapshot_add(snap);
	char zone[12];

	*conn = row->conn;
	if (row->zone != 0) {
		snprintf(zone, sizeof(zone), "%u", (unsigned)row->zone);
		conn->dev = strtab_add(&snap->strings, zone);
	}
	if (needs & COLLECT_LOCAL)
		local_addrs_place(&c->locals, conn);
	owners_place(c->owners, conn, row->pid);
}

static DWORD add_table(struct collector *c, struct tcp_table *t,
	const struct collect_request *request, struct snapshot *snap)
{
	DWORD rc = tcp_table_read(c->api, t);
	struct tcp_row row;
	size_t count;
	bool cut;

	if (rc != ERROR_SUCCESS)
		return rc;
	count = tcp_rows_count(&t->rows, &cut);
	snap->partial |= cut;
	for (size_t i = 0; i < count; i++) {
		tcp_rows_get(&t->rows, i, &row);
		if (request->where.states & STATE_BIT(row.conn.state))
			add_row(c, &row, request->needs, snap);
	}
	return rc;
}

/* Both families. A system without IPv6 has no table for it, which is no fault; one table
 * alone is a sample cut short. */
static int add_tables(struct collector *c, const struct collect_request *request,
	struct snapshot *snap, struct error *e)
{
	unsigned families = request->where.families;
	char why[WIN_ERROR_SIZE];
	DWORD v4 = ERROR_SUCCESS, v6 = ERROR_SUCCESS, rc;

	if (families & FAMILY_V4)
		v4 = add_table(c, &c->v4, request, snap);
	if (families & FAMILY_V6)
		v6 = add_table(c, &c->v6, request, snap);
	if (v6 == ERROR_NOT_SUPPORTED && v4 == ERROR_SUCCESS && (families & FAMILY_V4))
		v6 = ERROR_SUCCESS;
	rc = v4 != ERROR_SUCCESS ? v4 : v6;
	if (rc == ERROR_SUCCESS) {
		snprintf(snap->access.connections, sizeof(snap->access.connections),
			"GetExtendedTcpTable");
		return 1;
	}
	win_error_text(why, sizeof(why), rc);
	if (families != FAMILY_ANY || (v4 != ERROR_SUCCESS && v6 != ERROR_SUCCESS))
		return error_set(e, "cannot read the table of TCP connections: %s", why);
	snap->partial = true;
	snap->access.poorer = true;
	snprintf(snap->access.connections, sizeof(snap->access.connections),
		"GetExtendedTcpTable, without IPv%d: %.80s", v4 != ERROR_SUCCESS ? 4 : 6,
		why);
	return 1;
}

static void identify(const struct win_api *api, struct snapshot *snap)
{
	wchar_t wide[256];
	char name[sizeof(snap->host)];
	DWORD len = 256;

	snap->host[0] = '\0';
	if (api->computer_name(ComputerNameDnsHostname, wide, &len))
		text_make_harmless(snap->host, sizeof(snap->host), name,
			wide_to_utf8(name, sizeof(name), wide));
}

static int live_read(struct collector *c, const struct collect_request *request,
	struct snapshot *snap, struct error *e)
{
	int rc;

	snapshot_reset(snap);
	system_read(c->api, &snap->system);
	identify(c->api, snap);
	if (request->needs & COLLECT_LOCAL)
		read_locals(c);
	snap->time_ms = clock_wall_ms();
	snap->mono_ms = clock_mono_ms();
	owners_begin(c->owners, snap, request->needs, snap->mono_ms);
	rc = add_tables(c, request, snap, e);
	owners_end(c->owners);
	snprintf(snap->access.settings, sizeof(snap->access.settings),
		"unknown: Windows tells no program the keepalive settings, timers, "
		"probes or "
		"idle times of connections that are not its own");
	host_describe_privileges(
		snap->access.privileges, sizeof(snap->access.privileges));
	return rc;
}

static void live_close(struct collector *c)
{
	tcp_table_clear(&c->v4);
	tcp_table_clear(&c->v6);
	owners_free(c->owners);
	local_addrs_clear(&c->locals);
	free(c);
}

const struct collector_ops collect_live = {
	.name = "live",
	.open = live_open,
	.read = live_read,
	.close = live_close,
};
