/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/diag_request.h"

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/*
 * inet_diag_bc_audit() and inet_diag_bc_run(), net/ipv4/inet_diag.c: every instruction
 * jumps forward, by `yes` or by `no` bytes. To end exactly behind the code is to pass, to
 * end four bytes further is to fail.
 */
static void put_port_op(unsigned char *code, size_t *len, unsigned char op, uint16_t port)
{
	struct inet_diag_bc_op ops[2] = {
		{ .code = op, .yes = sizeof(ops) },
		{ .no = port },
	};

	memcpy(code + *len, ops, sizeof(ops));
	*len += sizeof(ops);
}

static void put_ports(unsigned char *code, size_t *len, const struct prefilter_term *t)
{
	bool local = t->kind == PREFILTER_LOCAL_PORT;

	if (t->first_port > 0)
		put_port_op(code, len, local ? INET_DIAG_BC_S_GE : INET_DIAG_BC_D_GE,
			t->first_port);
	if (t->last_port < UINT16_MAX)
		put_port_op(code, len, local ? INET_DIAG_BC_S_LE : INET_DIAG_BC_D_LE,
			t->last_port);
}

/* The kernel lets an IPv4 condition match v4-mapped addresses, as the model does. */
static void put_prefix(unsigned char *code, size_t *len, const struct prefilter_term *t)
{
	bool local = t->kind == PREFILTER_LOCAL_PREFIX;
	size_t size = t->addr.family == 6 ? 16 : 4;
	struct inet_diag_bc_op op = {
		.code = local ? INET_DIAG_BC_S_COND : INET_DIAG_BC_D_COND,
		.yes = (unsigned char)(sizeof(op) + sizeof(struct inet_diag_hostcond) +
				       size),
	};
	struct inet_diag_hostcond cond = {
		.family = t->addr.family == 6 ? AF_INET6 : AF_INET,
		.prefix_len = t->prefix_len,
		.port = -1,
	};

	memcpy(code + *len, &op, sizeof(op));
	memcpy(code + *len + sizeof(op), &cond, sizeof(cond));
	memcpy(code + *len + sizeof(op) + sizeof(cond), t->addr.bytes, size);
	*len += op.yes;
}

/* Every instruction that does not hold jumps to failure. */
static void aim(unsigned char *code, size_t len)
{
	struct inet_diag_bc_op op;

	for (size_t at = 0; at < len; at += op.yes) {
		memcpy(&op, code + at, sizeof(op));
		op.no = (unsigned short)(len - at + sizeof(op));
		memcpy(code + at, &op, sizeof(op));
	}
}

size_t diag_bytecode(void *code, const struct prefilter *where)
{
	size_t len = 0;

	for (size_t i = 0; i < where->count && i < PREFILTER_MAX; i++) {
		const struct prefilter_term *t = &where->terms[i];

		if (t->kind == PREFILTER_LOCAL_PORT || t->kind == PREFILTER_PEER_PORT)
			put_ports(code, &len, t);
		else
			put_prefix(code, &len, t);
	}
	aim(code, len);
	return len;
}

static uint8_t extensions(const struct collect_request *request)
{
	return request->needs & COLLECT_INFO ? 1U << (INET_DIAG_INFO - 1) : 0;
}

/*
 * The old request has no family: inet_diag_dump_compat() walks the hash once for both,
 * where two requests of the new kind would walk it twice.
 */
static void put_both(struct nlmsghdr *nlh, const struct collect_request *request)
{
	struct inet_diag_req *req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));

	nlh->nlmsg_type = TCPDIAG_GETSOCK;
	req->idiag_family = AF_INET;
	req->idiag_ext = extensions(request);
	req->idiag_states = request->where.states & STATES_ALL;
}

static void put_one(
	struct nlmsghdr *nlh, unsigned family, const struct collect_request *request)
{
	struct inet_diag_req_v2 *req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));

	nlh->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	req->sdiag_family = family == FAMILY_V6 ? AF_INET6 : AF_INET;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_ext = extensions(request);
	req->idiag_states = request->where.states & STATES_ALL;
}

struct nlmsghdr *diag_request_dump(void *buf, unsigned families,
	const struct collect_request *request, bool filter, uint32_t seq)
{
	unsigned char code[DIAG_BYTECODE_SIZE];
	size_t len = filter ? diag_bytecode(code, &request->where) : 0;
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = seq;
	if (families == FAMILY_ANY)
		put_both(nlh, request);
	else
		put_one(nlh, families, request);
	if (len > 0)
		mnl_attr_put(nlh, INET_DIAG_REQ_BYTECODE, len, code);
	return nlh;
}
