/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words and signs of a filter. */
#ifndef KATOP_TABLE_FILTER_LEX_H
#define KATOP_TABLE_FILTER_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "table/filter_node.h"

enum token_kind {
	TOKEN_END, /* stands behind the last token */
	TOKEN_WORD,
	TOKEN_QUOTED, /* without its quotation marks; never a keyword */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_NOT,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_COMPARE,	/* `op` says which */
	TOKEN_UNCLOSED, /* a quotation that never ends */
};

/* `at` and `size` are the token's bytes in the text; `start` and `len` its content. */
struct token {
	enum token_kind kind;
	enum filter_op op;
	size_t at;
	size_t size;
	const char *start;
	size_t len;
};

/* The token that begins at or after byte @from of @text. */
struct token filter_next_token(const char *text, size_t from);

/* True when the token is the lower-case word @word, case-blind. */
bool token_is(const struct token *t, const char *word);

#endif
