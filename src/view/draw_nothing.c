/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands where there are no rows: why, and what to try. */
#include "config.h"
#include "view/draw.h"

#include <string.h>

#include "model/prefilter.h"

/* A few of the different texts that the column of the whole sample holds. */
static size_t collect_texts(const struct snapshot *snap, const struct column *c,
	const char **out, size_t most)
{
	size_t n = 0, k;

	for (size_t i = 0; i < snap->count && n < most; i++) {
		struct row row = { .snap = snap, .conn = &snap->conns[i] };
		struct value value;

		column_value(c, &row, &value);
		if (!value.known || value.text == NULL)
			continue;
		for (k = 0; k < n && strcmp(out[k], value.text) != 0; k++)
			;
		if (k == n)
			out[n++] = value.text;
	}
	return n;
}

/* Whether the word @key stands in @text; user_timeout is another word than user. */
static bool has_word(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (; (text = strstr(text, key)) != NULL; text += len)
		if (text[len] != '_')
			return true;
	return false;
}

/* The filter may ask for a name that nobody has: "Users here: postgres, redis". */
static void draw_names(struct draw *d, int x, int y)
{
	static const char *const asked[][2] = { { "user", "Users" },
		{ "process", "Processes" } };
	const char *names[12];
	struct strbuf list = { 0 };

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		size_t n;

		if (!has_word(strbuf_text(&d->v->filter), asked[i][0]))
			continue;
		n = collect_texts(d->t->snap, column_find(asked[i][0]), names, 12);
		strbuf_reset(&list);
		for (size_t k = 0; k < n; k++)
			strbuf_printf(&list, "%s %s", k > 0 ? "," : "", names[k]);
		if (n > 0)
			draw_text(d, x, y++, ROLE_NORMAL, "%s here:%s", asked[i][1],
				strbuf_text(&list));
	}
	strbuf_clear(&list);
}

/* No connection passes the filter, but there are some. */
static void draw_none_passes(struct draw *d, int x, int y)
{
	draw_text(d, x, y++, ROLE_STRONG, "No connection passes the filter: %s",
		strbuf_text(&d->v->filter));
	draw_text(d, x, y++, ROLE_NORMAL,
		"%zu without it. F4 changes the filter, an empty one shows all.",
		d->t->tally.in_sample);
	draw_names(d, x, y);
}

/* There are none to be shown, whatever the filter. */
static void draw_none_there(struct draw *d, int x, int y)
{
	const struct view *v = d->v;
	bool windows = d->t->snap->system.windows;
	const char *family = v->query.families == FAMILY_V4   ? " over IPv4"
			     : v->query.families == FAMILY_V6 ? " over IPv6"
							      : "";

	draw_text(d, x, y++, ROLE_STRONG, "No TCP connections%s %s.", family,
		v->replay ? "in this sample of the record"
		: windows ? "on this system"
			  : "in this network namespace");
	if (!v->query.all_states)
		draw_text(d, x, y++, ROLE_NORMAL,
			"Press a to see LISTEN, TIME-WAIT, SYN-RECV and CLOSE, too.");
	if (family[0] != '\0')
		draw_text(d, x, y++, ROLE_NORMAL,
			"The others are hidden by the option %s.",
			v->query.families == FAMILY_V4 ? "-4" : "-6");
	if (!v->replay && !windows)
		draw_text(d, x, y++, ROLE_NORMAL,
			"Containers have their own: nsenter -t PID -n katop");
}

void draw_nothing(struct draw *d)
{
	int y = d->lay.rows_y + (d->lay.rows_height > 8 ? 2 : 0);
	int x = d->v->width > 60 ? 4 : 0;

	if (d->t == NULL || d->t->snap == NULL)
		draw_text(d, x, y, ROLE_DIM, "Reading the connections ...");
	else if (d->v->filter.len > 0 && d->t->tally.in_sample > 0)
		draw_none_passes(d, x, y);
	else
		draw_none_there(d, x, y);
}
