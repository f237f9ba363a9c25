/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A grid of cells: what the view draws into. A test dumps it as text, term/ copies it to
 * the terminal. Cells carry a glyph and a role, never a colour.
 */
#ifndef KATOP_VIEW_SCREEN_H
#define KATOP_VIEW_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

enum screen_role {
	ROLE_NORMAL,
	ROLE_HEAD,	   /* the table's header */
	ROLE_SORTED,	   /* the header of the sort column */
	ROLE_SELECTED,	   /* the row under the cursor */
	ROLE_SELECTED_BAD, /* what is at risk in it */
	ROLE_LABEL,	   /* words of the meters, captions */
	ROLE_STRONG,
	ROLE_DIM,      /* unimportant, unknown, vanished */
	ROLE_GOOD,     /* ok, kept */
	ROLE_WARN,     /* off, late, lost while not yet at risk; probing first */
	ROLE_BAD,      /* at risk */
	ROLE_CHANGED,  /* changed within the last seconds */
	ROLE_GONE,     /* vanished: dimmed or struck through */
	ROLE_KEY,      /* a key's name in the key line */
	ROLE_KEYLABEL, /* what the key does */
	ROLE_INPUT,    /* a prompt's text */
	ROLE_ERROR,    /* fault in what is typed; messages of failure */
	ROLE_FRAME,    /* lines around panes */
	ROLE_COUNT
};

const char *screen_role_name(enum screen_role role);

/* A character (0: the right half of a wide one) with up to one combining mark. */
struct cell {
	uint32_t code;
	uint32_t mark;
	uint8_t role;
};

/*
 * Owns its cells. `ascii`: only ASCII may be put out, lines and bars have plain stand-ins
 * and other characters become `?`. `cursor_x` is -1 when the cursor is hidden.
 */
struct screen {
	struct cell *cells;
	int width;
	int height;
	bool ascii;
	int cursor_x;
	int cursor_y;
};

/* Sets the size (at least 1x1) and clears to blanks of ROLE_NORMAL, cursor hidden. */
void screen_resize(struct screen *s, int width, int height);
void screen_erase(struct screen *s);
void screen_clear(struct screen *s);

/*
 * Puts harmless UTF-8 text at (x, y), at most @width cells, clipped to the grid; wide
 * characters are never halved. Returns the cells used.
 */
int screen_put(struct screen *s, int x, int y, int width, enum screen_role role,
	const char *text);

/* One character, e.g. of a frame or bar, with its stand-in for ASCII. */
void screen_put_code(
	struct screen *s, int x, int y, enum screen_role role, uint32_t code, char ascii);

/* Fills @width cells with blanks of a role; changes the role of what is there. */
void screen_blank(struct screen *s, int x, int y, int width, enum screen_role role);
void screen_paint(struct screen *s, int x, int y, int width, enum screen_role role);

/* The role of a cell of the grid. */
enum screen_role screen_role_at(const struct screen *s, int x, int y);

/* Dumps the text, a line a row without trailing blanks; then, with @roles, a line a row
 * naming the runs of roles other than normal. For golden files. */
void screen_dump(const struct screen *s, bool roles, struct strbuf *out);

#endif
