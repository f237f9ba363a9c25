/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What asks: the filter, the search, the question before a connection is closed. */
#include "config.h"
#include "view/draw.h"

#include <string.h>

#include "base/text.h"
#include "view/wrap.h"

/* Cells of the first @bytes bytes. */
static int cells_before(const char *text, size_t bytes)
{
	struct strbuf part = { 0 };
	int width;

	strbuf_add(&part, text, bytes);
	width = (int)text_width(strbuf_text(&part));
	strbuf_clear(&part);
	return width;
}

size_t draw_input(struct draw *d, int x, int y, int width, enum screen_role role)
{
	const struct input *in = &d->v->input;
	const char *text = strbuf_text(&in->text);
	size_t skip = 0;

	if (width < 1)
		return 0;
	while (cells_before(text + skip, in->at - skip) >= width) {
		skip++;
		while (((unsigned char)text[skip] & 0xc0) == 0x80)
			skip++;
	}
	screen_blank(d->s, x, y, width, role);
	screen_put(d->s, x, y, width, role, text + skip);
	d->s->cursor_x = x + cells_before(text + skip, in->at - skip);
	d->s->cursor_y = y;
	if (d->s->cursor_x >= d->s->width || y >= d->s->height)
		d->s->cursor_x = d->s->cursor_y = -1;
	return skip;
}

static void clear_lines(struct draw *d)
{
	for (int i = 0; i < d->lay.prompt_height; i++)
		screen_blank(d->s, 0, d->lay.prompt_y + i, d->v->width, ROLE_NORMAL);
}

/* A fault in the last word, where the cursor stands: it may still be no more than
 * unfinished. */
static bool is_unfinished(const struct view *v, const struct error *e)
{
	const char *text = strbuf_text(&v->input.text);
	size_t word = v->input.text.len;

	while (word > 0 && text[word - 1] == ' ')
		word--;
	while (word > 0 && text[word - 1] != ' ')
		word--;
	return !v->filter_refused && v->input.at == v->input.text.len &&
	       e->at >= (long)word;
}

/* The fault and where it is, while it is typed; else what may be typed. */
static void put_filter_fault(struct draw *d, int x, size_t skip)
{
	const char *text = strbuf_text(&d->v->input.text);
	struct error e = { .at = ERROR_NOWHERE };
	struct filter *f = filter_compile(text, d->v->resolver, &e);
	int y = d->lay.prompt_y;

	if (f != NULL || text[0] == '\0') {
		filter_free(f);
		draw_text(d, 0, y + 2, ROLE_DIM,
			"idle > 5m and process ~ nginx or dport = "
			":5432   verdict late   keepalive off");
		return;
	}
	if (is_unfinished(d->v, &e)) {
		draw_text(d, 0, y + 2, ROLE_DIM, "%s", e.text);
		return;
	}
	if (e.at >= (long)skip && (size_t)e.at <= strlen(text))
		draw_text(d, x + cells_before(text + skip, (size_t)e.at - skip), y + 1,
			ROLE_ERROR, "^");
	draw_text(d, 0, y + 2, ROLE_ERROR, "%s", e.text);
}

static void draw_filter(struct draw *d)
{
	int x = draw_text(d, 0, d->lay.prompt_y, ROLE_STRONG, "Filter: ");
	size_t skip = draw_input(d, x, d->lay.prompt_y, d->v->width - x, ROLE_INPUT);

	if (d->lay.prompt_height >= 3)
		put_filter_fault(d, x, skip);
}

static void draw_search(struct draw *d)
{
	bool missed = d->v->search_missed;
	int x = draw_text(d, 0, d->lay.prompt_y, ROLE_STRONG, "Search: ");
	int width = d->v->width - x - (missed ? 11 : 0);

	draw_input(d, x, d->lay.prompt_y, width, ROLE_INPUT);
	if (d->v->input.text.len == 0 && d->v->search.len > 0)
		draw_text(d, x + 1, d->lay.prompt_y, ROLE_DIM, "%s%s",
			strbuf_text(&d->v->search),
			d->v->search_stepped ? "" : " (Enter: the next one)");
	if (missed)
		draw_text(d, x + width + 1, d->lay.prompt_y, ROLE_ERROR, "not found");
}

void draw_prompt(struct draw *d)
{
	if (d->lay.prompt_height < 1)
		return;
	clear_lines(d);
	if (d->v->pane == PANE_FILTER)
		draw_filter(d);
	else
		draw_search(d);
}

static int put_paragraph(struct draw *d, const struct area *a, int y, const char *text)
{
	struct strbuf line = { 0 };

	while (wrap_next(&text, a->width - 4, &line) >= 0 && y < a->y + a->height - 1)
		screen_put(d->s, a->x + 2, y++, a->width - 4, ROLE_NORMAL,
			strbuf_text(&line));
	strbuf_clear(&line);
	return y;
}

void draw_close(struct draw *d, const struct area *a)
{
	const char *name = strbuf_text(&d->v->closing_words);
	struct area box = { 0, a->y, a->width, a->height };
	int height, y;

	if (a->width > 76)
		box = (struct area){ (a->width - 72) / 2, a->y, 72, a->height };
	height = wrap_count(name, box.width - 4) + 7;
	if (height < a->height) {
		box.y = a->y + (a->height - height) / 2;
		box.height = height;
	}
	if (box.height < 1)
		return;
	draw_frame(d, &box, " Close this connection? ");
	y = put_paragraph(d, &box, box.y + 1, name);
	y = put_paragraph(d, &box, y + 1,
		"Its owner's next read or write fails, the peer gets a reset.");
	if (y + 1 < box.y + box.height) {
		int x = draw_text(d, box.x + 2, y + 1, ROLE_KEY, "y");

		x = draw_text(d, x, y + 1, ROLE_NORMAL, " close it    ");
		x = draw_text(d, x, y + 1, ROLE_KEY, "n");
		draw_text(d, x, y + 1, ROLE_NORMAL, " or Esc: leave it");
	}
}
