/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of GetExtendedTcpTable() as bytes, on every system. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collect/windows/tcp_rows.h"

#define CREATED UINT64_C(0x01da2f0011223344)

/* One table under construction, with room for a few rows of any layout. */
struct table_bytes {
	unsigned char bytes[1024];
	struct tcp_rows rows;
};

static void begin(struct table_bytes *t, enum tcp_rows_layout layout, uint32_t claimed)
{
	memset(t, 0, sizeof(*t));
	memcpy(t->bytes, &claimed, sizeof(claimed));
	t->rows = (struct tcp_rows){ layout, t->bytes,
		tcp_rows_head_size(layout) + claimed * tcp_rows_row_size(layout) };
}

static void put32(unsigned char *at, uint32_t number)
{
	memcpy(at, &number, sizeof(number));
}

/* The upper half of a port's DWORD holds anything. */
static void put_port(unsigned char *at, unsigned port)
{
	at[0] = (unsigned char)(port >> 8);
	at[1] = (unsigned char)port;
	at[2] = 0xde;
	at[3] = 0xad;
}

static unsigned char *row_at(struct table_bytes *t, size_t i)
{
	return t->bytes + tcp_rows_head_size(t->rows.layout) +
	       i * tcp_rows_row_size(t->rows.layout);
}

static void put_v4(struct table_bytes *t, size_t i, uint32_t state, uint32_t pid)
{
	unsigned char *row = row_at(t, i);
	const uint64_t created = CREATED;

	put32(row, state);
	memcpy(row + 4, "\x0a\x00\x00\x01", 4);
	put_port(row + 8, 51234);
	memcpy(row + 12, "\xcb\x00\x71\x05", 4);
	put_port(row + 16, 443);
	put32(row + 20, pid);
	if (t->rows.layout == TCP_ROWS_V4_MODULE)
		memcpy(row + 24, &created, sizeof(created));
}

static void put_v6(
	struct table_bytes *t, size_t i, const char *local, uint32_t scope, uint32_t pid)
{
	unsigned char *row = row_at(t, i);
	const uint64_t created = CREATED;
	struct addr a;

	assert_int_equal(addr_parse(local, strlen(local), &a), 0);
	memcpy(row, a.bytes, 16);
	put32(row + 16, scope);
	put_port(row + 20, 22);
	assert_int_equal(addr_parse("fe80::2", 7, &a), 0);
	memcpy(row + 24, a.bytes, 16);
	put32(row + 40, scope);
	put_port(row + 44, 65535);
	put32(row + 48, 5);
	put32(row + 52, pid);
	if (t->rows.layout == TCP_ROWS_V6_MODULE)
		memcpy(row + 56, &created, sizeof(created));
}

static struct tcp_row get(struct table_bytes *t, size_t i)
{
	struct tcp_row row;

	tcp_rows_get(&t->rows, i, &row);
	return row;
}

static void assert_address(const struct addr *a, const char *expected)
{
	char text[ADDR_TEXT_SIZE];

	addr_format(text, a, NULL);
	assert_string_equal(text, expected);
}

static void reads_ipv4(void **state)
{
	struct table_bytes t;
	bool cut;

	(void)state;
	for (int module = 0; module < 2; module++) {
		struct tcp_row row;

		begin(&t, module ? TCP_ROWS_V4_MODULE : TCP_ROWS_V4_PID, 2);
		put_v4(&t, 1, 5, 4242);
		assert_int_equal(tcp_rows_count(&t.rows, &cut), 2);
		assert_false(cut);
		row = get(&t, 1);
		assert_int_equal(row.conn.state, STATE_ESTABLISHED);
		assert_address(&row.conn.local, "10.0.0.1");
		assert_address(&row.conn.peer, "203.0.113.5");
		assert_int_equal(row.conn.local_port, 51234);
		assert_int_equal(row.conn.peer_port, 443);
		assert_int_equal(row.pid, 4242);
		assert_true(row.created == (module ? CREATED : 0));
		assert_int_equal(row.zone, 0);
		assert_int_equal(row.conn.have, 0);
	}
}

static void reads_ipv6(void **state)
{
	struct table_bytes t;
	bool cut;

	(void)state;
	for (int module = 0; module < 2; module++) {
		struct tcp_row row;

		begin(&t, module ? TCP_ROWS_V6_MODULE : TCP_ROWS_V6_PID, 2);
		put_v6(&t, 1, "2001:db8::1", 7, 99);
		assert_int_equal(tcp_rows_count(&t.rows, &cut), 2);
		row = get(&t, 1);
		assert_int_equal(row.conn.state, STATE_ESTABLISHED);
		assert_address(&row.conn.local, "2001:db8::1");
		assert_address(&row.conn.peer, "fe80::2");
		assert_int_equal(row.conn.local_port, 22);
		assert_int_equal(row.conn.peer_port, 65535);
		assert_int_equal(row.pid, 99);
		assert_true(row.created == (module ? CREATED : 0));
	}
}

static void zones_belong_to_link_local_addresses(void **state)
{
	struct table_bytes t;

	(void)state;
	begin(&t, TCP_ROWS_V6_PID, 1);
	put_v6(&t, 0, "fe80::1", 12, 1);
	assert_int_equal(get(&t, 0).zone, 12);
	put_v6(&t, 0, "fe80::1", UINT32_C(12) << 24, 1);
	assert_int_equal(get(&t, 0).zone, 12);
	put_v6(&t, 0, "2001:db8::1", 12, 1); /* the peer's is link-local */
	assert_int_equal(get(&t, 0).zone, 12);
	memset(row_at(&t, 0) + 24, 0x20, 16);
	assert_int_equal(get(&t, 0).zone, 0);
}

static void knows_every_state(void **state)
{
	static const uint8_t expected[] = { STATE_UNKNOWN, STATE_CLOSE, STATE_LISTEN,
		STATE_SYN_SENT, STATE_SYN_RECV, STATE_ESTABLISHED, STATE_FIN_WAIT_1,
		STATE_FIN_WAIT_2, STATE_CLOSE_WAIT, STATE_CLOSING, STATE_LAST_ACK,
		STATE_TIME_WAIT, STATE_CLOSE, STATE_UNKNOWN };
	struct table_bytes t;

	(void)state;
	begin(&t, TCP_ROWS_V4_PID, 1);
	for (uint32_t i = 0; i < sizeof(expected); i++) {
		put_v4(&t, 0, i, 1);
		assert_int_equal(get(&t, 0).conn.state, expected[i]);
	}
	put_v4(&t, 0, 100, 1);
	assert_int_equal(get(&t, 0).conn.state, STATE_CLOSE);
	put_v4(&t, 0, UINT32_MAX, 1);
	assert_int_equal(get(&t, 0).conn.state, STATE_UNKNOWN);
}

static void listeners_have_no_peer(void **state)
{
	struct table_bytes t;
	struct tcp_row row;

	(void)state;
	begin(&t, TCP_ROWS_V4_PID, 1);
	put_v4(&t, 0, 2, 1);
	row = get(&t, 0);
	assert_int_equal(row.conn.state, STATE_LISTEN);
	assert_address(&row.conn.peer, "0.0.0.0");
	assert_int_equal(row.conn.peer_port, 0);
	assert_int_equal(row.conn.local_port, 51234);
}

static void identity_holds_and_differs(void **state)
{
	struct table_bytes t;
	uint64_t first;

	(void)state;
	begin(&t, TCP_ROWS_V4_MODULE, 1);
	put_v4(&t, 0, 5, 7);
	first = get(&t, 0).conn.id;
	assert_true(first != 0);
	put_v4(&t, 0, 8, 7); /* another state: the same connection */
	assert_true(get(&t, 0).conn.id == first);
	put_v4(&t, 0, 5, 8);
	assert_true(get(&t, 0).conn.id != first);
	put_v4(&t, 0, 5, 7);
	row_at(&t, 0)[24] ^= 1; /* made at another time */
	assert_true(get(&t, 0).conn.id != first);
	put_v4(&t, 0, 5, 7);
	row_at(&t, 0)[17] ^= 1; /* another port */
	assert_true(get(&t, 0).conn.id != first);
	put_v4(&t, 0, 5, 7);
	assert_true(get(&t, 0).conn.id == first);
}

/* Tables that claim more than they hold are read as far as they go, never further: each
 * is copied into exactly as much memory, so that the sanitizer sees a step beyond. */
static void lying_tables_are_cut(void **state)
{
	(void)state;
	for (int layout = 0; layout < TCP_ROWS_LAYOUTS; layout++) {
		struct table_bytes t;

		begin(&t, (enum tcp_rows_layout)layout, 2);
		for (size_t size = 0; size <= t.rows.size; size++) {
			struct tcp_rows rows = t.rows;
			struct tcp_row row;
			unsigned char *copy = malloc(size + (size == 0));
			size_t count;
			bool cut;

			assert_non_null(copy);
			memcpy(copy, t.bytes, size);
			rows.bytes = copy;
			rows.size = size;
			count = tcp_rows_count(&rows, &cut);
			assert_int_equal(cut, size < t.rows.size);
			for (size_t i = 0; i < count; i++)
				tcp_rows_get(&rows, i, &row);
			free(copy);
		}
	}
}

static void absurd_counts_are_cut(void **state)
{
	struct table_bytes t;
	bool cut;

	(void)state;
	begin(&t, TCP_ROWS_V6_MODULE, 1);
	put32(t.bytes, UINT32_MAX);
	assert_int_equal(tcp_rows_count(&t.rows, &cut), 1);
	assert_true(cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_ipv4),
		cmocka_unit_test(reads_ipv6),
		cmocka_unit_test(zones_belong_to_link_local_addresses),
		cmocka_unit_test(knows_every_state),
		cmocka_unit_test(listeners_have_no_peer),
		cmocka_unit_test(identity_holds_and_differs),
		cmocka_unit_test(lying_tables_are_cut),
		cmocka_unit_test(absurd_counts_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
