/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/keymap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define F(n)	     (KEYPRESS_F1 + (n)-1)

static const struct binding {
	uint32_t key;
	enum action action;
} bindings[] = {
	{ F(1), ACTION_HELP },
	{ 'h', ACTION_HELP },
	{ '?', ACTION_HELP },
	{ F(2), ACTION_COLUMNS },
	{ F(3), ACTION_SEARCH },
	{ '/', ACTION_SEARCH },
	{ F(4), ACTION_FILTER },
	{ '\\', ACTION_FILTER },
	{ F(5), ACTION_FREEZE },
	{ 'Z', ACTION_FREEZE },
	{ F(6), ACTION_SORT },
	{ '<', ACTION_SORT },
	{ '>', ACTION_SORT },
	{ 'I', ACTION_REVERSE },
	{ F(9), ACTION_CLOSE },
	{ 'k', ACTION_CLOSE },
	{ F(10), ACTION_QUIT },
	{ 'q', ACTION_QUIT },
	{ KEY_RET, ACTION_DETAIL },
	{ '\n', ACTION_DETAIL },
	{ KEYPRESS_UP, ACTION_UP },
	{ KEYPRESS_DOWN, ACTION_DOWN },
	{ KEYPRESS_PAGE_UP, ACTION_PAGE_UP },
	{ KEYPRESS_PAGE_DOWN, ACTION_PAGE_DOWN },
	{ KEYPRESS_HOME, ACTION_HOME },
	{ KEYPRESS_END, ACTION_END },
	{ KEYPRESS_WHEEL_UP, ACTION_WHEEL_UP },
	{ KEYPRESS_WHEEL_DOWN, ACTION_WHEEL_DOWN },
	{ KEYPRESS_LEFT, ACTION_LEFT },
	{ KEYPRESS_RIGHT, ACTION_RIGHT },
	{ '+', ACTION_SLOWER },
	{ '-', ACTION_FASTER },
	{ 'a', ACTION_ALL },
	{ 'n', ACTION_NEXT_RISK },
	{ 'p', ACTION_PATH },
	{ 'W', ACTION_SAVE },
	{ '[', ACTION_STEP_BACK },
	{ ']', ACTION_STEP_ON },
	{ KEY_CTRL('l'), ACTION_REDRAW },
	{ KEY_CTRL('z'), ACTION_STOP },
	{ KEY_ESC, ACTION_LEAVE },
};

enum action keymap_action(uint32_t key)
{
	for (size_t i = 0; i < COUNT(bindings); i++)
		if (bindings[i].key == key)
			return bindings[i].action;
	return ACTION_NONE;
}

static const struct key_help helps[] = {
	{ "F1 h ?", "this help" },
	{ "F2", "choose and move columns" },
	{ "F3 /", "search" },
	{ "F4 \\", "filter (ss's language)" },
	{ "F5 Z", "freeze, and go on" },
	{ "F6 < >", "sort; or click a header" },
	{ "I", "reverse the order" },
	{ "Enter", "all about a connection" },
	{ "F9 k", "close the connection (asks)" },
	{ "n", "next connection at risk" },
	{ "p", "how long the path remembers" },
	{ "a", "all states, LISTEN too" },
	{ "+ -", "longer, shorter delay" },
	{ "\xe2\x86\x90 \xe2\x86\x92", "columns that do not fit" },
	{ "[ ]", "a replay: back, on" },
	{ "W", "save columns, sort, delay, path" },
	{ "^L  ^Z", "draw anew; stop" },
	{ "Esc", "leave what is open" },
	{ "F10 q", "quit, from here too" },
};

const struct key_help *keymap_help(size_t i)
{
	return i < COUNT(helps) ? &helps[i] : NULL;
}
