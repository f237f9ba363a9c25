/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/jsontext.h"

#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

/* Bytes of the character at @p that may stand in a string as they are, 0 for none. */
static size_t plain(const char *p, size_t len)
{
	uint32_t code;

	if ((unsigned char)*p < 0x80)
		return *p != '"' && *p != '\\' && *p >= 0x20 && *p != 0x7f;
	return text_decode(p, len, &code);
}

static void add_escaped(struct strbuf *out, unsigned char c)
{
	if (c == '"' || c == '\\') {
		strbuf_putc(out, '\\');
		strbuf_putc(out, (char)c);
	} else if (c < 0x80) {
		strbuf_printf(out, "\\u%04x", c);
	} else {
		strbuf_puts(out, "\\ufffd");
	}
}

void json_add_string(struct strbuf *out, const char *text)
{
	size_t len, run = 0, used;

	if (text == NULL) {
		strbuf_add(out, "null", 4);
		return;
	}
	len = strlen(text);
	strbuf_putc(out, '"');
	while (run < len) {
		used = plain(text + run, len - run);
		if (used > 0) {
			run += used;
			continue;
		}
		strbuf_add(out, text, run);
		add_escaped(out, (unsigned char)text[run]);
		text += run + 1;
		len -= run + 1;
		run = 0;
	}
	strbuf_add(out, text, run);
	strbuf_putc(out, '"');
}

void json_add_known(struct strbuf *out, const char *text)
{
	json_add_string(out, text[0] != '\0' ? text : NULL);
}

void json_add_uint(struct strbuf *out, uint64_t number)
{
	char digits[DECIMAL_SIZE];

	strbuf_add(out, digits, (size_t)(decimal_put(digits, number) - digits));
}

void json_add_int(struct strbuf *out, int64_t number)
{
	if (number < 0)
		strbuf_putc(out, '-');
	json_add_uint(out, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void json_add_int_unless(struct strbuf *out, int64_t number, int64_t unknown)
{
	if (number == unknown)
		strbuf_add(out, "null", 4);
	else
		json_add_int(out, number);
}

void json_add_bool(struct strbuf *out, bool is)
{
	strbuf_puts(out, is ? "true" : "false");
}
