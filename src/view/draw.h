/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the drawing. Each draws within its own lines. */
#ifndef KATOP_VIEW_DRAW_H
#define KATOP_VIEW_DRAW_H

#include "view/layout.h"
#include "view/view.h"

/* What every part needs. `t` may be NULL, `text` is scratch. */
struct draw {
	const struct view *v;
	const struct table *t;
	int64_t now_ms;
	struct screen *s;
	struct layout lay;
	struct strbuf *text;
};

/* Puts formatted text at (x, y), at most to the screen's edge; returns where it ends. */
int draw_text(struct draw *d, int x, int y, enum screen_role role, const char *fmt, ...)
	KATOP_PRINTF(5, 6);

/* A horizontal line; a frame around an area, blank within. */
void draw_rule(struct draw *d, int x, int y, int width);
void draw_frame(struct draw *d, const struct area *a, const char *title);

/* The first line seen of a page of @lines lines, of which @height fit. */
int draw_first_line(const struct view *v, int lines, int height);
/* In the corner of a page: whether it goes on below. */
void draw_more_below(struct draw *d, const struct area *a, bool more);

/* The colour of a verdict. */
enum screen_role draw_verdict_role(enum verdict verdict, bool at_risk);
/* The same of a connection: the worst colour is kept for those at risk. */
enum screen_role draw_outlook_role(const struct outlook *o);

/* A span without needless parts: 2h, 75s, 1.5s; for settings. */
void draw_format_setting(struct strbuf *out, int64_t ms);

void draw_meters(struct draw *d);
void draw_table(struct draw *d);
void draw_nothing(struct draw *d); /* in place of the rows */
void draw_hint(struct draw *d);
void draw_help(struct draw *d, const struct area *a);
void draw_lists(struct draw *d, const struct area *a); /* columns, sort, path */
void draw_detail(struct draw *d, const struct area *a);
void draw_close(struct draw *d, const struct area *a);
void draw_prompt(struct draw *d);
void draw_keyline(struct draw *d);

/* A line being typed at (x, y), @width cells, scrolled so that the cursor is seen;
 * returns the bytes scrolled away. Places the screen's cursor. */
size_t draw_input(struct draw *d, int x, int y, int width, enum screen_role role);

/* A timeline of one judged connection (see timeline.c); returns its height. */
struct row;
int draw_timeline(struct draw *d, const struct row *row, int x, int y, int width);

#endif
