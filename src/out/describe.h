/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables that describe what may be typed: columns, names of paths. */
#ifndef KATOP_OUT_DESCRIBE_H
#define KATOP_OUT_DESCRIBE_H

#include "base/strbuf.h"

/* --list-columns: key, title and help of each column, a line each, in aligned columns. */
void describe_columns(struct strbuf *out);

/* --path-idle=help: the names with their limits, and who says so. */
void describe_paths(struct strbuf *out);

#endif
