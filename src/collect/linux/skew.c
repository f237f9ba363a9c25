/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/skew.h"

#include <stdlib.h>

#include "base/xalloc.h"

void skew_reset(struct skew *s)
{
	s->count = 0;
}

void skew_clear(struct skew *s)
{
	free(s->marks);
	*s = (struct skew){ 0 };
}

void skew_mark(struct skew *s, size_t first_row, int64_t mono_ms)
{
	if (s->count > 0 && s->marks[s->count - 1].mono_ms == mono_ms)
		return;
	s->marks = xgrow(s->marks, &s->cap, s->count + 1, sizeof(*s->marks));
	s->marks[s->count++] =
		(struct skew_mark){ .first_row = first_row, .mono_ms = mono_ms };
}

static void advance(struct conn *c, int64_t elapsed_ms)
{
	uint32_t late = c->have & HAVE_DUE;

	conn_advance(c, elapsed_ms);
	c->have = (c->have & ~(uint32_t)HAVE_DUE) | late;
}

void skew_apply(const struct skew *s, struct snapshot *snap, int64_t mono_ms)
{
	for (size_t i = 0; i < s->count; i++) {
		int64_t elapsed = mono_ms - s->marks[i].mono_ms;
		size_t end = i + 1 < s->count ? s->marks[i + 1].first_row : snap->count;

		if (elapsed <= 0)
			continue;
		for (size_t row = s->marks[i].first_row; row < end && row < snap->count;
			row++)
			advance(&snap->conns[row], elapsed);
	}
}
