/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "term/term.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/xalloc.h"
#include "term/console.h"
#include "term/keys.h"
#include "term/palette.h"
#include "term/terminfo.h"
#include "term/with_curses.h"

#define ESC_DELAY_MS   25
#define PASTE_PAUSE_MS 200

struct term {
	SCREEN *screen;
	struct look looks[ROLE_COUNT];
	struct keys keys;
	struct screen shown; /* what the terminal shows: only differences are sent */
	bool ascii;
	bool mouse;
	bool brackets; /* the terminal can bracket a paste */
	bool stale;    /* nothing can be said of what it shows */
};

/* What endwin() would send, put aside for a crash. */
static void prepare_rescue(const struct term *t)
{
	char bytes[512];

	console_set_rescue(
		bytes, terminfo_exit_bytes(t->mouse, t->brackets, bytes, sizeof(bytes)));
}

static void set_brackets(const struct term *t, bool on)
{
	if (!t->brackets)
		return;
	fputs(on ? "\033[?2004h" : "\033[?2004l", stdout);
	fflush(stdout);
}

static int start_curses(struct term *t, struct error *e)
{
	const char *name = getenv("TERM");

	set_escdelay(ESC_DELAY_MS);
	t->screen = newterm(NULL, stdout, stdin);
	if (t->screen == NULL)
		return error_set(e,
			"the terminal type \"%.40s\" is unknown (TERM=xterm fits most; "
			"--list needs no terminal)",
			name != NULL ? name : "");
	if (!terminfo_can_address()) {
		endwin();
		delscreen(t->screen);
		return error_set(e,
			"a terminal of type \"%.40s\" cannot move its cursor (TERM=xterm "
			"fits most; --list needs no terminal)",
			name != NULL ? name : "");
	}
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	intrflush(stdscr, FALSE);
	return 0;
}

struct term *term_open(const struct term_options *options, struct error *e)
{
	struct term *t = xcalloc(1, sizeof(*t));

	if (console_open(e) < 0) {
		free(t);
		return NULL;
	}
	t->ascii = !console_is_utf8();
	if (start_curses(t, e) < 0) {
		console_close();
		free(t);
		return NULL;
	}
	keys_define();
	palette_init(options->colour, t->looks);
	mouseinterval(0);
	if (options->mouse)
		t->mouse = mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED,
				   NULL) != 0;
	console_take_mouse(t->mouse);
	t->brackets = terminfo_is_like_xterm();
	t->stale = true;
	prepare_rescue(t);
	console_watch_size();
	console_arm(true);
	refresh();
	set_brackets(t, true);
	return t;
}

static void leave(struct term *t)
{
	set_brackets(t, false);
	if (terminfo_keeps_screen()) {
		erase();
	} else {
		/* without an alternate screen the shell goes on in the last line */
		move(LINES - 1, 0);
		clrtoeol();
	}
	refresh();
	endwin();
	console_arm(false);
}

void term_close(struct term *t)
{
	if (t == NULL)
		return;
	leave(t);
	delscreen(t->screen);
	console_close();
	screen_clear(&t->shown);
	free(t);
}

void term_suspend(struct term *t)
{
	def_prog_mode();
	leave(t);
}

static void take_size(struct term *t)
{
	int width, height;

	if (!console_size(&width, &height) || is_term_resized(height, width) == FALSE)
		return;
	resize_term(height, width);
	t->stale = true;
}

void term_resume(struct term *t)
{
	reset_prog_mode();
	console_take_mouse(t->mouse);
	console_arm(true);
	take_size(t);
	t->stale = true;
	refresh();
	set_brackets(t, true);
}

void term_size(struct term *t, int *width, int *height)
{
	(void)t;
	getmaxyx(stdscr, *height, *width);
}

bool term_is_ascii(const struct term *t)
{
	return t->ascii;
}

/* A wchar_t of 16 bits (Windows) holds no more than the basic plane. */
static bool is_too_wide(uint32_t code)
{
	return code > (uint32_t)WCHAR_MAX;
}

/* What a cell looks like to curses. */
static void to_curses(const struct term *t, const struct cell *c, cchar_t *out)
{
	const struct look *look = &t->looks[c->role < ROLE_COUNT ? c->role : 0];
	wchar_t text[3] = { (wchar_t)c->code, (wchar_t)c->mark, 0 };

	if (c->code == 0 || is_too_wide(c->code) || is_too_wide(c->mark) ||
		setcchar(out, text, look->attributes, look->pair, NULL) != OK) {
		text[0] = L'?';
		text[1] = 0;
		setcchar(out, text, look->attributes, look->pair, NULL);
	}
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->code == b->code && a->mark == b->mark && a->role == b->role;
}

/* Sends row @y from its first to its last difference; a wide character's right half
 * (code 0) goes with its left one. */
static void show_row(struct term *t, const struct screen *s, int y, cchar_t *buffer)
{
	const struct cell *row = &s->cells[(size_t)y * (size_t)s->width];
	const struct cell *old = &t->shown.cells[(size_t)y * (size_t)s->width];
	int from = 0, to = s->width, n = 0;

	if (!t->stale) {
		while (from < to && same_cell(&row[from], &old[from]))
			from++;
		while (to > from && same_cell(&row[to - 1], &old[to - 1]))
			to--;
	}
	while (from > 0 && (row[from].code == 0 || old[from].code == 0))
		from--;
	while (to < s->width && (row[to].code == 0 || old[to].code == 0))
		to++;
	for (int x = from; x < to; x++)
		/* of two cells that cannot be shown both are replaced */
		if (row[x].code != 0 || (x > 0 && is_too_wide(row[x - 1].code)))
			to_curses(t, &row[x], &buffer[n++]);
	if (n > 0)
		mvadd_wchnstr(y, from, buffer, n);
}

void term_show(struct term *t, const struct screen *s, bool all)
{
	cchar_t *buffer = xcalloc((size_t)s->width + 1, sizeof(*buffer));

	if (all || t->shown.width != s->width || t->shown.height != s->height)
		t->stale = true;
	if (t->stale) {
		screen_resize(&t->shown, s->width, s->height);
		erase();
		clearok(stdscr, TRUE);
	}
	for (int y = 0; y < s->height; y++)
		show_row(t, s, y, buffer);
	memcpy(t->shown.cells, s->cells,
		(size_t)s->width * (size_t)s->height * sizeof(s->cells[0]));
	t->stale = false;
	curs_set(s->cursor_x >= 0 ? 1 : 0);
	if (s->cursor_x >= 0)
		move(s->cursor_y, s->cursor_x);
	refresh();
	free(buffer);
}

static int resize_event(struct term *t, struct key_event *event)
{
	take_size(t);
	*event = (struct key_event){ .key = KEYPRESS_RESIZE };
	getmaxyx(stdscr, event->y, event->x);
	return 1;
}

/* A key that is there; keys that mean nothing are passed over. */
static int read_key(struct term *t, struct key_event *event)
{
	while (keys_read(&t->keys, event) > 0)
		if (event->key != KEYPRESS_NONE)
			return 1;
	return 0;
}

int term_read(struct term *t, int timeout_ms, struct key_event *event)
{
	int events;

	if (read_key(t, event) > 0)
		return event->key == KEYPRESS_RESIZE ? resize_event(t, event) : 1;
	events = console_wait(timeout_ms);
	if (events & CONSOLE_RESIZED)
		return resize_event(t, event);
	if (events & CONSOLE_GONE)
		return -1;
	if (events & CONSOLE_INPUT)
		return read_key(t, event);
	/* a paste whose end got lost does not last for ever */
	if (events == 0 && timeout_ms >= PASTE_PAUSE_MS)
		t->keys.pasting = false;
	return 0;
}
