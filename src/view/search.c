/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Search: the text of a row's addresses and names. */
#include "config.h"
#include "view/apply.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "view/places.h"

/* What one search looks for. Formatting an address costs more than all else, so it is
 * left out when the text cannot be part of one. */
struct needle {
	const char *text;
	bool in_address;
};

static bool contains_port(
	const struct addr *addr, const char *zone, unsigned port, const char *text)
{
	char buf[ADDR_TEXT_SIZE];

	addr_format_port(buf, addr, zone, port);
	return text_contains(buf, text);
}

static bool owner_matches(const struct place *at, const char *text)
{
	for (uint16_t i = 0; i < at->conn->owner_count; i++) {
		const struct conn_owner *o = &at->snap->owners[at->conn->owner_first + i];
		char pid[16];

		snprintf(pid, sizeof(pid), "%u", (unsigned)o->pid);
		if (strcmp(pid, text) == 0 ||
			text_contains(snapshot_string(at->snap, o->process), text))
			return true;
	}
	return false;
}

static bool place_matches(const struct place *at, const struct needle *n)
{
	const struct conn *c = at->conn;
	const char *zone = snapshot_string(at->snap, c->dev);

	return owner_matches(at, n->text) ||
	       text_contains(snapshot_string(at->snap, c->user), n->text) ||
	       text_contains(snapshot_string(at->snap, c->cgroup), n->text) ||
	       text_contains(state_title((enum tcp_state)c->state), n->text) ||
	       (n->in_address &&
		       (contains_port(&c->peer, zone, c->peer_port, n->text) ||
			       contains_port(&c->local, zone, c->local_port, n->text)));
}

size_t search_find(
	const struct view *v, const struct table *t, const char *text, size_t from)
{
	struct needle n = { .text = text };
	size_t count = places_count(v, t);

	n.in_address = strspn(text, "0123456789abcdefABCDEF.:[]*") == strlen(text) ||
		       strchr(text, '%') != NULL;
	for (size_t i = 0; i < count; i++) {
		size_t place = (from + i) % count;
		struct place at = places_at(v, t, place);

		if (at.conn != NULL && place_matches(&at, &n))
			return place;
	}
	return PLACE_NONE;
}
