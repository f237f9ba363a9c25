/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as a filter: an error with its place, or an expression that can be asked, and
 * whose prefilter lets through whatever it passes itself.
 */
#include "config.h"
#include "fuzz.h"

#include <string.h>

#include "../sample.h"
#include "table/query.h"

static long service_port(const char *name)
{
	return strcmp(name, "ssh") == 0 ? 22 : -1;
}

static long user_id(const char *name)
{
	return strcmp(name, "root") == 0 ? 0 : -1;
}

static const struct filter_resolver resolver = { service_port, user_id };

static bool in_prefix(const struct addr *a, const struct prefilter_term *t)
{
	bool mapped = t->addr.family == 4 && a->family == 6;
	const uint8_t *bytes = a->bytes + (mapped ? 12 : 0);
	static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

	if (mapped && memcmp(a->bytes, mapped_prefix, sizeof(mapped_prefix)) != 0)
		return false;
	if (!mapped && a->family != t->addr.family)
		return false;
	for (unsigned bit = 0; bit < t->prefix_len; bit++)
		if ((bytes[bit / 8] ^ t->addr.bytes[bit / 8]) & 0x80 >> bit % 8)
			return false;
	return true;
}

static bool lets_through(const struct prefilter_term *t, const struct conn *c)
{
	bool local = t->kind == PREFILTER_LOCAL_PORT || t->kind == PREFILTER_LOCAL_PREFIX;
	uint16_t port = local ? c->local_port : c->peer_port;

	if (t->kind == PREFILTER_LOCAL_PREFIX || t->kind == PREFILTER_PEER_PREFIX)
		return in_prefix(local ? &c->local : &c->peer, t);
	return t->first_port <= port && port <= t->last_port;
}

static void holds_what_passes(const struct prefilter *where, const struct conn *c)
{
	FUZZ_HOLDS(where->states & 1U << c->state);
	FUZZ_HOLDS(where->families & (c->local.family == 6 ? FAMILY_V6 : FAMILY_V4));
	FUZZ_HOLDS(where->count <= PREFILTER_MAX);
	for (size_t i = 0; i < where->count; i++)
		FUZZ_HOLDS(lets_through(&where->terms[i], c));
}

static void ask(const struct filter *f, const struct snapshot *s)
{
	struct prefilter where = { .states = ~0U, .families = FAMILY_ANY };
	struct path_policy path = path_default();

	filter_prefilter(f, &where);
	(void)filter_needs(f);
	(void)filter_names_state(f);
	for (size_t i = 0; i < s->count; i++) {
		struct outlook outlook;
		struct row row = { .snap = s, .conn = &s->conns[i], .outlook = &outlook };

		outlook_of(row.conn, &s->system, &path, &outlook);
		if (filter_matches(f, &row))
			holds_what_passes(&where, row.conn);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct snapshot s;
	struct error e = { .text = "", .at = ERROR_NOWHERE };
	char *text = malloc(size + 1);
	struct filter *f;

	memcpy(text, data, size);
	text[size] = '\0';
	f = filter_compile(text, &resolver, &e);
	if (s.count == 0)
		sample_fill(&s);
	if (f != NULL) {
		ask(f, &s);
	} else {
		FUZZ_HOLDS(e.text[0] != '\0');
		FUZZ_HOLDS(e.at >= 0 && (size_t)e.at <= strlen(text));
	}
	filter_free(f);
	free(text);
	return 0;
}
