/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header, the rows with their running countdowns. */
#include "config.h"
#include "view/draw.h"

#include <string.h>

#include "base/text.h"
#include "view/fit.h"
#include "view/places.h"

static bool is_left(const struct fit_column *f)
{
	return (f->column->flags & COLUMN_LEFT) != 0;
}

static void draw_header(struct draw *d, const struct fit *fit)
{
	const struct table_query *q = &d->v->query;
	int y = d->lay.header_y;

	if (y < 0)
		return;
	screen_blank(d->s, 0, y, d->v->width, ROLE_HEAD);
	for (size_t i = 0; i < fit->count; i++) {
		const struct fit_column *f = &fit->at[i];
		bool sorted = f->column == q->sort;
		int width = (int)text_width(f->column->title);
		int x = is_left(f) || width > f->width ? f->x : f->x + f->width - width;

		screen_put(d->s, x, y, f->width, sorted ? ROLE_SORTED : ROLE_HEAD,
			f->column->title);
		if (sorted)
			screen_put_code(d->s, x + width, y, ROLE_SORTED,
				q->descending ? 0x25bc : 0x25b2,
				q->descending ? 'v' : '^');
	}
	if (fit->more)
		screen_put_code(d->s, d->v->width - 1, y, ROLE_SORTED, 0x25b8, '>');
	if (d->v->left > 0)
		screen_put_code(d->s, d->v->width - (fit->more ? 2 : 1), y, ROLE_SORTED,
			0x25c2, '<');
}

/* Shortens an endpoint so that its port stays: [2001:db8:~]:443. */
static void put_endpoint(struct draw *d, const struct fit_column *f, int y,
	enum screen_role role, const char *text)
{
	const char *port = strrchr(text, ':');
	int tail;

	/* without the bracket it would be one more group of the address */
	if (port != NULL && port > text && port[-1] == ']')
		port--;
	tail = port != NULL ? (int)text_width(port) + 1 : 0;
	if (tail == 0 || tail >= f->width) {
		screen_put(d->s, f->x, y, f->width, role, text);
		return;
	}
	screen_put(d->s, f->x, y, f->width - tail, role, text);
	screen_put_code(d->s, f->x + f->width - tail, y, role, 0x2026, '~');
	screen_put(d->s, f->x + f->width - tail + 1, y, tail, role, port);
}

static void put_cell(struct draw *d, const struct fit_column *f, int y,
	enum screen_role role, const char *text)
{
	int width = (int)text_width(text);

	if (width > f->width && f->column->type == TYPE_ENDPOINT) {
		put_endpoint(d, f, y, role, text);
	} else if (width > f->width && is_left(f) && f->width > 1) {
		int used = screen_put(d->s, f->x, y, f->width - 1, role, text);

		screen_put_code(d->s, f->x + used, y, role, 0x2026, '~');
	} else {
		int x = is_left(f) || width >= f->width ? f->x : f->x + f->width - width;

		screen_put(d->s, x, y, f->width, role, text);
	}
}

/* Colour only where it means something. */
static enum screen_role cell_role(
	const struct column *c, const struct row *row, const struct value *value)
{
	const struct outlook *o = row->outlook;

	if (c->type == TYPE_WORD && strcmp(c->key, "verdict") == 0)
		return draw_outlook_role(o);
	if (!value->known || o->verdict == VERDICT_LOCAL)
		return ROLE_DIM;
	if (value->due)
		return ROLE_WARN;
	if (c->type == TYPE_RATIO && value->number > 0)
		return draw_verdict_role(VERDICT_PROBING, o->at_risk);
	if (strcmp(c->key, "deadline") == 0 && o->at_risk &&
		(o->verdict == VERDICT_PROBING || o->verdict == VERDICT_STALLED))
		return ROLE_BAD;
	return ROLE_NORMAL;
}

static void draw_cell(struct draw *d, const struct fit_column *f, const struct row *row,
	int y, bool changed)
{
	struct value value;
	enum screen_role role;

	column_value(f->column, row, &value);
	role = cell_role(f->column, row, &value);
	if (changed && (role == ROLE_NORMAL || role == ROLE_DIM))
		role = ROLE_CHANGED;
	strbuf_reset(d->text);
	if (f->port_only && value.known)
		strbuf_printf(d->text, ":%u", row->conn->local_port);
	else
		value_format(f->column->type, &value, d->text);
	put_cell(d, f, y, role, strbuf_text(d->text));
}

/* Where the ending may begin: past the peer's column, or nearer when it is long and the
 * peer short; past column 0 when there is no peer to see. */
static int ending_x(
	struct draw *d, const struct fit *fit, const struct gone *gone, int width)
{
	const char *zone = snapshot_string(&d->v->marks.past, gone->conn.dev);
	char peer[ADDR_TEXT_SIZE];
	int x = fit->count > 0 ? fit->at[0].width + 1 : 0;

	addr_format_port(peer, &gone->conn.peer, zone, gone->conn.peer_port);
	for (size_t i = 0; i < fit->count; i++) {
		const struct fit_column *f = &fit->at[i];
		int text_end = f->x + (int)text_width(peer) + 1,
		    end = f->x + f->width + 1;

		if (strcmp(f->column->key, "peer") != 0)
			continue;
		if (text_end < end && end + width > d->v->width)
			end = text_end > d->v->width - width ? text_end
							     : d->v->width - width;
		return end;
	}
	return x;
}

/* Over the countdowns of a vanished row: how it ended, and whose it was. */
static void draw_ending(
	struct draw *d, const struct fit *fit, const struct gone *gone, int y)
{
	const struct snapshot *past = &d->v->marks.past;
	const struct conn_owner *owner = snapshot_first_owner(past, &gone->conn);
	const char *process = owner != NULL ? snapshot_string(past, owner->process) : "";
	int width = (int)(text_width(gone->ending) + text_width(process)) + 2;
	int x = ending_x(d, fit, gone, width);

	screen_blank(d->s, x, y, d->v->width - x, ROLE_GONE);
	x = draw_text(d, x, y, ROLE_GONE, "%s", gone->ending);
	draw_text(d, x + 2, y, ROLE_GONE, "%s", process);
}

/* The cursor's bar hides the colours, but not what is at risk. */
static void paint_selected(struct draw *d, int y)
{
	for (int x = 0; x < d->v->width; x++)
		screen_paint(d->s, x, y, 1,
			screen_role_at(d->s, x, y) == ROLE_BAD ? ROLE_SELECTED_BAD
							       : ROLE_SELECTED);
}

static void draw_row(struct draw *d, const struct fit *fit, size_t place, int y)
{
	const struct view *v = d->v;
	struct place at = places_at(v, d->t, place);
	struct outlook outlook;
	struct conn conn;
	struct row row;

	if (at.conn == NULL)
		return;
	places_row(v, &at, d->now_ms, &conn, &outlook, &row);
	for (size_t i = 0; i < fit->count; i++)
		draw_cell(d, &fit->at[i], &row, y,
			marks_is_changed(&v->marks, conn.id, d->now_ms));
	if (at.gone != NULL) {
		screen_paint(d->s, 0, y, v->width, ROLE_GONE);
		draw_ending(d, fit, at.gone, y);
	}
	if (place == v->cursor)
		paint_selected(d, y);
}

void draw_table(struct draw *d)
{
	struct fit fit;

	fit_columns(d->v, &fit);
	draw_header(d, &fit);
	if (d->lay.rows_height <= 0)
		return;
	if (places_count(d->v, d->t) == 0) {
		draw_nothing(d);
		return;
	}
	for (int i = 0; i < d->lay.rows_height; i++)
		draw_row(d, &fit, d->v->top + (size_t)i, d->lay.rows_y + i);
}
