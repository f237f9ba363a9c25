/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/value.h"

#include <string.h>

#include "base/decimal.h"
#include "base/duration.h"
#include "base/text.h"

#define LESS_OR_MORE(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_endpoints(const struct value *a, const struct value *b)
{
	int order = addr_compare(a->addr, b->addr);

	return order != 0 ? order : LESS_OR_MORE(a->number, b->number);
}

int value_compare(enum value_type type, const struct value *a, const struct value *b)
{
	if (!a->known || !b->known)
		return 0;
	switch (type) {
	case TYPE_TEXT:
		return strcmp(a->text, b->text);
	case TYPE_HEX:
		return LESS_OR_MORE((uint64_t)a->number, (uint64_t)b->number);
	case TYPE_ENDPOINT:
		return compare_endpoints(a, b);
	case TYPE_OWNERS:
		return 0;
	default:
		return LESS_OR_MORE(a->number, b->number);
	}
}

static char *put_string(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len);
	return to + len;
}

static char *put_signed(char *to, int64_t n)
{
	if (n < 0)
		*to++ = '-';
	return decimal_put(to, n < 0 ? -(uint64_t)n : (uint64_t)n);
}

static size_t hex_digits(uint64_t n)
{
	size_t count = 1;

	while ((n >>= 4) > 0)
		count++;
	return count;
}

static char *put_hex(char *to, uint64_t n)
{
	char *end = to + hex_digits(n);

	for (to = end; n > 0 || to == end; n >>= 4)
		*--to = "0123456789abcdef"[n & 15];
	return end;
}

static char *put_ratio(char *to, int64_t part, int64_t whole)
{
	to = put_signed(to, part);
	if (whole > 0) {
		*to++ = '/';
		to = put_signed(to, whole);
	}
	return to;
}

/* A word with the unanswered probes behind it. */
static char *put_probing(char *to, const struct value *v)
{
	to = put_string(to, v->text);
	*to++ = ' ';
	return put_ratio(to, v->conn->probes, v->total);
}

/* The text that need not be composed, NULL for the others. */
static const char *ready_text(enum value_type type, const struct value *v)
{
	if (v->shown != NULL)
		return v->shown;
	if (!v->known || type == TYPE_OWNERS)
		return "-";
	if (v->due)
		return "due";
	if (type == TYPE_BOOL)
		return v->number != 0 ? "true" : "false";
	if (type == TYPE_TEXT || (type == TYPE_WORD && v->conn == NULL))
		return v->text;
	return NULL;
}

static char *compose(enum value_type type, const struct value *v, char *to)
{
	switch (type) {
	case TYPE_WORD:
		return put_probing(to, v);
	case TYPE_HEX:
		return put_hex(to, (uint64_t)v->number);
	case TYPE_MS:
		return to + duration_format_ms(to, v->number);
	case TYPE_US:
		return to + duration_format_us(to, v->number);
	case TYPE_ENDPOINT:
		return to + addr_format_port(to, v->addr, v->text, (unsigned)v->number);
	case TYPE_RATIO:
		return put_ratio(to, v->number, v->total);
	default:
		return put_signed(to, v->number);
	}
}

size_t value_text(
	enum value_type type, const struct value *v, char *room, const char **text)
{
	const char *ready = ready_text(type, v);
	bool mark = v->known && v->approximate && type != TYPE_TEXT;
	char *end;

	*text = ready;
	if (ready != NULL && !mark)
		return strlen(ready);
	*text = room;
	end = ready != NULL ? put_string(room, ready) : compose(type, v, room);
	if (mark)
		*end++ = '~';
	*end = '\0';
	return (size_t)(end - room);
}

void value_format(enum value_type type, const struct value *v, struct strbuf *out)
{
	char room[VALUE_TEXT_SIZE];
	const char *text;
	size_t len = value_text(type, v, room, &text);

	strbuf_add(out, text, len);
}

size_t value_width(enum value_type type, const struct value *v)
{
	char room[VALUE_TEXT_SIZE];
	const char *text;

	if (type == TYPE_ENDPOINT && v->known && v->addr->family == 4)
		return addr_v4_port_width(v->addr, (unsigned)v->number);
	value_text(type, v, room, &text);
	return text_width(text);
}

/* Up to 99d23h a duration takes six cells. */
#define DURATION_CELLS	  6
#define DURATION_DAYS_MAX UINT64_C(100)

uint64_t value_bound(enum value_type type, size_t width)
{
	uint64_t bound = 1;

	if (width == 0)
		return 0;
	switch (type) {
	case TYPE_MS:
		return width < DURATION_CELLS ? 0 : DURATION_DAYS_MAX * 86400000;
	case TYPE_US:
		return width < DURATION_CELLS ? 0 : DURATION_DAYS_MAX * 86400000000;
	case TYPE_NUMBER:
	case TYPE_ID:
	case TYPE_BYTES:
		while (width-- > 0 && bound < INT64_MAX / 10)
			bound *= 10;
		return bound;
	case TYPE_HEX:
		return width < 16 ? bound << 4 * width : UINT64_MAX;
	default:
		return 0;
	}
}
