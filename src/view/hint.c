/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/hint.h"

#include <string.h>

#include "view/wrap.h"

#define HINT_MAX_LINES 4

static void say_owners(struct strbuf *out, const struct table *t)
{
	size_t hidden = t->tally.owner_unknown[OWNER_OTHER_USER];

	if (hidden == 0)
		return;
	if (hidden == 1)
		strbuf_puts(out, "1 connection is another user's: its owner and settings "
				 "are hidden. ");
	else
		strbuf_printf(out,
			"%zu connections are other users': their owners and settings are "
			"hidden. ",
			hidden);
	strbuf_puts(out, t->snap->system.windows
				 ? "Run katop as administrator. "
				 : "Run katop as root, or see PRIVILEGE in katop(1). ");
}

/* What is told of the settings is a hint only where they were refused. */
static void say_settings(struct strbuf *out, const struct access_info *access)
{
	if (strstr(access->settings, "refused") != NULL ||
		strncmp(access->settings, "no:", 3) == 0)
		strbuf_printf(out, "Settings: %s. ", access->settings);
}

void hint_update(struct view *v, const struct table *t)
{
	const struct access_info *access = &t->snap->access;

	if (v->hint.len > 0 || v->hint_dismissed || v->replay)
		return;
	if (access->poorer)
		strbuf_printf(&v->hint, "%s. ", access->connections);
	say_owners(&v->hint, t);
	say_settings(&v->hint, access);
	if (v->hint.len > 0)
		strbuf_puts(&v->hint, "Esc hides this.");
}

int hint_lines(const struct view *v)
{
	int lines;

	if (v->hint_dismissed || v->hint.len == 0)
		return 0;
	lines = wrap_count(strbuf_text(&v->hint), v->width);
	return lines > HINT_MAX_LINES ? HINT_MAX_LINES : lines;
}
