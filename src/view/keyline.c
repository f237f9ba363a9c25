/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/keyline.h"

#include "base/text.h"
#include "view/draw.h"

#define F(n) (KEYPRESS_F1 + (n)-1)

static const struct keyline_item table_items[] = {
	{ "F1", "Help", F(1) },
	{ "F2", "Columns", F(2) },
	{ "F3", "Search", F(3) },
	{ "F4", "Filter", F(4) },
	{ "F5", "Freeze", F(5) },
	{ "F6", "Sort", F(6) },
	{ "F9", "Close", F(9) },
	{ "Enter", "Detail", KEY_RET },
	{ "q", "Quit", 'q' },
	{ "n", "Next risk", 'n' },
	{ "p", "Path", 'p' },
	{ "a", "All", 'a' },
	{ NULL },
};

static const struct keyline_item replay_items[] = {
	{ "F1", "Help", F(1) },
	{ "[", "Back", '[' },
	{ "]", "On", ']' },
	{ "F5", "Run", F(5) },
	{ "F3", "Search", F(3) },
	{ "F4", "Filter", F(4) },
	{ "F6", "Sort", F(6) },
	{ "Enter", "Detail", KEY_RET },
	{ "q", "Quit", 'q' },
	{ "n", "Next risk", 'n' },
	{ "p", "Path", 'p' },
	{ NULL },
};

static const struct keyline_item help_items[] = {
	{ "Esc", "Back", KEY_ESC },
	{ "PgUp", "", KEYPRESS_PAGE_UP },
	{ "PgDn", "Scroll", KEYPRESS_PAGE_DOWN },
	{ "q", "Quit", 'q' },
	{ NULL },
};

static const struct keyline_item columns_items[] = {
	{ "Space", "Show, hide", ' ' },
	{ "F7", "Up", F(7) },
	{ "F8", "Down", F(8) },
	{ "R", "Reset", 'R' },
	{ "a-z", "Go to", KEYPRESS_NONE },
	{ "Esc", "Done", KEY_ESC },
	{ NULL },
};

static const struct keyline_item sort_items[] = {
	{ "Enter", "Sort by it", KEY_RET },
	{ "I", "Reverse", 'I' },
	{ "a-z", "Go to", KEYPRESS_NONE },
	{ "Esc", "Back", KEY_ESC },
	{ NULL },
};

static const struct keyline_item detail_items[] = {
	{ "Esc", "Back", KEY_ESC },
	{ "PgUp", "", KEYPRESS_PAGE_UP },
	{ "PgDn", "Scroll", KEYPRESS_PAGE_DOWN },
	{ "n", "Next risk", 'n' },
	{ "p", "Path", 'p' },
	{ "F5", "Freeze", F(5) },
	{ "F9", "Close it", F(9) },
	{ "q", "Quit", 'q' },
	{ NULL },
};

/* A record closes nothing. */
static const struct keyline_item replay_detail_items[] = {
	{ "Esc", "Back", KEY_ESC },
	{ "[", "Before", '[' },
	{ "]", "On", ']' },
	{ "PgUp", "", KEYPRESS_PAGE_UP },
	{ "PgDn", "Scroll", KEYPRESS_PAGE_DOWN },
	{ "n", "Next risk", 'n' },
	{ "p", "Path", 'p' },
	{ "F5", "Run", F(5) },
	{ "q", "Quit", 'q' },
	{ NULL },
};

static const struct keyline_item close_items[] = {
	{ "y", "Close it", 'y' },
	{ "n", "Leave it", 'n' },
	{ NULL },
};

static const struct keyline_item prompt_items[] = {
	{ "Enter", "Apply", KEY_RET },
	{ "Up", "Earlier ones", KEYPRESS_UP },
	{ "^U", "Empty", KEY_CTRL('u') },
	{ "Esc", "Leave", KEY_ESC },
	{ NULL },
};

static const struct keyline_item search_items[] = {
	{ "Enter", "Done", KEY_RET },
	{ "F3", "Next", F(3) },
	{ "Esc", "Leave", KEY_ESC },
	{ NULL },
};

static const struct keyline_item path_items[] = {
	{ "Enter", "Apply", KEY_RET },
	{ "Up", "", KEYPRESS_UP },
	{ "Down", "Choose", KEYPRESS_DOWN },
	{ "Esc", "Leave", KEY_ESC },
	{ NULL },
};

static const struct keyline_item *items_of(const struct view *v)
{
	static const struct keyline_item *const items[] = {
		[PANE_NONE] = table_items,
		[PANE_HELP] = help_items,
		[PANE_COLUMNS] = columns_items,
		[PANE_SORT] = sort_items,
		[PANE_DETAIL] = detail_items,
		[PANE_CLOSE] = close_items,
		[PANE_FILTER] = prompt_items,
		[PANE_SEARCH] = search_items,
		[PANE_PATH] = path_items,
	};

	if (v->replay && v->pane == PANE_NONE)
		return replay_items;
	if (v->replay && v->pane == PANE_DETAIL)
		return replay_detail_items;
	return items[v->pane];
}

/* F1Help, as everywhere; a letter needs a blank: q Quit. */
static bool is_function(const struct keyline_item *item)
{
	return item->code >= KEYPRESS_F1 && item->code <= KEYPRESS_F12;
}

/* Puts an item at *@x if it ends before @right. */
static bool put_item(struct keyline_item *item, int *x, int right)
{
	item->x = *x;
	item->label_x = *x + (int)text_width(item->key) + (is_function(item) ? 0 : 1);
	item->width = item->label_x - *x + (int)text_width(item->label);
	if (*x + item->width > right)
		return false;
	*x += item->width + (item->label[0] != '\0' ? 1 : 0);
	return true;
}

/* The way out is always shown. */
static bool is_way_out(const struct view *v, const struct keyline_item *item)
{
	return item->code == (v->pane == PANE_NONE ? 'q' : KEY_ESC);
}

/* Cells that the way out needs if it is still to come. */
static int reserved(const struct view *v, const struct keyline_item *from)
{
	for (; from->key != NULL; from++)
		if (is_way_out(v, from))
			return (int)(text_width(from->key) + text_width(from->label)) + 2;
	return 0;
}

size_t keyline_items(const struct view *v, struct keyline_item *out)
{
	const struct keyline_item *from = items_of(v);
	bool full = false;
	size_t n = 0;
	int x = 0;

	for (; from->key != NULL && n < KEYLINE_MAX; from++) {
		struct keyline_item item = *from;

		if (item.code == F(5) && v->frozen)
			item.label = v->replay ? "Run" : "Go on";
		else if (item.code == F(5))
			item.label = v->replay ? "Pause" : "Freeze";
		if (full && !is_way_out(v, &item))
			continue;
		if (put_item(&item, &x, v->width - reserved(v, from + 1)))
			out[n++] = item;
		else
			full = true;
	}
	return n;
}

uint32_t keyline_click(const struct view *v, int x)
{
	struct keyline_item items[KEYLINE_MAX];
	size_t count = keyline_items(v, items);

	for (size_t i = 0; i < count; i++)
		if (x >= items[i].x && x < items[i].x + items[i].width)
			return items[i].code;
	return KEYPRESS_NONE;
}

void draw_keyline(struct draw *d)
{
	struct keyline_item items[KEYLINE_MAX];
	size_t count = keyline_items(d->v, items);
	int y = d->lay.keys_y;

	if (y < 0)
		return;
	screen_blank(d->s, 0, y, d->v->width, ROLE_NORMAL);
	for (size_t i = 0; i < count; i++) {
		const struct keyline_item *item = &items[i];
		int end = item->x + item->width;

		screen_put(d->s, item->x, y, end - item->x, ROLE_KEY, item->key);
		screen_put(d->s, item->label_x, y, end - item->label_x, ROLE_KEYLABEL,
			item->label);
	}
}
