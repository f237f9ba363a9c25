/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/filter_parse.h"

#include <string.h>

#include "base/duration.h"
#include "base/strbuf.h"
#include "base/suggest.h"
#include "base/xalloc.h"
#include "collect/needs.h"

#define OPERAND_SIZE 64

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* Digits of @base at @text; returns how many, 0 also for more than 64 bits. */
static size_t read_digits(const char *text, size_t len, unsigned base, uint64_t *number)
{
	size_t i = 0;

	for (*number = 0; i < len; i++) {
		unsigned digit = (unsigned)digit_value(text[i]);

		if (digit >= base)
			break;
		if (*number > (UINT64_MAX - digit) / base)
			return 0;
		*number = *number * base + digit;
	}
	return i;
}

int filter_parse_number(const char *text, size_t len, uint64_t *number)
{
	unsigned base = 10;

	if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
		len -= 2;
	}
	return len > 0 && read_digits(text, len, base, number) == len ? 0 : -1;
}

/* 4096, 10k, 1M, 2GiB: powers of 1024. */
static int parse_bytes(const char *text, size_t len, uint64_t *number)
{
	static const char prefixes[] = "kmgt";
	size_t used = read_digits(text, len, 10, number);
	const char *prefix;
	char unit[3] = "";

	if (used == 0 || len - used > 3)
		return -1;
	if (used == len)
		return 0;
	prefix = strchr(prefixes, text[used] | 0x20);
	if (prefix == NULL)
		return -1;
	memcpy(unit, text + used + 1, len - used - 1);
	if (strcmp(unit, "") != 0 && strcmp(unit, "B") != 0 && strcmp(unit, "iB") != 0)
		return -1;
	for (; prefix >= prefixes; prefix--) {
		if (*number > UINT64_MAX / 1024)
			return -1;
		*number *= 1024;
	}
	return 0;
}

static int parse_duration(const struct token *t, uint64_t *us)
{
	char text[OPERAND_SIZE];
	int64_t parsed;

	if (t->len >= sizeof(text))
		return -1;
	memcpy(text, t->start, t->len);
	text[t->len] = '\0';
	if (duration_parse(text, NULL, &parsed) != 0)
		return -1;
	*us = (uint64_t)parsed;
	return 0;
}

static int parse_hex(const struct token *t, uint64_t *number)
{
	bool marked = t->len > 2 && t->start[0] == '0' && (t->start[1] | 0x20) == 'x';
	size_t skip = marked ? 2 : 0;

	return t->len > skip && read_digits(t->start + skip, t->len - skip, 16, number) ==
					t->len - skip
		       ? 0
		       : -1;
}

static int parse_bool(const struct token *t, uint64_t *number)
{
	static const char *const words[] = { "false", "true", "off", "on", "no", "yes",
		"0", "1" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (token_is(t, words[i])) {
			*number = i & 1;
			return 0;
		}
	return -1;
}

static int parse_uid(const struct filter_parser *p, const struct token *t, uint64_t *uid)
{
	char name[OPERAND_SIZE];
	long found;

	if (filter_parse_number(t->start, t->len, uid) == 0)
		return 0;
	if (p->resolver == NULL || p->resolver->user_id == NULL || t->len >= sizeof(name))
		return -1;
	memcpy(name, t->start, t->len);
	name[t->len] = '\0';
	found = p->resolver->user_id(name);
	*uid = (uint64_t)found;
	return found < 0 ? -1 : 0;
}

const char *filter_operand_form(const struct column *c)
{
	switch (c->type) {
	case TYPE_MS:
	case TYPE_US:
		return "a duration such as 90, 5m or 1h30m";
	case TYPE_BYTES:
		return "a number of bytes such as 4096, 10k or 1M";
	case TYPE_HEX:
		return "a hexadecimal number";
	case TYPE_BOOL:
		return c->words != NULL ? "on, off or unknown" : "true or false";
	case TYPE_TEXT:
		return "a text, in quotes where it has blanks or signs";
	case TYPE_WORD:
		return "one of";
	case TYPE_ENDPOINT:
		return "an address, :port or both";
	default:
		return strcmp(c->key, "uid") == 0 ? "a number or the name of a user"
						  : "a number";
	}
}

static int parse_quantity(
	const struct filter_parser *p, struct filter_term *term, const struct token *t)
{
	switch (term->column->type) {
	case TYPE_MS:
	case TYPE_US:
		return parse_duration(t, &term->number);
	case TYPE_BYTES:
		return parse_bytes(t->start, t->len, &term->number);
	case TYPE_HEX:
		return parse_hex(t, &term->number);
	case TYPE_BOOL:
		if (!token_is(t, "unknown"))
			return parse_bool(t, &term->number);
		term->kind = TERM_UNKNOWN;
		return 0;
	default:
		if (strcmp(term->column->key, "uid") == 0)
			return parse_uid(p, t, &term->number);
		return filter_parse_number(t->start, t->len, &term->number);
	}
}

/* An owner's process, pid or descriptor: any owner's counts. */
static bool is_of_owner(const struct column *c)
{
	return (c->needs & COLLECT_OWNER) != 0;
}

static int set_quantity(
	struct filter_parser *p, struct filter_term *term, const struct token *t)
{
	char quoted[QUOTE_SIZE];

	term->kind = is_of_owner(term->column) ? TERM_OWNER : TERM_NUMBER;
	if (parse_quantity(p, term, t) == 0)
		return 0;
	return error_set_at(p->e, (long)t->at, "%s is compared with %s, not with '%s'",
		term->column->key, filter_operand_form(term->column),
		token_quote(t, quoted));
}

static void set_text(struct filter_term *term, const char *text, size_t len)
{
	term->text = xcalloc(len + 1, 1);
	memcpy(term->text, text, len);
}

/* A user is asked by name; digits are the number that stands for one without a name. */
static int set_column_text(struct filter_term *term, const struct token *t)
{
	bool equality = term->op == OP_EQ || term->op == OP_NE;

	if (equality && strcmp(term->column->key, "user") == 0 &&
		filter_parse_number(t->start, t->len, &term->number) == 0) {
		term->column = column_find("uid");
		term->kind = TERM_NUMBER;
		return 0;
	}
	term->kind = is_of_owner(term->column) ? TERM_OWNER : TERM_TEXT;
	set_text(term, t->start, t->len);
	return 0;
}

static int unknown_word(
	const struct filter_parser *p, const struct column *c, const struct token *t)
{
	char quoted[QUOTE_SIZE];
	struct strbuf list = { 0 };
	const char *near;
	size_t count = 0;

	for (; c->words[count] != NULL; count++) {
		strbuf_puts(&list, count > 0 ? ", " : "");
		strbuf_puts(&list, c->words[count]);
	}
	near = suggest_from(token_quote(t, quoted), c->words, count);
	if (near != NULL)
		error_set_at(p->e, (long)t->at, "unknown %s '%s' (did you mean '%s'?)",
			c->key, quoted, near);
	else
		error_set_at(p->e, (long)t->at, "unknown %s '%s' (there are: %s)", c->key,
			quoted, strbuf_text(&list));
	strbuf_clear(&list);
	return -1;
}

static int set_word(
	struct filter_parser *p, struct filter_term *term, const struct token *t)
{
	const char *const *words = term->column->words;
	struct token plain = *t;

	plain.kind = TOKEN_WORD;
	for (size_t i = 0; words[i] != NULL; i++)
		if (token_is(&plain, words[i])) {
			term->kind = TERM_TEXT;
			set_text(term, words[i], strlen(words[i]));
			return 0;
		}
	if (!token_is(t, "unknown"))
		return unknown_word(p, term->column, t);
	term->kind = TERM_UNKNOWN;
	return 0;
}

int filter_parse_operand(
	struct filter_parser *p, struct filter_term *term, const struct token *operand)
{
	switch (term->column->type) {
	case TYPE_TEXT:
		return set_column_text(term, operand);
	case TYPE_WORD:
		return set_word(p, term, operand);
	case TYPE_ENDPOINT:
		return filter_parse_host(p, term, operand);
	default:
		return set_quantity(p, term, operand);
	}
}
