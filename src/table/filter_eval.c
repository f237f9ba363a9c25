/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/filter_node.h"

#include <string.h>

#include "base/text.h"

/* Three values, so that and is the least, or the most, and not the mirror image. */
enum truth { NO = 0, MAYBE = 1, YES = 2 };

static enum truth truth_of(bool holds)
{
	return holds ? YES : NO;
}

static enum truth negate(enum truth t)
{
	return (enum truth)(YES - t);
}

static bool is_negative(enum filter_op op)
{
	return op == OP_NE || op == OP_HAS_NOT;
}

static bool compare_numbers(enum filter_op op, uint64_t a, uint64_t b)
{
	switch (op) {
	case OP_NE:
		return a != b;
	case OP_GT:
		return a > b;
	case OP_GE:
		return a >= b;
	case OP_LT:
		return a < b;
	case OP_LE:
		return a <= b;
	default:
		return a == b;
	}
}

static bool compare_texts(enum filter_op op, const char *text, const char *operand)
{
	switch (op) {
	case OP_HAS:
		return text_contains(text, operand);
	case OP_HAS_NOT:
		return !text_contains(text, operand);
	default:
		return (strcmp(text, operand) == 0) == (op == OP_EQ);
	}
}

static enum truth match_states(const struct filter_term *t, const struct row *row)
{
	if (row->conn->state == STATE_UNKNOWN || row->conn->state >= STATE_COUNT)
		return MAYBE;
	return truth_of((t->states & STATE_BIT(row->conn->state)) != 0);
}

/* An interface is named in the address as it is shown: fe80::1%eth0. */
static enum truth match_zone(const struct filter_term *t, const struct row *row)
{
	if (t->text == NULL)
		return YES;
	if (row->conn->dev == 0)
		return MAYBE;
	return truth_of(strcmp(t->text, snapshot_string(row->snap, row->conn->dev)) == 0);
}

static enum truth match_host(const struct filter_term *t, const struct row *row)
{
	const struct conn *c = row->conn;
	const struct addr *a = t->peer ? &c->peer : &c->local;
	unsigned port = t->peer ? c->peer_port : c->local_port;
	enum truth result;

	if (t->has_port && port != t->number)
		result = NO;
	else if (!t->has_addr)
		result = YES;
	else if (a->family == 0)
		result = MAYBE;
	else if (!addr_in_prefix(a, &t->addr, t->prefix_len))
		result = NO;
	else
		result = match_zone(t, row);
	return t->op == OP_NE ? negate(result) : result;
}

static enum truth match_port(const struct filter_term *t, const struct row *row)
{
	unsigned port = t->peer ? row->conn->peer_port : row->conn->local_port;

	if (!t->has_port)
		return truth_of(t->op == OP_EQ);
	return truth_of(compare_numbers(t->op, port, t->number));
}

static enum truth match_mark(const struct filter_term *t, const struct row *row)
{
	if (!conn_has(row->conn, HAVE_MARK))
		return MAYBE;
	return truth_of(
		compare_numbers(t->op, row->conn->mark & t->mask, t->number & t->mask));
}

static enum truth match_one_owner(const struct filter_term *t, enum filter_op op,
	const struct snapshot *snap, const struct conn_owner *o)
{
	const char *process = snapshot_string(snap, o->process);

	if (t->text != NULL)
		return process[0] == '\0' ? MAYBE
					  : truth_of(compare_texts(op, process, t->text));
	if (strcmp(t->column->key, "pid") == 0)
		return truth_of(compare_numbers(op, o->pid, t->number));
	return o->fd == OWNER_FD_UNKNOWN
		       ? MAYBE
		       : truth_of(compare_numbers(op, o->fd, t->number));
}

/* One owner that fits is enough; `!=` says that none does. */
static enum truth match_owner(const struct filter_term *t, const struct row *row)
{
	const struct conn *c = row->conn;
	enum filter_op op = t->op == OP_NE ? OP_EQ : t->op == OP_HAS_NOT ? OP_HAS : t->op;
	enum truth any = c->owner_count == 0 ? MAYBE : NO;

	for (size_t i = 0; i < c->owner_count && any != YES; i++) {
		enum truth one = match_one_owner(
			t, op, row->snap, &row->snap->owners[c->owner_first + i]);

		any = one > any ? one : any;
	}
	return is_negative(t->op) ? negate(any) : any;
}

static enum truth match_value(const struct filter_term *t, const struct row *row)
{
	struct value v;
	uint64_t number;

	column_value(t->column, row, &v);
	number = (uint64_t)v.number;
	if (t->kind == TERM_UNKNOWN)
		return truth_of(v.known == (t->op == OP_NE));
	if (!v.known)
		return MAYBE;
	if (t->kind == TERM_TEXT)
		return truth_of(compare_texts(t->op, v.text, t->text));
	if (t->column->type == TYPE_MS)
		number *= 1000;
	return truth_of(compare_numbers(t->op, number, t->number));
}

static enum truth match_term(const struct filter_term *t, const struct row *row)
{
	switch (t->kind) {
	case TERM_STATES:
		return match_states(t, row);
	case TERM_HOST:
		return match_host(t, row);
	case TERM_PORT:
		return match_port(t, row);
	case TERM_MARK:
		return match_mark(t, row);
	case TERM_OWNER:
		return match_owner(t, row);
	default:
		return match_value(t, row);
	}
}

static enum truth match_node(const struct filter *f, uint32_t at, const struct row *row)
{
	const struct filter_node *n = &f->nodes[at];
	enum truth result = n->kind == NODE_OR ? NO : YES;

	if (n->kind == NODE_TERM)
		return match_term(&n->term, row);
	if (n->kind == NODE_NOT)
		return negate(match_node(f, n->first, row));
	for (uint32_t i = n->first; i != NODE_NONE; i = f->nodes[i].next) {
		enum truth child = match_node(f, i, row);

		if (n->kind == NODE_OR ? child > result : child < result)
			result = child;
		if (result == (n->kind == NODE_OR ? YES : NO))
			break;
	}
	return result;
}

bool filter_matches(const struct filter *f, const struct row *row)
{
	if (f == NULL || f->root == NODE_NONE)
		return true;
	return match_node(f, f->root, row) == YES;
}

bool filter_names_state(const struct filter *f)
{
	return f != NULL && f->names_state;
}

unsigned filter_needs(const struct filter *f)
{
	return f != NULL ? f->needs : 0;
}
