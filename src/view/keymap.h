/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys as the terminal reports them, and the actions they stand for. */
#ifndef KATOP_VIEW_KEYMAP_H
#define KATOP_VIEW_KEYMAP_H

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
	KEYPRESS_MOUSE,  /* a click at x, y; `clicks` 1 or 2 */
	KEYPRESS_WHEEL_UP,
	KEYPRESS_WHEEL_DOWN,
	KEYPRESS_RESIZE,
	KEYPRESS_F1, /* F2..F12 follow */
	KEYPRESS_F12 = KEYPRESS_F1 + 11,
};

#define KEY_ESC	  0x1b
#define KEY_RET	  0x0d
#define KEY_TAB	  0x09
#define KEY_CTRL(letter) ((letter) & 0x1f)

struct key_event {
	uint32_t key;
	int x;
	int y;
	int clicks;
};

#endif
