/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/addr.h"

#include <ctype.h>
#include <string.h>

#include "base/decimal.h"

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

struct addr addr_from_bytes(unsigned family, const void *bytes)
{
	struct addr a = { .family = (uint8_t)family };

	memcpy(a.bytes, bytes, family == 4 ? 4 : 16);
	return a;
}

/* Four decimal numbers to 255 without leading zeros. Returns 0 or -1. */
static int parse_v4(const char *p, const char *end, uint8_t *out)
{
	for (int i = 0; i < 4; i++) {
		unsigned n = 0;
		const char *start = p;

		while (p < end && isdigit((unsigned char)*p) && p - start < 3)
			n = n * 10 + (unsigned)(*p++ - '0');
		if (p == start || n > 255 || (*start == '0' && p - start > 1))
			return -1;
		if (i < 3 && (p == end || *p++ != '.'))
			return -1;
		out[i] = (uint8_t)n;
	}
	return p == end ? 0 : -1;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One group of one to four hexadecimal digits; NULL when there is none. */
static const char *parse_group(const char *p, const char *end, unsigned *value)
{
	const char *start = p;

	for (*value = 0; p < end && p - start < 4 && hex_value(*p) >= 0; p++)
		*value = *value << 4 | (unsigned)hex_value(*p);
	return p > start ? p : NULL;
}

static int parse_v6(const char *p, const char *end, uint8_t *out)
{
	uint8_t groups[16] = { 0 };
	int n = 0, gap = -1;

	if (end - p >= 2 && p[0] == ':' && p[1] == ':') {
		gap = 0;
		p += 2;
	}
	while (p < end && n < 16) {
		const char *group = p;
		unsigned value;

		p = parse_group(p, end, &value);
		if (p == NULL)
			return -1;
		if (p < end && *p == '.') {
			if (n > 12 || parse_v4(group, end, groups + n) != 0)
				return -1;
			n += 4;
			p = end;
			break;
		}
		groups[n++] = (uint8_t)(value >> 8);
		groups[n++] = (uint8_t)value;
		if (p == end)
			break;
		if (*p++ != ':' || p == end)
			return -1;
		if (*p == ':') {
			if (gap >= 0)
				return -1;
			gap = n;
			p++;
		}
	}
	if (p != end || (gap < 0 ? n != 16 : n > 14))
		return -1;
	memset(out, 0, 16);
	if (gap < 0)
		gap = n;
	memcpy(out, groups, (size_t)gap);
	memcpy(out + 16 - (n - gap), groups + gap, (size_t)(n - gap));
	return 0;
}

int addr_parse(const char *text, size_t len, struct addr *a)
{
	struct addr parsed = { .family = memchr(text, ':', len) != NULL ? 6 : 4 };
	int rc = parsed.family == 6 ? parse_v6(text, text + len, parsed.bytes)
				    : parse_v4(text, text + len, parsed.bytes);

	if (rc == 0)
		*a = parsed;
	return rc;
}

static char *put_v4(char *p, const uint8_t *bytes)
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			*p++ = '.';
		p = decimal_put(p, bytes[i]);
	}
	return p;
}

static char *put_group(char *p, unsigned value)
{
	static const char hex[] = "0123456789abcdef";
	int shift = 12;

	while (shift > 0 && value >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*p++ = hex[value >> shift & 0xf];
	return p;
}

/* RFC 5952, 4.2: the longest run of two zero groups or more, the first of equals. */
static void longest_gap(const uint8_t *bytes, int *start, int *count)
{
	*start = -1;
	*count = 1;
	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && bytes[2 * (i + n)] == 0 &&
			bytes[2 * (i + n) + 1] == 0)
			n++;
		if (n > *count) {
			*start = i;
			*count = n;
		}
		i += n;
	}
}

static char *put_v6(char *p, const uint8_t *bytes)
{
	int start, count;

	longest_gap(bytes, &start, &count);
	for (int i = 0; i < 8; i++) {
		if (i == start) {
			*p++ = ':';
			*p++ = ':';
			i += count - 1;
			continue;
		}
		if (i > 0 && p[-1] != ':')
			*p++ = ':';
		p = put_group(p, (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1]);
	}
	return p;
}

/* IFNAMSIZ allows 15 bytes; a record may hold anything. */
static char *put_zone(char *p, const char *zone)
{
	*p++ = '%';
	for (int i = 0; i < 15 && zone[i] != '\0'; i++)
		*p++ = zone[i];
	return p;
}

size_t addr_format(char *out, const struct addr *a, const char *zone)
{
	char *p = out;

	if (a->family == 4) {
		p = put_v4(p, a->bytes);
	} else if (addr_is_v4_mapped(a)) {
		memcpy(p, "::ffff:", 7);
		p = put_v4(p + 7, a->bytes + 12);
	} else {
		p = put_v6(p, a->bytes);
		if (zone != NULL && zone[0] != '\0' && addr_is_link_local(a))
			p = put_zone(p, zone);
	}
	*p = '\0';
	return (size_t)(p - out);
}

size_t addr_format_port(char *out, const struct addr *a, const char *zone, unsigned port)
{
	char *p = out;

	if (a->family == 6)
		*p++ = '[';
	p += addr_format(p, a, zone);
	if (a->family == 6)
		*p++ = ']';
	*p++ = ':';
	if (port == 0)
		*p++ = '*';
	else
		p = decimal_put(p, port & 0xffff);
	*p = '\0';
	return (size_t)(p - out);
}

size_t addr_v4_port_width(const struct addr *a, unsigned port)
{
	return decimal_digits(a->bytes[0]) + decimal_digits(a->bytes[1]) +
	       decimal_digits(a->bytes[2]) + decimal_digits(a->bytes[3]) +
	       strlen("...:") + decimal_digits(port & 0xffff);
}

bool addr_is_v4_mapped(const struct addr *a)
{
	return a->family == 6 && memcmp(a->bytes, mapped, sizeof(mapped)) == 0;
}

struct addr addr_unmap(const struct addr *a)
{
	return addr_is_v4_mapped(a) ? addr_from_bytes(4, a->bytes + 12) : *a;
}

bool addr_is_loopback(const struct addr *a)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (a->family == 6)
		return memcmp(a->bytes, one, 16) == 0 ||
		       (addr_is_v4_mapped(a) && a->bytes[12] == 127);
	return a->family == 4 && a->bytes[0] == 127;
}

bool addr_is_link_local(const struct addr *a)
{
	if (a->family == 6)
		return a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
	return a->family == 4 && a->bytes[0] == 169 && a->bytes[1] == 254;
}

int addr_compare(const struct addr *a, const struct addr *b)
{
	struct addr x = addr_unmap(a), y = addr_unmap(b);
	int order = (x.family > y.family) - (x.family < y.family);

	if (order == 0)
		order = memcmp(x.bytes, y.bytes, sizeof(x.bytes));
	return order != 0 ? order : (a->family > b->family) - (a->family < b->family);
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	struct addr x = addr_unmap(a), y = addr_unmap(b);

	return x.family == y.family && memcmp(x.bytes, y.bytes, sizeof(x.bytes)) == 0;
}

bool addr_in_prefix(const struct addr *a, const struct addr *prefix, unsigned prefix_len)
{
	struct addr plain = prefix->family == 4 ? addr_unmap(a) : *a;
	unsigned whole = prefix_len / 8, rest = prefix_len % 8;

	if (plain.family != prefix->family)
		return false;
	if (memcmp(plain.bytes, prefix->bytes, whole) != 0)
		return false;
	return rest == 0 ||
	       ((plain.bytes[whole] ^ prefix->bytes[whole]) >> (8 - rest)) == 0;
}
