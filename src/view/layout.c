/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "view/layout.h"

#include "view/hint.h"
#include "view/wrap.h"

#define MESSAGE_MAX_LINES 3

/* Meter lines by the height of the screen: the table always gets the larger part. */
static int meter_lines(int height)
{
	return height >= 18   ? 6
	       : height >= 13 ? 4
	       : height >= 10 ? 2
	       : height >= 6  ? 1
			      : 0;
}

static int prompt_lines(const struct view *v)
{
	switch (v->pane) {
	case PANE_FILTER:
		return 3;
	case PANE_SEARCH:
		return 1;
	default:
		return 0;
	}
}

static int message_lines(const struct view *v)
{
	int lines = 0;

	if (v->message.len > 0)
		lines = wrap_count(strbuf_text(&v->message), v->width);
	return lines > MESSAGE_MAX_LINES ? MESSAGE_MAX_LINES : lines;
}

/* Takes up to @want lines from the bottom of what is left. */
static int take(int *bottom, int least_left, int want)
{
	int room = *bottom - least_left;

	if (want > room)
		want = room > 0 ? room : 0;
	*bottom -= want;
	return want;
}

void layout_of(const struct view *v, struct layout *out)
{
	int bottom = v->height, y;

	*out = (struct layout){ .meters_height = meter_lines(v->height) };
	y = out->meters_height;
	out->keys_y = take(&bottom, y + 3, 1) > 0 ? bottom : -1;
	out->prompt_height = take(&bottom, v->height > 1 ? 1 : 0, prompt_lines(v));
	out->prompt_y = bottom;
	out->message_height = take(&bottom, y + 2, message_lines(v));
	out->message_y = bottom;
	out->hint_height = take(&bottom, y + 6, hint_lines(v));
	out->hint_y = bottom;
	out->header_y = bottom - y >= 2 ? y++ : -1;
	out->rows_y = y;
	out->rows_height = bottom > y ? bottom - y : 0;
}

struct area layout_pane(const struct view *v)
{
	struct layout lay;
	int top, bottom;

	layout_of(v, &lay);
	top = lay.meters_height > 0 ? 1 : 0;
	bottom = lay.keys_y >= 0 ? lay.keys_y : v->height;
	if (lay.message_height > 0)
		bottom = lay.message_y;
	return (struct area){ 0, top, v->width, bottom - top };
}
