/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/fit.h"

#include <string.h>

#include "base/text.h"
#include "view/layout.h"
#include "view/places.h"

#define PORT_CELLS     6  /* :65535 */
#define TEXT_CELLS     15 /* what a name may claim of a narrow screen (TASK_COMM_LEN) */
#define ENDPOINT_LEAST 9
#define CELLS_MAX      60

/* What a column claims: its least width, its title, what its rows needed so far. */
static int claim(const struct view *v, size_t i)
{
	const struct column *c = v->columns.at[i];
	int width = (int)text_width(c->title), needed = v->widths[i];

	if (width < c->width)
		width = c->width;
	if (c->type == TYPE_TEXT && i + 1 == v->columns.count && needed > TEXT_CELLS)
		needed = TEXT_CELLS;
	return needed > width ? needed : width;
}

static int fit_total(const struct fit *f)
{
	int total = f->count > 0 ? (int)f->count - 1 : 0;

	for (size_t i = 0; i < f->count; i++)
		total += f->at[i].width;
	return total;
}

static void fit_remove(struct fit *f, size_t i)
{
	memmove(&f->at[i], &f->at[i + 1], (f->count - i - 1) * sizeof(f->at[0]));
	f->count--;
	f->more = true;
}

/* The next column to give way; LOCAL first shrinks to :port. False when none is left. */
static bool give_way(struct fit *f)
{
	size_t best = f->count;

	for (size_t i = 0; i < f->count; i++) {
		uint8_t rank = f->at[i].column->give_way;

		if (rank == 0 || f->at[i].port_only)
			continue;
		if (best == f->count || rank < f->at[best].column->give_way)
			best = i;
	}
	if (best == f->count)
		return false;
	if (f->at[best].column->type == TYPE_ENDPOINT) {
		f->at[best].port_only = true;
		f->at[best].width = PORT_CELLS;
		f->more = true;
	} else {
		fit_remove(f, best);
	}
	return true;
}

/* The last resorts of a very narrow screen: :port goes, then the peer is cut. */
static void squeeze(struct fit *f, int width)
{
	for (size_t i = f->count; i-- > 0;)
		if (f->at[i].port_only && fit_total(f) > width)
			fit_remove(f, i);
	for (size_t i = 0; i < f->count; i++) {
		int over = fit_total(f) - width, *w = &f->at[i].width;

		if (f->at[i].column->type == TYPE_ENDPOINT && over > 0)
			*w = *w - over > ENDPOINT_LEAST ? *w - over : ENDPOINT_LEAST;
	}
}

/* Half a number would be read as one. */
static bool may_be_cut(const struct fit_column *c)
{
	return c->x == 0 || (c->column->flags & COLUMN_LEFT) != 0;
}

/* Gives each its place; the last text column takes what is left, a text is cut. */
static void place(struct fit *f, int width)
{
	int x = 0;

	for (size_t i = 0; i < f->count; i++) {
		struct fit_column *c = &f->at[i];
		bool last = i + 1 == f->count;

		c->x = x;
		if (x >= width || (x + c->width > width && !may_be_cut(c))) {
			f->count = i;
			f->more = true;
			return;
		}
		if (last && c->column->type == TYPE_TEXT && x + c->width < width)
			c->width = width - x;
		if (x + c->width > width) {
			c->width = width - x;
			f->more = f->more || !last;
		}
		x += c->width + 1;
	}
}

/* VERDICT in front stays where it is, whatever is scrolled away behind it. */
static size_t kept_in_place(const struct view *v)
{
	return strcmp(v->columns.at[0]->key, "verdict") == 0 ? 1 : 0;
}

/* Of the default columns the first step brings back what gave way. */
static size_t scrolled_away(const struct view *v)
{
	return v->left > 0 && !v->columns.chosen ? v->left - 1 : v->left;
}

void fit_columns(const struct view *v, struct fit *out)
{
	size_t kept = kept_in_place(v), away = scrolled_away(v);

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < v->columns.count; i++)
		if (i < kept || i >= kept + away)
			out->at[out->count++] =
				(struct fit_column){ .column = v->columns.at[i],
					.width = claim(v, i) };
	if (v->left == 0 && !v->columns.chosen) {
		while (fit_total(out) > v->width && give_way(out))
			;
		squeeze(out, v->width);
	}
	place(out, v->width);
}

size_t fit_left_max(const struct view *v)
{
	size_t kept = kept_in_place(v), first = v->columns.count;
	int all = -1, total = 0;

	for (size_t i = 0; i < v->columns.count; i++)
		all += claim(v, i) + 1;
	if (all <= v->width)
		return 0;
	for (size_t i = 0; i < kept; i++)
		total += claim(v, i) + 1;
	while (first > kept && total + claim(v, first - 1) <= v->width)
		total += claim(v, --first) + 1;
	if (first == v->columns.count && first > kept)
		first--;
	return first - kept + (v->columns.chosen ? 0 : 1);
}

void fit_forget(struct view *v)
{
	memset(v->widths, 0, sizeof(v->widths));
}

static void widen(struct view *v, const struct row *row, struct strbuf *text)
{
	for (size_t i = 0; i < v->columns.count; i++) {
		const struct column *c = v->columns.at[i];
		struct value value;
		size_t width;

		column_value(c, row, &value);
		strbuf_reset(text);
		value_format(c->type, &value, text);
		width = text_width(strbuf_text(text));
		if (width > CELLS_MAX)
			width = CELLS_MAX;
		if (width > v->widths[i])
			v->widths[i] = (uint8_t)width;
	}
}

void fit_widths(struct view *v, const struct table *t, int64_t now_ms)
{
	struct strbuf text = { 0 };
	struct layout lay;

	layout_of(v, &lay);
	for (int i = 0; i < lay.rows_height; i++) {
		struct place at = places_at(v, t, v->top + (size_t)i);
		struct outlook outlook;
		struct conn conn;
		struct row row;

		if (at.conn == NULL)
			break;
		places_row(v, &at, now_ms, &conn, &outlook, &row);
		widen(v, &row, &text);
	}
	strbuf_clear(&text);
}
