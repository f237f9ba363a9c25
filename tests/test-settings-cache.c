/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is remembered of each socket, and for how long. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collect/linux/settings_cache.h"

static void test_finds_what_was_added(void **state)
{
	struct settings_cache cache = { 0 };

	(void)state;
	assert_null(settings_cache_find(&cache, 1));
	for (uint64_t i = 1; i <= 50000; i++)
		settings_cache_add(&cache, i << 12)->keepidle_ms = (uint32_t)i;
	for (uint64_t i = 1; i <= 50000; i++) {
		assert_int_equal(settings_cache_find(&cache, i << 12)->keepidle_ms, i);
		assert_null(settings_cache_find(&cache, (i << 12) + 1));
	}
	assert_int_equal(settings_cache_add(&cache, 7 << 12)->keepidle_ms, 7);
	assert_int_equal(cache.count, 50000);
	settings_cache_clear(&cache);
}

static void test_forgets_what_is_gone(void **state)
{
	struct settings_cache cache = { 0 };

	(void)state;
	for (uint64_t i = 1; i <= 5000; i++)
		settings_cache_add(&cache, i)->sample = i <= 1000 ? 0 : UINT16_MAX - 1;
	settings_cache_sweep(&cache, 0, 3000);
	assert_int_equal(cache.count, 5000); /* still most of them live */
	settings_cache_sweep(&cache, 0, 1000);
	assert_int_equal(cache.count, 1000);
	for (uint64_t i = 1; i <= 5000; i++)
		assert_int_equal(settings_cache_find(&cache, i) != NULL, i <= 1000);
	settings_cache_clear(&cache);
}

static void test_a_fresh_reading_keeps_what_only_bpf_reads(void **state)
{
	struct settings_cache cache = { 0 };
	struct socket_settings fresh = { .cookie = 9,
		.read_ms = 5000,
		.keepidle_ms = 7200000,
		.keepintvl_ms = 75000,
		.keepcnt = 9,
		.flags = SETTING_KEEPALIVE_ON };
	struct socket_settings *e = settings_cache_add(&cache, 9);

	(void)state;
	e->read_ms = 4000;
	e->flags = SETTING_KEEPALIVE_ON | SETTING_KA_LEFT | SETTING_OOW_AGE;
	e->ka_left_ms = 3000;
	e->oow_age_ms = 200;
	settings_cache_update(&cache, &fresh);
	assert_int_equal(
		e->flags, SETTING_KEEPALIVE_ON | SETTING_KA_LEFT | SETTING_OOW_AGE);
	assert_int_equal(e->ka_left_ms, 2000);
	assert_int_equal(e->oow_age_ms, 1200);
	assert_int_equal(e->keepidle_ms, 7200000);

	/* new settings arm the timer anew; a timer that ran out is not known either */
	fresh.read_ms = 6000;
	fresh.keepidle_ms = 10000;
	settings_cache_update(&cache, &fresh);
	assert_int_equal(e->flags, SETTING_KEEPALIVE_ON | SETTING_OOW_AGE);
	assert_int_equal(e->oow_age_ms, 2200);
	e->flags |= SETTING_KA_LEFT;
	e->ka_left_ms = 100;
	fresh.read_ms = 6200;
	settings_cache_update(&cache, &fresh);
	assert_int_equal(e->flags, SETTING_KEEPALIVE_ON | SETTING_OOW_AGE);
	settings_cache_clear(&cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_what_was_added),
		cmocka_unit_test(test_forgets_what_is_gone),
		cmocka_unit_test(test_a_fresh_reading_keeps_what_only_bpf_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
