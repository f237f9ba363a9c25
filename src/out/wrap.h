/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences in lines. */
#ifndef KATOP_OUT_WRAP_H
#define KATOP_OUT_WRAP_H

#include <stddef.h>

#include "base/strbuf.h"

/* What sentences are wrapped at where the width of the reader's screen is not known. */
#define WRAP_WIDTH 80

/*
 * Adds @text in lines of at most @width cells (0: one line), broken at blanks only. The
 * lines begin at cell @indent; before it on the first stands @label.
 */
void wrap_add(struct strbuf *out, const char *label, size_t indent, size_t width,
	const char *text);

#endif
