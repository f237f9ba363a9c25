/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/sink.h"

#define PIECE ((size_t)64 * 1024)

int sink_flush(struct sink *s)
{
	if (s->write == NULL)
		return 0;
	if (!s->failed && s->text.len > 0)
		s->failed = s->write(s->context, s->text.data, s->text.len) != 0;
	strbuf_reset(&s->text);
	return s->failed ? -1 : 0;
}

void sink_relieve(struct sink *s)
{
	if (s->text.len >= PIECE)
		sink_flush(s);
}

void sink_clear(struct sink *s)
{
	strbuf_clear(&s->text);
}
