/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may follow in a filter: enough of its grammar to offer the next word. */
#include "config.h"
#include "complete_offer.h"

#include <string.h>

#include "model/state.h"
#include "table/columns.h"

/* Where the next word stands. */
enum place { AT_TERM, AT_STATE, AFTER_KEY, AT_VALUE, AFTER_TERM };

struct scan {
	enum place place;
	const struct column *column; /* of AFTER_KEY and AT_VALUE, NULL for ss's keys */
};

/* ss's own keys; all others are columns. */
static const struct {
	const char *word;
	const char *help;
} keys[] = {
	{ "src", "local address, prefix and port" },
	{ "dst", "peer address, prefix and port" },
	{ "sport", "local port or service" },
	{ "dport", "peer port or service" },
	{ "dev", "interface" },
	{ "fwmark", "mark/mask" },
};

/* As words, because a shell would take > and < for itself. */
static const struct {
	const char *word;
	const char *help;
	bool ordered;
} operators[] = {
	{ "eq", "equals", false },
	{ "ne", "differs", false },
	{ "gt", "greater", true },
	{ "ge", "greater or equal", true },
	{ "lt", "less", true },
	{ "le", "less or equal", true },
};

static bool is_word(const char *token, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(token, word, len) == 0;
}

static bool is_any(const char *token, size_t len, const char *const *words)
{
	for (; *words != NULL; words++)
		if (is_word(token, len, *words))
			return true;
	return false;
}

static bool is_key(const char *token, size_t len)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (is_word(token, len, keys[i].word))
			return true;
	return false;
}

static const struct column *column_of(const char *token, size_t len)
{
	char key[32];

	if (len >= sizeof(key))
		return NULL;
	memcpy(key, token, len);
	key[len] = '\0';
	return column_find(key);
}

/* A token where a term may begin. */
static void scan_term(struct scan *s, const char *token, size_t len)
{
	static const char *const states[] = { "state", "exclude", NULL };

	s->column = NULL;
	if (is_any(token, len, states)) {
		s->place = AT_STATE;
	} else if (is_key(token, len)) {
		s->place = AFTER_KEY;
	} else if ((s->column = column_of(token, len)) != NULL) {
		s->place = AFTER_KEY;
	} else {
		s->place = AFTER_TERM;
	}
}

static void scan_token(struct scan *s, const char *token, size_t len)
{
	static const char *const joints[] = { "and", "or", "not", "&&", "||", "&", "|",
		"!", "(", NULL };
	static const char *const signs[] = { "=", "==", "!=", ">", "<", ">=", "<=", "~",
		"!~", "eq", "ne", "neq", "gt", "ge", "geq", "lt", "le", "leq", NULL };

	while (len > 1 && (token[0] == '(' || token[0] == '!'))
		s->place = AT_TERM, token++, len--;
	if (is_any(token, len, joints))
		s->place = AT_TERM;
	else if (s->place == AFTER_KEY && is_any(token, len, signs))
		s->place = AT_VALUE;
	else if (s->place == AT_TERM || s->place == AFTER_TERM)
		scan_term(s, token, len);
	else
		s->place = AFTER_TERM;
}

/* Scans @text up to @end, which is a blank's place or the end. */
static void scan_text(struct scan *s, const char *text, const char *end)
{
	while (text < end) {
		size_t len = strcspn(text, " \t");

		if (len > (size_t)(end - text))
			len = (size_t)(end - text);
		if (len > 0)
			scan_token(s, text, len);
		text += len + 1;
	}
}

/* True for the columns that offer_terms() offers as ss's keys. */
static bool is_offered(const char *key)
{
	return is_key(key, strlen(key)) || strcmp(key, "state") == 0;
}

static void offer_terms(const struct offer *o)
{
	const char *word;

	offer_word(o, "", "not", "", NULL);
	offer_word(o, "", "state", "", "connections in a state");
	offer_word(o, "", "exclude", "", "all but a state");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		offer_word(o, "", keys[i].word, "", keys[i].help);
	for (size_t i = 0; i < columns_count; i++)
		if (column_is_choosable(&columns[i]) && !is_offered(columns[i].key))
			offer_word(o, "", columns[i].key, "", columns[i].help);
	for (size_t i = 0; (word = states_word(i)) != NULL; i++)
		if (column_find(word) == NULL)
			offer_word(o, "", word, "", NULL);
}

static void offer_values_of(const struct offer *o, const struct column *c)
{
	if (c != NULL && c->words != NULL)
		for (const char *const *word = c->words; *word != NULL; word++)
			offer_word(o, "", *word, "", NULL);
}

static void offer_operators(const struct offer *o, const struct column *c)
{
	bool ordered = c == NULL || (c->words == NULL && c->type != TYPE_TEXT &&
					    c->type != TYPE_BOOL && c->type != TYPE_HEX);

	offer_values_of(o, c);
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (ordered || !operators[i].ordered)
			offer_word(o, "", operators[i].word, "", operators[i].help);
}

static void offer_joints(const struct offer *o)
{
	offer_word(o, "", "and", "", "both");
	offer_word(o, "", "or", "", "either");
}

void offer_filter(const struct offer *where, const char *const *words, size_t count)
{
	struct scan s = { .place = AT_TERM };
	struct offer o = *where;
	const char *blank = strrchr(o.typed, ' ');
	const char *state;

	for (size_t i = 0; i < count; i++)
		scan_text(&s, words[i], words[i] + strlen(words[i]));
	if (blank != NULL) {
		scan_text(&s, o.typed, blank);
		o.kept_len += (size_t)(blank + 1 - o.typed);
		o.typed = blank + 1;
	}
	switch (s.place) {
	case AT_STATE:
		for (size_t i = 0; (state = states_word(i)) != NULL; i++)
			offer_word(&o, "", state, "", NULL);
		break;
	case AFTER_KEY:
		offer_operators(&o, s.column);
		if (s.column != NULL && s.column->type == TYPE_BOOL)
			offer_joints(&o);
		break;
	case AT_VALUE:
		offer_values_of(&o, s.column);
		break;
	case AFTER_TERM:
		offer_joints(&o);
		break;
	case AT_TERM:
		offer_terms(&o);
		break;
	}
}
