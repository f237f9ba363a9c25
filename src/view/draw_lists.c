/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The panes with lists: columns, sort, path. */
#include "config.h"
#include "view/draw.h"

#include <string.h>

#include "view/lists.h"

static void put_column_entry(struct draw *d, const struct area *a, int y, size_t i)
{
	const struct column *c = d->v->listed.at[i];
	bool shown = lists_is_shown(d->v, c);

	draw_text(d, a->x + 2, y, shown ? ROLE_NORMAL : ROLE_DIM, "[%c] %-13s %s",
		shown ? 'x' : ' ', c->key, c->help);
}

static void put_sort_entry(struct draw *d, const struct area *a, int y, size_t i)
{
	const struct column *c = lists_sort(i);
	bool current = c == d->v->query.sort;

	draw_text(d, a->x + 2, y, current ? ROLE_STRONG : ROLE_NORMAL, "%c %-14s %s",
		current ? (d->v->query.descending ? 'v' : '^') : ' ',
		c != NULL ? c->key : "default",
		c != NULL ? c->help : "at risk first, worst verdict first");
}

static void put_path_entry(struct draw *d, const struct area *a, int y, size_t i)
{
	const struct path_device *p = path_device(i);
	struct strbuf limit = { 0 };

	if (p == NULL)
		return;
	draw_format_setting(&limit, p->limit_ms);
	draw_text(d, a->x + 2, y, ROLE_NORMAL, "%-12s %6s%s %s%s%s", p->name,
		strbuf_text(&limit), p->data_only ? " data only:" : "", p->device,
		a->width >= 110 ? "; " : "", a->width >= 110 ? p->then : "");
	strbuf_clear(&limit);
}

static void put_entry(struct draw *d, const struct area *a, int y, size_t i)
{
	if (d->v->pane == PANE_COLUMNS)
		put_column_entry(d, a, y, i);
	else if (d->v->pane == PANE_SORT)
		put_sort_entry(d, a, y, i);
	else
		put_path_entry(d, a, y, i);
	if (i == d->v->pane_cursor && (d->v->pane != PANE_PATH || d->v->path_chosen))
		screen_paint(d->s, a->x + 1, y, a->width - 2, ROLE_SELECTED);
}

static void format_limit(const struct path_policy *path, struct strbuf *out)
{
	if (path->limit_ms == PATH_NONE)
		strbuf_puts(out, "none");
	else
		draw_format_setting(out, path->limit_ms);
}

/* The path's prompt above its list: the question, the line, the fault. */
static void put_path_prompt(struct draw *d, const struct area *a)
{
	struct path_policy policy;
	struct error e = { .at = ERROR_NOWHERE };
	struct strbuf now = { 0 };
	const char *text = strbuf_text(&d->v->input.text);

	draw_text(d, a->x + 2, a->y + 1, ROLE_NORMAL,
		"After how long a silence does the path (NAT, firewall, load balancer)");
	format_limit(&d->v->query.path, &now);
	draw_text(d, a->x + 2, a->y + 2, ROLE_NORMAL,
		"forget? A duration, `none`, or a name (now %s):", strbuf_text(&now));
	strbuf_clear(&now);
	draw_input(d, a->x + 2, a->y + 3, a->width - 4, ROLE_INPUT);
	if (text[0] != '\0' && path_parse(text, &policy, &e) < 0)
		draw_text(d, a->x + 2, a->y + 4, ROLE_ERROR, "%s", e.text);
}

void draw_lists(struct draw *d, const struct area *a)
{
	static const char *const titles[] = {
		[PANE_COLUMNS] = " Columns ",
		[PANE_SORT] = " Sort by ",
		[PANE_PATH] = " Path idle ",
	};
	size_t height = lists_height(d->v);
	int first = lists_first_line(d->v);

	if (a->height < 1)
		return;
	draw_frame(d, a, titles[d->v->pane]);
	for (size_t i = 0; i < height && d->v->pane_top + i < lists_count(d->v); i++)
		if (first + (int)i < a->height - 1)
			put_entry(d, a, a->y + first + (int)i, d->v->pane_top + i);
	if (d->v->pane == PANE_PATH)
		put_path_prompt(d, a);
	/* entries may run into the frame */
	for (int y = a->y + 1; y < a->y + a->height - 1; y++)
		screen_put_code(d->s, a->x + a->width - 1, y, ROLE_FRAME, 0x2502, '|');
}
