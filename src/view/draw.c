/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/draw.h"

#include <inttypes.h>
#include <stdarg.h>

#include "base/bounds.h"
#include "view/wrap.h"

int draw_text(struct draw *d, int x, int y, enum screen_role role, const char *fmt, ...)
{
	va_list args;

	strbuf_reset(d->text);
	va_start(args, fmt);
	strbuf_vprintf(d->text, fmt, args);
	va_end(args);
	return x + screen_put(d->s, x, y, d->s->width - x, role, strbuf_text(d->text));
}

void draw_rule(struct draw *d, int x, int y, int width)
{
	for (int i = 0; i < width; i++)
		screen_put_code(d->s, x + i, y, ROLE_FRAME, 0x2500, '-');
}

void draw_frame(struct draw *d, const struct area *a, const char *title)
{
	int right = a->x + a->width - 1, bottom = a->y + a->height - 1;

	for (int y = a->y; y <= bottom; y++) {
		screen_blank(d->s, a->x, y, a->width, ROLE_NORMAL);
		screen_put_code(d->s, a->x, y, ROLE_FRAME, 0x2502, '|');
		screen_put_code(d->s, right, y, ROLE_FRAME, 0x2502, '|');
	}
	draw_rule(d, a->x, a->y, a->width);
	draw_rule(d, a->x, bottom, a->width);
	screen_put_code(d->s, a->x, a->y, ROLE_FRAME, 0x250c, '+');
	screen_put_code(d->s, right, a->y, ROLE_FRAME, 0x2510, '+');
	screen_put_code(d->s, a->x, bottom, ROLE_FRAME, 0x2514, '+');
	screen_put_code(d->s, right, bottom, ROLE_FRAME, 0x2518, '+');
	screen_put(d->s, a->x + 2, a->y, a->width - 4, ROLE_STRONG, title);
}

int draw_first_line(const struct view *v, int lines, int height)
{
	return (int)clamp_to((int64_t)v->pane_top, 0, max_of(0, lines - height));
}

void draw_more_below(struct draw *d, const struct area *a, bool more)
{
	if (more && a->height > 0)
		screen_put_code(d->s, a->width - 1, a->y + a->height - 1, ROLE_STRONG,
			0x25bc, 'v');
}

enum screen_role draw_verdict_role(enum verdict verdict, bool at_risk)
{
	static const enum screen_role roles[VERDICT_COUNT] = {
		[VERDICT_NONE] = ROLE_DIM,
		[VERDICT_STALLED] = ROLE_BAD,
		[VERDICT_PROBING] = ROLE_WARN,
		[VERDICT_LOST] = ROLE_BAD,
		[VERDICT_OFF] = ROLE_WARN,
		[VERDICT_LATE] = ROLE_WARN,
		[VERDICT_KEPT] = ROLE_GOOD,
		[VERDICT_OK] = ROLE_GOOD,
		[VERDICT_LOCAL] = ROLE_DIM,
		[VERDICT_UNKNOWN] = ROLE_DIM,
	};

	return at_risk ? ROLE_BAD : roles[verdict];
}

enum screen_role draw_outlook_role(const struct outlook *o)
{
	enum screen_role role = draw_verdict_role(o->verdict, o->at_risk);

	return role == ROLE_BAD && !o->at_risk ? ROLE_WARN : role;
}

void draw_format_setting(struct strbuf *out, int64_t ms)
{
	if (ms < 0)
		strbuf_puts(out, "?");
	else if (ms >= 3600000 && ms % 3600000 == 0)
		strbuf_printf(out, "%" PRId64 "h", ms / 3600000);
	else if (ms >= 600000 && ms % 60000 == 0)
		strbuf_printf(out, "%" PRId64 "m", ms / 60000);
	else if (ms % 1000 == 0)
		strbuf_printf(out, "%" PRId64 "s", ms / 1000);
	else if (ms < 1000)
		strbuf_printf(out, "%" PRId64 "ms", ms);
	else
		strbuf_printf(out, "%" PRId64 ".%03" PRId64 "s", ms / 1000, ms % 1000);
}

static void draw_lines(
	struct draw *d, int y, int height, enum screen_role role, const char *text)
{
	struct strbuf line = { 0 };

	for (int end = y + height; y < end; y++) {
		screen_blank(d->s, 0, y, d->v->width, ROLE_NORMAL);
		if (wrap_next(&text, d->v->width, &line) >= 0)
			screen_put(d->s, 0, y, d->v->width, role, strbuf_text(&line));
	}
	strbuf_clear(&line);
}

void draw_hint(struct draw *d)
{
	draw_lines(d, d->lay.hint_y, d->lay.hint_height, ROLE_WARN,
		strbuf_text(&d->v->hint));
}

static void draw_message(struct draw *d)
{
	draw_lines(d, d->lay.message_y, d->lay.message_height,
		d->v->message_is_error ? ROLE_ERROR : ROLE_STRONG,
		strbuf_text(&d->v->message));
}

static void draw_pane(struct draw *d)
{
	struct area a = layout_pane(d->v);

	switch (d->v->pane) {
	case PANE_HELP:
		draw_help(d, &a);
		break;
	case PANE_COLUMNS:
	case PANE_SORT:
	case PANE_PATH:
		draw_lists(d, &a);
		break;
	case PANE_DETAIL:
		draw_detail(d, &a);
		break;
	case PANE_CLOSE:
		draw_close(d, &a);
		break;
	default:
		break;
	}
}

void view_draw(
	const struct view *v, const struct table *t, int64_t now_ms, struct screen *s)
{
	struct strbuf text = { 0 };
	struct draw d = { .v = v, .t = t, .now_ms = now_ms, .s = s, .text = &text };

	screen_erase(s);
	layout_of(v, &d.lay);
	draw_meters(&d);
	draw_table(&d);
	draw_hint(&d);
	draw_pane(&d);
	draw_prompt(&d);
	draw_message(&d);
	draw_keyline(&d);
	strbuf_clear(&text);
}
