/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/filter_parse.h"

#include <string.h>

#include "base/suggest.h"
#include "base/text.h"

const char *token_quote(const struct token *t, char *out)
{
	text_make_harmless(out, QUOTE_SIZE, t->start, t->len);
	return out;
}

/* ss's words that are no column's key, and the column that they ask. */
static const struct keyword {
	const char *word;
	const char *key;
	enum filter_special special;
} keywords[] = {
	{ "src", "local", SPECIAL_NONE },
	{ "dst", "peer", SPECIAL_NONE },
	{ "sport", "local", SPECIAL_PORT },
	{ "dport", "peer", SPECIAL_PORT },
	{ "fwmark", "mark", SPECIAL_NONE },
	{ "exclude", "state", SPECIAL_EXCLUDE },
	{ "excl", "state", SPECIAL_EXCLUDE },
};

#define KEYWORDS (sizeof(keywords) / sizeof(keywords[0]))

const struct column *filter_find_column(
	const struct token *t, enum filter_special *special)
{
	char key[QUOTE_SIZE];
	const struct column *c;

	*special = SPECIAL_NONE;
	for (size_t i = 0; i < KEYWORDS; i++)
		if (token_is(t, keywords[i].word)) {
			*special = keywords[i].special;
			return column_find(keywords[i].key);
		}
	if (t->kind != TOKEN_WORD || t->len >= sizeof(key))
		return NULL;
	memcpy(key, t->start, t->len);
	key[t->len] = '\0';
	c = column_find(key);
	if (c != NULL || states_by_name(t->start, t->len) == 0)
		return c;
	*special = SPECIAL_STATE;
	return column_find("state");
}

static const char *name_at(const void *context, size_t i)
{
	(void)context;
	if (i < KEYWORDS)
		return keywords[i].word;
	i -= KEYWORDS;
	if (i >= columns_count)
		return states_word(i - columns_count);
	return column_is_choosable(&columns[i]) ? columns[i].key : NULL;
}

static const char *nearest_name(const char *typed)
{
	size_t count = KEYWORDS + columns_count;

	while (name_at(NULL, count) != NULL)
		count++;
	return suggest_nearest(typed, count, name_at, NULL);
}

/* The column that has @word among its words, NULL when none has. */
static const struct column *column_of_word(const char *word)
{
	for (size_t i = 0; i < columns_count; i++) {
		const char *const *words = columns[i].words;

		if (!column_is_choosable(&columns[i]))
			continue;
		for (; words != NULL && *words != NULL; words++)
			if (strcmp(*words, word) == 0)
				return &columns[i];
	}
	return NULL;
}

int filter_unknown_name(const struct filter_parser *p, const struct token *t)
{
	char quoted[QUOTE_SIZE];
	const struct column *c = column_of_word(token_quote(t, quoted));
	const char *near = nearest_name(quoted);
	struct addr a;

	if (token_is(t, "autobound"))
		return error_set_at(p->e, (long)t->at,
			"'autobound' is not known here (say sport >= :32768)");
	if (c != NULL)
		return error_set_at(p->e, (long)t->at,
			"unknown word '%s' (did you mean '%s %s'?)", quoted, c->key,
			quoted);
	if (near != NULL)
		return error_set_at(p->e, (long)t->at,
			"unknown word '%s' (did you mean '%s'?)", quoted, near);
	if (*quoted == ':' || addr_parse(t->start, t->len, &a) == 0)
		return error_set_at(p->e, (long)t->at,
			"unknown word '%s' (did you mean 'dst %s' or 'src %s'?)", quoted,
			quoted, quoted);
	return error_set_at(p->e, (long)t->at,
		"unknown word '%s' (terms look like: state established, dport = :443, "
		"idle > 5m, process ~ nginx)",
		quoted);
}
