/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No way to read the sockets' own settings is built in. */
#include "config.h"
#include "collect/linux/settings.h"

#include <stddef.h>
#include <stdio.h>

struct settings_reader *settings_open(const struct collect_options *options)
{
	(void)options;
	return NULL;
}

void settings_apply(struct settings_reader *r, const struct collect_request *request,
	struct snapshot *snap)
{
	(void)r, (void)request;
	snprintf(snap->access.settings, sizeof(snap->access.settings),
		"the sockets' own settings are not read");
}

bool settings_find_owners(struct settings_reader *r, struct snapshot *snap)
{
	(void)r, (void)snap;
	return false;
}

void settings_close(struct settings_reader *r)
{
	(void)r;
}
