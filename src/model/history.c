/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/xalloc.h"
#include "model/infer.h"

/* What came or went between two samples is passed over so far. */
#define NEAR 64

/* Tracks in an array without holes, found by an open hash of their indexes plus one. */
struct history {
	struct track *tracks;
	size_t count;
	size_t cap;
	uint32_t *slots;
	size_t slot_count; /* a power of two, 0 at first */
	size_t next;	   /* the track to try first */
	int64_t now_ms;
};

struct history *history_new(void)
{
	return xcalloc(1, sizeof(struct history));
}

void history_free(struct history *h)
{
	if (h == NULL)
		return;
	free(h->tracks);
	free(h->slots);
	free(h);
}

static uint32_t *find_slot(const struct history *h, uint64_t id)
{
	size_t mask = h->slot_count - 1;
	size_t i = hash_place(id, h->slot_count);

	while (h->slots[i] != 0 && h->tracks[h->slots[i] - 1].id != id)
		i = (i + 1) & mask;
	return &h->slots[i];
}

/* At most half of the slots are taken by @want tracks; all are entered anew. */
static void rehash(struct history *h, size_t want)
{
	size_t slots = 64;

	while (slots < 2 * want)
		slots *= 2;
	if (slots != h->slot_count) {
		h->slots = xreallocarray(h->slots, slots, sizeof(*h->slots));
		h->slot_count = slots;
	}
	memset(h->slots, 0, slots * sizeof(*h->slots));
	for (size_t i = 0; i < h->count; i++)
		*find_slot(h, h->tracks[i].id) = (uint32_t)i + 1;
}

/* Also prepares the rest for the next sample. */
static void forget_unseen(struct history *h)
{
	size_t kept = 0;

	for (size_t i = 0; i < h->count; i++) {
		if (!h->tracks[i].seen)
			continue;
		if (kept < i)
			h->tracks[kept] = h->tracks[i];
		h->tracks[kept++].seen = false;
	}
	if (kept == h->count)
		return;
	h->count = kept;
	rehash(h, h->slot_count / 2);
}

/* All is known of it already, or there is nothing to learn. */
static bool is_worth_tracking(const struct conn *c)
{
	if (c->id == 0 || c->minisocket)
		return false;
	if (c->settings == SETTINGS_SOCKET && conn_has(c, HAVE_OOW_ACK))
		return false;
	return c->state == STATE_ESTABLISHED || c->state == STATE_CLOSE_WAIT ||
	       c->state == STATE_FIN_WAIT_1 || c->state == STATE_FIN_WAIT_2;
}

/*
 * The track of @c, begun when it is new. Samples bring their rows in much the same order:
 * the one behind the last is tried first.
 */
static struct track *track_of(struct history *h, const struct conn *c)
{
	uint32_t *slot;

	if (h->next < h->count && h->tracks[h->next].id == c->id)
		return &h->tracks[h->next++];
	if (2 * h->count >= h->slot_count)
		rehash(h, 2 * h->count);
	slot = find_slot(h, c->id);
	if (*slot > h->next && *slot - h->next <= NEAR)
		h->next = *slot;
	if (*slot == 0) {
		h->tracks = xgrow(h->tracks, &h->cap, h->count + 1, sizeof(*h->tracks));
		infer_start(&h->tracks[h->count], c, h->now_ms);
		*slot = (uint32_t)++h->count;
	}
	return &h->tracks[*slot - 1];
}

void history_apply(struct history *h, struct snapshot *snap)
{
	int64_t now = snap->mono_ms != 0 ? snap->mono_ms : snap->time_ms;
	int64_t tick =
		snap->system.hz >= 20 ? (999 + snap->system.hz) / snap->system.hz : 10;

	if (now < h->now_ms && h->count > 0) {
		h->count = 0; /* a replay went back: it is told anew */
		rehash(h, 0);
	}
	h->now_ms = now;
	h->next = 0;
	for (size_t i = 0; i < snap->count; i++) {
		struct conn *c = &snap->conns[i];
		struct track *t;

		if (!is_worth_tracking(c))
			continue;
		t = track_of(h, c);
		if (t->sampled_ms < now)
			infer_step(t, c, now, tick);
		t->seen = true;
		infer_publish(t, c, now);
	}
	forget_unseen(h);
}
