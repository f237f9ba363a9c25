/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/lists.h"

#include "model/path.h"

static bool is_choosable(const struct column *c)
{
	return (c->flags & (COLUMN_JSON_ONLY | COLUMN_FACT)) == 0;
}

static bool is_shown(const struct column_list *list, const struct column *c)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i] == c)
			return true;
	return false;
}

const struct column *lists_column(const struct view *v, size_t i)
{
	if (i < v->columns.count)
		return v->columns.at[i];
	i -= v->columns.count;
	for (size_t k = 0; k < columns_count; k++)
		if (is_choosable(&columns[k]) && !is_shown(&v->columns, &columns[k]) &&
			i-- == 0)
			return &columns[k];
	return NULL;
}

const struct column *lists_sort(size_t i)
{
	if (i == 0)
		return NULL;
	for (size_t k = 0; k < columns_count; k++)
		if (is_choosable(&columns[k]) && --i == 0)
			return &columns[k];
	return NULL;
}

static size_t count_choosable(void)
{
	size_t n = 0;

	for (size_t k = 0; k < columns_count; k++)
		n += is_choosable(&columns[k]) ? 1 : 0;
	return n;
}

size_t lists_count(const struct view *v)
{
	size_t n = 0;

	switch (v->pane) {
	case PANE_COLUMNS:
		return count_choosable();
	case PANE_SORT:
		return count_choosable() + 1;
	case PANE_PATH:
		while (path_device(n) != NULL)
			n++;
		return n;
	default:
		return 0;
	}
}

int lists_first_line(const struct view *v)
{
	return v->pane == PANE_PATH ? 5 : 1;
}

size_t lists_height(const struct view *v)
{
	struct area a = layout_pane(v);
	int height = a.height - lists_first_line(v) - 1;

	return height > 1 ? (size_t)height : 1;
}

void lists_move(struct view *v, long step)
{
	size_t count = lists_count(v), height = lists_height(v);

	if (step < 0)
		v->pane_cursor -=
			v->pane_cursor < (size_t)-step ? v->pane_cursor : (size_t)-step;
	else
		v->pane_cursor += (size_t)step;
	if (v->pane_cursor >= count)
		v->pane_cursor = count > 0 ? count - 1 : 0;
	if (v->pane_top > v->pane_cursor)
		v->pane_top = v->pane_cursor;
	if (v->pane_cursor - v->pane_top >= height)
		v->pane_top = v->pane_cursor - height + 1;
}
