/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options files: one long option a line without dashes, display only. */
#include "config.h"
#include "options.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/duration.h"

#define LINE_SIZE 4096

struct line {
	const char *start;
	size_t len;
};

/* The next line without its end; false past the last. */
static bool next_line(const char **at, const char *end, struct line *line)
{
	const char *newline;

	if (*at >= end)
		return false;
	newline = memchr(*at, '\n', (size_t)(end - *at));
	line->start = *at;
	line->len = (size_t)((newline != NULL ? newline : end) - *at);
	*at = newline != NULL ? newline + 1 : end;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct line trim(struct line line)
{
	while (line.len > 0 && is_blank(line.start[0]))
		line.start++, line.len--;
	while (line.len > 0 && is_blank(line.start[line.len - 1]))
		line.len--;
	return line;
}

/* Up to a # that stands at the beginning or behind a blank. */
static struct line without_comment(struct line line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.start[i] == '#' && (i == 0 || is_blank(line.start[i - 1])))
			line.len = i;
	return line;
}

/* The length of the option's name at the beginning of a trimmed line. */
static size_t name_length(struct line line)
{
	size_t n = 0;

	while (n < line.len && line.start[n] != '=' && !is_blank(line.start[n]))
		n++;
	return n;
}

/* What follows the name, past one `=` or blanks; NULL when there is nothing. */
static const char *value_after(char *text, size_t name_len)
{
	char *p = text + name_len;

	while (is_blank(*p))
		p++;
	if (*p == '=')
		p++;
	while (is_blank(*p))
		p++;
	return *p != '\0' ? p : NULL;
}

static int apply_line(
	struct options *o, enum options_origin origin, struct line line, struct error *e)
{
	char text[LINE_SIZE];
	size_t len = name_length(line);
	const struct option_info *info;
	const char *value;
	int index;

	if (line.len >= sizeof(text) || memchr(line.start, '\0', line.len) != NULL)
		return error_set(e, "this is not a line of options");
	memcpy(text, line.start, line.len);
	text[line.len] = '\0';
	index = options_find(text, len, true, e);
	if (index < 0)
		return -1;
	info = options_info((size_t)index);
	value = value_after(text, len);
	if (info->argument != NULL && value == NULL)
		return error_set(e, "'%s' needs an argument: %s=%s", info->name,
			info->name, info->argument);
	if (info->argument == NULL && value != NULL)
		return error_set(e, "'%s' takes no argument", info->name);
	return options_effect((size_t)index)(o, origin, value, e);
}

int options_apply_file(struct options *o, enum options_origin origin, const char *name,
	const char *text, size_t size, struct error *e)
{
	const char *at = text;
	struct line line;

	for (long number = 1; next_line(&at, text + size, &line); number++) {
		struct error fault = { .at = ERROR_NOWHERE };

		line = trim(without_comment(line));
		if (line.len == 0)
			continue;
		if (apply_line(o, origin, line, &fault) != 0)
			return error_set(
				e, "%.200s: line %ld: %.280s", name, number, fault.text);
	}
	return 0;
}

/* True for the lines that W writes anew. */
static bool is_saved(struct line line)
{
	static const char *const saved[] = { "columns", "sort", "delay", "path-idle" };
	size_t len;

	line = trim(line);
	len = name_length(line);
	for (size_t i = 0; i < sizeof(saved) / sizeof(saved[0]); i++)
		if (strlen(saved[i]) == len && strncmp(saved[i], line.start, len) == 0)
			return true;
	return false;
}

static void format_path(const struct path_policy *path, struct strbuf *out)
{
	if (path->limit_ms == PATH_NONE)
		strbuf_puts(out, "none");
	else if (path->name[0] != '\0')
		strbuf_puts(out, path->name);
	else if (path->limit_ms % 1000 == 0)
		strbuf_printf(out, "%" PRId64 "s", path->limit_ms / 1000);
	else
		strbuf_printf(out, "%" PRId64 "ms", path->limit_ms);
}

void options_merge_file(
	const struct options *o, const char *old, size_t size, struct strbuf *out)
{
	const char *at = old;
	struct line line;

	while (next_line(&at, old + size, &line))
		if (!is_saved(line)) {
			strbuf_add(out, line.start, line.len);
			strbuf_putc(out, '\n');
		}
	strbuf_puts(out, "columns=");
	column_list_format(&o->columns, out);
	strbuf_printf(out, "\nsort=%s%s", o->sort_descending ? "-" : "",
		o->sort != NULL ? o->sort->key : "default");
	strbuf_printf(out, "\ndelay=%lld", o->delay_ms / 1000);
	if (o->delay_ms % 1000 != 0)
		strbuf_printf(out, ".%03lld", o->delay_ms % 1000);
	strbuf_puts(out, "\npath-idle=");
	format_path(&o->path, out);
	strbuf_putc(out, '\n');
}
