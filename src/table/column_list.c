/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/columns.h"

#include <string.h>

#include "base/text.h"

#define KEY_SIZE 64

static void list_add(struct column_list *list, const struct column *c)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i] == c)
			return;
	if (list->count < COLUMN_LIST_MAX)
		list->at[list->count++] = c;
}

static void list_remove(struct column_list *list, const struct column *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->at[i] != c)
			list->at[kept++] = list->at[i];
	list->count = kept;
}

static void list_add_every(struct column_list *list)
{
	for (size_t i = 0; i < columns_count; i++)
		if (column_is_choosable(&columns[i]))
			list_add(list, &columns[i]);
}

/* In the order of katop(1); the column table has the owner before the times. */
void column_list_default(struct column_list *list)
{
	static const char *const keys[] = { "verdict", "state", "local", "peer", "idle",
		"next", "deadline", "keepalive", "probes", "process" };

	*list = (struct column_list){ 0 };
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		list_add(list, column_find(keys[i]));
}

bool column_list_is_default(const struct column_list *list)
{
	struct column_list plain;
	bool same;

	column_list_default(&plain);
	same = list->count == plain.count;
	for (size_t i = 0; same && i < plain.count; i++)
		same = list->at[i] == plain.at[i];
	return same;
}

void column_list_all(struct column_list *list)
{
	*list = (struct column_list){ 0 };
	list_add_every(list);
}

/* One piece between commas, without the blanks around it. */
struct piece {
	char sign; /* '+', '-' or 0 */
	char key[KEY_SIZE];
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Reads the piece at @text; returns where the next begins, NULL after the last. */
static const char *read_piece(const char *text, struct piece *p)
{
	size_t len = strcspn(text, ",");
	const char *next = text[len] == ',' ? text + len + 1 : NULL;

	while (len > 0 && is_blank(*text))
		text++, len--;
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	p->sign = len > 0 && (*text == '+' || *text == '-') ? *text : '\0';
	if (p->sign != '\0')
		text++, len--;
	text_make_harmless(p->key, sizeof(p->key), text, len);
	return next;
}

static bool names_plain_keys(const char *text)
{
	struct piece p;

	do {
		text = read_piece(text, &p);
		if (p.sign == '\0')
			return true;
	} while (text != NULL);
	return false;
}

static int unknown_column(const char *key, struct error *e)
{
	const char *near = column_suggest(key);

	if (near == NULL)
		return error_set(
			e, "unknown column '%s' (--list-columns lists them)", key);
	return error_set(e,
		"unknown column '%s' (did you mean '%s'? --list-columns lists them)", key,
		near);
}

static int apply_piece(struct column_list *list, const struct piece *p, struct error *e)
{
	const struct column *c = column_find(p->key);

	if (p->key[0] == '\0')
		return error_set(e, "a column's key is missing in the list "
				    "(--list-columns lists them)");
	if (strcmp(p->key, "all") == 0) {
		if (p->sign == '-')
			list->count = 0;
		else
			list_add_every(list);
		return 0;
	}
	if (c == NULL)
		return unknown_column(p->key, e);
	if (p->sign == '-')
		list_remove(list, c);
	else
		list_add(list, c);
	return 0;
}

int column_list_apply(struct column_list *list, const char *text, struct error *e)
{
	struct column_list made = *list;
	struct piece p;

	if (names_plain_keys(text))
		made.count = 0;
	do {
		text = read_piece(text, &p);
		if (apply_piece(&made, &p, e) != 0)
			return -1;
	} while (text != NULL);
	if (made.count == 0)
		return error_set(e, "no column is left to show");
	made.chosen = true;
	*list = made;
	return 0;
}

void column_list_format(const struct column_list *list, struct strbuf *out)
{
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			strbuf_putc(out, ',');
		strbuf_puts(out, list->at[i]->key);
	}
}
