/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytecode for the kernel, run by the kernel's rules and held against the model's. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "collect/linux/diag_request.h"

/* What inet_diag_bc_run() is given of a socket. */
struct entry {
	struct addr local, peer;
	uint16_t local_port, peer_port;
};

static uint32_t seed = 1;

static uint32_t any(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

/* inet_diag_bc_audit(): every jump lands on an instruction, at the end or 4 behind it. */
static void audit(const unsigned char *code, size_t len)
{
	for (size_t at = 0; at < len;) {
		struct inet_diag_bc_op op;
		size_t least = sizeof(op);

		memcpy(&op, code + at, sizeof(op));
		if (op.code == INET_DIAG_BC_S_COND || op.code == INET_DIAG_BC_D_COND) {
			struct inet_diag_hostcond cond;
			size_t size;

			memcpy(&cond, code + at + sizeof(op), sizeof(cond));
			size = cond.family == AF_INET6 ? 16 : 4;
			assert_true(cond.prefix_len <= 8 * size);
			least += sizeof(cond) + size;
		} else {
			assert_in_range(op.code, INET_DIAG_BC_S_GE, INET_DIAG_BC_D_LE);
			least += sizeof(op);
		}
		assert_int_equal(op.yes, least);
		assert_int_equal(op.no % 4, 0);
		assert_int_equal(op.no, len - at + 4);
		at += op.yes;
		assert_true(at <= len);
	}
}

static bool bits_match(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	for (unsigned i = 0; i < bits; i++)
		if ((a[i / 8] ^ b[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

static bool host_holds(const unsigned char *arg, const struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct inet_diag_hostcond cond;
	const uint8_t *wanted = arg + sizeof(cond);

	memcpy(&cond, arg, sizeof(cond));
	assert_int_equal(cond.port, -1);
	if (cond.family != (a->family == 6 ? AF_INET6 : AF_INET))
		return a->family == 6 && cond.family == AF_INET &&
		       memcmp(a->bytes, mapped, 12) == 0 &&
		       bits_match(a->bytes + 12, wanted, cond.prefix_len);
	return bits_match(a->bytes, wanted, cond.prefix_len);
}

static bool op_holds(const unsigned char *at, const struct entry *e)
{
	struct inet_diag_bc_op ops[2];

	memcpy(ops, at, sizeof(ops));
	switch (ops[0].code) {
	case INET_DIAG_BC_S_GE:
		return e->local_port >= ops[1].no;
	case INET_DIAG_BC_S_LE:
		return e->local_port <= ops[1].no;
	case INET_DIAG_BC_D_GE:
		return e->peer_port >= ops[1].no;
	case INET_DIAG_BC_D_LE:
		return e->peer_port <= ops[1].no;
	case INET_DIAG_BC_S_COND:
		return host_holds(at + sizeof(ops[0]), &e->local);
	default:
		return host_holds(at + sizeof(ops[0]), &e->peer);
	}
}

static bool run(const unsigned char *code, size_t size, const struct entry *e)
{
	long left = (long)size;

	while (left > 0) {
		struct inet_diag_bc_op op;
		const unsigned char *at = code + (size - (size_t)left);

		memcpy(&op, at, sizeof(op));
		left -= op_holds(at, e) ? op.yes : op.no;
	}
	return left == 0;
}

static bool term_holds(const struct prefilter_term *t, const struct entry *e)
{
	switch (t->kind) {
	case PREFILTER_LOCAL_PORT:
		return e->local_port >= t->first_port && e->local_port <= t->last_port;
	case PREFILTER_PEER_PORT:
		return e->peer_port >= t->first_port && e->peer_port <= t->last_port;
	case PREFILTER_LOCAL_PREFIX:
		return addr_in_prefix(&e->local, &t->addr, t->prefix_len);
	default:
		return addr_in_prefix(&e->peer, &t->addr, t->prefix_len);
	}
}

/* Few different bits, so that prefixes match often. */
static struct addr any_addr(void)
{
	uint8_t bytes[16] = { 0 };
	unsigned family = any(3);

	for (int i = 0; i < 16; i++)
		bytes[i] = any(4) == 0 ? (uint8_t)any(4) : 0;
	if (family == 0)
		return addr_from_bytes(4, bytes);
	if (family == 1) {
		memset(bytes, 0, 10);
		bytes[10] = bytes[11] = 0xff;
	}
	return addr_from_bytes(6, bytes);
}

static struct prefilter_term any_term(void)
{
	static const uint16_t ports[] = { 0, 1, 2, 3, 65534, 65535 };
	struct prefilter_term t = { .kind = (enum prefilter_kind)any(4) };

	t.first_port = ports[any(6)];
	t.last_port = ports[any(6)];
	t.addr = any_addr();
	t.prefix_len = (uint8_t)any(t.addr.family == 6 ? 129 : 33);
	return t;
}

static struct entry any_entry(void)
{
	static const uint16_t ports[] = { 0, 1, 2, 3, 4, 65534, 65535 };

	return (struct entry){ .local = any_addr(),
		.peer = any_addr(),
		.local_port = ports[any(7)],
		.peer_port = ports[any(7)] };
}

static void test_bytecode(void **state)
{
	unsigned passed = 0, failed = 0;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		unsigned char code[DIAG_BYTECODE_SIZE];
		struct prefilter where = { .count = any(4) };
		size_t len;

		for (size_t k = 0; k < where.count; k++)
			where.terms[k] = any_term();
		len = diag_bytecode(code, &where);
		audit(code, len);
		for (int j = 0; j < 50; j++) {
			struct entry e = any_entry();
			bool holds = true;

			for (size_t k = 0; k < where.count; k++)
				holds = holds && term_holds(&where.terms[k], &e);
			assert_int_equal(run(code, len, &e), holds);
			passed += holds;
			failed += !holds;
		}
	}
	assert_true(passed > 10000 && failed > 10000);
}

static void test_longest(void **state)
{
	unsigned char code[DIAG_BYTECODE_SIZE];
	struct prefilter where = { .count = PREFILTER_MAX };

	(void)state;
	for (size_t i = 0; i < PREFILTER_MAX; i++)
		where.terms[i] = (struct prefilter_term){ .kind = PREFILTER_PEER_PREFIX,
			.addr = { .family = 6 },
			.prefix_len = 128 };
	assert_int_equal(diag_bytecode(code, &where), sizeof(code));
	audit(code, sizeof(code));
}

/* Ports that leave nothing out cost nothing. */
static void test_nothing_to_ask(void **state)
{
	unsigned char code[DIAG_BYTECODE_SIZE];
	struct prefilter where = { .count = 1 };

	(void)state;
	where.terms[0] = (struct prefilter_term){ .last_port = 65535 };
	assert_int_equal(diag_bytecode(code, &where), 0);
}

static void test_request(void **state)
{
	uint64_t buf[DIAG_REQUEST_SIZE / sizeof(uint64_t)];
	struct collect_request r = { .needs = COLLECT_INFO };
	struct nlmsghdr *nlh;
	struct inet_diag_req old;
	struct inet_diag_req_v2 new;

	(void)state;
	r.where.states = STATES_ALL | 1;
	nlh = diag_request_dump(buf, FAMILY_ANY, &r, true, 7);
	assert_int_equal(nlh->nlmsg_type, TCPDIAG_GETSOCK);
	assert_int_equal(nlh->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(nlh->nlmsg_seq, 7);
	assert_int_equal(nlh->nlmsg_len, NLMSG_HDRLEN + sizeof(old));
	memcpy(&old, NLMSG_DATA(nlh), sizeof(old));
	assert_int_equal(old.idiag_states, 0xffe);
	assert_int_equal(old.idiag_ext, 1 << (INET_DIAG_INFO - 1));
	r.needs = 0;
	r.where.count = 1;
	r.where.terms[0] = (struct prefilter_term){ .first_port = 22, .last_port = 22 };
	nlh = diag_request_dump(buf, FAMILY_V6, &r, true, 8);
	assert_int_equal(nlh->nlmsg_type, SOCK_DIAG_BY_FAMILY);
	assert_int_equal(nlh->nlmsg_len, NLMSG_HDRLEN + sizeof(new) + 4 + 16);
	memcpy(&new, NLMSG_DATA(nlh), sizeof(new));
	assert_int_equal(new.sdiag_family, AF_INET6);
	assert_int_equal(new.idiag_ext, 0);
	nlh = diag_request_dump(buf, FAMILY_V4, &r, false, 9);
	assert_int_equal(nlh->nlmsg_len, NLMSG_HDRLEN + sizeof(new));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytecode),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_nothing_to_ask),
		cmocka_unit_test(test_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
