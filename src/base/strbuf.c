/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void strbuf_clear(struct strbuf *b)
{
	free(b->data);
	*b = (struct strbuf){ 0 };
}

void strbuf_reset(struct strbuf *b)
{
	b->len = 0;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void strbuf_grow(struct strbuf *b, size_t extra)
{
	size_t want = b->len + extra + 1;

	b->data = xgrow(b->data, &b->cap, want < 64 ? 64 : want, 1);
}

void strbuf_putc(struct strbuf *b, char c)
{
	char *to = strbuf_reserve(b, 1);

	to[0] = c;
	to[1] = '\0';
	b->len++;
}

void strbuf_add(struct strbuf *b, const char *bytes, size_t len)
{
	char *to = strbuf_reserve(b, len);

	if (len > 0)
		memcpy(to, bytes, len);
	to[len] = '\0';
	b->len += len;
}

void strbuf_puts(struct strbuf *b, const char *text)
{
	strbuf_add(b, text, strlen(text));
}

void strbuf_fill(struct strbuf *b, char c, size_t count)
{
	char *to = strbuf_reserve(b, count);

	memset(to, c, count);
	to[count] = '\0';
	b->len += count;
}

void strbuf_vprintf(struct strbuf *b, const char *fmt, va_list args)
{
	va_list again;
	int len;

	va_copy(again, args);
	strbuf_reserve(b, 0);
	len = vsnprintf(b->data + b->len, b->cap - b->len, fmt, args);
	if (len > 0 && (size_t)len >= b->cap - b->len) {
		strbuf_reserve(b, (size_t)len);
		vsnprintf(b->data + b->len, b->cap - b->len, fmt, again);
	}
	if (len > 0)
		b->len += (size_t)len;
	va_end(again);
}

void strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	strbuf_vprintf(b, fmt, args);
	va_end(args);
}

const char *strbuf_text(const struct strbuf *b)
{
	return b->data != NULL ? b->data : "";
}
