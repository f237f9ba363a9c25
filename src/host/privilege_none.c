/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A system without capabilities: nothing to drop, nothing to raise. */
#include "config.h"
#include "host/host.h"

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
	if (size > 0)
		out[0] = '\0';
}
