/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A string that grows. */
#ifndef KATOP_BASE_STRBUF_H
#define KATOP_BASE_STRBUF_H

#include <stdarg.h>
#include <stddef.h>

#include "base/error.h"

/*
 * `data` is NUL-terminated once anything was added and owned by the strbuf; NULL in an
 * empty, zeroed one. `len` excludes the NUL. Start with {0}, end with strbuf_clear().
 */
struct strbuf {
	char *data;
	size_t len;
	size_t cap;
};

/* Frees the text; the strbuf is empty and usable again. */
void strbuf_clear(struct strbuf *b);

/* Empties the text, keeps the memory. */
void strbuf_reset(struct strbuf *b);

/* Grows the memory for @extra more bytes and the NUL. */
void strbuf_grow(struct strbuf *b, size_t extra);

/* Makes room for @extra more bytes and the NUL; returns where they go. */
static inline char *strbuf_reserve(struct strbuf *b, size_t extra)
{
	if (b->cap - b->len <= extra)
		strbuf_grow(b, extra);
	return b->data + b->len;
}

void strbuf_putc(struct strbuf *b, char c);
void strbuf_puts(struct strbuf *b, const char *text);
void strbuf_add(struct strbuf *b, const char *bytes, size_t len);
/* Adds @count times @c. */
void strbuf_fill(struct strbuf *b, char c, size_t count);
void strbuf_printf(struct strbuf *b, const char *fmt, ...) KATOP_PRINTF(2, 3);
void strbuf_vprintf(struct strbuf *b, const char *fmt, va_list args) KATOP_PRINTF(2, 0);

/* The text, "" when empty; valid until the next change. */
const char *strbuf_text(const struct strbuf *b);

#endif
