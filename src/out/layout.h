/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How wide the columns of a text table are, and which give way on a narrow terminal. */
#ifndef KATOP_OUT_LAYOUT_H
#define KATOP_OUT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "table/columns.h"

/*
 * One column as measured. `width` is the widest content in cells with the title,
 * `short_width` the same where the address is left out (endpoints only). layout_fit()
 * sets `port_only` when the short form is to be shown, and lowers `width` of text to be
 * cut.
 */
struct layout_column {
	const struct column *column;
	size_t width;
	size_t short_width;
	uint64_t bound; /* value_bound() of the type and width */
	struct value measured; /* the last: neighbours are much alike */
	bool port_only;
	bool cut;
};

struct layout {
	struct layout_column at[COLUMN_LIST_MAX];
	size_t count;
};

/* The columns of @list with the width of their titles, or none when @titles is false. */
void layout_init(struct layout *l, const struct column_list *list, bool titles);

/*
 * Fits the measured columns into @width cells. In the order that the column table says
 * they leave; an endpoint shrinks to its port instead. Then names are cut, never an
 * address. What cannot be made to fit stays too wide.
 */
void layout_fit(struct layout *l, size_t width);

#endif
