/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the shells offer on Tab: `katop --complete INDEX WORD...`. */
#ifndef KATOP_COMPLETE_H
#define KATOP_COMPLETE_H

#include "base/error.h"
#include "base/strbuf.h"

/*
 * The words after --complete: @argv[0] is the index (from 0) of the word being completed
 * among @argv[1] to @argv[@argc - 1], the words of the command line after the program's
 * name; one past the last is a new word. Appends one candidate a line: the whole new
 * word, then, where there is one, a tab and its help. A line that begins with a colon is
 * a direction instead: `:nospace` (a candidate may go on), `:file` (file names belong
 * here, after the `=` if the word is --option=...). Returns 0, or -1 with @e.
 */
int complete_words(struct strbuf *out, int argc, char *const *argv, struct error *e);

#endif
