/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was read from sockets, by cookie: settings rarely change, reading them costs. */
#ifndef KATOP_COLLECT_LINUX_SETTINGS_CACHE_H
#define KATOP_COLLECT_LINUX_SETTINGS_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum socket_settings_flag {
	SETTING_KEEPALIVE_ON = 1 << 0, /* SO_KEEPALIVE */
	SETTING_KA_LEFT = 1 << 1,      /* ka_left_ms tells */
	SETTING_OOW_AGE = 1 << 2,      /* oow_age_ms tells */
	SETTING_OOW_NEVER = 1 << 3,    /* no out-of-window segment ever came */
};

/*
 * As read at read_ms of the monotonic clock; 0: not yet. A keepalive value of 0 is the
 * system's.
 */
struct socket_settings {
	uint64_t cookie;
	int64_t read_ms;
	uint32_t keepidle_ms;
	uint32_t keepintvl_ms;
	uint32_t user_timeout_ms; /* 0: not set */
	int32_t ka_left_ms;	  /* until the keepalive timer fires; negative: late */
	uint32_t oow_age_ms;	  /* since an out-of-window segment was answered */
	uint8_t keepcnt;
	uint8_t flags;
	uint16_t sample; /* the last one that asked for it */
};

/* Owns its arrays. Zeroed is empty. */
struct settings_cache {
	struct socket_settings *entries;
	size_t count;
	size_t cap;
	uint32_t *slots; /* open addressing: index of the entry + 1, 0 free */
	size_t slot_count;
};

/* The entry of @cookie, NULL when there is none. Valid until the next add. */
struct socket_settings *settings_cache_find(
	const struct settings_cache *cache, uint64_t cookie);

/*
 * The index of @cookie's entry plus one, 0 when there is none; it stays until the next
 * sweep. The kernel's tables are read in one order each time, so that the entry behind
 * the one found last is most often the one: *@next keeps the place, 0 at first.
 */
uint32_t settings_cache_index(
	const struct settings_cache *cache, uint64_t cookie, size_t *next);

/* The entry of @cookie, added and zeroed when new. Valid until the next add. */
struct socket_settings *settings_cache_add(struct settings_cache *cache, uint64_t cookie);

/* The same, trying *@next first (settings_cache_index()). */
struct socket_settings *settings_cache_add_next(
	struct settings_cache *cache, uint64_t cookie, size_t *next);

/*
 * Enters @fresh, which lacks what only BPF reads: an older entry's hidden timer (unless
 * the settings changed, which arms it anew) and out-of-window ACK grow older instead.
 */
void settings_cache_update(
	struct settings_cache *cache, const struct socket_settings *fresh);

/* Makes room for @count entries in all. */
void settings_cache_reserve(struct settings_cache *cache, size_t count);

/*
 * Forgets entries that no sample since @sample - 1 asked for, when they have become most
 * of the cache; @live is how many the last sample asked for.
 */
void settings_cache_sweep(struct settings_cache *cache, uint16_t sample, size_t live);

void settings_cache_clear(struct settings_cache *cache);

#endif
