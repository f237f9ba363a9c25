/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "term/terminfo.h"

#include <string.h>

#include "term/with_curses.h"

#include <term.h>

/* Collects what tputs() would send; its callback takes no context. */
static struct {
	char *bytes;
	size_t size;
	size_t len;
} collected;

static int collect(int c)
{
	if (collected.len < collected.size)
		collected.bytes[collected.len++] = (char)c;
	return c;
}

static void collect_string(const char *text)
{
	for (; *text != '\0'; text++)
		collect((unsigned char)*text);
}

/* The string of a capability, NULL when the terminal has none. */
static const char *capability(const char *name)
{
	const char *text = tigetstr(name);

	return text == (const char *)-1 ? NULL : text;
}

static void collect_capability(const char *name)
{
	const char *text = capability(name);

	if (text != NULL)
		tputs(text, 1, collect);
}

bool terminfo_can_address(void)
{
	return capability("cup") != NULL;
}

bool terminfo_is_like_xterm(void)
{
	const char *mouse = capability("kmous");

	return mouse != NULL &&
	       (strcmp(mouse, "\033[M") == 0 || strcmp(mouse, "\033[<") == 0);
}

/* The alternate screen goes with endwin(); without one, what was shown may stay. */
bool terminfo_keeps_screen(void)
{
	return false;
}

size_t terminfo_exit_bytes(bool mouse, bool brackets, char *out, size_t size)
{
	collected.bytes = out;
	collected.size = size;
	collected.len = 0;
	collect_capability("sgr0");
	collect_capability("op");
	if (mouse)
		collect_string("\033[?1006l\033[?1000l");
	if (brackets)
		collect_string("\033[?2004l");
	collect_capability("rmkx");
	collect_capability("cnorm");
	collect_capability("rmcup");
	return collected.len;
}
