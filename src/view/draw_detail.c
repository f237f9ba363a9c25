/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The detail pane: the picture, the words, the settings with their sources, the numbers.
 */
#include "config.h"
#include "view/draw.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "model/explain.h"
#include "view/detail.h"
#include "view/places.h"
#include "view/wrap.h"

#define PAGE_LINES  200
#define OWNERS_END  160 /* the line that holds none any more: others follow */
#define LABEL_CELLS 15
#define FIELD_CELLS 38
#define SOURCE_X    26 /* where a setting's source stands */

/* A page as wide as the pane and as long as it gets; the pane shows a part of it. */
struct page {
	struct draw d;
	const struct row *row;
	const struct gone *gone;
	int width;
	int line;
};

static void put_heading(struct page *p)
{
	const struct conn *c = p->row->conn;
	const struct outlook *o = p->row->outlook;
	const char *zone = snapshot_string(p->row->snap, c->dev);
	char local[ADDR_TEXT_SIZE], peer[ADDR_TEXT_SIZE];
	int x = 0;

	addr_format_port(local, &c->local, zone, c->local_port);
	addr_format_port(peer, &c->peer, zone, c->peer_port);
	/* two long addresses of IPv6 take two lines: the port stands at the end */
	if ((int)(text_width(local) + text_width(peer)) + 3 <= p->width)
		x = draw_text(&p->d, 0, p->line, ROLE_STRONG, "%s ", local);
	else
		draw_text(&p->d, 0, p->line++, ROLE_STRONG, "%s", local);
	x = draw_text(&p->d, x, p->line, ROLE_STRONG, "\xe2\x86\x92 %s", peer);
	draw_text(&p->d, x + 2, p->line++, ROLE_LABEL, "%s",
		state_name((enum tcp_state)c->state));
	if (p->gone != NULL) {
		draw_text(&p->d, 0, p->line++, ROLE_BAD, "gone: %s", p->gone->ending);
		return;
	}
	x = draw_text(&p->d, 0, p->line, draw_outlook_role(o), "%s%s",
		verdict_name(o->verdict), o->assumed ? "~" : "");
	x = draw_text(&p->d, x, p->line, ROLE_NORMAL, ": %s",
		explain_verdict_briefly(o->verdict));
	if (o->at_risk)
		draw_text(&p->d, x + 2, p->line, ROLE_BAD, "AT RISK");
	p->line++;
}

static void put_words(struct page *p)
{
	struct strbuf words = { 0 }, line = { 0 };
	const char *text;

	explain_connection(
		&words, p->row->snap, p->row->conn, p->row->outlook, &p->d.v->query.path);
	text = strbuf_text(&words);
	while (p->line < PAGE_LINES && wrap_next(&text, p->width, &line) >= 0)
		screen_put(
			p->d.s, 0, p->line++, p->width, ROLE_NORMAL, strbuf_text(&line));
	strbuf_clear(&words);
	strbuf_clear(&line);
}

static void put_caption(struct page *p, const char *caption)
{
	int x;

	p->line++;
	x = draw_text(&p->d, 0, p->line, ROLE_LABEL, "%s ", caption);
	draw_rule(&p->d, x, p->line++, p->width - x);
}

/* The value of a column as text, in scratch. */
static const char *column_text(struct page *p, const char *key, bool *known)
{
	const struct column *c = column_find(key);
	struct value value = { 0 };

	strbuf_reset(p->d.text);
	if (c != NULL) {
		column_value(c, p->row, &value);
		value_format(c->type, &value, p->d.text);
	}
	*known = value.known;
	return strbuf_text(p->d.text);
}

static int put_field(struct page *p, int x, int y, const char *key)
{
	bool known;
	const char *text = column_text(p, key, &known);

	screen_put(p->d.s, x, y, LABEL_CELLS - 1, ROLE_LABEL, key);
	return x + LABEL_CELLS +
	       screen_put(p->d.s, x + LABEL_CELLS, y, p->width - x - LABEL_CELLS,
		       known ? ROLE_NORMAL : ROLE_DIM, text);
}

/* Where a setting in effect comes from. */
static const char *source_of(const struct page *p, uint32_t fact)
{
	static const char *const words[SETTINGS_SOURCE_COUNT] = {
		[SETTINGS_UNKNOWN] = "",
		[SETTINGS_SOCKET] = "read from the socket",
		[SETTINGS_INFERRED] = "inferred from its behaviour",
		[SETTINGS_SYSTEM] = "the system's, assumed",
	};
	const struct outlook *o = p->row->outlook;

	if (o->settings.source == SETTINGS_UNKNOWN)
		return "";
	return words[conn_has(p->row->conn, fact) ? p->row->conn->settings
						  : SETTINGS_SYSTEM];
}

/* One setting in effect, whatever its source; @ms for spans. */
static void put_setting(
	struct page *p, const char *key, int64_t value, bool ms, uint32_t fact)
{
	bool known = value >= 0;
	int x = LABEL_CELLS;

	screen_put(p->d.s, 0, p->line, LABEL_CELLS - 1, ROLE_LABEL, key);
	strbuf_reset(p->d.text);
	if (!known)
		strbuf_putc(p->d.text, '-');
	else if (fact == HAVE_USER_TIMEOUT && value == 0)
		strbuf_puts(p->d.text, "not set");
	else if (ms)
		draw_format_setting(p->d.text, value);
	else
		strbuf_printf(p->d.text, "%" PRId64, value);
	x += screen_put(p->d.s, x, p->line, p->width - x, known ? ROLE_NORMAL : ROLE_DIM,
		strbuf_text(p->d.text));
	if (known)
		draw_text(&p->d, x < SOURCE_X ? SOURCE_X : x + 1, p->line, ROLE_DIM, "%s",
			source_of(p, fact));
	p->line++;
}

static void put_settings(struct page *p)
{
	const struct ka_settings *s = &p->row->outlook->settings;

	put_caption(p, "Settings in effect");
	put_field(p, 0, p->line++, "keepalive");
	put_setting(p, "keepidle", s->keepidle_ms, true, HAVE_KEEPIDLE);
	put_setting(p, "keepintvl", s->keepintvl_ms, true, HAVE_KEEPINTVL);
	put_setting(p, "keepcnt", s->keepcnt, false, HAVE_KEEPCNT);
	put_setting(p, "user_timeout", s->user_timeout_ms, true, HAVE_USER_TIMEOUT);
}

static void put_owners(struct page *p)
{
	const struct snapshot *snap = p->row->snap;
	const struct conn *c = p->row->conn;

	put_caption(p, "Held by");
	if (c->owner_count == 0)
		put_field(p, 0, p->line++, "process");
	for (unsigned i = 0; i < c->owner_count; i++) {
		const struct conn_owner *o = &snap->owners[c->owner_first + i];

		if (p->line >= OWNERS_END) {
			draw_text(&p->d, 0, p->line++, ROLE_NORMAL, "and %u more",
				c->owner_count - i);
			break;
		}

		draw_text(&p->d, 0, p->line++, ROLE_NORMAL, "%s, pid %u, descriptor %u",
			snapshot_string(snap, o->process), (unsigned)o->pid,
			(unsigned)o->fd);
	}
	put_field(p, 0, p->line++, "user");
	put_field(p, 0, p->line++, "cgroup");
}

/* Label and value pairs in as many columns as fit. */
static void put_fields(struct page *p, const char *caption, const char *const *keys)
{
	int across = p->width / FIELD_CELLS, i;

	if (across < 1)
		across = 1;
	put_caption(p, caption);
	for (i = 0; keys[i] != NULL; i++)
		put_field(p, i % across * FIELD_CELLS, p->line + i / across, keys[i]);
	p->line += (i + across - 1) / across;
}

static void put_page(struct page *p)
{
	static const char *const times[] = { "idle", "timer", "expires", "next", "probes",
		"deadline", "last_sent", "last_received", "last_ack", NULL };
	static const char *const counters[] = { "retransmits", "rto", "rtt", "send_queue",
		"recv_queue", "sent", "received", "segs_in", "segs_out", "inode",
		"cookie", "mark", "dev", NULL };
	int height;

	put_heading(p);
	if (p->gone == NULL) {
		height = draw_timeline(&p->d, p->row, 0, p->line + 1, p->width);
		p->line += height > 0 ? height + 1 : 0;
	}
	if (p->gone != NULL)
		put_caption(p, "When last seen");
	else
		p->line++;
	put_words(p);
	if (p->row->outlook->verdict != VERDICT_NONE)
		put_settings(p);
	put_fields(p, "Times", times);
	put_owners(p);
	put_fields(p, "Counters", counters);
}

/* Draws the page of the connection under the cursor; false when there is none. */
static bool make_page(struct draw *d, struct screen *page, int width, int *lines)
{
	struct page p = { .d = *d, .width = width };
	struct outlook outlook;
	struct place at;
	struct conn conn;
	struct row row;

	if (!places_current(d->v, d->t, &at))
		return false;
	page->ascii = d->s != NULL && d->s->ascii;
	screen_resize(page, width, PAGE_LINES);
	places_row(d->v, &at, d->now_ms, &conn, &outlook, &row);
	p.d.s = page;
	p.row = &row;
	p.gone = at.gone;
	put_page(&p);
	*lines = p.line < PAGE_LINES ? p.line : PAGE_LINES;
	return true;
}

int detail_lines(const struct view *v, const struct table *t, int64_t now_ms)
{
	struct strbuf text = { 0 };
	struct draw d = { .v = v, .t = t, .now_ms = now_ms, .text = &text };
	struct screen page = { 0 };
	int lines = 0;

	make_page(&d, &page, layout_pane(v).width, &lines);
	screen_clear(&page);
	strbuf_clear(&text);
	return lines;
}

static void copy_lines(
	struct draw *d, const struct area *a, const struct screen *page, int first)
{
	for (int y = 0; y < a->height && first + y < page->height; y++)
		memcpy(&d->s->cells[(size_t)(a->y + y) * (size_t)d->s->width],
			&page->cells[(size_t)(first + y) * (size_t)page->width],
			(size_t)(a->width < page->width ? a->width : page->width) *
				sizeof(page->cells[0]));
}

/* The connection left the filter, or a replay went to where it is not. */
static void put_absent(struct draw *d, const struct area *a)
{
	if (a->height > 0)
		draw_text(
			d, 0, a->y, ROLE_WARN, "This connection is not shown any more.");
	if (a->height > 1)
		draw_text(d, 0, a->y + 1, ROLE_NORMAL,
			"It is not in this sample, or does not pass the filter now.");
}

void draw_detail(struct draw *d, const struct area *a)
{
	struct screen page = { 0 };
	int lines, first;

	for (int y = 0; y < a->height; y++)
		screen_blank(d->s, 0, a->y + y, a->width, ROLE_NORMAL);
	if (!make_page(d, &page, a->width, &lines)) {
		put_absent(d, a);
		return;
	}
	first = draw_first_line(d->v, lines, a->height);
	copy_lines(d, a, &page, first);
	draw_more_below(d, a, first + a->height < lines);
	screen_clear(&page);
}
