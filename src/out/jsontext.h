/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of JSON as text. */
#ifndef KATOP_OUT_JSONTEXT_H
#define KATOP_OUT_JSONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

/* A string in quotes, escaped; malformed UTF-8 becomes U+FFFD. NULL is null. */
void json_add_string(struct strbuf *out, const char *text);

/* The same for text that may be "" for unknown: null then. */
void json_add_known(struct strbuf *out, const char *text);

void json_add_int(struct strbuf *out, int64_t number);
void json_add_uint(struct strbuf *out, uint64_t number);

/* The number, or null for @unknown. */
void json_add_int_unless(struct strbuf *out, int64_t number, int64_t unknown);

void json_add_bool(struct strbuf *out, bool is);

#endif
