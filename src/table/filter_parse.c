/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/filter_parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define DEPTH_MAX  200
#define LENGTH_MAX 65536

void parser_advance(struct filter_parser *p)
{
	p->token = filter_next_token(p->text, p->token.at + p->token.size);
}

static uint32_t add_node(struct filter *f, enum node_kind kind, uint32_t first)
{
	f->nodes = xgrow(f->nodes, &f->cap, f->count + 1, sizeof(*f->nodes));
	f->nodes[f->count] =
		(struct filter_node){ .kind = kind, .first = first, .next = NODE_NONE };
	return (uint32_t)f->count++;
}

static int parse_or(struct filter_parser *p, uint32_t *node);

static int parse_term(struct filter_parser *p, uint32_t *node)
{
	struct filter_term term = { 0 };
	int rc = filter_parse_term(p, &term);

	*node = add_node(p->filter, NODE_TERM, NODE_NONE);
	p->filter->nodes[*node].term = term;
	if (term.column != NULL)
		p->filter->needs |= term.column->needs;
	return rc;
}

static int parse_parenthesis(struct filter_parser *p, uint32_t *node)
{
	size_t open = p->token.at;

	parser_advance(p);
	if (parse_or(p, node) != 0)
		return -1;
	if (p->token.kind != TOKEN_CLOSE)
		return error_set_at(p->e, (long)open, "'(' is never closed");
	parser_advance(p);
	return 0;
}

static int parse_unary(struct filter_parser *p, uint32_t *node);

static int parse_not(struct filter_parser *p, uint32_t *node)
{
	uint32_t child = NODE_NONE;

	parser_advance(p);
	if (parse_unary(p, &child) != 0)
		return -1;
	*node = add_node(p->filter, NODE_NOT, child);
	return 0;
}

static int misplaced(const struct filter_parser *p)
{
	const struct token *t = &p->token;
	char quoted[QUOTE_SIZE];

	switch (t->kind) {
	case TOKEN_END:
		return error_set_at(p->e, (long)t->at, "a term is missing at the end");
	case TOKEN_UNCLOSED:
		return error_set_at(p->e, (long)t->at, "the quotation is never closed");
	default:
		return error_set_at(p->e, (long)t->at, "a term is missing before '%s'",
			token_quote(t, quoted));
	}
}

static int parse_unary(struct filter_parser *p, uint32_t *node)
{
	int rc;

	if (p->depth >= DEPTH_MAX)
		return error_set_at(p->e, (long)p->token.at,
			"the expression is nested more than %d deep", DEPTH_MAX);
	p->depth++;
	if (p->token.kind == TOKEN_NOT)
		rc = parse_not(p, node);
	else if (p->token.kind == TOKEN_OPEN)
		rc = parse_parenthesis(p, node);
	else if (p->token.kind == TOKEN_WORD || p->token.kind == TOKEN_QUOTED)
		rc = parse_term(p, node);
	else
		rc = misplaced(p);
	p->depth--;
	return rc;
}

static bool begins_unary(const struct token *t)
{
	return t->kind == TOKEN_WORD || t->kind == TOKEN_QUOTED ||
	       t->kind == TOKEN_OPEN || t->kind == TOKEN_NOT || t->kind == TOKEN_UNCLOSED;
}

/*
 * A chain of operands under one node, in order; a chain of one is the operand itself.
 * `last` is the latest operand.
 */
struct chain {
	uint32_t first;
	uint32_t last;
	size_t count;
};

static void chain_add(struct filter *f, struct chain *c, uint32_t node)
{
	if (c->count++ == 0)
		c->first = node;
	else
		f->nodes[c->last].next = node;
	c->last = node;
}

static uint32_t chain_end(struct filter *f, const struct chain *c, enum node_kind kind)
{
	return c->count == 1 ? c->first : add_node(f, kind, c->first);
}

/* ss: `state a state b` is either, `exclude c` beside them takes away. */
static void join_states(struct filter *f, uint32_t last, uint32_t node)
{
	struct filter_term *to = &f->nodes[last].term, *from = &f->nodes[node].term;

	to->included |= from->included;
	to->excluded |= from->excluded;
	filter_settle_states(to);
}

static int parse_and(struct filter_parser *p, uint32_t *node)
{
	struct chain chain = { 0 };
	bool after_states = false;

	do {
		bool is_word = p->token.kind == TOKEN_WORD, is_states;
		bool beside = true;
		uint32_t operand = NODE_NONE;

		if (chain.count > 0 && p->token.kind == TOKEN_AND) {
			parser_advance(p);
			is_word = p->token.kind == TOKEN_WORD;
			beside = false;
		}
		if (parse_unary(p, &operand) != 0)
			return -1;
		is_states = is_word && p->filter->nodes[operand].term.kind == TERM_STATES;
		if (is_states && beside && after_states)
			join_states(p->filter, chain.last, operand);
		else
			chain_add(p->filter, &chain, operand);
		after_states = is_states;
	} while (p->token.kind == TOKEN_AND || begins_unary(&p->token));
	*node = chain_end(p->filter, &chain, NODE_AND);
	return 0;
}

static int parse_or(struct filter_parser *p, uint32_t *node)
{
	struct chain chain = { 0 };
	uint32_t operand = NODE_NONE;

	if (parse_and(p, &operand) != 0)
		return -1;
	chain_add(p->filter, &chain, operand);
	while (p->token.kind == TOKEN_OR) {
		parser_advance(p);
		if (parse_and(p, &operand) != 0)
			return -1;
		chain_add(p->filter, &chain, operand);
	}
	*node = chain_end(p->filter, &chain, NODE_OR);
	return 0;
}

static int parse_all(struct filter_parser *p)
{
	if (strlen(p->text) > LENGTH_MAX)
		return error_set_at(p->e, LENGTH_MAX,
			"the expression is longer than %d bytes", LENGTH_MAX);
	p->token = filter_next_token(p->text, 0);
	if (p->token.kind == TOKEN_END)
		return 0;
	if (parse_or(p, &p->filter->root) != 0)
		return -1;
	if (p->token.kind == TOKEN_CLOSE)
		return error_set_at(p->e, (long)p->token.at, "')' without a '('");
	if (p->token.kind != TOKEN_END)
		return misplaced(p);
	return 0;
}

struct filter *filter_compile(
	const char *text, const struct filter_resolver *resolver, struct error *e)
{
	struct filter_parser p = { .text = text,
		.excluding = SIZE_MAX,
		.filter = xcalloc(1, sizeof(*p.filter)),
		.resolver = resolver,
		.e = e };

	p.filter->root = NODE_NONE;
	if (parse_all(&p) == 0)
		return p.filter;
	filter_free(p.filter);
	return NULL;
}

void filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->count; i++)
		free(f->nodes[i].term.text);
	free(f->nodes);
	free(f);
}
