/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "term/keys.h"

#include <stdint.h>

#include "term/with_curses.h"

/* Codes that curses has no name for. */
#define KEY_PASTE_BEGIN (KEY_MAX + 1)
#define KEY_PASTE_END	(KEY_MAX + 2)

static const struct {
	const char *bytes;
	int code;
} sequences[] = {
	{ "\033[200~", KEY_PASTE_BEGIN },
	{ "\033[201~", KEY_PASTE_END },
	{ "\033[A", KEY_UP },
	{ "\033[B", KEY_DOWN },
	{ "\033[C", KEY_RIGHT },
	{ "\033[D", KEY_LEFT },
	{ "\033[H", KEY_HOME },
	{ "\033[F", KEY_END },
	{ "\033OH", KEY_HOME },
	{ "\033OF", KEY_END },
	{ "\033[1~", KEY_HOME },
	{ "\033[4~", KEY_END },
	{ "\033[7~", KEY_HOME },
	{ "\033[8~", KEY_END },
	{ "\033[3~", KEY_DC },
	{ "\033[5~", KEY_PPAGE },
	{ "\033[6~", KEY_NPAGE },
	{ "\033OP", KEY_F(1) },
	{ "\033OQ", KEY_F(2) },
	{ "\033OR", KEY_F(3) },
	{ "\033OS", KEY_F(4) },
	{ "\033[11~", KEY_F(1) },
	{ "\033[12~", KEY_F(2) },
	{ "\033[13~", KEY_F(3) },
	{ "\033[14~", KEY_F(4) },
	{ "\033[15~", KEY_F(5) },
	{ "\033[17~", KEY_F(6) },
	{ "\033[18~", KEY_F(7) },
	{ "\033[19~", KEY_F(8) },
	{ "\033[20~", KEY_F(9) },
	{ "\033[21~", KEY_F(10) },
};

static const struct {
	int code;
	uint32_t key;
} codes[] = {
	{ KEY_UP, KEYPRESS_UP },
	{ KEY_DOWN, KEYPRESS_DOWN },
	{ KEY_LEFT, KEYPRESS_LEFT },
	{ KEY_RIGHT, KEYPRESS_RIGHT },
	{ KEY_PPAGE, KEYPRESS_PAGE_UP },
	{ KEY_NPAGE, KEYPRESS_PAGE_DOWN },
	{ KEY_HOME, KEYPRESS_HOME },
	{ KEY_END, KEYPRESS_END },
	{ KEY_A1, KEYPRESS_HOME },
	{ KEY_A3, KEYPRESS_PAGE_UP },
	{ KEY_C1, KEYPRESS_END },
	{ KEY_C3, KEYPRESS_PAGE_DOWN },
	{ KEY_BACKSPACE, KEYPRESS_BACKSPACE },
	{ KEY_DC, KEYPRESS_DELETE },
	{ KEY_ENTER, KEY_RET },
	{ KEY_RESIZE, KEYPRESS_RESIZE },
};

void keys_define(void)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		if (key_defined(sequences[i].bytes) == 0)
			define_key(sequences[i].bytes, sequences[i].code);
}

/* Curses hands over several events that came at once as one key. */
static void read_mouse(struct key_event *event)
{
	MEVENT m;

	while (getmouse(&m) == OK) {
		event->x = m.x;
		event->y = m.y;
		if (m.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) {
			event->key = KEYPRESS_MOUSE;
			event->clicks++;
		} else if (m.bstate & BUTTON4_PRESSED) {
			event->key = KEYPRESS_WHEEL_UP;
		} else if (m.bstate & BUTTON5_PRESSED) {
			event->key = KEYPRESS_WHEEL_DOWN;
		}
	}
}

static void read_code(struct keys *k, int code, struct key_event *event)
{
	if (code == KEY_PASTE_BEGIN || code == KEY_PASTE_END)
		k->pasting = code == KEY_PASTE_BEGIN;
	else if (code == KEY_MOUSE)
		read_mouse(event);
	else if (code >= KEY_F(1) && code <= KEY_F(12))
		event->key = KEYPRESS_F1 + (uint32_t)(code - KEY_F(1));
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code)
			event->key = codes[i].key;
}

/*
 * An Esc that more follows at once is a sequence that nobody knows (a key with modifiers,
 * an answer of the terminal): its bytes are no commands. Returns false when it was the
 * key Esc; what follows it then is read next.
 */
static bool skip_sequence(void)
{
	wint_t c;

	if (get_wch(&c) == ERR)
		return false;
	if (c != '[' && c != 'O') {
		unget_wch((wchar_t)c);
		return false;
	}
	if (get_wch(&c) == ERR) {
		unget_wch(L'[');
		return false;
	}
	while (c < 0x40 || c > 0x7e)
		if (get_wch(&c) == ERR)
			break;
	return true;
}

int keys_read(struct keys *k, struct key_event *event)
{
	wint_t got;
	int status = get_wch(&got);
	uint32_t c = got; /* a wint_t may have 16 bits */

	*event = (struct key_event){ .key = KEYPRESS_NONE, .pasted = k->pasting };
	if (status == ERR)
		return 0;
	if (status == KEY_CODE_YES)
		read_code(k, (int)c, event);
	else if (c == KEY_ESC)
		event->key = skip_sequence() ? (uint32_t)KEYPRESS_NONE : KEY_ESC;
	else if (c == 0x7f || c == KEY_CTRL('h'))
		event->key = KEYPRESS_BACKSPACE;
	else if (c < KEYPRESS_NONE)
		event->key = (uint32_t)c;
	return 1;
}
