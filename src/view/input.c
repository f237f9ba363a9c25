/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/input.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "view/keymap.h"

void input_set(struct input *in, const char *text)
{
	strbuf_reset(&in->text);
	strbuf_add(&in->text, text, strlen(text));
	in->at = in->text.len;
	in->recalled = 0;
}

void input_clear(struct input *in)
{
	strbuf_clear(&in->text);
	strbuf_clear(&in->typed);
	in->at = 0;
	in->recalled = 0;
}

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Where the character (with its combining marks) before @at begins. */
static size_t step_back(const char *text, size_t at)
{
	uint32_t code;

	while (at > 0) {
		at--;
		while (at > 0 && is_tail(text[at]))
			at--;
		if (text_decode(text + at, strlen(text + at), &code) == 0 ||
			text_code_width(code) > 0)
			break;
	}
	return at;
}

static size_t step_on(const char *text, size_t at)
{
	uint32_t code;
	size_t len = strlen(text);

	for (bool first = true; at < len; first = false) {
		size_t used = text_decode(text + at, len - at, &code);

		if (used > 0 && !first && text_code_width(code) > 0)
			break;
		at += used > 0 ? used : 1;
	}
	return at;
}

/* Takes the bytes from @from to @to out. */
static void cut(struct input *in, size_t from, size_t to)
{
	char *text = in->text.data;

	memmove(text + from, text + to, in->text.len - to + 1);
	in->text.len -= to - from;
	in->at = from;
}

static void insert(struct input *in, uint32_t code)
{
	char bytes[8];
	size_t len = text_encode(bytes, code);

	bytes[len] = '\0';
	if (in->text.len + len > INPUT_MAX_BYTES || !text_is_harmless(bytes))
		return;
	strbuf_reserve(&in->text, len);
	memmove(in->text.data + in->at + len, in->text.data + in->at,
		in->text.len - in->at);
	memcpy(in->text.data + in->at, bytes, len);
	in->text.len += len;
	in->text.data[in->text.len] = '\0';
	in->at += len;
}

static size_t word_start(const char *text, size_t at)
{
	while (at > 0 && text[at - 1] == ' ')
		at--;
	while (at > 0 && text[at - 1] != ' ')
		at--;
	return at;
}

/* Cursor keys and deletions; false when @key is none of them. */
static bool edit_key(struct input *in, uint32_t key)
{
	const char *text = strbuf_text(&in->text);

	switch (key) {
	case KEYPRESS_LEFT:
		in->at = step_back(text, in->at);
		return true;
	case KEYPRESS_RIGHT:
		in->at = step_on(text, in->at);
		return true;
	case KEYPRESS_HOME:
	case KEY_CTRL('a'):
		in->at = 0;
		return true;
	case KEYPRESS_END:
	case KEY_CTRL('e'):
		in->at = in->text.len;
		return true;
	case KEYPRESS_BACKSPACE:
	case KEY_CTRL('h'):
		cut(in, step_back(text, in->at), in->at);
		return true;
	case KEYPRESS_DELETE:
		cut(in, in->at, step_on(text, in->at));
		return true;
	case KEY_CTRL('u'):
		cut(in, 0, in->at);
		return true;
	case KEY_CTRL('k'):
		cut(in, in->at, in->text.len);
		return true;
	case KEY_CTRL('w'):
		cut(in, word_start(text, in->at), in->at);
		return true;
	default:
		return false;
	}
}

bool input_key(struct input *in, uint32_t key)
{
	strbuf_reserve(&in->text, 0);
	in->text.data[in->text.len] = '\0';
	if (edit_key(in, key))
		return true;
	if (key < 0x20 || key == 0x7f || key >= KEYPRESS_NONE)
		return false;
	insert(in, key);
	return true;
}

void history_lines_add(struct history_lines *h, const char *text)
{
	char *line;
	size_t i;

	if (text[0] == '\0')
		return;
	for (i = 0; i < h->count && strcmp(h->at[i], text) != 0; i++)
		;
	if (i < h->count) {
		line = h->at[i];
	} else {
		line = xstrdup(text);
		if (h->count == HISTORY_LINES)
			free(h->at[--i]);
		else
			h->count++;
	}
	memmove(&h->at[1], &h->at[0], i * sizeof(h->at[0]));
	h->at[0] = line;
}

void history_lines_clear(struct history_lines *h)
{
	for (size_t i = 0; i < h->count; i++)
		free(h->at[i]);
	*h = (struct history_lines){ 0 };
}

void history_lines_recall(const struct history_lines *h, struct input *in, int step)
{
	size_t want = in->recalled;

	/* the line that stands there already is no news */
	if (step > 0 && want == 0 && h->count > 1 &&
		strcmp(h->at[0], strbuf_text(&in->text)) == 0)
		want = 1;
	if (step > 0 && want < h->count)
		want++;
	else if (step < 0 && want > 0)
		want--;
	else
		return;
	if (in->recalled == 0) {
		strbuf_reset(&in->typed);
		strbuf_puts(&in->typed, strbuf_text(&in->text));
	}
	input_set(in, want == 0 ? strbuf_text(&in->typed) : h->at[want - 1]);
	in->recalled = want;
}
