/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sock_diag's answers, true and lying, as facts. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "collect/linux/diag_parse.h"
#include "collect/linux/seen.h"
#include "collect/linux/skew.h"

#define MESSAGE_SIZE 1024

/* A message as the kernel writes it: the base, then attributes. */
struct message {
	unsigned char bytes[MESSAGE_SIZE];
	size_t len;
};

static struct inet_diag_msg plain(unsigned state)
{
	struct inet_diag_msg m = {
		.idiag_family = AF_INET,
		.idiag_state = (uint8_t)state,
		.idiag_inode = 4711,
		.idiag_uid = 1000,
		.idiag_rqueue = 5,
		.idiag_wqueue = 6,
	};

	m.id.idiag_sport = htons(22);
	m.id.idiag_dport = htons(50000);
	m.id.idiag_src[0] = htonl(0x0a000001);
	m.id.idiag_dst[0] = htonl(0x0a000002);
	m.id.idiag_cookie[0] = 0x89abcdef;
	m.id.idiag_cookie[1] = 0x1234567;
	return m;
}

static void begin(struct message *out, const struct inet_diag_msg *m)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->bytes, m, sizeof(*m));
	out->len = sizeof(*m);
}

static void put(struct message *out, unsigned type, const void *payload, size_t len)
{
	struct nlattr attr = { .nla_len = (uint16_t)(sizeof(attr) + len),
		.nla_type = (uint16_t)type };

	memcpy(out->bytes + out->len, &attr, sizeof(attr));
	memcpy(out->bytes + out->len + sizeof(attr), payload, len);
	out->len += NLA_ALIGN(attr.nla_len);
}

/* Parses from memory that ends where the message does, so that a reader of more is
 * caught by the sanitizers and by valgrind. */
static int parse(const void *bytes, size_t len, struct conn *c, struct diag_extra *x)
{
	void *exact = malloc(len > 0 ? len : 1);
	int rc;

	assert_non_null(exact);
	memcpy(exact, bytes, len);
	*c = (struct conn){ 0 };
	*x = (struct diag_extra){ 0 };
	rc = diag_parse(exact, len, c, x);
	free(exact);
	return rc;
}

static struct conn parse_base(const struct inet_diag_msg *m)
{
	struct diag_extra x;
	struct conn c;

	assert_int_equal(parse(m, sizeof(*m), &c, &x), 0);
	return c;
}

static void test_base(void **state)
{
	struct inet_diag_msg m = plain(STATE_ESTABLISHED);
	char text[ADDR_TEXT_SIZE];
	struct conn c = parse_base(&m);

	(void)state;
	assert_true(c.id == UINT64_C(0x0123456789abcdef));
	assert_int_equal(c.state, STATE_ESTABLISHED);
	addr_format_port(text, &c.local, NULL, c.local_port);
	assert_string_equal(text, "10.0.0.1:22");
	addr_format_port(text, &c.peer, NULL, c.peer_port);
	assert_string_equal(text, "10.0.0.2:50000");
	assert_true(conn_has(&c, HAVE_UID | HAVE_INODE | HAVE_QUEUES | HAVE_TIMER));
	assert_int_equal(c.uid, 1000);
	assert_int_equal(c.inode, 4711);
	assert_int_equal(c.recv_queue_bytes, 5);
	assert_int_equal(c.send_queue_bytes, 6);
	assert_false(c.minisocket);
	assert_false(conn_has(&c, HAVE_LAST_ACK) || conn_has(&c, HAVE_EXPIRES));
}

static void test_v6(void **state)
{
	struct inet_diag_msg m = plain(STATE_ESTABLISHED);
	char text[ADDR_TEXT_SIZE];
	struct diag_extra x;
	struct conn c;

	(void)state;
	m.idiag_family = AF_INET6;
	memset(m.id.idiag_src, 0, 16);
	m.id.idiag_src[3] = htonl(1);
	m.id.idiag_src[0] = htonl(0xfe800000);
	m.id.idiag_if = 7;
	assert_int_equal(parse(&m, sizeof(m), &c, &x), 0);
	assert_int_equal(x.interface, 7);
	addr_format(text, &c.local, "eth0");
	assert_string_equal(text, "fe80::1%eth0");
}

/* -1: not known. */
static const struct {
	uint8_t state, timer;
	uint32_t inode, expires;
	int is, on, probes, retransmits, due;
} timers[] = {
	{ STATE_ESTABLISHED, 2, 1, 5000, TIMER_KEEPALIVE, 1, 3, 0, 0 },
	{ STATE_ESTABLISHED, 2, 0, 5000, TIMER_KEEPALIVE, 1, 3, 0, 0 },
	{ STATE_ESTABLISHED, 0, 1, 0, TIMER_NONE, 0, -1, 0, 0 },
	{ STATE_ESTABLISHED, 5, 1, 40, TIMER_DELAYED_ACK, 0, -1, 0, 0 },
	{ STATE_ESTABLISHED, 1, 1, 200, TIMER_RETRANSMIT, -1, -1, 3, 0 },
	{ STATE_ESTABLISHED, 4, 1, 200, TIMER_PERSIST, -1, -1, 3, 0 },
	{ STATE_ESTABLISHED, 2, 1, 0, TIMER_KEEPALIVE, 1, 3, 0, 1 },
	{ STATE_ESTABLISHED, 2, 1, 0xfffffff0, TIMER_KEEPALIVE, 1, 3, 0, 1 },
	{ STATE_ESTABLISHED, 2, 1, 0x80000000, TIMER_KEEPALIVE, 1, 3, 0, 1 },
	{ STATE_CLOSE_WAIT, 2, 1, 5000, TIMER_KEEPALIVE, 1, 3, 0, 0 },
	{ STATE_CLOSE_WAIT, 0, 1, 0, TIMER_NONE, 0, -1, 0, 0 },
	{ STATE_FIN_WAIT_2, 2, 1, 5000, TIMER_KEEPALIVE, 1, 3, 0, 0 },
	{ STATE_FIN_WAIT_2, 2, 0, 5000, TIMER_FIN_WAIT, -1, -1, 0, 0 },
	{ STATE_FIN_WAIT_2, 0, 0, 0, TIMER_NONE, -1, -1, 0, 0 },
	{ STATE_FIN_WAIT_2, 3, 0, 5000, TIMER_FIN_WAIT, -1, -1, -1, 0 },
	{ STATE_FIN_WAIT_1, 1, 0, 5000, TIMER_RETRANSMIT, -1, -1, 3, 0 },
	{ STATE_FIN_WAIT_1, 0, 1, 0, TIMER_NONE, 0, -1, 0, 0 },
	{ STATE_TIME_WAIT, 3, 0, 60000, TIMER_TIME_WAIT, -1, -1, -1, 0 },
	{ STATE_SYN_RECV, 1, 0, 1000, TIMER_SYN_RECV, -1, -1, 3, 0 },
	{ STATE_SYN_RECV, 1, 1, 1000, TIMER_RETRANSMIT, -1, -1, 3, 0 },
	{ STATE_SYN_SENT, 1, 1, 1000, TIMER_RETRANSMIT, -1, -1, 3, 0 },
	{ STATE_LISTEN, 0, 1, 0, TIMER_NONE, -1, -1, -1, 0 },
	{ STATE_LAST_ACK, 1, 0, 200, TIMER_RETRANSMIT, -1, -1, 3, 0 },
	{ STATE_ESTABLISHED, 6, 1, 200, -1, -1, -1, -1, 0 },
	{ STATE_ESTABLISHED, 255, 1, 200, -1, -1, -1, -1, 0 },
};

static void expect_fact(const struct conn *c, uint32_t fact, int expected, int value)
{
	assert_int_equal(conn_has(c, fact), expected >= 0);
	assert_int_equal(value, expected >= 0 ? expected : 0);
}

static void test_timers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(timers) / sizeof(timers[0]); i++) {
		struct inet_diag_msg m = plain(timers[i].state);
		struct conn c;

		m.idiag_timer = timers[i].timer;
		m.idiag_inode = timers[i].inode;
		m.idiag_expires = timers[i].expires;
		m.idiag_retrans = 3;
		c = parse_base(&m);
		expect_fact(&c, HAVE_TIMER, timers[i].is, c.timer);
		expect_fact(&c, HAVE_KEEPALIVE, timers[i].on, c.keepalive_on);
		expect_fact(&c, HAVE_PROBES, timers[i].probes, c.probes);
		expect_fact(&c, HAVE_RETRANSMITS, timers[i].retransmits, c.retransmits);
		assert_int_equal(conn_has(&c, HAVE_DUE), timers[i].due);
		assert_int_equal(conn_has(&c, HAVE_EXPIRES), timers[i].is > 0);
		assert_int_equal(c.expires_ms,
			timers[i].due || timers[i].is < 0 ? 0 : timers[i].expires);
	}
}

static void test_minisockets(void **state)
{
	struct inet_diag_msg m = plain(STATE_TIME_WAIT);
	struct conn c;

	(void)state;
	m.idiag_timer = 3;
	m.idiag_inode = m.idiag_uid = 0;
	c = parse_base(&m);
	assert_true(c.minisocket);
	assert_false(c.have & (HAVE_UID | HAVE_INODE | HAVE_QUEUES));
	assert_int_equal(c.recv_queue_bytes, 0);
	/* nor is an orphan root's */
	m = plain(STATE_FIN_WAIT_1);
	m.idiag_inode = m.idiag_uid = 0;
	c = parse_base(&m);
	assert_false(c.minisocket);
	assert_false(c.have & (HAVE_UID | HAVE_INODE));
	assert_true(conn_has(&c, HAVE_QUEUES));
}

static struct tcp_info full_info(void)
{
	return (struct tcp_info){
		.tcpi_retransmits = 2,
		.tcpi_backoff = 4,
		.tcpi_rto = 204000,
		.tcpi_last_data_sent = 11,
		.tcpi_last_data_recv = 12,
		.tcpi_last_ack_recv = 13,
		.tcpi_rtt = 1500,
		.tcpi_bytes_acked = 21,
		.tcpi_bytes_received = 22,
		.tcpi_segs_out = 23,
		.tcpi_segs_in = 24,
		.tcpi_bytes_sent = UINT64_C(0x100000019),
	};
}

static struct conn parse_info(unsigned tcp_state, size_t len)
{
	unsigned char longer[sizeof(struct tcp_info) + 64] = { 0 };
	struct inet_diag_msg m = plain(tcp_state);
	struct tcp_info info = full_info();
	struct diag_extra x;
	struct message out;
	struct conn c;

	memcpy(longer, &info, sizeof(info));
	begin(&out, &m);
	put(&out, INET_DIAG_INFO, longer, len);
	assert_int_equal(parse(out.bytes, out.len, &c, &x), 0);
	return c;
}

#define END_OF(field) (offsetof(struct tcp_info, field) + sizeof(full_info().field))

/* Kernels from 2.6 on: what the length does not reach is unknown, never zero. */
static void test_info_lengths(void **state)
{
	(void)state;
	for (size_t len = 0; len <= sizeof(struct tcp_info) + 64; len++) {
		struct conn c = parse_info(STATE_ESTABLISHED, len);

		assert_int_equal(conn_has(&c, HAVE_RTO), len >= END_OF(tcpi_rto));
		assert_int_equal(
			conn_has(&c, HAVE_LAST_SENT | HAVE_LAST_RECEIVED | HAVE_LAST_ACK),
			len >= END_OF(tcpi_last_ack_recv));
		assert_int_equal(conn_has(&c, HAVE_RTT), len >= END_OF(tcpi_rtt));
		assert_int_equal(
			conn_has(&c, HAVE_BYTES), len >= END_OF(tcpi_bytes_received));
		assert_int_equal(conn_has(&c, HAVE_SEGS), len >= END_OF(tcpi_segs_in));
		if (len < END_OF(tcpi_bytes_received))
			assert_true(c.sent_bytes == 0);
		else
			assert_true(
				c.sent_bytes == (len >= END_OF(tcpi_bytes_sent)
								? UINT64_C(0x100000019)
								: 21));
	}
}

static void test_info(void **state)
{
	struct conn c = parse_info(STATE_ESTABLISHED, sizeof(struct tcp_info));

	(void)state;
	assert_int_equal(c.rto_ms, 204);
	assert_int_equal(c.backoff, 4);
	assert_int_equal(c.rtt_us, 1500);
	assert_int_equal(c.retransmits, 2);
	assert_int_equal(c.last_sent_ms, 11);
	assert_int_equal(c.last_received_ms, 12);
	assert_int_equal(c.last_ack_ms, 13);
	assert_true(c.received_bytes == 22);
	assert_int_equal(c.segs_out, 23);
	assert_int_equal(c.segs_in, 24);
}

/* Ages are junk before the handshake, and a listener has other things in these fields. */
static void test_info_states(void **state)
{
	const uint32_t ages = HAVE_LAST_SENT | HAVE_LAST_RECEIVED | HAVE_LAST_ACK;
	struct conn c = parse_info(STATE_SYN_SENT, sizeof(struct tcp_info));

	(void)state;
	assert_false(c.have & ages);
	assert_true(conn_has(&c, HAVE_RTO));
	assert_int_equal(c.last_ack_ms, 0);
	c = parse_info(STATE_LISTEN, sizeof(struct tcp_info));
	assert_false(c.have & (ages | HAVE_RTO | HAVE_RTT | HAVE_SEGS | HAVE_BYTES));
	c = parse_info(STATE_TIME_WAIT, sizeof(struct tcp_info));
	assert_false(c.have & (ages | HAVE_RTO | HAVE_RTT | HAVE_SEGS | HAVE_BYTES));
	c = parse_info(STATE_LAST_ACK, sizeof(struct tcp_info));
	assert_true(conn_has(&c, ages));
}

static void full_message(struct message *out)
{
	struct inet_diag_msg m = plain(STATE_ESTABLISHED);
	struct tcp_info info = full_info();
	uint64_t cgroup = UINT64_C(0x500000006);
	uint32_t mark = 99;
	uint8_t shutdown = 0;

	begin(out, &m);
	put(out, INET_DIAG_SHUTDOWN, &shutdown, sizeof(shutdown));
	put(out, 4000, "unknown", 7);
	put(out, INET_DIAG_INFO, &info, sizeof(info));
	put(out, INET_DIAG_MARK, &mark, sizeof(mark));
	put(out, INET_DIAG_CGROUP_ID | NLA_F_NESTED, &cgroup, sizeof(cgroup));
}

static void test_attributes(void **state)
{
	struct diag_extra x;
	struct message out;
	struct conn c;

	(void)state;
	full_message(&out);
	assert_int_equal(parse(out.bytes, out.len, &c, &x), 0);
	assert_true(conn_has(&c, HAVE_MARK | HAVE_SEGS));
	assert_int_equal(c.mark, 99);
	assert_true(x.cgroup == UINT64_C(0x500000006));
	begin(&out, &(struct inet_diag_msg){ .idiag_family = AF_INET, .idiag_state = 1 });
	put(&out, INET_DIAG_MARK, "abc", 3);
	put(&out, INET_DIAG_CGROUP_ID, "abcdefg", 7);
	put(&out, INET_DIAG_INFO, "", 0);
	assert_int_equal(parse(out.bytes, out.len, &c, &x), 0);
	assert_false(c.have & (HAVE_MARK | HAVE_RTO));
	assert_true(x.cgroup == 0);
}

static void test_truncated(void **state)
{
	struct diag_extra x;
	struct message out;
	struct conn c;

	(void)state;
	full_message(&out);
	for (size_t len = 0; len <= out.len; len++)
		assert_int_equal(parse(out.bytes, len, &c, &x),
			len < sizeof(struct inet_diag_msg) ? -1 : 0);
}

static void test_lying_lengths(void **state)
{
	static const uint16_t lies[] = { 0, 1, 2, 3, 4, 5, 0x7fff, 0x8000, 0xffff };
	struct diag_extra x;
	struct message out;
	struct conn c;

	(void)state;
	for (size_t at = sizeof(struct inet_diag_msg); at + 4 < 140; at += 4)
		for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
			full_message(&out);
			memcpy(out.bytes + at, &lies[i], sizeof(lies[i]));
			assert_int_equal(parse(out.bytes, out.len, &c, &x), 0);
		}
}

static void test_no_socket(void **state)
{
	struct inet_diag_msg m = plain(STATE_ESTABLISHED);
	struct diag_extra x;
	struct conn c;

	(void)state;
	m.idiag_family = AF_UNIX;
	assert_int_equal(parse(&m, sizeof(m), &c, &x), -1);
	m = plain(0);
	assert_int_equal(parse(&m, sizeof(m), &c, &x), -1);
	m = plain(13);
	assert_int_equal(parse(&m, sizeof(m), &c, &x), -1);
}

static void add(struct snapshot *snap, struct seen *seen, uint64_t id)
{
	snapshot_add(snap)->id = id;
	seen_enter_last(seen, snap);
}

static void test_seen(void **state)
{
	struct snapshot snap = { 0 };
	struct seen seen = { 0 };

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (uint64_t id = 1; id <= 5000; id++) {
			add(&snap, &seen, id * 4096);
			add(&snap, &seen, (id / 2 + 1) * 4096);
		}
		assert_int_equal(snap.count, 5000);
		for (uint64_t id = 1; id <= 5000; id++)
			assert_true(snap.conns[id - 1].id == id * 4096);
		snapshot_reset(&snap);
		seen_reset(&seen);
	}
	snapshot_clear(&snap);
	seen_clear(&seen);
}

/* A later dump brings most ids in the same order, some not at all, some elsewhere. */
static void test_seen_again(void **state)
{
	struct snapshot snap = { 0 };
	struct seen seen = { 0 };

	(void)state;
	for (uint64_t dump = 0; dump < 40; dump++) {
		size_t left_out = dump % 7 >= 1 && dump % 7 <= 4 ? 429 : 428;
		size_t expected = 3000 - left_out + 1;

		snapshot_reset(&snap);
		seen_reset(&seen);
		for (uint64_t id = 1; id <= 3000; id++)
			if (id % 7 != dump % 7)
				add(&snap, &seen, id + dump / 10 * 2500);
		add(&snap, &seen, 9999999);
		assert_int_equal(snap.count, expected);
		for (uint64_t id = 3000; id > 0; id--)
			if (id % 7 != dump % 7)
				add(&snap, &seen, id + dump / 10 * 2500);
		add(&snap, &seen, 9999999);
		assert_int_equal(snap.count, expected);
	}
	/* those that are gone are forgotten in time */
	assert_in_range(seen.count, 3000, 2 * 3000 + 2048);
	snapshot_clear(&snap);
	seen_clear(&seen);
}

static void test_skew(void **state)
{
	struct snapshot snap = { 0 };
	struct skew skew = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 30; i++) {
		struct conn *c = snapshot_add(&snap);

		if (i % 10 == 0)
			skew_mark(&skew, i, 1000 + i);
		c->have = HAVE_EXPIRES | HAVE_LAST_ACK | HAVE_TIMER;
		c->timer = TIMER_KEEPALIVE;
		c->expires_ms = 15;
	}
	skew_mark(&skew, 30, 1030);
	skew_apply(&skew, &snap, 1020);
	assert_int_equal(snap.conns[0].last_ack_ms, 20);
	assert_int_equal(snap.conns[0].expires_ms, 0);
	assert_false(conn_has(&snap.conns[0], HAVE_DUE));
	assert_int_equal(snap.conns[19].last_ack_ms, 10);
	assert_int_equal(snap.conns[19].expires_ms, 5);
	assert_int_equal(snap.conns[20].last_ack_ms, 0);
	assert_int_equal(snap.conns[29].expires_ms, 15);
	snapshot_clear(&snap);
	skew_clear(&skew);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base),
		cmocka_unit_test(test_v6),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_minisockets),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_info_lengths),
		cmocka_unit_test(test_info_states),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_lying_lengths),
		cmocka_unit_test(test_no_socket),
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_seen_again),
		cmocka_unit_test(test_skew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
