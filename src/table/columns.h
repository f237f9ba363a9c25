/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * THE column table: every column is one row, and text, JSON, sort, filter, help,
 * completion and the live header all walk it.
 */
#ifndef KATOP_TABLE_COLUMNS_H
#define KATOP_TABLE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "collect/needs.h"
#include "model/outlook.h"
#include "table/value.h"

/* What a getter sees: one connection of one sample, judged. Borrowed. */
struct row {
	const struct snapshot *snap;
	const struct conn *conn;
	const struct outlook *outlook;
};

enum column_flag {
	COLUMN_DEFAULT = 1 << 0,  /* in the default list */
	COLUMN_LEFT = 1 << 1,	  /* left-aligned text; others are right-aligned */
	COLUMN_JSON_ONLY = 1 << 2, /* a companion: follows its column in JSON, not choosable */
	COLUMN_FACT = 1 << 3,	  /* only in records: what a replay needs beyond columns */
	COLUMN_IF_TRUE = 1 << 4,  /* JSON: left out unless known and, if a bool, true */
	COLUMN_ESSENTIAL = 1 << 5, /* never gives way: verdict, peer, idle, process */
	COLUMN_MOST_FIRST = 1 << 6, /* a chosen order starts with the largest */
};

/*
 * `needs` are COLLECT_* bits (collect/needs.h) that the getter's facts cost. `width` is
 * the least width in cells, `give_way` the order (1 first) in which a default column
 * leaves a narrow screen, 0 never. `words` lists what a TYPE_WORD (or a TYPE_BOOL with
 * words of its own) may be, NULL-ended. Getters of TYPE_TEXT and TYPE_ENDPOINT look at
 * facts alone, never at the outlook. Companions that several columns share stand behind
 * each of them under the same key; JSON writes them once.
 */
struct column {
	const char *key;
	const char *title;
	const char *help;
	enum value_type type;
	unsigned flags;
	unsigned needs;
	uint8_t width;
	uint8_t give_way;
	const char *const *words;
	void (*get)(const struct row *row, struct value *out);
};

/* The table itself: the choosable columns in their documented order, each followed by
 * its companions. */
extern const struct column columns[];
extern const size_t columns_count;

/* Whether its getter looks at the outlook: all that is foretold rests on the settings. */
static inline bool column_sees_outlook(const struct column *c)
{
	return (c->needs & COLLECT_SETTINGS) != 0;
}

/* The choosable column of that key (dashes stand for underscores, case does not matter),
 * NULL if there is none. */
const struct column *column_find(const char *key);

/* True for what users may name: neither a companion nor a fact for records. */
static inline bool column_is_choosable(const struct column *c)
{
	return (c->flags & (COLUMN_JSON_ONLY | COLUMN_FACT)) == 0;
}

/* The choosable key nearest to what was mistyped, NULL when none is near. */
const char *column_suggest(const char *typed);

/*
 * The value of @c in @row, to @out. Not returned: a value just written by the getter's
 * narrow stores and then copied whole stalls the processor, which doubled what a table
 * of text cost.
 */
static inline void column_value(
	const struct column *c, const struct row *row, struct value *out)
{
	*out = (struct value){ 0 };
	c->get(row, out);
}

#define COLUMN_LIST_MAX 64

/* A choice of columns in order, each once. `chosen` when the user named any (then nothing
 * gives way). */
struct column_list {
	const struct column *at[COLUMN_LIST_MAX];
	size_t count;
	bool chosen;
};

void column_list_default(struct column_list *list);
void column_list_all(struct column_list *list);

/* True for the default columns in their order, chosen or not. */
bool column_list_is_default(const struct column_list *list);

/*
 * Applies a comma-separated list (--columns): plain keys replace the list, +key adds at
 * the end, -key removes, `all` is every column. Returns 0, or -1 with the cure in @e (the
 * nearest key); the list is then unchanged.
 */
int column_list_apply(struct column_list *list, const char *text, struct error *e);

/* Writes the list as --columns would read it back. */
void column_list_format(const struct column_list *list, struct strbuf *out);

#endif
