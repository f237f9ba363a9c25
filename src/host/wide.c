/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "host/wide.h"

#include <limits.h>

#include <windows.h>

bool wide_from_utf8(wchar_t *to, size_t size, const char *text)
{
	return size <= INT_MAX && MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text,
					  -1, to, (int)size) > 0;
}

size_t wide_to_utf8(char *to, size_t size, const wchar_t *text)
{
	int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, to, (int)size, NULL, NULL);

	if (n > 0)
		return (size_t)n - 1;
	if (size > 0)
		to[0] = '\0';
	return 0;
}
