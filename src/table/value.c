/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/value.h"

#include <string.h>

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

/* printf costs more than the rest of a row. */
static void put_number(struct strbuf *out, uint64_t n, unsigned base)
{
	char digits[20];
	size_t at = sizeof(digits);

	do
		digits[--at] = "0123456789abcdef"[n % base];
	while ((n /= base) > 0);
	strbuf_add(out, digits + at, sizeof(digits) - at);
}

static void put_decimal(struct strbuf *out, int64_t n)
{
	if (n < 0)
		strbuf_putc(out, '-');
	put_number(out, n < 0 ? -(uint64_t)n : (uint64_t)n, 10);
}

static void put_ratio(struct strbuf *out, int64_t part, int64_t whole)
{
	put_decimal(out, part);
	if (whole > 0) {
		strbuf_putc(out, '/');
		put_decimal(out, whole);
	}
}

static void put_word(struct strbuf *out, const struct value *v)
{
	strbuf_puts(out, v->text);
	if (v->conn != NULL) {
		strbuf_putc(out, ' ');
		put_ratio(out, v->conn->probes, v->total);
	}
}

static void put_duration(struct strbuf *out, enum value_type type, int64_t n)
{
	char *to = strbuf_reserve(out, DURATION_TEXT_SIZE);

	out->len +=
		type == TYPE_US ? duration_format_us(to, n) : duration_format_ms(to, n);
}

static void put_endpoint(struct strbuf *out, const struct value *v)
{
	char *to = strbuf_reserve(out, ADDR_TEXT_SIZE);

	out->len += addr_format_port(to, v->addr, v->text, (unsigned)v->number);
}

static void put_known(enum value_type type, const struct value *v, struct strbuf *out)
{
	switch (type) {
	case TYPE_TEXT:
		strbuf_puts(out, v->text);
		break;
	case TYPE_WORD:
		put_word(out, v);
		break;
	case TYPE_HEX:
		put_number(out, (uint64_t)v->number, 16);
		break;
	case TYPE_MS:
	case TYPE_US:
		put_duration(out, type, v->number);
		break;
	case TYPE_BOOL:
		strbuf_puts(out, v->number != 0 ? "true" : "false");
		break;
	case TYPE_ENDPOINT:
		put_endpoint(out, v);
		break;
	case TYPE_RATIO:
		put_ratio(out, v->number, v->total);
		break;
	default:
		put_decimal(out, v->number);
		break;
	}
}

void value_format(enum value_type type, const struct value *v, struct strbuf *out)
{
	if (v->shown != NULL)
		strbuf_puts(out, v->shown);
	else if (!v->known || type == TYPE_OWNERS)
		strbuf_putc(out, '-');
	else if (v->due)
		strbuf_puts(out, "due");
	else
		put_known(type, v, out);
	if (v->known && v->approximate)
		strbuf_putc(out, '~');
}

static size_t digits(uint64_t n, unsigned base)
{
	size_t count = 1;

	while ((n /= base) > 0)
		count++;
	return count;
}

static size_t decimal_width(int64_t n)
{
	return n < 0 ? 1 + digits(-(uint64_t)n, 10) : digits((uint64_t)n, 10);
}

static size_t ratio_width(int64_t part, int64_t whole)
{
	return decimal_width(part) + (whole > 0 ? 1 + decimal_width(whole) : 0);
}

static size_t duration_width(enum value_type type, int64_t n)
{
	char text[DURATION_TEXT_SIZE];

	return type == TYPE_US ? duration_format_us(text, n)
			       : duration_format_ms(text, n);
}

static size_t known_width(enum value_type type, const struct value *v)
{
	switch (type) {
	case TYPE_TEXT:
		return text_width(v->text);
	case TYPE_WORD:
		return strlen(v->text) +
		       (v->conn != NULL ? 1 + ratio_width(v->conn->probes, v->total) : 0);
	case TYPE_HEX:
		return digits((uint64_t)v->number, 16);
	case TYPE_MS:
	case TYPE_US:
		return duration_width(type, v->number);
	case TYPE_BOOL:
		return strlen(v->number != 0 ? "true" : "false");
	case TYPE_ENDPOINT:
		return addr_port_width(v->addr, v->text, (unsigned)v->number);
	case TYPE_RATIO:
		return ratio_width(v->number, v->total);
	default:
		return decimal_width(v->number);
	}
}

size_t value_width(enum value_type type, const struct value *v)
{
	size_t mark = v->known && v->approximate;

	if (v->shown != NULL)
		return strlen(v->shown) + mark;
	if (!v->known || type == TYPE_OWNERS)
		return 1 + mark;
	return mark + (v->due ? strlen("due") : known_width(type, v));
}
