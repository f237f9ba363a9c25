/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/record_value.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

/* The member, NULL when it is absent or null. */
static const json_t *member(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_null(value) ? NULL : value;
}

int record_integer(const json_t *object, const char *key, int64_t least, int64_t most,
	int64_t *number, struct error *e)
{
	const json_t *value = member(object, key);
	json_int_t n;

	if (value == NULL)
		return RECORD_UNKNOWN;
	n = json_integer_value(value);
	if (!json_is_integer(value) || n < least || n > most)
		return error_set(e,
			"%s is not a whole number from %" PRId64 " to %" PRId64, key,
			least, most);
	*number = n;
	return RECORD_FOUND;
}

int record_bool(const json_t *object, const char *key, bool *is, struct error *e)
{
	const json_t *value = member(object, key);

	if (value == NULL)
		return RECORD_UNKNOWN;
	if (!json_is_boolean(value))
		return error_set(e, "%s is neither true nor false", key);
	*is = json_is_true(value);
	return RECORD_FOUND;
}

int record_text(
	const json_t *object, const char *key, char *text, size_t size, struct error *e)
{
	const json_t *value = member(object, key);

	if (value == NULL)
		return RECORD_UNKNOWN;
	if (!json_is_string(value))
		return error_set(e, "%s is not a string", key);
	text_make_harmless(
		text, size, json_string_value(value), json_string_length(value));
	return RECORD_FOUND;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int record_hex(const json_t *object, const char *key, uint64_t *number, struct error *e)
{
	const json_t *value = member(object, key);
	const char *text = json_string_value(value);
	uint64_t sum = 0;
	size_t len = 0;

	if (value == NULL)
		return RECORD_UNKNOWN;
	for (; text != NULL && hex_digit(text[len]) >= 0; len++)
		sum = sum << 4 | (uint64_t)hex_digit(text[len]);
	if (len == 0 || len > 16 || text[len] != '\0')
		return error_set(e, "%s is not a string of 1 to 16 of 0-9a-f", key);
	*number = sum;
	return RECORD_FOUND;
}

int record_word(const json_t *object, const char *key, unsigned count,
	const char *(*name_of)(unsigned i), unsigned *index, struct error *e)
{
	const json_t *value = member(object, key);
	const char *text = json_string_value(value);
	char shown[32];

	if (value == NULL)
		return RECORD_UNKNOWN;
	if (text == NULL)
		return error_set(e, "%s is not a string", key);
	for (unsigned i = 0; i < count; i++)
		if (name_of(i) != NULL && strcmp(name_of(i), text) == 0) {
			*index = i;
			return RECORD_FOUND;
		}
	text_make_harmless(shown, sizeof(shown), text, json_string_length(value));
	return error_set(e, "%s cannot be \"%s\"", key, shown);
}
