/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/hint.h"

#include "view/wrap.h"

#define HINT_MAX_LINES 4

/* Root of a container may look into no process but its own. */
static void say_owners_to_root(struct strbuf *out, size_t hidden)
{
	strbuf_printf(out,
		"The owner of %zu connection%s is hidden: even this root may not look "
		"into every process, as in a container. Run katop on the host, or with "
		"sys_ptrace and dac_read_search. ",
		hidden, hidden == 1 ? "" : "s");
}

static void say_owners(struct strbuf *out, const struct table *t)
{
	size_t hidden = t->tally.owner_unknown[OWNER_OTHER_USER];

	if (hidden == 0)
		return;
	if (t->snap->access.as_root) {
		say_owners_to_root(out, hidden);
		return;
	}
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

/* Of sockets whose owner is known; what hides the owners has been said. */
static void say_settings(struct strbuf *out, const struct access_info *access)
{
	const char *cure = access->settings_cure;

	if (access->settings_refused == 0)
		return;
	strbuf_printf(out,
		"The settings of %zu connection%s may not be read and are "
		"assumed to be the system's (%s). ",
		access->settings_refused, access->settings_refused == 1 ? "" : "s",
		cure[0] != '\0' ? cure : "katop --settings tells why");
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
