/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/hint.h"

#include "view/wrap.h"

#define HINT_MAX_LINES 3

void hint_update(struct view *v, const struct table *t)
{
	const struct access_info *access = &t->snap->access;
	size_t hidden = t->tally.owner_unknown[OWNER_OTHER_USER];

	if (v->hint.len > 0 || v->hint_dismissed || v->replay || hidden == 0)
		return;
	strbuf_printf(&v->hint, "Hidden: the owners of %zu connection%s (%s).", hidden,
		hidden == 1 ? "" : "s",
		access->owners[0] != '\0' ? access->owners
					  : "other users' processes; root sees them");
	if (access->settings[0] != '\0')
		strbuf_printf(&v->hint, " Settings: %s.", access->settings);
	strbuf_puts(&v->hint, " Esc hides this.");
}

int hint_lines(const struct view *v)
{
	int lines;

	if (v->hint_dismissed || v->hint.len == 0)
		return 0;
	lines = wrap_count(strbuf_text(&v->hint), v->width);
	return lines > HINT_MAX_LINES ? HINT_MAX_LINES : lines;
}
