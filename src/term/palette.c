/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "term/palette.h"

#include "term/with_curses.h"

#define OWN (-1) /* the terminal's own colour */

/* A role by colours: foreground and background of 8, of 16 (bright ones are 8 to 15) and
 * of 256, with attributes; and without colours. */
struct style {
	short fg8, bg8;
	attr_t plus8;
	short fg16, bg16;
	short fg256, bg256;
	attr_t plus;
	attr_t mono;
};

/*
 * Greens, ambers, reds and greys of the 256 that can be read on black and on white. Of
 * the 8 yellow cannot be read on white: there magenta warns.
 */
static const struct style styles[ROLE_COUNT] = {
	[ROLE_NORMAL] = { OWN, OWN, 0, OWN, OWN, OWN, OWN, 0, 0 },
	[ROLE_HEAD] = { COLOR_BLACK, COLOR_GREEN, 0, COLOR_BLACK, COLOR_GREEN, 16, 71, 0,
		A_REVERSE },
	[ROLE_SORTED] = { COLOR_BLACK, COLOR_CYAN, 0, COLOR_BLACK, COLOR_CYAN, 16, 80, 0,
		A_REVERSE | A_BOLD },
	[ROLE_SELECTED] = { COLOR_BLACK, COLOR_CYAN, 0, COLOR_BLACK, COLOR_CYAN, 16, 80,
		0, A_REVERSE },
	[ROLE_SELECTED_BAD] = { COLOR_WHITE, COLOR_RED, A_BOLD, 15, COLOR_RED, 231, 160,
		A_BOLD, A_REVERSE | A_BOLD | A_UNDERLINE },
	[ROLE_LABEL] = { OWN, OWN, 0, 8, OWN, 31, OWN, 0, 0 },
	[ROLE_STRONG] = { OWN, OWN, A_BOLD, OWN, OWN, OWN, OWN, A_BOLD, A_BOLD },
	[ROLE_DIM] = { OWN, OWN, A_DIM, 8, OWN, 244, OWN, 0, A_DIM },
	[ROLE_GOOD] = { COLOR_GREEN, OWN, 0, COLOR_GREEN, OWN, 35, OWN, 0, 0 },
	[ROLE_WARN] = { COLOR_MAGENTA, OWN, 0, COLOR_MAGENTA, OWN, 172, OWN, 0, A_BOLD },
	[ROLE_BAD] = { COLOR_RED, OWN, A_BOLD, COLOR_RED, OWN, 160, OWN, A_BOLD,
		A_BOLD | A_UNDERLINE },
	[ROLE_CHANGED] = { OWN, OWN, A_BOLD | A_UNDERLINE, OWN, OWN, 133, OWN, A_BOLD,
		A_BOLD },
	[ROLE_GONE] = { OWN, OWN, A_DIM, 8, OWN, 244, OWN, A_ITALIC, A_DIM },
	[ROLE_KEY] = { OWN, OWN, A_BOLD, OWN, OWN, OWN, OWN, A_BOLD, A_BOLD },
	[ROLE_KEYLABEL] = { COLOR_BLACK, COLOR_CYAN, 0, COLOR_BLACK, COLOR_CYAN, 16, 80,
		0, A_REVERSE },
	[ROLE_INPUT] = { OWN, OWN, A_UNDERLINE, OWN, OWN, OWN, OWN, A_UNDERLINE,
		A_UNDERLINE },
	[ROLE_ERROR] = { COLOR_RED, OWN, A_BOLD, COLOR_RED, OWN, 160, OWN, A_BOLD,
		A_BOLD },
	[ROLE_FRAME] = { COLOR_CYAN, OWN, 0, 8, OWN, 244, OWN, 0, A_DIM },
};

/* Without default colours (the Windows console) the background is black, and grey is
 * bright black: dim there is as bright as any. */
static void make_opaque(short *fg, short *bg, attr_t *plus)
{
	if (*plus & A_DIM) {
		*fg = COLOR_BLACK;
		*plus = A_BOLD;
	}
	if (*fg == OWN)
		*fg = COLOR_WHITE;
	if (*bg == OWN)
		*bg = COLOR_BLACK;
}

/* @own: the terminal's own colours can be asked for. */
static struct look look_of(enum screen_role role, bool own)
{
	const struct style *s = &styles[role];
	short fg = s->fg256, bg = s->bg256, pair = (short)role;
	attr_t plus = s->plus;

	if (COLORS < 16) {
		fg = s->fg8;
		bg = s->bg8;
		plus = s->plus8;
	} else if (COLORS < 256) {
		fg = s->fg16;
		bg = s->bg16;
	}
	if (!own)
		make_opaque(&fg, &bg, &plus);
	if ((fg == OWN && bg == OWN) || init_pair(pair, fg, bg) == ERR)
		return (struct look){ .attributes = plus };
	return (struct look){ .attributes = plus, .pair = pair };
}

void palette_init(bool colour, struct look looks[ROLE_COUNT])
{
	bool has = colour && has_colors() && start_color() != ERR && COLORS >= 8 &&
		   COLOR_PAIRS > ROLE_COUNT;
	bool own = has && use_default_colors() != ERR;

	for (int i = 0; i < ROLE_COUNT; i++)
		looks[i] = has ? look_of((enum screen_role)i, own)
			       : (struct look){ .attributes = styles[i].mono };
}
