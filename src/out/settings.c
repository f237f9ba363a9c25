/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/settings.h"

#include <inttypes.h>
#include <stdio.h>

#include "model/explain_words.h"
#include "out/parameters.h"
#include "out/wire.h"
#include "out/wrap.h"

#define INDENT 16

/* What is being written, and how wide. */
struct page {
	struct strbuf *out;
	const struct snapshot *snap;
	size_t width;
};

static void put_item(const struct page *p, const char *label, const char *text)
{
	if (text[0] != '\0')
		wrap_add(p->out, label, INDENT, p->width, text);
}

/* A command is not broken: it is there to be copied. */
static void put_command(const struct page *p, const char *label, const char *command)
{
	if (command[0] != '\0')
		wrap_add(p->out, label, INDENT, 0, command);
}

static const char *unit_word(enum parameter_unit unit)
{
	return unit == UNIT_SECONDS ? " s" : unit == UNIT_MS ? " ms" : "";
}

static void put_value(struct strbuf *out, const struct parameter *p, int64_t value)
{
	char span[WORDS_SPAN_SIZE];
	int64_t ms = p->unit == UNIT_SECONDS ? value * 1000 : value;

	if (value == SYSTEM_UNKNOWN) {
		strbuf_puts(out, "unknown");
		return;
	}
	strbuf_printf(out, "%" PRId64 "%s", value, unit_word(p->unit));
	if (p->unit != UNIT_COUNT && ms >= 600000)
		strbuf_printf(out, " (%s)", words_span(span, ms));
}

static void put_range(struct strbuf *out, const struct parameter *p, int64_t most)
{
	if (p->least == most)
		strbuf_printf(out, "%" PRId64 ", not to be changed", most);
	else
		strbuf_printf(out, "%" PRId64 " to %" PRId64 "%s", p->least, most,
			unit_word(p->unit));
}

static void put_commands(const struct page *page, const struct parameter *p,
	const struct path_policy *path)
{
	char command[256];
	int64_t value = parameter_suggestion(p, path);
	const struct system_info *system = &page->snap->system;

	parameter_command_now(p, system, value, command, sizeof(command));
	put_command(page, "  now", command);
	parameter_command_permanent(p, system, value, command, sizeof(command));
	put_command(page, "  permanently", command);
}

static void put_parameter(const struct page *page, const struct parameter *p,
	const struct path_policy *path)
{
	const struct system_info *system = &page->snap->system;
	struct strbuf text = { 0 };
	char source[160];

	strbuf_printf(page->out, "%s = ", p->name);
	put_value(page->out, p, parameter_value(p, system));
	strbuf_putc(page->out, '\n');
	put_item(page, "  meaning", p->meaning);
	put_value(&text, p, p->standard);
	put_item(page, "  default", strbuf_text(&text));
	parameter_source(p, system, source, sizeof(source));
	put_item(page, "  read from", source[0] != '\0' ? source : "could not be read");
	strbuf_reset(&text);
	put_range(&text, p, parameter_most(p, system));
	put_item(page, "  range", strbuf_text(&text));
	put_commands(page, p, path);
	put_item(page, "  one socket", p->application);
	strbuf_putc(page->out, '\n');
	strbuf_clear(&text);
}

static void put_together(const struct page *p)
{
	const struct system_info *s = &p->snap->system;
	char first[WORDS_SPAN_SIZE], last[WORDS_SPAN_SIZE];
	struct strbuf text = { 0 };

	if (s->keepalive_time_ms >= 0 && s->keepalive_intvl_ms >= 0 &&
		s->keepalive_probes >= 0)
		strbuf_printf(&text,
			"Together: the first probe after %s of silence; if the peer has "
			"vanished, given up after %s.",
			words_setting(first, s->keepalive_time_ms),
			words_span(last,
				s->keepalive_time_ms +
					s->keepalive_probes * s->keepalive_intvl_ms));
	strbuf_puts(&text,
		s->windows
			? " A change of the registry is read when Windows starts: "
			  "restart it. netsh has no word for these values; `netsh "
			  "interface tcp show global` shows the others of TCP."
			: " A change counts for new timers at once: connections keep "
			  "the time that runs until it fires. It needs no restart; "
			  "`sysctl --system` reads the file without one. Every network "
			  "namespace (container) has its own values.");
	wrap_add(p->out, "", 0, p->width, strbuf_text(&text));
	strbuf_clear(&text);
}

static void put_application(const struct page *p)
{
	wrap_add(p->out, "", 0, p->width,
		p->snap->system.windows
			? "Nothing is sent unless the application asks for it: "
			  "setsockopt("
			  "s, SOL_SOCKET, SO_KEEPALIVE, ...) or WSAIoctl(s, "
			  "SIO_KEEPALIVE_VALS, ...). Its own values come before the "
			  "system's, which only serve those that set none."
			: "Nothing is sent unless the application asks for it: "
			  "setsockopt("
			  "fd, SOL_SOCKET, SO_KEEPALIVE, ...). Its own values "
			  "(TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT) come before the "
			  "system's, which only serve those that set none. "
			  "TCP_USER_TIMEOUT (ms) replaces the count of probes, and "
			  "limits "
			  "how long unacknowledged data waits.");
}

static void put_count(struct strbuf *out, int64_t count, const char *what)
{
	if (count == SYSTEM_UNKNOWN)
		strbuf_printf(out, "unknown (%s)", what);
	else
		strbuf_printf(out, "%" PRId64 " (%s)", count, what);
}

static void put_counters(const struct page *p)
{
	const struct system_info *s = &p->snap->system;
	struct strbuf text = { 0 };

	if (s->windows)
		return;
	put_count(&text, s->probes_sent, "TcpExt TCPKeepAlive");
	put_item(p, "probes sent", strbuf_text(&text));
	strbuf_reset(&text);
	put_count(&text, s->aborted_on_timeout, "TcpExt TCPAbortOnTimeout");
	put_item(p, "given up", strbuf_text(&text));
	wrap_add(p->out, "", INDENT, p->width,
		"since boot, or since this network namespace began; given up on any "
		"timeout, that of retransmission too");
	strbuf_clear(&text);
}

/* Bytes a second in a tenth's precision while they are few. */
static void put_rate(struct strbuf *out, int64_t hourly)
{
	int64_t tenths = hourly / 360;

	if (tenths < 100)
		strbuf_printf(out, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10);
	else
		strbuf_printf(out, "%" PRId64, tenths / 10);
}

static void put_cost(const struct page *p, const struct table *t)
{
	struct wire_cost w = wire_cost_of(t);
	struct strbuf text = { 0 };
	char span[WORDS_SPAN_SIZE];

	if (w.period_ms == SYSTEM_UNKNOWN)
		return;
	strbuf_printf(&text,
		"a probe and its answer are two packets of %d to %d bytes. With these "
		"settings on all %" PRIu64 " connections here, one pair each %s: ",
		WIRE_LEAST_BYTES, WIRE_MOST_BYTES, (uint64_t)w.connections,
		words_setting(span, w.period_ms));
	put_rate(&text, w.least_bytes_hourly);
	strbuf_puts(&text, " to ");
	put_rate(&text, w.most_bytes_hourly);
	strbuf_puts(&text, " bytes a second in all");
	put_item(p, "on the wire", strbuf_text(&text));
	strbuf_clear(&text);
}

static void put_access(const struct page *p)
{
	const struct access_info *a = &p->snap->access;

	put_item(p, "connections", a->connections);
	put_item(p, "owners", a->owners);
	put_item(p, "settings", a->settings);
	put_item(p, "privileges", a->privileges);
}

void settings_write_text(struct strbuf *out, const struct table *t,
	const struct path_policy *path, size_t width)
{
	const struct page page = { out, t->snap, width > 0 ? width : WRAP_WIDTH };
	const struct parameter *p;

	for (size_t i = 0; (p = parameter_at(&t->snap->system, i)) != NULL; i++)
		put_parameter(&page, p, path);
	put_together(&page);
	strbuf_putc(out, '\n');
	put_application(&page);
	strbuf_putc(out, '\n');
	put_counters(&page);
	put_cost(&page, t);
	strbuf_putc(out, '\n');
	strbuf_puts(out, "What katop reads here:\n");
	put_access(&page);
}

void settings_write(struct sink *out, const struct table *t,
	const struct path_policy *path, bool json, size_t width)
{
	if (json)
		settings_write_json(&out->text, t, path);
	else
		settings_write_text(&out->text, t, path, width);
	sink_flush(out);
}
