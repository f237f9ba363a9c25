/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_NORMAL] = "normal",
	[ROLE_HEAD] = "head",
	[ROLE_SORTED] = "sorted",
	[ROLE_SELECTED] = "selected",
	[ROLE_SELECTED_BAD] = "selected-bad",
	[ROLE_LABEL] = "label",
	[ROLE_STRONG] = "strong",
	[ROLE_DIM] = "dim",
	[ROLE_GOOD] = "good",
	[ROLE_WARN] = "warn",
	[ROLE_BAD] = "bad",
	[ROLE_CHANGED] = "changed",
	[ROLE_GONE] = "gone",
	[ROLE_KEY] = "key",
	[ROLE_KEYLABEL] = "keylabel",
	[ROLE_INPUT] = "input",
	[ROLE_ERROR] = "error",
	[ROLE_FRAME] = "frame",
};

const char *screen_role_name(enum screen_role role)
{
	return (unsigned)role < ROLE_COUNT ? role_names[role] : "unknown";
}

void screen_erase(struct screen *s)
{
	size_t count = (size_t)s->width * (size_t)s->height;

	for (size_t i = 0; i < count; i++)
		s->cells[i] = (struct cell){ .code = ' ' };
	s->cursor_x = -1;
	s->cursor_y = -1;
}

void screen_resize(struct screen *s, int width, int height)
{
	if (width < 1)
		width = 1;
	if (height < 1)
		height = 1;
	if (s->cells == NULL || width != s->width || height != s->height)
		s->cells = xreallocarray(
			s->cells, (size_t)width * (size_t)height, sizeof(s->cells[0]));
	s->width = width;
	s->height = height;
	screen_erase(s);
}

void screen_clear(struct screen *s)
{
	free(s->cells);
	*s = (struct screen){ 0 };
}

static struct cell *cell_at(const struct screen *s, int x, int y)
{
	if (x < 0 || y < 0 || x >= s->width || y >= s->height)
		return NULL;
	return &s->cells[(size_t)y * (size_t)s->width + (size_t)x];
}

/* A character takes a cell: the other half of a wide one that loses it goes blank. */
static void cell_set(struct screen *s, int x, int y, enum screen_role role, uint32_t code)
{
	struct cell *c = cell_at(s, x, y);
	struct cell *left = cell_at(s, x - 1, y), *right = cell_at(s, x + 1, y);

	if (c == NULL)
		return;
	if (c->code == 0 && code != 0 && left != NULL)
		*left = (struct cell){ .code = ' ', .role = left->role };
	if (right != NULL && right->code == 0 && c->code != 0)
		*right = (struct cell){ .code = ' ', .role = right->role };
	*c = (struct cell){ .code = code, .role = (uint8_t)role };
}

/* Hangs a combining mark on the character left of @x, if it carries none yet. */
static void mark_set(struct screen *s, int x, int y, uint32_t code)
{
	struct cell *c = cell_at(s, x - 1, y);

	if (c != NULL && c->code == 0)
		c = cell_at(s, x - 2, y);
	if (c != NULL && c->mark == 0 && c->code != 0 && !s->ascii)
		c->mark = code;
}

/* The next character of @text, `?` for a malformed byte or a control character. */
static size_t next_code(const char *text, size_t len, uint32_t *code)
{
	size_t used = text_decode(text, len, code);

	if (used == 0 || *code < 0x20 || (*code >= 0x7f && *code < 0xa0))
		*code = '?';
	return used > 0 ? used : 1;
}

/* What stands for a character where only ASCII may be put out. */
static uint32_t plain(uint32_t code)
{
	static const struct {
		uint32_t code;
		char stand_in;
	} stand_ins[] = {
		{ 0x00b7, '-' },
		{ 0x00d7, 'x' },
		{ 0x2013, '-' },
		{ 0x2014, '-' },
		{ 0x2026, '~' },
		{ 0x2190, '<' },
		{ 0x2191, '^' },
		{ 0x2192, '>' },
		{ 0x2193, 'v' },
		{ 0x2264, '<' },
		{ 0x2265, '>' },
	};

	if (code < 0x7f)
		return code;
	for (size_t i = 0; i < sizeof(stand_ins) / sizeof(stand_ins[0]); i++)
		if (stand_ins[i].code == code)
			return (unsigned char)stand_ins[i].stand_in;
	return '?';
}

int screen_put(struct screen *s, int x, int y, int width, enum screen_role role,
	const char *text)
{
	size_t len = strlen(text), used;
	int at = 0, wide;
	uint32_t code;

	if (width > s->width - x)
		width = s->width - x;
	for (; len > 0; text += used, len -= used) {
		used = next_code(text, len, &code);
		wide = text_code_width(code);
		if (at + wide > width)
			break;
		if (wide == 0) {
			if (at > 0)
				mark_set(s, x + at, y, code);
			continue;
		}
		if (s->ascii)
			code = plain(code);
		cell_set(s, x + at, y, role, code);
		if (wide == 2)
			cell_set(s, x + at + 1, y, role, s->ascii ? code : 0);
		at += wide;
	}
	return at;
}

void screen_put_code(
	struct screen *s, int x, int y, enum screen_role role, uint32_t code, char ascii)
{
	cell_set(s, x, y, role, s->ascii ? (uint32_t)(unsigned char)ascii : code);
}

void screen_blank(struct screen *s, int x, int y, int width, enum screen_role role)
{
	if (x < 0) {
		width += x;
		x = 0;
	}
	for (int i = 0; i < width && x + i < s->width; i++)
		cell_set(s, x + i, y, role, ' ');
}

void screen_paint(struct screen *s, int x, int y, int width, enum screen_role role)
{
	for (int i = 0; i < width; i++) {
		struct cell *c = cell_at(s, x + i, y);

		if (c != NULL)
			c->role = (uint8_t)role;
	}
}

enum screen_role screen_role_at(const struct screen *s, int x, int y)
{
	const struct cell *c = cell_at(s, x, y);

	return c != NULL ? (enum screen_role)c->role : ROLE_NORMAL;
}

static void put_code(struct strbuf *out, uint32_t code)
{
	char bytes[4];

	strbuf_add(out, bytes, text_encode(bytes, code));
}

static void dump_text(const struct screen *s, int y, struct strbuf *out)
{
	int end = s->width;

	while (end > 0 && cell_at(s, end - 1, y)->code == ' ' &&
		cell_at(s, end - 1, y)->mark == 0)
		end--;
	for (int x = 0; x < end; x++) {
		const struct cell *c = cell_at(s, x, y);

		if (c->code != 0)
			put_code(out, c->code);
		if (c->mark != 0)
			put_code(out, c->mark);
	}
	strbuf_putc(out, '\n');
}

/* "row: 0-9 head 10-19 sorted", runs of one role; nothing for a row all normal. */
static void dump_roles(const struct screen *s, int y, struct strbuf *out)
{
	bool any = false;
	int from, x;

	for (from = 0; from < s->width; from = x) {
		uint8_t role = cell_at(s, from, y)->role;

		for (x = from; x < s->width && cell_at(s, x, y)->role == role; x++)
			;
		if (role == ROLE_NORMAL)
			continue;
		if (!any)
			strbuf_printf(out, "%d:", y);
		any = true;
		strbuf_printf(out, " %d-%d %s", from, x - 1, screen_role_name(role));
	}
	if (any)
		strbuf_putc(out, '\n');
}

void screen_dump(const struct screen *s, bool roles, struct strbuf *out)
{
	for (int y = 0; y < s->height; y++)
		dump_text(s, y, out);
	if (!roles)
		return;
	strbuf_puts(out, "--- roles\n");
	for (int y = 0; y < s->height; y++)
		dump_roles(s, y, out);
	if (s->cursor_x >= 0)
		strbuf_printf(out, "cursor: %d,%d\n", s->cursor_x, s->cursor_y);
}
