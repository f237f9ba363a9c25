/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/table.h"

#include <stdlib.h>

#include "base/fetch.h"
#include "base/xalloc.h"
#include "collect/needs.h"
#include "table/order.h"

/* How many rows before its turn a connection is fetched. */
#define AHEAD 4

static bool is_family_shown(const struct conn *c, unsigned families)
{
	unsigned family = c->local.family == 4 ? FAMILY_V4 : FAMILY_V6;

	return families == 0 || (families & family) != 0;
}

/* A state that is not known may be any: it is shown. */
static uint32_t states_shown(const struct table_query *query)
{
	bool everything = query->all_states || filter_names_state(query->filter);

	return everything ? ~UINT32_C(0) : ~STATES_MINOR;
}

static void tally_keepalive(struct table_tally *tally, const struct conn *c)
{
	if (!conn_has(c, HAVE_KEEPALIVE))
		tally->keepalive_unknown++;
	else if (c->keepalive_on)
		tally->keepalive_on++;
	else
		tally->keepalive_off++;
}

static void tally_row(
	struct table_tally *tally, const struct conn *c, const struct outlook *o)
{
	tally->verdicts[o->verdict]++;
	tally->at_risk += o->at_risk;
	if (o->verdict != VERDICT_NONE) {
		tally->judged += o->verdict != VERDICT_UNKNOWN;
		tally_keepalive(tally, c);
	}
	if (c->owner_unknown < OWNER_UNKNOWN_COUNT)
		tally->owner_unknown[c->owner_unknown]++;
}

static void make_room(struct table *t, size_t count)
{
	if (count <= t->cap)
		return;
	free(t->order);
	free(t->spare);
	free(t->keys);
	t->order = xreallocarray(NULL, count, sizeof(*t->order));
	t->spare = xreallocarray(NULL, count, sizeof(*t->spare));
	t->keys = xreallocarray(NULL, count, 2 * sizeof(*t->keys));
	t->cap = count;
}

void table_fill(
	struct table *t, const struct snapshot *snap, const struct table_query *query)
{
	struct order order = { .snap = snap,
		.column = query->sort,
		.descending = query->descending,
		.steady = query->steady };
	uint32_t states = states_shown(query);

	make_room(t, snap->count);
	t->snap = snap;
	t->count = 0;
	t->tally = (struct table_tally){ 0 };
	order.keys = t->keys;
	for (size_t i = 0; i < snap->count; i++) {
		const struct conn *c = &snap->conns[i];
		struct outlook outlook;
		struct row row = { .snap = snap, .conn = c, .outlook = &outlook };

		if ((states & STATE_BIT(c->state & 31)) == 0 ||
			!is_family_shown(c, query->families))
			continue;
		t->tally.in_sample++;
		outlook_of(c, &snap->system, &query->path, &outlook);
		if (!filter_matches(query->filter, &row))
			continue;
		tally_row(&t->tally, c, &outlook);
		if (query->risk_only && !outlook.at_risk)
			continue;
		order_make_keys(&order, i, &row);
		t->order[t->count++] = (uint32_t)i;
	}
	order_sort(&order, t->order, t->spare, t->count);
}

void table_clear(struct table *t)
{
	free(t->order);
	free(t->spare);
	free(t->keys);
	*t = (struct table){ 0 };
}

static struct row judge(const struct table *t, size_t index,
	const struct path_policy *path, struct outlook *outlook)
{
	static const struct outlook unjudged;
	const struct conn *c = &t->snap->conns[index];
	struct row row = { .snap = t->snap, .conn = c, .outlook = &unjudged };

	if (path == NULL)
		return row;
	outlook_of(c, &t->snap->system, path, outlook);
	row.outlook = outlook;
	return row;
}

struct row table_row(const struct table *t, size_t i, const struct path_policy *path,
	struct outlook *outlook)
{
	/* the rows lie about in the sample: to wait for one takes as long as to use it */
	if (i + AHEAD < t->count) {
		const struct conn *c = &t->snap->conns[t->order[i + AHEAD]];

		FETCH(c);
		FETCH(&c->owner_first);
		FETCH(&c->last_sent_ms);
		FETCH(&c->received_bytes);
	}
	return judge(t, t->order[i], path, outlook);
}

struct row table_row_unordered(const struct table *t, size_t i,
	const struct path_policy *path, struct outlook *outlook)
{
	return judge(t, t->count == t->snap->count ? i : t->order[i], path, outlook);
}

unsigned table_needs(const struct table_query *query, const struct column_list *list)
{
	unsigned needs = filter_needs(query->filter);
	unsigned judging = column_find("verdict")->needs;

	for (size_t i = 0; i < list->count; i++)
		needs |= list->at[i]->needs;
	if (query->sort != NULL)
		needs |= query->sort->needs;
	else if (needs & judging)
		/* an order that nothing shown explains is not worth its cost */
		needs |= judging;
	if (query->risk_only)
		needs |= column_find("at_risk")->needs;
	return needs;
}
