/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the filter's parser share. */
#ifndef KATOP_TABLE_FILTER_PARSE_H
#define KATOP_TABLE_FILTER_PARSE_H

#include "table/filter_lex.h"
#include "table/filter_node.h"

#define QUOTE_SIZE 64

/* `token` is the one to read next; `excluding` is where a state by itself goes on with
 * what an `exclude` before it began. */
struct filter_parser {
	const char *text;
	struct token token;
	size_t excluding;
	unsigned depth;
	struct filter *filter;
	const struct filter_resolver *resolver;
	struct error *e;
};

/* Goes on to the next token. */
void parser_advance(struct filter_parser *p);

/* Copies the token, harmless and shortened, for an error; returns @out (QUOTE_SIZE). */
const char *token_quote(const struct token *t, char *out);

/* What begins a term and is no column's key alone; SPECIAL_STATE is a state by itself. */
enum filter_special { SPECIAL_NONE, SPECIAL_PORT, SPECIAL_EXCLUDE, SPECIAL_STATE };

/* The column that a word names or, as one of ss's words, asks; NULL when it does not. */
const struct column *filter_find_column(
	const struct token *t, enum filter_special *special);

/* The error of a word that names nothing, with what was meant perhaps. Returns -1. */
int filter_unknown_name(const struct filter_parser *p, const struct token *t);

/* One term, from its column or keyword to its operand, into @term. Returns 0 or -1. */
int filter_parse_term(struct filter_parser *p, struct filter_term *term);

/* Works out `states` from what adjacent terms include and exclude. */
void filter_settle_states(struct filter_term *term);

/* The operand of a column by the column's type. Returns 0 or -1. */
int filter_parse_operand(
	struct filter_parser *p, struct filter_term *term, const struct token *operand);

/* address, address/prefix, :port, address:port and so on. Returns 0 or -1. */
int filter_parse_host(
	struct filter_parser *p, struct filter_term *term, const struct token *operand);

/* A port, :port or the name of a service; `*` is none. Returns 0 or -1. */
int filter_parse_port(
	struct filter_parser *p, struct filter_term *term, const struct token *operand);

/*
 * Reads all @len bytes as a decimal number, or as a hexadecimal one after 0x. Returns 0,
 * or -1 for anything else and for more than 64 bits.
 */
int filter_parse_number(const char *text, size_t len, uint64_t *number);

/* What an operand of @c looks like: "a duration such as 90, 5m or 1h30m"; of a TYPE_WORD
 * "one of", which the words follow. */
const char *filter_operand_form(const struct column *c);

#endif
