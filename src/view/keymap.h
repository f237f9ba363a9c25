/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys as the terminal reports them, and the actions they stand for. */
#ifndef KATOP_VIEW_KEYMAP_H
#define KATOP_VIEW_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A key: a Unicode character, or one of these, which lie above all characters. */
enum key {
	KEYPRESS_NONE = 0x110000,
	KEYPRESS_UP,
	KEYPRESS_DOWN,
	KEYPRESS_LEFT,
	KEYPRESS_RIGHT,
	KEYPRESS_PAGE_UP,
	KEYPRESS_PAGE_DOWN,
	KEYPRESS_HOME,
	KEYPRESS_END,
	KEYPRESS_BACKSPACE,
	KEYPRESS_DELETE,
	KEYPRESS_MOUSE, /* a click at x, y; `clicks` 1 or 2 */
	KEYPRESS_WHEEL_UP,
	KEYPRESS_WHEEL_DOWN,
	KEYPRESS_RESIZE,
	KEYPRESS_F1, /* F2..F12 follow */
	KEYPRESS_F12 = KEYPRESS_F1 + 11,
};

#define KEY_ESC		 0x1b
#define KEY_RET		 0x0d
#define KEY_TAB		 0x09
#define KEY_CTRL(letter) ((letter)&0x1f)

/* `pasted`: it came out of a bracketed paste, which may fill in text but never command.
 */
struct key_event {
	uint32_t key;
	int x;
	int y;
	int clicks;
	bool pasted;
};

/* What a key means while nothing else takes it as text. */
enum action {
	ACTION_NONE,
	ACTION_HELP,
	ACTION_COLUMNS,
	ACTION_SEARCH,
	ACTION_FILTER,
	ACTION_FREEZE,
	ACTION_SORT,
	ACTION_REVERSE,
	ACTION_CLOSE,
	ACTION_QUIT,
	ACTION_DETAIL,
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_HOME,
	ACTION_END,
	ACTION_WHEEL_UP,
	ACTION_WHEEL_DOWN,
	ACTION_LEFT,
	ACTION_RIGHT,
	ACTION_SLOWER,
	ACTION_FASTER,
	ACTION_ALL,
	ACTION_NEXT_RISK,
	ACTION_PATH,
	ACTION_SAVE,
	ACTION_STEP_BACK,
	ACTION_STEP_ON,
	ACTION_REDRAW,
	ACTION_STOP,
	ACTION_LEAVE,
	ACTION_COUNT
};

enum action keymap_action(uint32_t key);

/* One line of the help: the keys as people name them and what they do. */
struct key_help {
	const char *keys;
	const char *help;
};

/* The @i-th, in the order of the help; NULL past the last. */
const struct key_help *keymap_help(size_t i);

#endif
