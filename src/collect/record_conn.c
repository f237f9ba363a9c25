/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/record.h"

#include <string.h>

#include "collect/record_fact.h"
#include "collect/record_value.h"

#define STRING_SIZE 8192

static const char *state_word(unsigned i)
{
	return state_name((enum tcp_state)i);
}

static const char *timer_word(unsigned i)
{
	return timer_name((enum conn_timer)i);
}

static const char *source_word(unsigned i)
{
	return settings_source_name((enum settings_source)i);
}

static const char *owner_word(unsigned i)
{
	return owner_unknown_name((enum owner_unknown)i);
}

static int read_state(const json_t *object, struct conn *c, struct error *e)
{
	unsigned state = 0;
	int rc = record_word(object, "state", STATE_COUNT, state_word, &state, e);

	c->state = (uint8_t)state;
	return rc < 0 ? -1 : 0;
}

static int read_timer(const json_t *object, struct conn *c, struct error *e)
{
	unsigned timer = 0;
	int rc = record_word(object, "timer", TIMER_COUNT, timer_word, &timer, e);

	if (rc == RECORD_FOUND)
		c->have |= HAVE_TIMER;
	c->timer = (uint8_t)timer;
	return rc < 0 ? -1 : 0;
}

static int read_owner_unknown(const json_t *object, struct conn *c, struct error *e)
{
	unsigned why = 0;
	int rc = record_word(
		object, "owner_unknown", OWNER_UNKNOWN_COUNT, owner_word, &why, e);

	c->owner_unknown = (uint8_t)why;
	return rc < 0 ? -1 : 0;
}

/* Settings that were assumed are no facts: the header tells the system's. */
static int read_settings(const json_t *object, struct conn *c, struct error *e)
{
	unsigned source = 0;
	int rc = record_word(
		object, "settings", SETTINGS_SOURCE_COUNT, source_word, &source, e);

	if (rc < 0)
		return -1;
	if (source == SETTINGS_UNKNOWN || source == SETTINGS_SYSTEM)
		return 0;
	c->settings = (uint8_t)source;
	return record_read_settings(object, c, e);
}

static int read_flags(const json_t *object, struct conn *c, struct error *e)
{
	bool due = false;
	int on = record_bool(object, "keepalive", &c->keepalive_on, e);
	int local = record_bool(object, "peer_is_local", &c->peer_is_local, e);

	if (on < 0 || local < 0 || record_bool(object, "due", &due, e) < 0 ||
		record_bool(object, "minisocket", &c->minisocket, e) < 0 ||
		record_bool(object, "peer_never_probed", &c->peer_never_probed, e) < 0)
		return -1;
	c->have |= (on == RECORD_FOUND ? HAVE_KEEPALIVE : 0) |
		   (local == RECORD_FOUND ? HAVE_PEER_LOCAL : 0) | (due ? HAVE_DUE : 0);
	return 0;
}

static int read_endpoint(const json_t *object, const char *address_key,
	const char *port_key, struct addr *a, uint16_t *port, struct error *e)
{
	const json_t *address = json_object_get(object, address_key);
	const char *text = json_string_value(address);
	int64_t number = 0;

	/* the zone is the interface, which has a key of its own */
	if (text == NULL || addr_parse(text, strcspn(text, "%"), a) != 0)
		return error_set(e, "%s is not an address", address_key);
	if (record_integer(object, port_key, 0, 65535, &number, e) != RECORD_FOUND)
		return error_set(e, "%s is not a port", port_key);
	*port = (uint16_t)number;
	return 0;
}

static int read_string(const json_t *object, const char *key, struct snapshot *snap,
	uint32_t *string, struct error *e)
{
	char text[STRING_SIZE];
	int rc = record_text(object, key, text, sizeof(text), e);

	if (rc == RECORD_FOUND)
		*string = strtab_add(&snap->strings, text);
	return rc < 0 ? -1 : 0;
}

static int read_owner(const json_t *object, struct snapshot *snap, struct error *e)
{
	struct conn_owner owner = { 0 };
	int64_t pid = 0, fd = OWNER_FD_UNKNOWN;

	if (!json_is_object(object))
		return error_set(e, "owners has something that is no object");
	if (record_integer(object, "pid", 0, UINT32_MAX, &pid, e) < 0 ||
		record_integer(object, "fd", 0, UINT32_MAX, &fd, e) < 0 ||
		read_string(object, "process", snap, &owner.process, e) != 0)
		return -1;
	owner.pid = (uint32_t)pid;
	owner.fd = (uint32_t)fd;
	snapshot_add_owner(snap, owner);
	return 0;
}

static int read_owners(
	const json_t *object, struct snapshot *snap, struct conn *c, struct error *e)
{
	const json_t *owners = json_object_get(object, "owners");
	size_t count = json_array_size(owners);

	if (owners == NULL || json_is_null(owners))
		return 0;
	if (!json_is_array(owners) || count > UINT16_MAX)
		return error_set(e, "owners is not an array of at most %d", UINT16_MAX);
	c->owner_first = (uint32_t)snap->owner_count;
	c->owner_count = (uint16_t)count;
	for (size_t i = 0; i < count; i++)
		if (read_owner(json_array_get(owners, i), snap, e) != 0)
			return -1;
	return 0;
}

/* Without a cookie (--json of few columns) the addresses are the identity: FNV-1a. */
static uint64_t identity_hash(const struct conn *c)
{
	uint64_t h = UINT64_C(14695981039346656037);
	unsigned char key[36] = { 0 };

	memcpy(key, c->local.bytes, 16);
	memcpy(key + 16, c->peer.bytes, 16);
	key[32] = (unsigned char)(c->local_port >> 8);
	key[33] = (unsigned char)c->local_port;
	key[34] = (unsigned char)(c->peer_port >> 8);
	key[35] = (unsigned char)c->peer_port;
	for (size_t i = 0; i < sizeof(key); i++)
		h = (h ^ key[i]) * UINT64_C(1099511628211);
	return h;
}

static int read_identity(const json_t *object, struct conn *c, struct error *e)
{
	int rc;

	if (read_endpoint(object, "local_address", "local_port", &c->local,
		    &c->local_port, e) != 0 ||
		read_endpoint(object, "peer_address", "peer_port", &c->peer,
			&c->peer_port, e) != 0)
		return -1;
	rc = record_hex(object, "cookie", &c->id, e);
	if (json_object_get(object, "cookie") == NULL)
		c->id = identity_hash(c);
	return rc < 0 ? -1 : 0;
}

int record_read_conn(const json_t *object, struct snapshot *snap, struct error *e)
{
	struct conn *c = snapshot_add(snap);

	if (!json_is_object(object))
		return error_set(e, "not a connection");
	if (read_identity(object, c, e) != 0 || read_state(object, c, e) != 0 ||
		read_timer(object, c, e) != 0 || read_flags(object, c, e) != 0 ||
		record_read_facts(object, c, e) != 0 ||
		read_settings(object, c, e) != 0 ||
		read_string(object, "user", snap, &c->user, e) != 0 ||
		read_string(object, "dev", snap, &c->dev, e) != 0 ||
		read_string(object, "cgroup", snap, &c->cgroup, e) != 0 ||
		read_owner_unknown(object, c, e) != 0)
		return -1;
	return read_owners(object, snap, c, e);
}
