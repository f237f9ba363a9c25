/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Windows has no capabilities to give up: a process is elevated or it is not. */
#include "config.h"
#include "host/host.h"

#include <windows.h>

void host_guard(void)
{
}

int host_drop_privileges(unsigned keep, struct error *e)
{
	(void)keep, (void)e;
	return 0;
}

void host_raise(void)
{
}

void host_lower(void)
{
}

void host_describe_privileges(char *out, size_t size)
{
	TOKEN_ELEVATION elevation = { 0 };
	HANDLE token;
	DWORD len;
	bool known = false;

	if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
		known = GetTokenInformation(token, TokenElevation, &elevation,
				sizeof(elevation), &len) != 0;
		CloseHandle(token);
	}
	snprintf(out, size, "%s",
		!known			    ? "elevation unknown"
		: elevation.TokenIsElevated ? "elevated"
					    : "not elevated");
}
