/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is hidden from this user, and the cure: said once, until dismissed. */
#ifndef KATOP_VIEW_HINT_H
#define KATOP_VIEW_HINT_H

#include "view/view.h"

/* Words the hint from the first samples; nothing when nothing is hidden. */
void hint_update(struct view *v, const struct table *t);

/* Lines that the hint takes now, 0 when there is none or it was dismissed. */
int hint_lines(const struct view *v);

#endif
