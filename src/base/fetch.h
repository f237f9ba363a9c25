/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling the processor what memory is needed soon, where the compiler can. */
#ifndef KATOP_BASE_FETCH_H
#define KATOP_BASE_FETCH_H

/* No function: compilers take one that only fetches for one that does nothing. */
#ifdef __GNUC__
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address) ((void)(address))
#endif

#endif
