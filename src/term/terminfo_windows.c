/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The win32 driver of curses has no description of its terminal. */
#include "config.h"
#include "term/terminfo.h"

bool terminfo_can_address(void)
{
	return true;
}

bool terminfo_is_like_xterm(void)
{
	return false;
}

bool terminfo_keeps_screen(void)
{
	return true;
}

size_t terminfo_exit_bytes(bool mouse, bool brackets, char *out, size_t size)
{
	(void)mouse, (void)brackets, (void)out, (void)size;
	return 0;
}
