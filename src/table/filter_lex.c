/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/filter_lex.h"

#include <string.h>

#include "base/text.h"

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_in_word(char c)
{
	return c != '\0' && !is_blank(c) && strchr("()!&|=<>~\"'", c) == NULL;
}

/* misc/ssfilter.y of iproute2 knows the same spellings; longer signs stand first. */
static const struct {
	const char *text;
	enum token_kind kind;
	enum filter_op op;
} signs[] = {
	{ "&&", TOKEN_AND, OP_EQ },
	{ "||", TOKEN_OR, OP_EQ },
	{ "!=", TOKEN_COMPARE, OP_NE },
	{ "!~", TOKEN_COMPARE, OP_HAS_NOT },
	{ "==", TOKEN_COMPARE, OP_EQ },
	{ ">=", TOKEN_COMPARE, OP_GE },
	{ "<=", TOKEN_COMPARE, OP_LE },
	{ "(", TOKEN_OPEN, OP_EQ },
	{ ")", TOKEN_CLOSE, OP_EQ },
	{ "!", TOKEN_NOT, OP_EQ },
	{ "&", TOKEN_AND, OP_EQ },
	{ "|", TOKEN_OR, OP_EQ },
	{ "=", TOKEN_COMPARE, OP_EQ },
	{ ">", TOKEN_COMPARE, OP_GT },
	{ "<", TOKEN_COMPARE, OP_LT },
	{ "~", TOKEN_COMPARE, OP_HAS },
}, keywords[] = {
	{ "and", TOKEN_AND, OP_EQ },
	{ "or", TOKEN_OR, OP_EQ },
	{ "not", TOKEN_NOT, OP_EQ },
	{ "eq", TOKEN_COMPARE, OP_EQ },
	{ "ne", TOKEN_COMPARE, OP_NE },
	{ "neq", TOKEN_COMPARE, OP_NE },
	{ "gt", TOKEN_COMPARE, OP_GT },
	{ "ge", TOKEN_COMPARE, OP_GE },
	{ "geq", TOKEN_COMPARE, OP_GE },
	{ "lt", TOKEN_COMPARE, OP_LT },
	{ "le", TOKEN_COMPARE, OP_LE },
	{ "leq", TOKEN_COMPARE, OP_LE },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

bool token_is(const struct token *t, const char *word)
{
	size_t i = 0;

	if (t->kind == TOKEN_QUOTED)
		return false;
	for (; i < t->len && word[i] != '\0'; i++)
		if (text_lower(t->start[i]) != word[i])
			return false;
	return i == t->len && word[i] == '\0';
}

static void read_quoted(struct token *t)
{
	const char *end = strchr(t->start + 1, *t->start);

	t->kind = end != NULL ? TOKEN_QUOTED : TOKEN_UNCLOSED;
	t->start++;
	t->len = end != NULL ? (size_t)(end - t->start) : strlen(t->start);
	t->size = t->len + (end != NULL ? 2 : 1);
}

static void read_word(struct token *t)
{
	t->kind = TOKEN_WORD;
	while (is_in_word(t->start[t->len]))
		t->len++;
	t->size = t->len;
	for (size_t i = 0; i < COUNT(keywords); i++)
		if (token_is(t, keywords[i].text)) {
			t->kind = keywords[i].kind;
			t->op = keywords[i].op;
			return;
		}
}

static void read_sign(struct token *t)
{
	for (size_t i = 0; i < COUNT(signs); i++) {
		size_t len = strlen(signs[i].text);

		if (strncmp(t->start, signs[i].text, len) != 0)
			continue;
		t->kind = signs[i].kind;
		t->op = signs[i].op;
		t->size = t->len = len;
		return;
	}
}

struct token filter_next_token(const char *text, size_t from)
{
	struct token t = { .kind = TOKEN_END, .at = from };

	while (is_blank(text[t.at]))
		t.at++;
	t.start = text + t.at;
	if (*t.start == '\0')
		t.at = from;
	else if (*t.start == '"' || *t.start == '\'')
		read_quoted(&t);
	else if (is_in_word(*t.start))
		read_word(&t);
	else
		read_sign(&t);
	return t;
}
