/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8 text for terminals: its width, cutting it, making it harmless. */
#ifndef KATOP_BASE_TEXT_H
#define KATOP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes one character of well-formed UTF-8 at @p, @len bytes long. Returns the bytes
 * used (1 to 4) and sets *@code; 0 when malformed (overlong, surrogate, past U+10FFFF,
 * cut short) or when @len is 0.
 */
size_t text_decode(const char *p, size_t len, uint32_t *code);

/* Encodes @code into @out (4 bytes at least, no NUL); returns the bytes written. */
size_t text_encode(char *out, uint32_t code);

/* Cells a character takes on a terminal: 0 (combining), 1 or 2. */
int text_code_width(uint32_t code);

/* Cells that harmless text takes; malformed bytes count 1. */
size_t text_width(const char *text);

/* Bytes of the longest prefix of @text that takes at most @cells cells. */
size_t text_cut(const char *text, size_t cells);

/*
 * Copies @len bytes of @from into @to (@size bytes, always NUL-terminated, cut at a
 * character's edge), writing `?` for each control character (C0, DEL, C1), each
 * malformed byte and each invisible or direction-changing character (zero width
 * space, bidi marks), so that no terminal, line or log is disturbed by it. A NUL byte
 * in @from counts as a control character. Returns the length of the result.
 */
size_t text_make_harmless(char *to, size_t size, const char *from, size_t len);

/* True when text_make_harmless() would copy @text unchanged. */
bool text_is_harmless(const char *text);

/* True where a line may be broken: at a blank, but not at the one within "45 s". */
bool text_may_break(const char *text, size_t at);

/* The lower case of an ASCII letter, whatever the locale: in a Turkish one tolower() has
 * no `i` for an `I`. Other bytes are themselves. */
static inline char text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Case-blind (ASCII) search for @needle in @hay; an empty needle is found. */
bool text_contains(const char *hay, const char *needle);

#endif
