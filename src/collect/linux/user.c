/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/user.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "collect/linux/names.h"

void user_lookup(void *context, uint64_t uid, char *out)
{
	struct passwd entry, *found = NULL;
	char buf[4096];
	int rc;

	(void)context;
	do
		rc = getpwuid_r((uid_t)uid, &entry, buf, sizeof(buf), &found);
	while (rc == EINTR);
	if (rc == 0 && found != NULL && entry.pw_name[0] != '\0')
		text_make_harmless(out, NAME_SIZE, entry.pw_name, strlen(entry.pw_name));
	else
		snprintf(out, NAME_SIZE, "%lu", (unsigned long)uid);
}
