/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/check.h"

#include <inttypes.h>

#include "model/explain.h"
#include "model/explain_words.h"
#include "out/groups.h"
#include "out/wrap.h"

static size_t sentence_width(const struct text_style *style)
{
	return style->width > 0 ? style->width : WRAP_WIDTH;
}

static void write_group(struct sink *out, const struct table *t, const struct group *g,
	const struct path_policy *path, const struct text_style *style)
{
	struct strbuf words = { 0 };
	struct outlook outlook;
	struct row row = table_row(t, g->worst, path, &outlook);

	explain_group(&words, row.snap, row.conn, row.outlook, path, g->count);
	strbuf_putc(&out->text, '\n');
	wrap_add(&out->text, "", 0, sentence_width(style), strbuf_text(&words));
	strbuf_clear(&words);
	sink_relieve(out);
}

static void write_groups(struct sink *out, const struct table *t,
	const struct path_policy *path, const struct text_style *style)
{
	struct groups groups = { 0 };

	groups_fill(&groups, t, path);
	for (size_t i = 0; i < groups.count && !out->failed; i++)
		write_group(out, t, &groups.at[i], path, style);
	groups_clear(&groups);
}

/* Nothing is at risk: among how many, by which measure, and what is not known. */
static void write_verdict(struct sink *out, const struct table *t,
	const struct path_policy *path, const struct text_style *style)
{
	struct strbuf words = { 0 };
	char limit[WORDS_SPAN_SIZE];
	uint64_t unknown = t->tally.verdicts[VERDICT_UNKNOWN];

	strbuf_printf(&words, "No connection at risk: %" PRIu64 " judged ",
		(uint64_t)t->tally.judged);
	if (path->limit_ms == PATH_NONE)
		strbuf_puts(&words, "without a path that forgets");
	else
		strbuf_printf(&words, "against a path that forgets after %s",
			words_setting(limit, path->limit_ms));
	if (unknown > 0)
		strbuf_printf(
			&words, "; of %" PRIu64 " more not enough is known", unknown);
	strbuf_putc(&words, '.');
	wrap_add(&out->text, "", 0, sentence_width(style), strbuf_text(&words));
	strbuf_clear(&words);
}

void check_write(struct sink *out, const struct table *t, const struct column_list *list,
	const struct path_policy *path, const struct text_style *style)
{
	if (t->count > 0) {
		text_write_table(out, t, list, path, style);
		write_groups(out, t, path, style);
	} else if (t->tally.judged > 0) {
		write_verdict(out, t, path, style);
	}
	sink_flush(out);
}
