/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One connection's time as a line: from its last sign of life over now to the path's
 * limit, the probes and the deadline, to scale, the elapsed part filled.
 */
#include "config.h"
#include "view/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/duration.h"
#include "base/text.h"
#include "table/columns.h"

#define POINTS_MAX 24
#define LANES	   3

/* An instant on the line: milliseconds since the last sign of life. A tick without a
 * label is one probe more. */
struct point {
	int64_t at_ms;
	uint32_t code;
	char ascii;
	enum screen_role role;
	char label[64];
};

struct timeline {
	struct point points[POINTS_MAX];
	size_t count;
	int64_t now_ms; /* since the last sign of life */
	int64_t end_ms;
};

static struct point *add(struct timeline *t, int64_t at_ms, uint32_t code, char ascii,
	enum screen_role role)
{
	struct point *p = &t->points[t->count];

	if (t->count == POINTS_MAX || at_ms < 0)
		return NULL;
	t->count++;
	*p = (struct point){ .at_ms = at_ms, .code = code, .ascii = ascii, .role = role };
	if (at_ms > t->end_ms)
		t->end_ms = at_ms;
	return p;
}

/* "path forgets in 3m20s", "gives up in about 15m". */
static void say(struct point *p, const char *what, int64_t in_ms, bool about)
{
	char span[DURATION_TEXT_SIZE];

	if (p == NULL)
		return;
	duration_format_ms(span, in_ms < 0 ? -in_ms : in_ms);
	snprintf(p->label, sizeof(p->label), in_ms < 0 ? "%s %s%s ago" : "%s in %s%s",
		what, about ? "about " : "", span);
}

static void add_probes(struct timeline *t, const struct row *row)
{
	const struct outlook *o = row->outlook;
	int64_t left, step = o->settings.keepintvl_ms, at = o->next_ms;

	if (at < 0)
		return;
	say(add(t, t->now_ms + at, 0x25cf, 'o', ROLE_STRONG),
		conn_has(row->conn, HAVE_PROBES) && row->conn->probes > 0 ? "next probe"
									  : "probe",
		at, false);
	left = o->settings.keepcnt - row->conn->probes - 1;
	for (at += step; left > 0 && step > 0 && t->count < POINTS_MAX - 3;
		left--, at += step)
		if (o->deadline_ms < 0 || at < o->deadline_ms)
			add(t, t->now_ms + at, 0x00b7, '.', ROLE_NORMAL);
}

/* Everything that is known of the connection's times; false when nothing is. */
static bool timeline_of(const struct row *row, struct timeline *t)
{
	const struct outlook *o = row->outlook;

	memset(t, 0, sizeof(*t));
	if (o->silence_ms < 0)
		return false;
	t->now_ms = o->silence_ms;
	t->end_ms = t->now_ms;
	if (o->path_applies)
		say(add(t, t->now_ms + o->forgets_ms, 0x25bc, '!', ROLE_WARN),
			o->forgets_ms < 0 ? "path forgot" : "path forgets", o->forgets_ms,
			false);
	add_probes(t, row);
	if (o->deadline_ms >= 0)
		say(add(t, t->now_ms + o->deadline_ms, 0x2716, 'X', ROLE_BAD), "gives up",
			o->deadline_ms, o->deadline_approximate);
	return true;
}

static int column_of(const struct timeline *t, int64_t at_ms, int width)
{
	if (t->end_ms <= 0)
		return 0;
	if (at_ms > t->end_ms)
		at_ms = t->end_ms;
	return (int)((double)at_ms / (double)t->end_ms * (double)(width - 1) + 0.5);
}

static void draw_line(struct draw *d, const struct timeline *t, int x, int y, int width)
{
	int now = column_of(t, t->now_ms, width);

	for (int i = 0; i < width; i++) {
		bool past = i <= now && t->now_ms > 0;

		screen_put_code(d->s, x + i, y, past ? ROLE_GOOD : ROLE_FRAME,
			past ? 0x2588 : 0x2500, past ? '#' : '-');
	}
	for (size_t i = 0; i < t->count; i++)
		screen_put_code(d->s, x + column_of(t, t->points[i].at_ms, width), y,
			t->points[i].role, t->points[i].code, t->points[i].ascii);
}

/* Puts a label under its point, in the first lane that has room for it. Returns the lanes
 * that it takes. */
static int put_label(struct draw *d, int *ends, int x, int y, int width, int at,
	enum screen_role role, const char *text)
{
	int cells = (int)text_width(text);
	int from = at + cells <= width ? at : width - cells;

	if (from < 0)
		from = 0;
	for (int lane = 0; lane < LANES; lane++) {
		if (from < ends[lane])
			continue;
		screen_put(d->s, x + from, y + lane, width - from, role, text);
		ends[lane] = from + cells + 2;
		return lane + 1;
	}
	return 0;
}

static int draw_labels(struct draw *d, const struct timeline *t, int x, int y, int width)
{
	int ends[LANES] = { 0 };
	bool done[POINTS_MAX] = { false };
	int lanes = 0;

	for (;;) {
		size_t next = POINTS_MAX;
		int used;

		for (size_t i = 0; i < t->count; i++)
			if (!done[i] && t->points[i].label[0] != '\0' &&
				(next == POINTS_MAX ||
					t->points[i].at_ms < t->points[next].at_ms))
				next = i;
		if (next == POINTS_MAX)
			break;
		done[next] = true;
		used = put_label(d, ends, x, y, width,
			column_of(t, t->points[next].at_ms, width), t->points[next].role,
			t->points[next].label);
		lanes = used > lanes ? used : lanes;
	}
	return lanes;
}

/* Above the line: its beginning, and now if both have room; else now alone. */
static void draw_now(struct draw *d, const struct timeline *t, int x, int y, int width)
{
	static const char start[] = "last sign of life";
	int now = column_of(t, t->now_ms, width), cells, from;
	char span[DURATION_TEXT_SIZE];

	duration_format_ms(span, t->now_ms);
	strbuf_reset(d->text);
	strbuf_printf(d->text, "now, silent for %s", span);
	cells = (int)d->text->len;
	from = now + cells <= width ? now : now - cells + 1;
	if (from >= (int)sizeof(start) + 1)
		screen_put(d->s, x, y, width, ROLE_LABEL, start);
	screen_put(d->s, x + (from > 0 ? from : 0), y, width, ROLE_STRONG,
		strbuf_text(d->text));
}

int draw_timeline(struct draw *d, const struct row *row, int x, int y, int width)
{
	struct timeline t;

	if (width < 20 || !timeline_of(row, &t))
		return 0;
	draw_now(d, &t, x, y, width);
	draw_line(d, &t, x, y + 1, width);
	return 2 + draw_labels(d, &t, x, y + 2, width);
}
