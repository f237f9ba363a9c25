/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/wire.h"

#define HOUR_MS INT64_C(3600000)

static size_t count_full_sockets(const struct table *t)
{
	size_t count = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct conn *c = &t->snap->conns[t->order[i]];

		count += !c->minisocket && (STATE_BIT(c->state & 31) & STATES_MINOR) == 0;
	}
	return count;
}

static int64_t hourly(const struct wire_cost *w, int64_t bytes)
{
	return (int64_t)w->connections * 2 * bytes * HOUR_MS / w->period_ms;
}

struct wire_cost wire_cost_of(const struct table *t)
{
	const struct system_info *s = &t->snap->system;
	int64_t period = s->keepalive_time_ms > s->keepalive_intvl_ms
				 ? s->keepalive_time_ms
				 : s->keepalive_intvl_ms;
	struct wire_cost w = {
		.connections = count_full_sockets(t),
		.period_ms = period > 0 ? period : SYSTEM_UNKNOWN,
		.least_bytes_hourly = SYSTEM_UNKNOWN,
		.most_bytes_hourly = SYSTEM_UNKNOWN,
	};

	if (period > 0) {
		w.least_bytes_hourly = hourly(&w, WIRE_LEAST_BYTES);
		w.most_bytes_hourly = hourly(&w, WIRE_MOST_BYTES);
	}
	return w;
}
