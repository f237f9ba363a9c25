/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/wrap.h"

#include <string.h>

#include "base/text.h"

static size_t cells_of(const char *word, size_t len)
{
	size_t cells = 0, used;
	uint32_t code;

	for (; len > 0; word += used, len -= used) {
		used = text_decode(word, len, &code);
		cells += used > 0 ? (size_t)text_code_width(code) : 1;
		used = used > 0 ? used : 1;
	}
	return cells;
}

/* A word; a number with its unit is one. */
static size_t word_bytes(const char *text)
{
	size_t len = strcspn(text, " ");

	while (text[len] == ' ' && !text_may_break(text, len))
		len += 1 + strcspn(text + len + 1, " ");
	return len;
}

void wrap_add(struct strbuf *out, const char *label, size_t indent, size_t width,
	const char *text)
{
	size_t at = text_width(label);

	strbuf_puts(out, label);
	if (at < indent)
		strbuf_fill(out, ' ', indent - at);
	at = indent;
	for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
		size_t len = word_bytes(text);
		size_t cells = cells_of(text, len);

		if (at > indent && width > 0 && at + 1 + cells > width) {
			strbuf_putc(out, '\n');
			strbuf_fill(out, ' ', indent);
			at = indent;
		} else if (at > indent) {
			strbuf_putc(out, ' ');
			at++;
		}
		strbuf_add(out, text, len);
		at += cells;
		text += len;
	}
	strbuf_putc(out, '\n');
}
