/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/order.h"

#include <string.h>

#define LESS_OR_MORE(a, b) (((a) > (b)) - ((a) < (b)))

/* A span in the unit of its text, but none below @least_ms. */
static int64_t coarse(int64_t ms, int64_t least_ms)
{
	int64_t unit = ms < 10000      ? 100
		       : ms < 3600000  ? 1000
		       : ms < 86400000 ? 60000
				       : 3600000;

	if (ms < 0)
		return ms;
	return ms - ms % (unit > least_ms ? unit : least_ms);
}

/* A time from now in @bits, saturated; never and unknown come last. */
static uint64_t time_key(int64_t ms, unsigned bits)
{
	uint64_t last = (UINT64_C(1) << bits) - 1;

	if (ms < 0)
		return last;
	return (uint64_t)ms < last ? (uint64_t)ms : last - 1;
}

/* The longest silence first, the unknown last. */
static uint64_t idle_key(int64_t ms)
{
	uint64_t most = UINT32_MAX - 1;

	if (ms < 0)
		return UINT32_MAX;
	return (uint64_t)ms < most ? most - (uint64_t)ms : 0;
}

/* At risk, worst verdict, deadline; next, longest idle. */
static void make_default_keys(uint64_t *keys, const struct row *row, bool steady)
{
	const struct outlook *o = row->outlook;
	int64_t deadline = o->deadline_ms, next = o->next_ms, idle;

	if (!conn_silence_ms(row->conn, &idle))
		idle = OUTLOOK_UNKNOWN;
	if (steady) {
		deadline = coarse(deadline, 1000);
		next = coarse(next, 1000);
		idle = coarse(idle, 1000);
	}
	keys[0] = (uint64_t)!o->at_risk << 63 | (uint64_t)verdict_rank(o->verdict) << 56 |
		  time_key(deadline, 56);
	keys[1] = time_key(next, 32) << 32 | idle_key(idle);
}

/* The first eight bytes, so that most texts differ here. */
static uint64_t bytes_key(const unsigned char *bytes, size_t len)
{
	uint64_t key = 0;

	for (size_t i = 0; i < 8; i++)
		key = key << 8 | (i < len ? bytes[i] : 0);
	return key;
}

/* IPv4, mapped or not, fits with its port; of IPv6 the first half does. */
static uint64_t value_key_endpoint(const struct value *v)
{
	struct addr plain = addr_unmap(v->addr);

	if (plain.family != 4)
		return UINT64_C(1) << 63 |
		       bytes_key(plain.bytes, sizeof(plain.bytes)) >> 1;
	return bytes_key(plain.bytes, 4) >> 15 | (uint64_t)(v->addr->family != 4) << 16 |
	       (uint64_t)v->number;
}

static uint64_t value_key(enum value_type type, const struct value *v)
{
	switch (type) {
	case TYPE_TEXT:
		return bytes_key((const unsigned char *)v->text, strlen(v->text));
	case TYPE_ENDPOINT:
		return value_key_endpoint(v);
	case TYPE_HEX:
		return (uint64_t)v->number;
	default: /* the same order, unsigned */
		return (uint64_t)v->number ^ UINT64_C(1) << 63;
	}
}

void order_make_keys(struct order *o, size_t i, const struct row *row)
{
	uint64_t *keys = &o->keys[2 * i];
	struct value v;

	if (o->column == NULL) {
		make_default_keys(keys, row, o->steady);
		return;
	}
	column_value(o->column, row, &v);
	if (o->steady && o->column->type == TYPE_MS)
		v.number = coarse(v.number, 100);
	keys[0] = !v.known; /* last in either direction */
	keys[1] = v.known ? value_key(o->column->type, &v) : 0;
	if (v.known && o->descending)
		keys[1] = ~keys[1];
}

/* The first four bytes and the port as one number. */
static uint64_t endpoint_key(const struct addr *a, uint16_t port)
{
	return (uint64_t)a->bytes[0] << 40 | (uint64_t)a->bytes[1] << 32 |
	       (uint64_t)a->bytes[2] << 24 | (uint64_t)a->bytes[3] << 16 | port;
}

static int compare_v4(const struct conn *a, const struct conn *b)
{
	uint64_t x = endpoint_key(&a->local, a->local_port);
	uint64_t y = endpoint_key(&b->local, b->local_port);

	if (x == y) {
		x = endpoint_key(&a->peer, a->peer_port);
		y = endpoint_key(&b->peer, b->peer_port);
	}
	return LESS_OR_MORE(x, y);
}

static bool is_v4(const struct conn *c)
{
	return c->local.family == 4 && c->peer.family == 4;
}

bool order_deepen_keys(const struct order *o, const uint32_t *rows, size_t count)
{
	if (o->column != NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!is_v4(&o->snap->conns[rows[i]]))
			return false;
	for (size_t i = 0; i < count; i++) {
		const struct conn *c = &o->snap->conns[rows[i]];
		uint64_t *keys = &o->keys[2 * (size_t)rows[i]];

		keys[0] = endpoint_key(&c->local, c->local_port);
		keys[1] = endpoint_key(&c->peer, c->peer_port);
	}
	return true;
}

static int compare_endpoints(const struct conn *a, const struct conn *b)
{
	int order;

	if (is_v4(a) && is_v4(b))
		return compare_v4(a, b);
	order = addr_compare(&a->local, &b->local);

	if (order == 0)
		order = LESS_OR_MORE(a->local_port, b->local_port);
	if (order == 0)
		order = addr_compare(&a->peer, &b->peer);
	return order != 0 ? order : LESS_OR_MORE(a->peer_port, b->peer_port);
}

/* Whether a key tells all of its value: a shorter text, an IPv4 endpoint, a number. */
static bool is_whole(const struct order *o, uint64_t key)
{
	uint64_t plain = o->descending ? ~key : key;

	if (o->column->type == TYPE_TEXT)
		return (plain & 0xff) == 0;
	return o->column->type != TYPE_ENDPOINT || plain >> 63 == 0;
}

/* The rest of what did not fit the key; getters of these types see facts alone. */
static int compare_values(
	const struct order *o, const struct conn *a, const struct conn *b)
{
	static const struct outlook unjudged;
	struct row row_a = { .snap = o->snap, .conn = a, .outlook = &unjudged };
	struct row row_b = { .snap = o->snap, .conn = b, .outlook = &unjudged };
	struct value x, y;
	int order;

	column_value(o->column, &row_a, &x);
	column_value(o->column, &row_b, &y);
	order = value_compare(o->column->type, &x, &y);
	return o->descending ? -order : order;
}

/* Those whose keys are the same. */
static int compare_rest(const struct order *o, uint32_t a, uint32_t b)
{
	const struct conn *ca = &o->snap->conns[a], *cb = &o->snap->conns[b];
	int order = 0;

	if (o->column == NULL)
		order = compare_endpoints(ca, cb);
	else if (!is_whole(o, o->keys[2 * (size_t)a + 1]))
		order = compare_values(o, ca, cb);
	return order != 0 ? order : LESS_OR_MORE(ca->id, cb->id);
}

int order_compare(const struct order *o, uint32_t a, uint32_t b)
{
	bool turned = o->column == NULL && o->descending;
	uint32_t first = turned ? b : a, second = turned ? a : b;
	const uint64_t *x = &o->keys[2 * (size_t)first];
	const uint64_t *y = &o->keys[2 * (size_t)second];

	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	if (x[1] != y[1])
		return x[1] < y[1] ? -1 : 1;
	return compare_rest(o, first, second);
}
