/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "collect/record.h"

/* A connection that 65,535 descriptors share takes up to 3.5 MB. */
#define LINE_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define HEADER_END     "\"connections\":["
#define SAMPLE_END     "]}"

/* Where a sample begins, and the number of the line before it. */
struct mark {
	fpos_t at;
	long lines;
};

/*
 * `marks` has the beginnings of the samples seen so far, unless the file cannot seek.
 * `work` is the sample being read: the caller's stays whole until the next one is.
 */
struct collector {
	FILE *file;
	char name[128];
	struct strbuf line;
	long lines;
	long next;
	bool seekable;
	struct mark *marks;
	size_t mark_count;
	size_t mark_cap;
	struct snapshot work;
};

enum line { LINE_READ, LINE_CUT, LINE_END, LINE_FAILED };

static int fail(const struct collector *c, struct error *e, const char *what)
{
	return error_set(e, "%s: line %ld: %s", c->name, c->lines, what);
}

/* Takes one piece of a line off the file: up to and with its newline, or a buffer full.
 */
static bool read_piece(struct collector *c)
{
	char piece[16384];

	if (fgets(piece, sizeof(piece), c->file) == NULL)
		return false;
	strbuf_puts(&c->line, piece);
	/* what fgets() read and strlen() does not see came behind a NUL byte */
	if (strlen(piece) + 1 < sizeof(piece) && strchr(piece, '\n') == NULL &&
		!feof(c->file))
		strbuf_puts(&c->line, "\001\n");
	return true;
}

static bool line_is_whole(const struct collector *c)
{
	return c->line.len > 0 && c->line.data[c->line.len - 1] == '\n';
}

/* Reads a line without its end into c->line. LINE_CUT: the file ends within it. */
static enum line read_line(struct collector *c, struct error *e)
{
	strbuf_reset(&c->line);
	c->lines++;
	while (c->line.len <= LINE_MAX_BYTES && !line_is_whole(c))
		if (!read_piece(c))
			break;
	if (ferror(c->file)) {
		error_set(e, "cannot read %s: %s", c->name, strerror(errno));
		return LINE_FAILED;
	}
	if (c->line.len > LINE_MAX_BYTES) {
		fail(c, e, "longer than any that katop writes (damaged, or no record)");
		return LINE_FAILED;
	}
	if (c->line.len == 0)
		return LINE_END;
	if (!line_is_whole(c))
		return LINE_CUT;
	c->line.data[--c->line.len] = '\0';
	if (c->line.len > 0 && c->line.data[c->line.len - 1] == '\r')
		c->line.data[--c->line.len] = '\0';
	return LINE_READ;
}

static bool line_ends_with(const struct collector *c, const char *end)
{
	size_t len = strlen(end);

	return c->line.len >= len && strcmp(c->line.data + c->line.len - len, end) == 0;
}

static json_t *parse(const struct collector *c, struct error *e)
{
	json_error_t why;
	char harmless[JSON_ERROR_TEXT_LENGTH];
	json_t *value =
		json_loadb(c->line.data, c->line.len, JSON_REJECT_DUPLICATES, &why);

	if (value != NULL)
		return value;
	/* jansson has no words for it */
	if (why.text[0] == '\0') {
		error_set(e, "%s: line %ld: out of memory", c->name, c->lines);
		return NULL;
	}
	text_make_harmless(harmless, sizeof(harmless), why.text, strlen(why.text));
	error_set(e, "%s: line %ld, column %d: no JSON: %s", c->name, c->lines,
		why.column, harmless);
	return NULL;
}

/* Reads the line's object by @read, with the place in front of its complaint. */
static int read_object(struct collector *c,
	int (*read)(const json_t *, struct snapshot *, struct error *), struct error *e)
{
	struct error why;
	json_t *value = parse(c, e);
	int rc;

	if (value == NULL)
		return -1;
	rc = read(value, &c->work, &why);
	json_decref(value);
	return rc == 0 ? 0 : fail(c, e, why.text);
}

static int read_header(struct collector *c, struct error *e)
{
	if (!line_ends_with(c, HEADER_END))
		return fail(c, e,
			"not the first line of a sample (katop --record writes records)");
	strbuf_puts(&c->line, SAMPLE_END);
	snapshot_reset(&c->work);
	return read_object(c, record_read_header, e);
}

static int read_conn(struct collector *c, bool *last, struct error *e)
{
	*last = !line_ends_with(c, ",");
	if (!*last)
		c->line.data[--c->line.len] = '\0';
	if (c->line.len == 0 || c->line.data[0] != '{')
		return fail(c, e, "not a connection (each has a line of its own)");
	return read_object(c, record_read_conn, e);
}

static bool at_sample_end(const struct collector *c)
{
	return strcmp(strbuf_text(&c->line), SAMPLE_END) == 0;
}

/*
 * Reads the connections up to the sample's end. Returns 1, 0 when the file ends before
 * it, -1 with @e.
 */
static int read_conns(struct collector *c, struct error *e)
{
	bool last = false, first = true;

	for (;; first = false) {
		enum line got = read_line(c, e);

		if (got == LINE_FAILED)
			return -1;
		if (at_sample_end(c) && (first || last))
			return 1;
		if (got != LINE_READ)
			return 0;
		if (last)
			return fail(c, e,
				"not the end of the sample: a comma is missing "
				"in the line before");
		if (read_conn(c, &last, e) != 0)
			return -1;
	}
}

static void set_mark(struct collector *c)
{
	struct mark mark = { .lines = c->lines };

	if (!c->seekable || c->next != (long)c->mark_count)
		return;
	if (fgetpos(c->file, &mark.at) != 0) {
		c->seekable = false;
		return;
	}
	c->marks = xgrow(c->marks, &c->mark_cap, c->mark_count + 1, sizeof(*c->marks));
	c->marks[c->mark_count++] = mark;
}

/* Reads a sample into c->work. Returns 1, 0 when no whole one is left, -1 with @e. */
static int read_sample(struct collector *c, struct error *e)
{
	enum line got;

	set_mark(c);
	got = read_line(c, e);
	if (got == LINE_FAILED)
		return -1;
	if (got == LINE_END || (got == LINE_CUT && c->next > 0))
		return 0;
	if (read_header(c, e) != 0)
		return -1;
	return got == LINE_CUT ? 0 : read_conns(c, e);
}

static struct collector *replay_open(
	const struct collect_options *options, struct error *e)
{
	struct collector *c;
	const char *path = options->replay_path;

	if (options->replay_file == NULL) {
		error_set(e, "the record was not opened");
		return NULL;
	}
	c = xcalloc(1, sizeof(*c));
	c->file = options->replay_file;
	if (path == NULL || strcmp(path, "-") == 0)
		path = "standard input";
	text_make_harmless(c->name, sizeof(c->name), path, strlen(path));
	c->seekable = true;
	return c;
}

static int replay_read(struct collector *c, const struct collect_request *request,
	struct snapshot *snap, struct error *e)
{
	struct snapshot old = *snap;
	int rc = read_sample(c, e);

	(void)request;
	if (rc == 0 && c->next == 0)
		return error_set(e, "%s: no whole sample in it (%s)", c->name,
			c->lines > 1 ? "it was cut short" : "it is empty");
	if (rc != 1)
		return rc;
	c->next++;
	snprintf(c->work.access.connections, sizeof(c->work.access.connections),
		"a record: %.100s", c->name);
	*snap = c->work;
	c->work = old;
	return 1;
}

static void replay_close(struct collector *c)
{
	if (c == NULL)
		return;
	if (c->file != stdin)
		fclose(c->file);
	strbuf_clear(&c->line);
	snapshot_clear(&c->work);
	free(c->marks);
	free(c);
}

long replay_index(const struct collector *c)
{
	return c->next;
}

int replay_seek(struct collector *c, long index, struct error *e)
{
	if (index == c->next)
		return 0;
	if (!c->seekable)
		return error_set(e, "%s cannot go back: it is not a file", c->name);
	if (index < 0 || index >= (long)c->mark_count)
		return error_set(e, "%s has no sample %ld yet", c->name, index + 1);
	clearerr(c->file);
	if (fsetpos(c->file, &c->marks[index].at) != 0)
		return error_set(e, "cannot go back in %s: %s", c->name, strerror(errno));
	c->next = index;
	c->lines = c->marks[index].lines;
	return 0;
}

const struct collector_ops collect_replay = {
	.name = "replay",
	.open = replay_open,
	.read = replay_read,
	.close = replay_close,
};
