/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One place where words may stand, and what is offered there. */
#ifndef KATOP_COMPLETE_OFFER_H
#define KATOP_COMPLETE_OFFER_H

#include <stddef.h>

#include "base/strbuf.h"

/*
 * The word being typed is @kept (`kept_len` bytes that stay: --columns=verdict,) and
 * right behind them @typed, which candidates must begin with. Borrowed.
 */
struct offer {
	struct strbuf *out;
	const char *kept;
	size_t kept_len;
	const char *typed;
};

/* Offers @before@word@after (two of them may be ""). @help may be NULL. */
void offer_word(const struct offer *o, const char *before, const char *word,
	const char *after, const char *help);

/* Offers the filter words that may follow @count words @words of a filter, any of which
 * may be several (quoted together). */
void offer_filter(const struct offer *o, const char *const *words, size_t count);

#endif
