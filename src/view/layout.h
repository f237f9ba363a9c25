/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands where on the screen, for the drawing and for the mouse. */
#ifndef KATOP_VIEW_LAYOUT_H
#define KATOP_VIEW_LAYOUT_H

#include "view/view.h"

struct area {
	int x, y, width, height;
};

/*
 * From the top: the meters, the header, the rows, the hint, a message, the prompt, the
 * key line. Heights of what has no room are 0, header_y and keys_y then -1.
 */
struct layout {
	int meters_height;
	int header_y;
	int rows_y;
	int rows_height;
	int hint_y, hint_height;
	int prompt_y, prompt_height;
	int message_y, message_height;
	int keys_y;
};

void layout_of(const struct view *v, struct layout *out);

/* The area of a pane that covers the table: all between the first meter line and the
 * key line. */
struct area layout_pane(const struct view *v);

#endif
