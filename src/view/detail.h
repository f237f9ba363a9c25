/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All about one connection, on a page of its own height. */
#ifndef KATOP_VIEW_DETAIL_H
#define KATOP_VIEW_DETAIL_H

#include "view/view.h"

/* Lines that the page of the selected connection has at the present width. */
int detail_lines(const struct view *v, const struct table *t, int64_t now_ms);

/* The same for the help. */
int help_lines(const struct view *v);

#endif
