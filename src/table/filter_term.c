/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/filter_parse.h"

#include <string.h>

#include "base/strbuf.h"
#include "base/suggest.h"

static bool is_operand(const struct token *t)
{
	return t->kind == TOKEN_WORD || t->kind == TOKEN_QUOTED;
}

/* Takes the operator if there is one; without one it is equality. */
static struct token take_op(struct filter_parser *p, struct filter_term *term)
{
	struct token op = p->token;

	term->op = OP_EQ;
	if (op.kind == TOKEN_COMPARE) {
		term->op = op.op;
		parser_advance(p);
	}
	return op;
}

static int take_operand(struct filter_parser *p, const char *name, const char *form,
	struct token *operand)
{
	*operand = p->token;
	if (operand->kind == TOKEN_UNCLOSED)
		return error_set_at(
			p->e, (long)operand->at, "the quotation is never closed");
	if (!is_operand(operand))
		return error_set_at(
			p->e, (long)operand->at, "%s lacks its value: %s", name, form);
	parser_advance(p);
	return 0;
}

static int wrong_op(const struct filter_parser *p, const struct token *op,
	const char *name, const char *ops)
{
	char quoted[QUOTE_SIZE];

	return error_set_at(p->e, (long)op->at, "'%s' does not fit %s (%s)",
		token_quote(op, quoted), name, ops);
}

static bool is_equality(const struct filter_term *term)
{
	return term->op == OP_EQ || term->op == OP_NE;
}

static bool is_search(const struct filter_term *term)
{
	return term->op == OP_HAS || term->op == OP_HAS_NOT;
}

/* What a column's type can be asked; @name is the word that was typed for it. */
static int check_op(const struct filter_parser *p, const struct filter_term *term,
	const struct token *name, const struct token *op)
{
	char quoted[QUOTE_SIZE];

	token_quote(name, quoted);
	switch (term->column->type) {
	case TYPE_TEXT:
		if (is_equality(term) || is_search(term))
			return 0;
		return wrong_op(p, op, quoted, "only = != ~ and !~ do");
	case TYPE_WORD:
	case TYPE_BOOL:
	case TYPE_HEX:
	case TYPE_ENDPOINT:
		return is_equality(term) ? 0
					 : wrong_op(p, op, quoted, "only = and != do");
	default:
		return !is_search(term)
			       ? 0
			       : wrong_op(p, op, quoted, "only = != > >= < and <= do");
	}
}

void filter_settle_states(struct filter_term *term)
{
	uint32_t all = STATES_ALL;

	term->states = (term->included != 0 ? term->included : all) & ~term->excluded;
}

/* A state, a synonym or a group; exclude takes away. */
static int parse_states(struct filter_parser *p, struct filter_term *term, bool exclude)
{
	struct token operand;
	char quoted[QUOTE_SIZE];
	const char *near;
	uint32_t states;
	size_t count = 0;
	const char *words[64];

	if (take_operand(p, exclude ? "exclude" : "state",
		    "established, listening, connected ...", &operand) != 0)
		return -1;
	states = states_by_name(operand.start, operand.len);
	if (states == 0) {
		while (count < 64 && (words[count] = states_word(count)) != NULL)
			count++;
		near = suggest_from(token_quote(&operand, quoted), words, count);
		return error_set_at(p->e, (long)operand.at, "unknown state '%s'%s%s%s",
			quoted, near != NULL ? " (did you mean '" : "",
			near != NULL ? near : "", near != NULL ? "'?)" : "");
	}
	term->kind = TERM_STATES;
	if (exclude != (term->op == OP_NE)) {
		term->excluded = states;
		p->excluding = p->token.at;
	} else {
		term->included = states;
	}
	filter_settle_states(term);
	p->filter->names_state = true;
	return 0;
}

static int parse_port_term(
	struct filter_parser *p, struct filter_term *term, const struct token *op)
{
	struct token operand;
	const char *word = term->peer ? "dport" : "sport";

	if (is_search(term))
		return wrong_op(p, op, word, "only = != > >= < and <= do");
	if (take_operand(p, word, "a port such as 443, :443 or https", &operand) != 0 ||
		filter_parse_port(p, term, &operand) != 0)
		return -1;
	if (!term->has_port && !is_equality(term))
		return error_set_at(
			p->e, (long)operand.at, "any port is neither more nor less");
	term->kind = TERM_PORT;
	return 0;
}

/* fwmark 0x1/0xff: ss's value under a mask. */
static int parse_mark(struct filter_parser *p, struct filter_term *term,
	const struct token *op, const struct token *operand)
{
	const char *slash = memchr(operand->start, '/', operand->len);
	size_t len = slash != NULL ? (size_t)(slash - operand->start) : operand->len;
	char quoted[QUOTE_SIZE];

	term->kind = TERM_MARK;
	term->mask = UINT32_MAX;
	if (filter_parse_number(operand->start, len, &term->number) != 0 ||
		(slash != NULL && filter_parse_number(slash + 1, operand->len - len - 1,
					  &term->mask) != 0) ||
		term->number > UINT32_MAX || term->mask > UINT32_MAX)
		return error_set_at(p->e, (long)operand->at,
			"'%s' is not a mark such as 1, 0x1 or 0x1/0xff",
			token_quote(operand, quoted));
	if (slash != NULL && !is_equality(term))
		return wrong_op(p, op, "a mask", "only = and != do");
	return 0;
}

/* A bare at_risk is a whole term; whatever cannot begin another is its value. */
static bool is_bare(const struct filter_parser *p, const struct filter_term *term)
{
	enum filter_special special;

	return term->column->type == TYPE_BOOL &&
	       (!is_operand(&p->token) ||
		       filter_find_column(&p->token, &special) != NULL);
}

/* "a number", "one of socket, inferred, system". */
static void describe_operand(const struct column *c, struct strbuf *out)
{
	strbuf_puts(out, filter_operand_form(c));
	for (size_t i = 0; c->type == TYPE_WORD && c->words[i] != NULL; i++)
		strbuf_printf(out, "%s %s", i > 0 ? "," : "", c->words[i]);
}

static int parse_column_term(struct filter_parser *p, struct filter_term *term,
	const struct token *name, const struct token *op)
{
	struct token operand;
	struct strbuf form = { 0 };
	char quoted[QUOTE_SIZE];
	int rc;

	if (check_op(p, term, name, op) != 0)
		return -1;
	if (op->kind != TOKEN_COMPARE && is_bare(p, term)) {
		term->kind = TERM_NUMBER;
		term->number = 1;
		return 0;
	}
	describe_operand(term->column, &form);
	rc = take_operand(p, token_quote(name, quoted), strbuf_text(&form), &operand);
	strbuf_clear(&form);
	if (rc != 0)
		return -1;
	term->kind = TERM_HOST;
	if (strcmp(term->column->key, "mark") == 0)
		return parse_mark(p, term, op, &operand);
	return filter_parse_operand(p, term, &operand);
}

int filter_parse_term(struct filter_parser *p, struct filter_term *term)
{
	struct token name = p->token, op;
	enum filter_special special;

	term->column = filter_find_column(&name, &special);
	if (term->column == NULL)
		return filter_unknown_name(p, &name);
	if (special == SPECIAL_STATE)
		return parse_states(p, term, name.at == p->excluding);
	parser_advance(p);
	term->peer = strcmp(term->column->key, "peer") == 0;
	if (special == SPECIAL_EXCLUDE)
		return parse_states(p, term, true);
	op = take_op(p, term);
	if (special == SPECIAL_PORT)
		return parse_port_term(p, term, &op);
	if (strcmp(term->column->key, "state") != 0)
		return parse_column_term(p, term, &name, &op);
	return check_op(p, term, &name, &op) != 0 ? -1 : parse_states(p, term, false);
}
