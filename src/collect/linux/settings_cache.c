/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "collect/linux/settings_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/xalloc.h"

static size_t home(const struct settings_cache *cache, uint64_t cookie)
{
	return hash_place(cookie, cache->slot_count);
}

static void rehash(struct settings_cache *cache, size_t slot_count)
{
	free(cache->slots);
	cache->slots = xcalloc(slot_count, sizeof(*cache->slots));
	cache->slot_count = slot_count;
	for (size_t i = 0; i < cache->count; i++) {
		size_t at = home(cache, cache->entries[i].cookie);

		while (cache->slots[at])
			at = (at + 1) & (slot_count - 1);
		cache->slots[at] = (uint32_t)i + 1;
	}
}

/* Those that came or went since are passed over; a found one far off is a latecomer. */
#define NEAR 64

struct socket_settings *settings_cache_find(
	const struct settings_cache *cache, uint64_t cookie)
{
	if (!cache->slot_count)
		return NULL;
	for (size_t at = home(cache, cookie); cache->slots[at];
		at = (at + 1) & (cache->slot_count - 1)) {
		struct socket_settings *e = &cache->entries[cache->slots[at] - 1];

		if (e->cookie == cookie)
			return e;
	}
	return NULL;
}

uint32_t settings_cache_index(
	const struct settings_cache *cache, uint64_t cookie, size_t *next)
{
	const struct socket_settings *e;
	size_t index;

	if (*next < cache->count && cache->entries[*next].cookie == cookie)
		return (uint32_t)++ * next;
	e = settings_cache_find(cache, cookie);
	if (!e)
		return 0;
	index = (size_t)(e - cache->entries);
	if (index > *next && index - *next < NEAR)
		*next = index + 1;
	return (uint32_t)index + 1;
}

void settings_cache_reserve(struct settings_cache *cache, size_t count)
{
	size_t slot_count = cache->slot_count ? cache->slot_count : 64;

	if (count > cache->cap)
		cache->entries = xgrow(
			cache->entries, &cache->cap, count, sizeof(*cache->entries));
	while (slot_count / 3 * 2 < count)
		slot_count *= 2;
	if (slot_count != cache->slot_count)
		rehash(cache, slot_count);
}

struct socket_settings *settings_cache_add(struct settings_cache *cache, uint64_t cookie)
{
	struct socket_settings *e = settings_cache_find(cache, cookie);
	size_t at;

	if (e)
		return e;
	settings_cache_reserve(cache, cache->count + 1);
	at = home(cache, cookie);
	while (cache->slots[at])
		at = (at + 1) & (cache->slot_count - 1);
	e = &cache->entries[cache->count++];
	memset(e, 0, sizeof(*e));
	e->cookie = cookie;
	cache->slots[at] = (uint32_t)cache->count;
	return e;
}

struct socket_settings *settings_cache_add_next(
	struct settings_cache *cache, uint64_t cookie, size_t *next)
{
	uint32_t index = settings_cache_index(cache, cookie, next);

	return index ? &cache->entries[index - 1] : settings_cache_add(cache, cookie);
}

/* 0 stands for the system's value, which the other may spell out. */
static bool agree(uint32_t a, uint32_t b)
{
	return a == b || !a || !b;
}

static bool is_same(const struct socket_settings *a, const struct socket_settings *b)
{
	return agree(a->keepidle_ms, b->keepidle_ms) &&
	       agree(a->keepintvl_ms, b->keepintvl_ms) && agree(a->keepcnt, b->keepcnt) &&
	       !((a->flags ^ b->flags) & SETTING_KEEPALIVE_ON);
}

void settings_cache_update(
	struct settings_cache *cache, const struct socket_settings *fresh)
{
	struct socket_settings *e = settings_cache_add(cache, fresh->cookie);
	struct socket_settings old = *e;
	int64_t passed_ms = fresh->read_ms - old.read_ms;

	*e = *fresh;
	e->sample = old.sample;
	if (old.flags & SETTING_KA_LEFT && passed_ms < old.ka_left_ms &&
		is_same(&old, fresh)) {
		e->ka_left_ms = (int32_t)(old.ka_left_ms - passed_ms);
		e->flags |= SETTING_KA_LEFT;
	}
	if (old.flags & SETTING_OOW_AGE && old.oow_age_ms + passed_ms <= UINT32_MAX) {
		e->oow_age_ms = (uint32_t)(old.oow_age_ms + passed_ms);
		e->flags |= SETTING_OOW_AGE;
	}
	e->flags |= old.flags & SETTING_OOW_NEVER;
}

void settings_cache_sweep(struct settings_cache *cache, uint16_t sample, size_t live)
{
	size_t kept = 0;

	if (cache->count <= 2 * live + 1024)
		return;
	for (size_t i = 0; i < cache->count; i++)
		if ((uint16_t)(sample - cache->entries[i].sample) <= 1)
			cache->entries[kept++] = cache->entries[i];
	cache->count = kept;
	rehash(cache, cache->slot_count);
}

void settings_cache_clear(struct settings_cache *cache)
{
	free(cache->entries);
	free(cache->slots);
	memset(cache, 0, sizeof(*cache));
}
