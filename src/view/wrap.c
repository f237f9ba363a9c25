/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/wrap.h"

#include <string.h>

#include "base/text.h"

/* Bytes of the line that starts at @text: to the last blank that fits, or all that fits,
 * at least one character. */
static size_t line_bytes(const char *text, int cells)
{
	size_t fits = text_cut(text, (size_t)(cells > 1 ? cells : 1)), at;

	if (text[fits] == '\0' || text_may_break(text, fits))
		return fits;
	for (at = fits; at > 0 && !text_may_break(text, at - 1); at--)
		;
	if (at > 1)
		return at - 1;
	if (fits > 0)
		return fits;
	for (at = 1; ((unsigned char)text[at] & 0xc0) == 0x80; at++)
		;
	return at;
}

int wrap_next(const char **text, int cells, struct strbuf *line)
{
	size_t len;

	while (**text == ' ')
		(*text)++;
	if (**text == '\0')
		return -1;
	len = line_bytes(*text, cells);
	strbuf_reset(line);
	strbuf_add(line, *text, len);
	*text += len;
	return (int)text_width(strbuf_text(line));
}

int wrap_count(const char *text, int cells)
{
	struct strbuf line = { 0 };
	int lines = 0;

	while (wrap_next(&text, cells, &line) >= 0)
		lines++;
	strbuf_clear(&line);
	return lines;
}
