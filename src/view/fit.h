/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which columns fit the screen, and how wide they are. */
#ifndef KATOP_VIEW_FIT_H
#define KATOP_VIEW_FIT_H

#include "view/view.h"

struct fit_column {
	const struct column *column;
	int x;
	int width;	/* cells, cut at the screen's edge */
	bool port_only; /* LOCAL as :port */
};

struct fit {
	struct fit_column at[COLUMN_LIST_MAX];
	size_t count;
	bool more; /* columns are missing on the right, or gave way */
};

void fit_columns(const struct view *v, struct fit *out);

/* Widens columns to what the rows on the screen need; they never shrink again, so that
 * nothing jumps. */
void fit_widths(struct view *v, const struct table *t, int64_t now_ms);

/* Other columns: starts the widths anew. */
void fit_forget(struct view *v);

/* The most steps that it makes sense to scroll: then the last column is seen. */
size_t fit_left_max(const struct view *v);

#endif
