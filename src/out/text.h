/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table as text: a header, one connection a line. */
#ifndef KATOP_OUT_TEXT_H
#define KATOP_OUT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/path.h"
#include "out/sink.h"
#include "table/columns.h"
#include "table/table.h"

/*
 * `width` in cells, 0 for as wide as it is. `colour` adds SGR sequences. `ascii` replaces
 * every other character by `?`.
 */
struct text_style {
	size_t width;
	bool colour;
	bool header;
	bool ascii;
};

/*
 * Writes the rows of @t, judged by @path. Columns are as wide as their content; where
 * they do not fit and the user has not chosen them, they give way. Numbers are aligned
 * right, the last column has no blanks after it.
 */
void text_write_table(struct sink *out, const struct table *t,
	const struct column_list *list, const struct path_policy *path,
	const struct text_style *style);

#endif
