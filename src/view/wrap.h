/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Breaks a paragraph into lines. */
#ifndef KATOP_VIEW_WRAP_H
#define KATOP_VIEW_WRAP_H

#include "base/strbuf.h"

/*
 * Takes the next line of at most @cells cells from *@text into @line, broken at blanks
 * where there are any, and moves *@text behind it. Returns its width, -1 at the end.
 */
int wrap_next(const char **text, int cells, struct strbuf *line);

/* How many lines @text takes. */
int wrap_count(const char *text, int cells);

#endif
