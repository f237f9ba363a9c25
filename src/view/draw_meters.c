/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines at the top: how many connections are in what danger, and by what rules. */
#include "config.h"
#include "view/draw.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/duration.h"
#include "base/isotime.h"
#include "base/text.h"
#include "model/outlook.h"
#include "view/places.h"

#define LABEL_CELLS 10

static const struct table_tally *tally_of(const struct draw *d)
{
	static const struct table_tally none;

	return d->t != NULL ? &d->t->tally : &none;
}

static const struct snapshot *snap_of(const struct draw *d)
{
	return d->t != NULL ? d->t->snap : NULL;
}

static int put_label(struct draw *d, int y, const char *label)
{
	screen_put(d->s, 0, y, LABEL_CELLS - 1, ROLE_LABEL, label);
	return LABEL_CELLS;
}

/* A caption and its value, two blanks after it. */
static int put_item(struct draw *d, int x, int y, const char *caption, const char *value)
{
	x = draw_text(d, x, y, ROLE_LABEL, "%s ", caption);
	return draw_text(d, x, y, ROLE_NORMAL, "%s", value) + 3;
}

/* What the age line says: the age of a live sample, the time of a replayed one. */
static void format_age(struct draw *d, struct strbuf *out)
{
	const struct snapshot *snap = snap_of(d);
	char text[ISOTIME_TEXT_SIZE];

	if (snap == NULL) {
		strbuf_puts(out, "no sample yet");
	} else if (d->v->replay) {
		isotime_format(text, snap->time_ms);
		/* several samples a second differ in the tenth */
		strbuf_printf(out, "replay of %.10s %.*sZ", text,
			snap->time_ms % 1000 != 0 ? 10 : 8, text + 11);
	} else {
		int64_t ms = view_elapsed_ms(d->v, snap, d->now_ms);

		if (ms < 60000)
			snprintf(text, sizeof(text), "%ds", (int)(ms / 1000));
		else
			duration_format_ms(text, ms);
		strbuf_printf(out, "sample %s old", ms < 1000 ? "<1s" : text);
	}
	if (!d->v->replay) {
		strbuf_puts(out, ", every ");
		draw_format_setting(out, d->v->delay_ms);
	}
}

static void draw_title(struct draw *d)
{
	const struct snapshot *snap = snap_of(d);
	struct strbuf age = { 0 };
	int x = draw_text(d, 0, 0, ROLE_STRONG, "katop"), width;

	if (snap != NULL && snap->host[0] != '\0')
		x = draw_text(d, x + 1, 0, ROLE_NORMAL, "%s", snap->host);
	if (d->v->replay_ended)
		x = draw_text(d, x + 2, 0, ROLE_WARN, "END");
	else if (d->v->frozen)
		x = draw_text(
			d, x + 2, 0, ROLE_WARN, "%s", d->v->replay ? "PAUSED" : "FROZEN");
	if (snap != NULL && snap->partial)
		x = draw_text(d, x + 2, 0, ROLE_WARN, "PARTIAL SAMPLE");
	format_age(d, &age);
	width = (int)text_width(strbuf_text(&age));
	if (x + 2 + width <= d->v->width)
		screen_put(d->s, d->v->width - width, 0, width, ROLE_LABEL,
			strbuf_text(&age));
	strbuf_clear(&age);
}

/* The @i-th verdict, the worst first, no verdict at all last. */
static enum verdict worst_first(int i)
{
	return (enum verdict)((i + 1) % VERDICT_COUNT);
}

/* The fill of a verdict's part of the bar: told apart without colours too. */
static void put_bar_cell(struct draw *d, int x, int y, enum screen_role role)
{
	static const struct {
		uint32_t code;
		char ascii;
	} fills[ROLE_COUNT] = {
		[ROLE_BAD] = { 0x2588, '#' },
		[ROLE_WARN] = { 0x2593, '=' },
		[ROLE_GOOD] = { 0x2592, '-' },
		[ROLE_DIM] = { 0x2591, '.' },
	};

	screen_put_code(d->s, x, y, role, fills[role].code, fills[role].ascii);
}

/* Shares @width cells by count; whoever is there at all gets one. */
static void share(const size_t *counts, size_t total, int width, int *cells)
{
	int used = 0;
	size_t largest = 0;

	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		cells[i] = total > 0 ? (int)(counts[i] * (size_t)width / total) : 0;
		if (cells[i] == 0 && counts[i] > 0)
			cells[i] = 1;
		used += cells[i];
		if (counts[i] > counts[largest])
			largest = i;
	}
	cells[largest] += total > 0 ? width - used : 0;
}

static void draw_bar(struct draw *d, int y)
{
	const struct table_tally *tally = tally_of(d);
	int cells[VERDICT_COUNT], x, right = d->v->width - 1;
	size_t total = 0;

	x = put_label(d, y, "At risk");
	x = draw_text(d, x, y, tally->at_risk > 0 ? ROLE_BAD : ROLE_STRONG, "%zu",
		tally->at_risk);
	for (size_t i = 0; i < VERDICT_COUNT; i++)
		total += tally->verdicts[i];
	x = draw_text(d, x, y, ROLE_NORMAL, " of %zu ", total);
	if (x < LABEL_CELLS + 14)
		x = LABEL_CELLS + 14;
	if (right - x < 2 * VERDICT_COUNT)
		return;
	screen_put_code(d->s, x, y, ROLE_FRAME, '[', '[');
	screen_put_code(d->s, right, y, ROLE_FRAME, ']', ']');
	share(tally->verdicts, total, right - x - 1, cells);
	x++;
	for (int i = 0; i < VERDICT_COUNT; i++) {
		enum verdict v = worst_first(i);

		for (int n = 0; n < cells[v]; n++)
			put_bar_cell(d, x++, y, draw_verdict_role(v, false));
	}
}

/* The counts from @x on, @gap blanks between; returns where they end. */
static int put_verdicts(struct draw *d, int x, int y, int gap)
{
	const struct table_tally *tally = tally_of(d);

	for (int i = 0; i < VERDICT_COUNT; i++) {
		enum verdict v = worst_first(i);

		if (tally->verdicts[v] == 0)
			continue;
		x = draw_text(d, x, y, draw_verdict_role(v, false), "%zu %s",
			tally->verdicts[v],
			v != VERDICT_NONE ? verdict_name(v) : "other states");
		x += gap;
	}
	return x - gap;
}

static void draw_verdicts(struct draw *d, int y)
{
	int end, x = put_label(d, y, "Verdicts");

	end = put_verdicts(d, x, y, 2);
	if (end < x)
		draw_text(d, x, y, ROLE_DIM, "none");
	if (end < d->v->width)
		return;
	/* too many for the caption and wide gaps */
	screen_blank(d->s, 0, y, d->v->width, ROLE_NORMAL);
	put_verdicts(d, 0, y, 1);
}

static int put_rate(struct draw *d, int x, int y, const char *caption, int64_t rate)
{
	char text[40] = "-";

	if (rate >= 10000)
		snprintf(text, sizeof(text), "%" PRId64 "/s", rate / 100);
	else if (rate != VIEW_NO_RATE)
		snprintf(text, sizeof(text), "%" PRId64 ".%" PRId64 "/s", rate / 100,
			rate / 10 % 10);
	return put_item(d, x, y, caption, text);
}

static void draw_keepalive(struct draw *d, int y)
{
	const struct table_tally *tally = tally_of(d);
	int x = put_label(d, y, "Keepalive");

	x = draw_text(d, x, y, ROLE_NORMAL, "%zu on  %zu off  %zu unknown",
		tally->keepalive_on, tally->keepalive_off, tally->keepalive_unknown);
	x = x + 3 > 42 ? x + 3 : 42;
	x = put_rate(d, x, y, "Probes sent", d->v->rates.probes);
	put_rate(d, x > 62 ? x : 62, y, "Given up", d->v->rates.aborted);
}

/* "2h idle, 9 probes 75s apart": keepidle, keepcnt, keepintvl of the system. */
static void format_system(const struct snapshot *snap, struct strbuf *out)
{
	const struct system_info *s = &snap->system;

	draw_format_setting(out, s->keepalive_time_ms);
	strbuf_puts(out, " idle, ");
	if (s->keepalive_probes >= 0)
		strbuf_printf(out, "%" PRId64 " probe%s ", s->keepalive_probes,
			s->keepalive_probes == 1 ? "" : "s");
	else
		strbuf_puts(out, "? probes ");
	draw_format_setting(out, s->keepalive_intvl_ms);
	strbuf_puts(out, " apart");
}

static void format_path(const struct path_policy *path, struct strbuf *out)
{
	if (path->limit_ms == PATH_NONE) {
		strbuf_puts(out, "never forgets (none)");
		return;
	}
	strbuf_puts(out, "forgets after ");
	draw_format_setting(out, path->limit_ms);
	if (path->name[0] != '\0')
		strbuf_printf(
			out, " (%s%s)", path->name, path->data_only ? ", data only" : "");
}

static void draw_system(struct draw *d, int y)
{
	struct strbuf text = { 0 };
	int x = put_label(d, y, "System");

	if (snap_of(d) != NULL)
		format_system(snap_of(d), &text);
	x = draw_text(d, x, y, ROLE_NORMAL, "%s", strbuf_text(&text)) + 3;
	strbuf_reset(&text);
	format_path(&d->v->query.path, &text);
	put_item(d, x > 42 ? x : 42, y, "Path", strbuf_text(&text));
	strbuf_clear(&text);
}

static void draw_showing(struct draw *d, int y)
{
	const struct view *v = d->v;
	int x = put_label(d, y, "Showing");

	x = draw_text(d, x, y, ROLE_STRONG, "%zu", d->t != NULL ? d->t->count : 0);
	x = draw_text(d, x, y, ROLE_NORMAL, " of %zu%s", tally_of(d)->in_sample,
		    v->query.all_states ? ", all states" : "") +
	    3;
	x = draw_text(d, x > 42 ? x : 42, y, ROLE_LABEL, "Filter ");
	draw_text(d, x, y, v->filter.len > 0 ? ROLE_STRONG : ROLE_DIM, "%s",
		v->filter.len > 0 ? strbuf_text(&v->filter) : "none");
}

void draw_meters(struct draw *d)
{
	static void (*const lines[])(struct draw *, int) = { draw_bar, draw_verdicts,
		draw_keepalive, draw_system, draw_showing };
	/* which lines a screen of that many meter lines keeps, after the title */
	static const uint8_t kept[][5] = { { 0 }, { 0 }, { 1 }, { 1, 4 }, { 1, 2, 4 },
		{ 1, 2, 3, 4 }, { 0, 1, 2, 3, 4 } };
	int n = d->lay.meters_height;

	if (n > 0)
		draw_title(d);
	for (int i = 0; i + 1 < n; i++)
		lines[kept[n][i]](d, i + 1);
}
