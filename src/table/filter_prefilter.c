/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/filter_node.h"

/* The states that a connection passing the node at @at may have. */
static uint32_t states_of(const struct filter *f, uint32_t at)
{
	const struct filter_node *n = &f->nodes[at];
	uint32_t states = n->kind == NODE_OR ? 0 : STATES_ALL;

	switch (n->kind) {
	case NODE_TERM:
		return n->term.kind == TERM_STATES ? n->term.states : STATES_ALL;
	case NODE_NOT:
		n = &f->nodes[n->first];
		return n->kind == NODE_TERM && n->term.kind == TERM_STATES
			       ? STATES_ALL & ~n->term.states
			       : STATES_ALL;
	default:
		for (uint32_t i = n->first; i != NODE_NONE; i = f->nodes[i].next)
			if (n->kind == NODE_OR)
				states |= states_of(f, i);
			else
				states &= states_of(f, i);
		return states;
	}
}

static void add_term(struct prefilter *out, struct prefilter_term term)
{
	if (out->count < PREFILTER_MAX)
		out->terms[out->count++] = term;
}

static void add_ports(struct prefilter *out, bool peer, uint32_t first, uint32_t last)
{
	add_term(out, (struct prefilter_term){
			      .kind = peer ? PREFILTER_PEER_PORT : PREFILTER_LOCAL_PORT,
			      .first_port = (uint16_t)first,
			      .last_port = (uint16_t)last });
}

/* What no port fits (above 65535) is left to the filter itself. */
static void add_port_term(struct prefilter *out, const struct filter_term *t)
{
	uint32_t port = (uint32_t)t->number;

	if (!t->has_port)
		return;
	if (t->op == OP_EQ)
		add_ports(out, t->peer, port, port);
	else if (t->op == OP_GE || (t->op == OP_GT && port < UINT16_MAX))
		add_ports(out, t->peer, port + (t->op == OP_GT), UINT16_MAX);
	else if (t->op == OP_LE || (t->op == OP_LT && port > 0))
		add_ports(out, t->peer, 0, port - (t->op == OP_LT));
}

/* An IPv4 prefix also fits the v4-mapped addresses of IPv6 sockets. */
static void add_host_term(struct prefilter *out, const struct filter_term *t)
{
	if (t->op != OP_EQ)
		return;
	if (t->has_port)
		add_ports(out, t->peer, (uint32_t)t->number, (uint32_t)t->number);
	if (!t->has_addr)
		return;
	if (t->addr.family == 6)
		out->families &= FAMILY_V6;
	add_term(out, (struct prefilter_term){ .kind = t->peer ? PREFILTER_PEER_PREFIX
							       : PREFILTER_LOCAL_PREFIX,
			      .addr = t->addr,
			      .prefix_len = t->prefix_len });
}

static void add_node(const struct filter *f, uint32_t at, struct prefilter *out)
{
	const struct filter_node *n = &f->nodes[at];

	if (n->kind == NODE_TERM && n->term.kind == TERM_PORT)
		add_port_term(out, &n->term);
	else if (n->kind == NODE_TERM && n->term.kind == TERM_HOST)
		add_host_term(out, &n->term);
	else if (n->kind == NODE_AND)
		for (uint32_t i = n->first; i != NODE_NONE; i = f->nodes[i].next)
			add_node(f, i, out);
}

void filter_prefilter(const struct filter *f, struct prefilter *out)
{
	*out = (struct prefilter){ .states = STATES_ALL, .families = FAMILY_ANY };
	if (f == NULL || f->root == NODE_NONE)
		return;
	out->states = states_of(f, f->root);
	add_node(f, f->root, out);
}
