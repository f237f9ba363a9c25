/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/filter_parse.h"

#include <string.h>

#include "base/xalloc.h"

/* No prefix length was given: one address, in whichever family's clothes it comes. */
#define WHOLE 255

/* A stretch of the operand. */
struct span {
	const char *p;
	size_t len;
};

static bool span_is(struct span s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.p, text, s.len) == 0;
}

/* Where @c stands first (or last) in @s, s.len when nowhere. */
static size_t span_find(struct span s, char c)
{
	const char *found = memchr(s.p, c, s.len);

	return found != NULL ? (size_t)(found - s.p) : s.len;
}

static size_t span_find_last(struct span s, char c)
{
	size_t i = s.len;

	while (i > 0 && s.p[i - 1] != c)
		i--;
	return i > 0 ? i - 1 : s.len;
}

/* Cuts @s at @at and returns what follows the byte there. */
static struct span span_split(struct span *s, size_t at)
{
	struct span rest = { s->p + s->len, 0 };

	if (at < s->len) {
		rest.p = s->p + at + 1;
		rest.len = s->len - at - 1;
		s->len = at;
	}
	return rest;
}

static int wrong(const struct filter_parser *p, const struct token *t, const char *why)
{
	char quoted[QUOTE_SIZE];

	return error_set_at(p->e, (long)t->at, "'%s' %s", token_quote(t, quoted), why);
}

static int service_port(const struct filter_parser *p, struct span s, uint64_t *port)
{
	char name[QUOTE_SIZE];
	long found;

	if (p->resolver == NULL || p->resolver->service_port == NULL ||
		s.len >= sizeof(name))
		return -1;
	memcpy(name, s.p, s.len);
	name[s.len] = '\0';
	found = p->resolver->service_port(name);
	*port = (uint64_t)found;
	return found < 0 || found > UINT16_MAX ? -1 : 0;
}

/* `*` is any port. */
static int parse_port(const struct filter_parser *p, struct filter_term *term,
	const struct token *t, struct span s)
{
	if (span_is(s, "*"))
		return 0;
	term->has_port = true;
	if (s.len > 0 && *s.p >= '0' && *s.p <= '9') {
		if (filter_parse_number(s.p, s.len, &term->number) != 0)
			return wrong(p, t, "is not a port");
		if (term->number > UINT16_MAX)
			return wrong(p, t, "has a port above 65535");
		return 0;
	}
	if (s.len == 0 || service_port(p, s, &term->number) != 0)
		return wrong(p, t, "is neither a port nor the name of a service");
	return 0;
}

/* ss takes 10/8 for 10.0.0.0/8: the missing numbers are 0. */
static int parse_short_v4(struct span s, struct addr *a)
{
	char full[20];
	size_t dots = 0;

	if (s.len == 0 || s.len > 11)
		return -1;
	memcpy(full, s.p, s.len);
	for (size_t i = 0; i < s.len; i++)
		dots += full[i] == '.';
	for (; dots < 3; dots++) {
		full[s.len++] = '.';
		full[s.len++] = '0';
	}
	return addr_parse(full, s.len, a);
}

static int parse_prefix_len(const struct filter_parser *p, struct filter_term *term,
	const struct token *t, struct span s)
{
	uint64_t len, most = term->addr.family == 4 ? 32 : 128;

	if (filter_parse_number(s.p, s.len, &len) != 0)
		return wrong(p, t, "has no prefix length behind '/'");
	if (len > most)
		return wrong(p, t,
			most == 32 ? "has a prefix length above 32"
				   : "has a prefix length above 128");
	term->prefix_len = (uint8_t)len;
	return 0;
}

/* An address with its zone and its prefix length, or `*`. */
static int parse_addr(const struct filter_parser *p, struct filter_term *term,
	const struct token *t, struct span s)
{
	size_t slash = span_find(s, '/');
	bool has_prefix = slash < s.len;
	struct span prefix = span_split(&s, slash);
	size_t percent = span_find(s, '%');
	bool has_zone = percent < s.len;
	struct span zone = span_split(&s, percent);

	if (span_is(s, "*") || span_is(s, "any") || span_is(s, "all"))
		return has_prefix || has_zone ? wrong(p, t, "is not an address") : 0;
	if (addr_parse(s.p, s.len, &term->addr) != 0 &&
		(!has_prefix || parse_short_v4(s, &term->addr) != 0))
		return wrong(p, t,
			"is not an address (10.0.0.1, 10.0.0.0/8, "
			"[2001:db8::1]:443 and :443 are understood)");
	term->has_addr = true;
	if (has_zone) {
		term->text = xcalloc(zone.len + 1, 1);
		memcpy(term->text, zone.p, zone.len);
	}
	term->prefix_len = WHOLE;
	return has_prefix ? parse_prefix_len(p, term, t, prefix) : 0;
}

static bool is_addr(struct span s)
{
	struct addr a;

	s.len = span_find(s, '%');
	return addr_parse(s.p, s.len, &a) == 0;
}

/* Parts the operand into address and port; without brackets an IPv6 address ends at the
 * colon behind its prefix length, or else takes all that it can. */
static void split_port(struct span *s, struct span *port, bool *has_port)
{
	size_t from = span_find(*s, '/'), at;
	struct span tail;

	if (from == s->len && is_addr(*s)) {
		*has_port = false;
		return;
	}
	if (from == s->len)
		from = 0;
	tail = (struct span){ s->p + from, s->len - from };
	at = span_find_last(tail, ':');
	*has_port = at < tail.len;
	*port = span_split(s, from + at);
}

/* [address%zone/len]:port, [address]/len:port */
static int parse_bracketed(const struct filter_parser *p, struct filter_term *term,
	const struct token *t, struct span s)
{
	size_t close = span_find(s, ']');
	struct span inner = { s.p + 1, close - 1 };
	struct span rest = { s.p + close + 1, s.len - close - 1 };

	if (close == s.len)
		return wrong(p, t, "lacks a ']'");
	if (parse_addr(p, term, t, inner) != 0)
		return -1;
	if (rest.len > 0 && *rest.p == '/') {
		struct span prefix = { rest.p + 1, span_find(rest, ':') - 1 };

		if (!term->has_addr)
			return wrong(p, t, "is not an address");
		if (parse_prefix_len(p, term, t, prefix) != 0)
			return -1;
		rest.p += prefix.len + 1;
		rest.len -= prefix.len + 1;
	}
	if (rest.len == 0)
		return 0;
	if (*rest.p != ':')
		return wrong(p, t, "has something else than :port behind ']'");
	return parse_port(p, term, t, (struct span){ rest.p + 1, rest.len - 1 });
}

/* ss allows the family in front: inet:10.0.0.1, inet6:[::1]:22. */
static void skip_family(struct span *s)
{
	static const char *const names[] = { "inet:", "inet6:" };

	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(names[i]);

		if (s->len > len && memcmp(s->p, names[i], len) == 0) {
			s->p += len;
			s->len -= len;
			return;
		}
	}
}

static int parse_plain(const struct filter_parser *p, struct filter_term *term,
	const struct token *t, struct span s)
{
	struct span port = { NULL, 0 };
	bool has_port;

	split_port(&s, &port, &has_port);
	if ((s.len > 0 || !has_port) && parse_addr(p, term, t, s) != 0)
		return -1;
	return has_port ? parse_port(p, term, t, port) : 0;
}

int filter_parse_host(
	struct filter_parser *p, struct filter_term *term, const struct token *operand)
{
	struct span s = { operand->start, operand->len };
	int rc;

	skip_family(&s);
	if (s.len > 0 && *s.p == '[')
		rc = parse_bracketed(p, term, operand, s);
	else
		rc = parse_plain(p, term, operand, s);
	if (rc == 0 && term->prefix_len == WHOLE) {
		term->addr = addr_unmap(&term->addr);
		term->prefix_len = term->addr.family == 4 ? 32 : 128;
	}
	return rc;
}

int filter_parse_port(
	struct filter_parser *p, struct filter_term *term, const struct token *operand)
{
	struct span s = { operand->start, operand->len };

	if (s.len > 0 && *s.p == ':') {
		s.p++;
		s.len--;
	}
	return parse_port(p, term, operand, s);
}
