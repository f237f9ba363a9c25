/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One screen of help that fits 80x24: the keys, the verdicts, the columns' meaning. */
#include "config.h"
#include "view/draw.h"

#include "model/explain.h"
#include "view/detail.h"
#include "view/keymap.h"

#define KEYS_CELLS 8
#define HALF	   40

/* Lines are numbered from the top of the help; only those in the area are put. */
struct page {
	struct draw *d;
	const struct area *a;
	int first;
};

static void put(struct page *p, int line, int x, int width, enum screen_role role,
	const char *text)
{
	int y = line - p->first;

	if (y >= 0 && y < p->a->height && x < p->a->width)
		screen_put(p->d->s, x, p->a->y + y, width, role, text);
}

static int put_keys(struct page *p, int line, int x, int width)
{
	const struct key_help *h;

	for (size_t i = 0; (h = keymap_help(i)) != NULL; i++, line++) {
		put(p, line, x, KEYS_CELLS, ROLE_KEY, h->keys);
		put(p, line, x + KEYS_CELLS, width - KEYS_CELLS, ROLE_NORMAL, h->help);
	}
	return line;
}

static int put_verdicts(struct page *p, int line, int x, int width)
{
	for (int i = 1; i < VERDICT_COUNT; i++, line++) {
		enum verdict v = (enum verdict)i;

		put(p, line, x, KEYS_CELLS, draw_verdict_role(v, false), verdict_name(v));
		put(p, line, x + KEYS_CELLS, width - KEYS_CELLS, ROLE_NORMAL,
			explain_verdict_briefly(v));
	}
	return line;
}

static int put_notes(struct page *p, int line, int x, int width)
{
	static const char *const notes[] = {
		"~ rests on assumed settings",
		"- unknown, or does not apply",
		"IDLE silence of the peer",
		"NEXT the next probe leaves",
		"GIVES UP the kernel drops it",
		"bold: changed in the last 3 s",
		"man katop, man katop-keepalive",
	};

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		put(p, line++, x, width, ROLE_DIM, notes[i]);
	return line;
}

/* Puts all of it; returns how many lines it has. */
static int put_help(struct page *p)
{
	bool wide = p->a->width >= 2 * HALF;
	int width = wide ? HALF - 1 : p->a->width, x = wide ? HALF : 0, keys, line;

	put(p, 0, 0, width, ROLE_STRONG, "Keys");
	keys = put_keys(p, 1, 0, width);
	line = wide ? 0 : keys + 1;
	put(p, line, x, width + 1, ROLE_STRONG, "Verdicts: dropped while idle?");
	line = put_verdicts(p, line + 1, x, width + 1);
	line = put_notes(p, line + 1, x, width + 1);
	return line > keys ? line : keys;
}

int help_lines(const struct view *v)
{
	const struct area nothing = { .width = v->width };
	struct page p = { .a = &nothing };

	return put_help(&p);
}

void draw_help(struct draw *d, const struct area *a)
{
	struct page p = { .d = d, .a = a };
	int lines = help_lines(d->v);

	p.first = draw_first_line(d->v, lines, a->height);
	for (int y = 0; y < a->height; y++)
		screen_blank(d->s, 0, a->y + y, a->width, ROLE_NORMAL);
	put_help(&p);
	draw_more_below(d, a, p.first + a->height < lines);
}
