/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/lists.h"

#include "model/path.h"

static bool is_choosable(const struct column *c)
{
	return (c->flags & (COLUMN_JSON_ONLY | COLUMN_FACT)) == 0;
}

bool lists_is_shown(const struct view *v, const struct column *c)
{
	for (size_t i = 0; i < v->columns.count; i++)
		if (v->columns.at[i] == c)
			return true;
	return false;
}

void lists_columns(struct view *v)
{
	v->listed = v->columns;
	for (size_t k = 0; k < columns_count && v->listed.count < COLUMN_LIST_MAX; k++)
		if (is_choosable(&columns[k]) && !lists_is_shown(v, &columns[k]))
			v->listed.at[v->listed.count++] = &columns[k];
}

/* The table shows those of the list that are @shown; the default ones give way again. */
static void choose(struct view *v, const bool *shown)
{
	size_t n = 0;

	for (size_t i = 0; i < v->listed.count; i++)
		if (shown[i])
			v->columns.at[n++] = v->listed.at[i];
	v->columns.count = n;
	v->columns.chosen = !column_list_is_default(&v->columns);
}

static void note_shown(const struct view *v, bool *shown)
{
	for (size_t i = 0; i < v->listed.count; i++)
		shown[i] = lists_is_shown(v, v->listed.at[i]);
}

bool lists_toggle(struct view *v, size_t i)
{
	bool shown[COLUMN_LIST_MAX];

	if (i >= v->listed.count)
		return false;
	note_shown(v, shown);
	if (shown[i] && v->columns.count == 1)
		return false;
	shown[i] = !shown[i];
	choose(v, shown);
	return true;
}

bool lists_swap(struct view *v, size_t i)
{
	const struct column *c;
	bool shown[COLUMN_LIST_MAX];

	if (i + 1 >= v->listed.count)
		return false;
	c = v->listed.at[i];
	v->listed.at[i] = v->listed.at[i + 1];
	v->listed.at[i + 1] = c;
	note_shown(v, shown);
	choose(v, shown);
	return true;
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
		return v->listed.count;
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

void lists_scroll(struct view *v)
{
	size_t count = lists_count(v), height = lists_height(v);

	if (count == 0)
		return;
	if (v->pane_cursor >= count)
		v->pane_cursor = count - 1;
	if (v->pane_top > v->pane_cursor)
		v->pane_top = v->pane_cursor;
	if (v->pane_cursor - v->pane_top >= height)
		v->pane_top = v->pane_cursor - height + 1;
	if (v->pane_top + height > count)
		v->pane_top = count > height ? count - height : 0;
}

void lists_move(struct view *v, long step)
{
	if (step < 0)
		v->pane_cursor -=
			v->pane_cursor < (size_t)-step ? v->pane_cursor : (size_t)-step;
	else
		v->pane_cursor += (size_t)step;
	lists_scroll(v);
}

static uint32_t lower(uint32_t code)
{
	return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
}

/* The key by which an entry is found. */
static const char *key_of(const struct view *v, size_t i)
{
	const struct column *c = v->pane == PANE_SORT ? lists_sort(i) : v->listed.at[i];

	return c != NULL ? c->key : "default";
}

bool lists_jump(struct view *v, uint32_t letter)
{
	size_t count = lists_count(v);

	for (size_t i = 1; i <= count; i++) {
		size_t k = (v->pane_cursor + i) % count;

		if ((uint32_t)key_of(v, k)[0] != lower(letter))
			continue;
		lists_move(v, (long)k - (long)v->pane_cursor);
		return true;
	}
	return false;
}
