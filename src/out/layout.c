/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/layout.h"

#include <string.h>

#include "base/text.h"

/* A name is cut to no less than this. */
#define NAME_CELLS 7

void layout_init(struct layout *l, const struct column_list *list, bool titles)
{
	l->count = list->count;
	for (size_t i = 0; i < list->count; i++) {
		size_t width = titles ? text_width(list->at[i]->title) : 1;

		l->at[i] = (struct layout_column){
			.column = list->at[i],
			.width = width,
			.short_width = width,
			.bound = value_bound(list->at[i]->type, width),
		};
	}
}

/* Cells that a line takes: the widths and a blank between two. */
static size_t line_width(const struct layout *l)
{
	size_t sum = l->count > 0 ? l->count - 1 : 0;

	for (size_t i = 0; i < l->count; i++)
		sum += l->at[i].width;
	return sum;
}

/* The column that gives way next: the least give_way above *@last, l->count for none. */
static size_t next_to_give_way(const struct layout *l, unsigned last)
{
	size_t found = l->count;

	for (size_t i = 0; i < l->count; i++) {
		unsigned turn = l->at[i].column->give_way;

		if (turn > last &&
			(found == l->count || turn < l->at[found].column->give_way))
			found = i;
	}
	return found;
}

static void leave(struct layout *l, size_t i)
{
	l->count--;
	memmove(&l->at[i], &l->at[i + 1], (l->count - i) * sizeof(l->at[0]));
}

static void give_way(struct layout *l, size_t i)
{
	struct layout_column *c = &l->at[i];

	if (c->column->type != TYPE_ENDPOINT) {
		leave(l, i);
		return;
	}
	c->port_only = true;
	c->width = c->short_width;
}

static void cut_names(struct layout *l, size_t width)
{
	for (size_t i = l->count; i-- > 0 && line_width(l) > width;) {
		struct layout_column *c = &l->at[i];
		size_t over = line_width(l) - width;

		if (c->column->type != TYPE_TEXT || c->width <= NAME_CELLS)
			continue;
		c->cut = true;
		c->width = c->width > over + NAME_CELLS ? c->width - over : NAME_CELLS;
	}
}

void layout_fit(struct layout *l, size_t width)
{
	unsigned last = 0;
	size_t i;

	while (line_width(l) > width && (i = next_to_give_way(l, last)) < l->count) {
		last = l->at[i].column->give_way;
		give_way(l, i);
	}
	cut_names(l, width);
}
