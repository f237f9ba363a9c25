/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One member of an object: present and right, absent or null, or wrong. Each returns
 * RECORD_FOUND with the value stored, RECORD_UNKNOWN with the value left alone, or -1
 * with the key and the cure in the error.
 */
#ifndef KATOP_COLLECT_RECORD_VALUE_H
#define KATOP_COLLECT_RECORD_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"

#define RECORD_FOUND   0
#define RECORD_UNKNOWN 1

int record_integer(const json_t *object, const char *key, int64_t least, int64_t most,
	int64_t *number, struct error *e);

int record_bool(const json_t *object, const char *key, bool *is, struct error *e);

/* The string made harmless, cut to @size. */
int record_text(
	const json_t *object, const char *key, char *text, size_t size, struct error *e);

/* A 64-bit number in a hexadecimal string. */
int record_hex(const json_t *object, const char *key, uint64_t *number, struct error *e);

/*
 * The index of the string among @count words that @name_of(i) returns (NULL entries are
 * passed over).
 */
int record_word(const json_t *object, const char *key, unsigned count,
	const char *(*name_of)(unsigned i), unsigned *index, struct error *e);

#endif
