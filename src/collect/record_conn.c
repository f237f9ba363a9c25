/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/record.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "collect/record_value.h"

#define STRING_SIZE 8192

/*
 * A number of struct conn: its key, the bit that says it is known (0: none), where it
 * lies and how wide it is. Facts that share a bit are known together or not at all.
 */
struct fact {
	const char *key;
	uint32_t have;
	uint8_t offset;
	uint8_t size;
};

#define FACT(key, bit, field)                                                            \
	{                                                                                \
		key, bit, offsetof(struct conn, field),                                  \
			sizeof(((struct conn *)NULL)->field)                             \
	}

static const struct fact facts[] = {
	FACT("uid", HAVE_UID, uid),
	FACT("inode", HAVE_INODE, inode),
	FACT("mark", HAVE_MARK, mark),
	FACT("expires_ms", HAVE_EXPIRES, expires_ms),
	FACT("probes", HAVE_PROBES, probes),
	FACT("retransmits", HAVE_RETRANSMITS, retransmits),
	FACT("backoff", 0, backoff),
	FACT("rto_ms", HAVE_RTO, rto_ms),
	FACT("rtt_us", HAVE_RTT, rtt_us),
	FACT("send_queue_bytes", HAVE_QUEUES, send_queue_bytes),
	FACT("recv_queue_bytes", HAVE_QUEUES, recv_queue_bytes),
	FACT("sent_bytes", HAVE_BYTES, sent_bytes),
	FACT("received_bytes", HAVE_BYTES, received_bytes),
	FACT("segs_in", HAVE_SEGS, segs_in),
	FACT("segs_out", HAVE_SEGS, segs_out),
	FACT("last_sent_ms", HAVE_LAST_SENT, last_sent_ms),
	FACT("last_received_ms", HAVE_LAST_RECEIVED, last_received_ms),
	FACT("last_ack_ms", HAVE_LAST_ACK, last_ack_ms),
	FACT("last_oow_ack_ms", HAVE_OOW_ACK, last_oow_ack_ms),
	FACT("last_peer_probe_ms", HAVE_PEER_PROBE, last_peer_probe_ms),
	FACT("peer_period_ms", HAVE_PEER_PERIOD, peer_period_ms),
	FACT("ka_expires_ms", HAVE_KA_EXPIRES, ka_expires_ms),
};

/* These stand under the same keys when they were only assumed from the system. */
static const struct fact settings[] = {
	FACT("keepidle_ms", HAVE_KEEPIDLE, keepidle_ms),
	FACT("keepintvl_ms", HAVE_KEEPINTVL, keepintvl_ms),
	FACT("keepcnt", HAVE_KEEPCNT, keepcnt),
	FACT("user_timeout_ms", HAVE_USER_TIMEOUT, user_timeout_ms),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int64_t most_of(const struct fact *f)
{
	return f->size >= sizeof(int64_t) ? INT64_MAX : (INT64_C(1) << (8 * f->size)) - 1;
}

static void store(struct conn *c, const struct fact *f, int64_t number)
{
	unsigned char *to = (unsigned char *)c + f->offset;

	switch (f->size) {
	case 1:
		*to = (uint8_t)number;
		break;
	case 4:
		memcpy(to, &(uint32_t){ (uint32_t)number }, 4);
		break;
	default:
		memcpy(to, &(uint64_t){ (uint64_t)number }, 8);
	}
}

static int read_numbers(const json_t *object, const struct fact *table, size_t count,
	struct conn *c, struct error *e)
{
	uint32_t known = 0, missing = 0;

	for (size_t i = 0; i < count; i++) {
		const struct fact *f = &table[i];
		int64_t number = 0;
		int rc = record_integer(object, f->key, 0, most_of(f), &number, e);

		if (rc < 0)
			return -1;
		if (rc == RECORD_FOUND)
			known |= f->have;
		else
			missing |= f->have;
		store(c, f, number);
	}
	for (size_t i = 0; i < count; i++)
		if ((table[i].have & missing) != 0)
			store(c, &table[i], 0);
	c->have |= known & ~missing;
	return 0;
}

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

static int read_words(const json_t *object, struct conn *c, struct error *e)
{
	unsigned state = 0, timer = 0, source = 0, owner = 0;
	int timer_rc = record_word(object, "timer", TIMER_COUNT, timer_word, &timer, e);

	if (timer_rc < 0 ||
		record_word(object, "settings", SETTINGS_SOURCE_COUNT, source_word,
			&source, e) < 0 ||
		record_word(object, "owner_unknown", OWNER_UNKNOWN_COUNT, owner_word,
			&owner, e) < 0)
		return -1;
	switch (record_word(object, "state", STATE_COUNT, state_word, &state, e)) {
	case RECORD_UNKNOWN:
		return error_set(e, "no state");
	case RECORD_FOUND:
		break;
	default:
		return -1;
	}
	c->have |= timer_rc == RECORD_FOUND ? HAVE_TIMER : 0;
	c->state = (uint8_t)state;
	c->timer = (uint8_t)timer;
	c->settings = (uint8_t)source;
	c->owner_unknown = (uint8_t)owner;
	c->minisocket = owner == OWNER_MINISOCKET;
	return 0;
}

static int read_flags(const json_t *object, struct conn *c, struct error *e)
{
	bool due = false;
	int on = record_bool(object, "keepalive", &c->keepalive_on, e);
	int local = record_bool(object, "peer_is_local", &c->peer_is_local, e);

	if (on < 0 || local < 0 || record_bool(object, "due", &due, e) < 0)
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
	int64_t pid = 0, fd = 0;

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

/* Without a cookie (--json with few columns) the addresses are the identity: FNV-1a. */
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
	if (rc == RECORD_UNKNOWN)
		c->id = identity_hash(c);
	return rc < 0 ? -1 : 0;
}

int record_read_conn(const json_t *object, struct snapshot *snap, struct error *e)
{
	struct conn *c = snapshot_add(snap);

	if (!json_is_object(object))
		return error_set(e, "not a connection");
	if (read_identity(object, c, e) != 0 || read_words(object, c, e) != 0 ||
		read_flags(object, c, e) != 0 ||
		read_numbers(object, facts, COUNT(facts), c, e) != 0 ||
		read_string(object, "user", snap, &c->user, e) != 0 ||
		read_string(object, "dev", snap, &c->dev, e) != 0 ||
		read_string(object, "cgroup", snap, &c->cgroup, e) != 0 ||
		read_owners(object, snap, c, e) != 0)
		return -1;
	/* assumed settings are the system's, which the header tells */
	if (c->settings != SETTINGS_SYSTEM &&
		read_numbers(object, settings, COUNT(settings), c, e) != 0)
		return -1;
	return 0;
}
