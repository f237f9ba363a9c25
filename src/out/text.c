/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/text.h"

#include <string.h>

#include "base/text.h"
#include "out/layout.h"

#define SGR_OFF	 "\033[0m"
#define SGR_HEAD "\033[1m"
#define SGR_GOOD "\033[32m"
#define SGR_WARN "\033[33m"
#define SGR_BAD	 "\033[1;31m"
#define SGR_DIM	 "\033[2m"

#define BLOCK	   32
#define PORT_CELLS (sizeof(":65535") - 1)

/* Writes @text to the reset @out with as many `?` for each character that is not ASCII as
 * it has cells. */
static void make_ascii(struct strbuf *out, const char *text, size_t len)
{
	size_t used;
	uint32_t code;

	strbuf_reset(out);
	for (; len > 0; text += used, len -= used) {
		used = text_decode(text, len, &code);
		if (used > 1)
			strbuf_fill(out, '?', (size_t)text_code_width(code));
		else
			strbuf_putc(out, *text);
		used = used > 0 ? used : 1;
	}
}

/* The text of a cell, uncut: its bytes. The text is in @room or borrowed. */
static size_t cell_text(const struct layout_column *c, const struct value *v, char *room,
	const char **text)
{
	size_t len = value_text(c->column->type, v, room, text);

	if (c->port_only && v->known) {
		const char *port = strrchr(*text, ':');

		len -= (size_t)(port - *text);
		*text = port;
	}
	return len;
}

static void measure_cell(struct layout_column *c, const struct row *row)
{
	enum value_type type = c->column->type;
	struct value v;
	size_t width;

	column_value(c->column, row, &v);
	if ((uint64_t)v.number < c->bound && v.shown == NULL && !v.approximate)
		return;
	if (value_is_same(&v, &c->measured))
		return;
	c->measured = v;
	width = value_width(type, &v);
	if (width <= c->width)
		return;
	c->width = width;
	c->bound = value_bound(type, width);
}

/* Nothing stands after the last column, so that its width matters where lines must fit.
 */
static size_t count_to_measure(const struct layout *l, bool fits)
{
	bool left =
		l->count > 0 && (l->at[l->count - 1].column->flags & COLUMN_LEFT) != 0;

	return l->count - (left && !fits);
}

static bool shows_outlook(const struct layout *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (column_sees_outlook(l->at[i].column))
			return true;
	return false;
}

static void measure(struct layout *l, const struct table *t,
	const struct path_policy *path, bool fits)
{
	struct outlook outlook;
	size_t count = count_to_measure(l, fits);

	for (size_t i = 0; i < t->count; i++) {
		struct row row = table_row_unordered(t, i, path, &outlook);

		for (size_t j = 0; j < count; j++)
			measure_cell(&l->at[j], &row);
	}
	for (size_t j = 0; j < count && t->count > 0; j++) {
		struct layout_column *c = &l->at[j];

		if (c->column->type == TYPE_ENDPOINT && c->short_width < PORT_CELLS)
			c->short_width = PORT_CELLS;
	}
}

static const char *verdict_colour(const struct outlook *o)
{
	if (o->at_risk)
		return SGR_BAD;
	switch (o->verdict) {
	case VERDICT_OK:
	case VERDICT_KEPT:
		return SGR_GOOD;
	case VERDICT_STALLED:
	case VERDICT_PROBING:
	case VERDICT_LOST:
	case VERDICT_OFF:
	case VERDICT_LATE:
		return SGR_WARN;
	default:
		return SGR_DIM;
	}
}

/* The colour of a cell, NULL for none. */
static const char *cell_colour(
	const struct column *c, const struct row *row, const char *text)
{
	if (strcmp(text, "-") == 0)
		return SGR_DIM;
	if (strcmp(c->key, "verdict") == 0)
		return verdict_colour(row->outlook);
	if (strcmp(c->key, "at_risk") == 0 && row->outlook->at_risk)
		return SGR_BAD;
	return NULL;
}

/* Blanks, text and blanks; whole blocks where they do, as each call costs more. */
static void put_plain(
	struct strbuf *out, const char *text, size_t len, size_t before, size_t after)
{
	char *to = strbuf_reserve(out, before + len + after + BLOCK);

	if (before <= BLOCK)
		memset(to, ' ', BLOCK);
	else
		memset(to, ' ', before);
	to += before;
	if (len <= BLOCK / 2) {
		for (size_t i = 0; i < len; i++)
			to[i] = text[i];
	} else {
		memcpy(to, text, len);
	}
	to += len;
	if (after <= BLOCK)
		memset(to, ' ', BLOCK);
	else
		memset(to, ' ', after);
	out->len += before + len + after;
	out->data[out->len] = '\0';
}

/* Adds @text in @c's width; the last cell of a line is not filled up. */
static void put_cell(struct strbuf *out, const struct layout_column *c, const char *text,
	size_t len, const char *colour, bool last)
{
	/* other types have but ASCII, a byte a cell */
	bool wide = c->column->type == TYPE_TEXT || c->column->type == TYPE_ENDPOINT;
	size_t used = wide ? text_width(text) : len;
	size_t pad = used < c->width ? c->width - used : 0, before, after;
	bool left = (c->column->flags & COLUMN_LEFT) != 0;

	if (c->cut && used > c->width) {
		len = text_cut(text, c->width);
		pad = c->width - (used - text_width(text + len));
	}
	before = left ? 0 : pad;
	after = last ? 0 : left ? pad + 1 : 1;
	if (colour != NULL) {
		strbuf_fill(out, ' ', before);
		strbuf_puts(out, colour);
		strbuf_add(out, text, len);
		strbuf_puts(out, SGR_OFF);
		strbuf_fill(out, ' ', after);
		return;
	}
	put_plain(out, text, len, before, after);
}

static void write_header(
	struct strbuf *out, const struct layout *l, const struct text_style *style)
{
	for (size_t i = 0; i < l->count; i++) {
		const char *title = l->at[i].column->title;

		put_cell(out, &l->at[i], title, strlen(title),
			style->colour ? SGR_HEAD : NULL, i + 1 == l->count);
	}
	strbuf_putc(out, '\n');
}

/* A cell as it was last written, blanks and all; `len` 0 while there is none. */
struct written {
	struct value value;
	size_t len;
	char bytes[BLOCK];
};

/* A table being written. Neighbours are much alike: their cells are not made anew. */
struct writer {
	struct strbuf *out;
	const struct layout *layout;
	const struct text_style *style;
	struct strbuf ascii; /* scratch */
	struct written last[COLUMN_LIST_MAX];
};

static bool write_again(struct writer *w, size_t i, const struct value *v)
{
	const struct written *last = &w->last[i];

	if (last->len == 0 || !value_is_same(v, &last->value))
		return false;
	memcpy(strbuf_reserve(w->out, BLOCK), last->bytes, BLOCK);
	w->out->len += last->len;
	return true;
}

/* Colour follows the row, not the value alone. */
static void remember(struct writer *w, size_t i, const struct value *v, size_t from)
{
	struct written *last = &w->last[i];

	last->len = w->out->len - from;
	if (last->len > BLOCK || w->style->colour || v->addr != NULL) {
		last->len = 0;
		return;
	}
	last->value = *v;
	memcpy(last->bytes, w->out->data + from, BLOCK);
}

static void write_cell(struct writer *w, size_t i, const struct row *row)
{
	const struct layout_column *c = &w->layout->at[i];
	char room[VALUE_TEXT_SIZE];
	const char *text, *colour = NULL;
	size_t from = w->out->len, len;
	struct value v;

	column_value(c->column, row, &v);
	if (write_again(w, i, &v))
		return;
	len = cell_text(c, &v, room, &text);
	if (w->style->ascii) {
		make_ascii(&w->ascii, text, len);
		text = strbuf_text(&w->ascii);
		len = w->ascii.len;
	}
	if (w->style->colour)
		colour = cell_colour(c->column, row, text);
	put_cell(w->out, c, text, len, colour, i + 1 == w->layout->count);
	remember(w, i, &v, from);
}

static void write_row(struct writer *w, const struct row *row)
{
	for (size_t i = 0; i < w->layout->count; i++)
		write_cell(w, i, row);
	strbuf_putc(w->out, '\n');
}

void text_write_table(struct sink *out, const struct table *t,
	const struct column_list *list, const struct path_policy *path,
	const struct text_style *style)
{
	struct layout l;
	struct writer w = { .out = &out->text, .layout = &l, .style = style };
	struct outlook outlook;
	bool fits = style->width > 0 && !list->chosen;

	layout_init(&l, list, style->header);
	if (!shows_outlook(&l))
		path = NULL;
	measure(&l, t, path, fits);
	if (fits)
		layout_fit(&l, style->width);
	if (style->header)
		write_header(&out->text, &l, style);
	for (size_t i = 0; i < t->count && !out->failed; i++) {
		struct row row = table_row(t, i, path, &outlook);

		write_row(&w, &row);
		sink_relieve(out);
	}
	strbuf_clear(&w.ascii);
	sink_flush(out);
}
