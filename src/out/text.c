/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/text.h"

#include <string.h>

#include "base/text.h"
#include "out/jsontext.h"
#include "out/layout.h"

#define SGR_OFF	 "\033[0m"
#define SGR_HEAD "\033[1m"
#define SGR_GOOD "\033[32m"
#define SGR_WARN "\033[33m"
#define SGR_BAD	 "\033[1;31m"
#define SGR_DIM	 "\033[2m"

/* Cells of harmless text, quickly where it is ASCII. */
static size_t cells(const char *text, size_t len)
{
	unsigned char bits = 0;

	for (size_t i = 0; i < len; i++)
		bits |= (unsigned char)text[i];
	return bits < 0x80 ? len : text_width(text);
}

/* Replaces each character that is not ASCII by as many `?` as it has cells. */
static void make_ascii(struct strbuf *text)
{
	size_t to = 0, used;
	uint32_t code;

	for (size_t at = 0; at < text->len; at += used) {
		used = text_decode(text->data + at, text->len - at, &code);
		used = used > 0 ? used : 1;
		if (used == 1)
			text->data[to++] = text->data[at];
		else
			for (int i = text_code_width(code); i > 0; i--)
				text->data[to++] = '?';
	}
	if (text->len > 0) {
		text->data[to] = '\0';
		text->len = to;
	}
}

static void add_port(struct strbuf *cell, const struct value *v)
{
	if (!v->known) {
		strbuf_putc(cell, '-');
	} else if (v->number == 0) {
		strbuf_puts(cell, ":*");
	} else {
		strbuf_putc(cell, ':');
		json_add_int(cell, v->number);
	}
}

/* The text of a cell into the reset @cell, uncut. */
static void format_cell(const struct layout_column *c, const struct row *row,
	const struct text_style *style, struct strbuf *cell)
{
	struct value v = column_value(c->column, row);

	strbuf_reset(cell);
	if (c->port_only)
		add_port(cell, &v);
	else
		value_format(c->column->type, &v, cell);
	if (style->ascii)
		make_ascii(cell);
}

static void widen(size_t *width, size_t to)
{
	if (*width < to)
		*width = to;
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

		for (size_t j = 0; j < count; j++) {
			struct layout_column *c = &l->at[j];
			struct value v = column_value(c->column, &row);

			widen(&c->width, value_width(c->column->type, &v));
			if (c->column->type == TYPE_ENDPOINT)
				widen(&c->short_width, strlen(":65535"));
		}
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

/* Adds @text in @c's width; the last cell of a line is not filled up. */
static void put_cell(struct strbuf *out, const struct layout_column *c, const char *text,
	size_t len, const char *colour, bool last)
{
	size_t used = cells(text, len);
	size_t pad = used < c->width ? c->width - used : 0, before, after;
	bool left = (c->column->flags & COLUMN_LEFT) != 0;
	char *to;

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
	to = strbuf_reserve(out, before + len + after);
	memset(to, ' ', before + len + after);
	memcpy(to + before, text, len);
	out->len += before + len + after;
	out->data[out->len] = '\0';
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

static void write_row(struct strbuf *out, const struct layout *l, const struct row *row,
	const struct text_style *style, struct strbuf *cell)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct layout_column *c = &l->at[i];
		const char *colour = NULL;

		format_cell(c, row, style, cell);
		if (style->colour)
			colour = cell_colour(c->column, row, strbuf_text(cell));
		put_cell(out, c, strbuf_text(cell), cell->len, colour, i + 1 == l->count);
	}
	strbuf_putc(out, '\n');
}

void text_write_table(struct sink *out, const struct table *t,
	const struct column_list *list, const struct path_policy *path,
	const struct text_style *style)
{
	struct strbuf cell = { 0 };
	struct outlook outlook;
	struct layout l;
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

		write_row(&out->text, &l, &row, style, &cell);
		sink_relieve(out);
	}
	strbuf_clear(&cell);
	sink_flush(out);
}
