/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last line: what can be pressed now, and clicked. */
#ifndef KATOP_VIEW_KEYLINE_H
#define KATOP_VIEW_KEYLINE_H

#include "view/view.h"

struct keyline_item {
	const char *key;
	const char *label;
	uint32_t code; /* what a click stands for */
	int x;
	int label_x;
	int width;
};

#define KEYLINE_MAX 16

/* The items that fit the width, with their places; returns how many. */
size_t keyline_items(const struct view *v, struct keyline_item *out);

/* The key that a click at @x means, KEYPRESS_NONE for none. */
uint32_t keyline_click(const struct view *v, int x);

#endif
