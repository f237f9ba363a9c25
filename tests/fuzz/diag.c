/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink as a hostile kernel would speak it: a double of libmnl's socket hands the
 * input to the dump of the sockets and to that of the addresses, buffer by buffer. Two
 * bytes say how long the next buffer is, or with the highest bit which errno comes
 * instead.
 */
#include "config.h"
#include "fuzz.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include "collect/linux/diag_dump.h"
#include "collect/linux/local_addr.h"
#include "table/query.h"

#include "../mnl-double.h"

#define FAILS	  0x8000U
#define MOST_ROWS 4096

static struct {
	const uint8_t *data;
	size_t size;
	int64_t now_ms;
} kernel;

int64_t clock_mono_ms(void)
{
	return kernel.now_ms += 7;
}

int64_t clock_wall_ms(void)
{
	return INT64_C(1700000000000) + kernel.now_ms;
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	(void)bus, (void)flags;
	opened++;
	return (struct mnl_socket *)&kernel;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t size)
{
	(void)nl, (void)req;
	return (ssize_t)size;
}

static unsigned take_head(void)
{
	unsigned head;

	if (kernel.size < 2)
		return FAILS | EAGAIN;
	head = kernel.data[0] | (unsigned)kernel.data[1] << 8;
	kernel.data += 2;
	kernel.size -= 2;
	return head;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	unsigned head = take_head();
	size_t len = head;

	(void)nl;
	if (head & FAILS) {
		errno = head & 0xff ? (int)(head & 0xff) : EIO;
		return -1;
	}
	len = len < kernel.size ? len : kernel.size;
	FUZZ_HOLDS(len <= size);
	memcpy(buf, kernel.data, len);
	kernel.data += len;
	kernel.size -= len;
	return (ssize_t)len;
}

static void take_row(void *context, struct conn *c, const struct diag_extra *x)
{
	struct snapshot *snap = context;

	(void)x;
	FUZZ_HOLDS(c == &snap->conns[snap->count - 1]);
	FUZZ_HOLDS(c->state > STATE_UNKNOWN && c->state < STATE_COUNT);
	FUZZ_HOLDS(c->timer < TIMER_COUNT);
	FUZZ_HOLDS(c->local.family == 4 || c->local.family == 6);
	FUZZ_HOLDS(c->peer.family == c->local.family);
}

static void each_is_there_once(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->count && i < MOST_ROWS; i++)
		FUZZ_HOLDS(snapshot_find(snap, snap->conns[i].id) == &snap->conns[i]);
}

static void dump_sockets(unsigned families)
{
	struct collect_request request = { .needs = COLLECT_ALL };
	struct snapshot snap = { 0 };
	const struct diag_sink sink = { .row = take_row, .context = &snap };
	struct table_query query = {
		.all_states = true, .families = families, .path = path_default()
	};
	struct table table = { 0 };
	struct error e;
	int why = 0;
	struct diag_channel *d = diag_open(&why, &e);

	snapshot_reset(&snap);
	query_prefilter(&query, &request.where);
	if (diag_dump(d, &request, &sink, &snap, &why, &e) == 0) {
		each_is_there_once(&snap);
		table_fill(&table, &snap, &query);
		FUZZ_HOLDS(table.count <= snap.count);
	} else {
		FUZZ_HOLDS(why != 0 && e.text[0] != '\0');
	}
	diag_close(d);
	table_clear(&table);
	snapshot_clear(&snap);
}

static void dump_addresses(void)
{
	struct local_addrs addresses = { 0 };
	struct conn c = { .state = STATE_ESTABLISHED };

	local_addrs_read(&addresses);
	local_addrs_place(&addresses, &c);
	local_addrs_clear(&addresses);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	kernel.data = data + 1;
	kernel.size = size - 1;
	kernel.now_ms = 1000;
	if ((data[0] & 3) == 0)
		dump_addresses();
	else
		dump_sockets(data[0] & 3);
	FUZZ_HOLDS(opened == 0);
	return 0;
}
