/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pairs of two samples beside a search of every id, in every kind of order. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/pairs.h"

static struct pairs pairs;
static struct snapshot before, now;
static uint32_t random_state = 1;

static uint32_t chance(uint32_t below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % below;
}

static void add(struct snapshot *s, uint64_t id, unsigned probes)
{
	struct conn *c = snapshot_add(s);

	c->id = id;
	c->probes = (uint8_t)probes;
}

static uint32_t search(const struct snapshot *s, uint64_t id)
{
	const struct conn *c = id != 0 ? snapshot_find(s, id) : NULL;

	return c != NULL ? (uint32_t)(c - s->conns) : PAIR_NONE;
}

static void check(void)
{
	size_t risen = 0;

	pairs_make(&pairs, &before, &now);
	for (size_t i = 0; i < before.count; i++)
		assert_int_equal(pairs.now[i], search(&now, before.conns[i].id));
	for (uint32_t i = 0; i < now.count; i++) {
		uint32_t was = search(&before, now.conns[i].id);

		assert_int_equal(pairs.before[i], was);
		if (was == PAIR_NONE || now.conns[i].probes <= before.conns[was].probes)
			continue;
		assert_true(risen < pairs.risen_count);
		assert_int_equal(pairs.risen[risen++], i);
	}
	assert_int_equal(risen, pairs.risen_count);
}

static void start(void)
{
	snapshot_reset(&before);
	snapshot_reset(&now);
}

/* Some came, some went, as the kernel's table has them. */
static void test_churn(void **state)
{
	(void)state;
	for (int round = 0; round < 50; round++) {
		uint64_t fresh = 100000;

		start();
		for (uint64_t id = 1; id <= 3000; id++) {
			add(&before, id, chance(3));
			if (chance(20) == 0)
				add(&now, fresh++, 1);
			if (chance(20) != 0)
				add(&now, id, chance(3));
		}
		check();
	}
}

static void test_shuffled(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		start();
		for (uint64_t id = 1; id <= 3000; id++) {
			add(&before, id, 0);
			add(&now, id + 500, 0);
		}
		for (uint32_t i = 2999; i > 0; i--) {
			uint32_t j = chance(i + 1);
			struct conn c = now.conns[i];

			now.conns[i] = now.conns[j];
			now.conns[j] = c;
		}
		check();
	}
}

/* More than the search ahead would reach. */
static void test_gap(void **state)
{
	(void)state;
	start();
	for (uint64_t id = 1; id <= 1000; id++)
		add(&before, id, 0);
	for (uint64_t id = 500; id <= 1000; id++)
		add(&now, id, 1);
	check();
	assert_int_equal(pairs.risen_count, 501);
}

static void test_empty(void **state)
{
	(void)state;
	start();
	check();
	add(&now, 1, 0);
	check();
	start();
	add(&before, 1, 0);
	check();
}

/* Without an id nobody can be told from another. */
static void test_nobody(void **state)
{
	(void)state;
	start();
	add(&before, 0, 0);
	add(&before, 7, 0);
	add(&now, 0, 2);
	add(&now, 7, 2);
	check();
	assert_int_equal(pairs.risen_count, 1);
}

static int tear_down(void **state)
{
	(void)state;
	pairs_clear(&pairs);
	snapshot_clear(&before);
	snapshot_clear(&now);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_churn),
		cmocka_unit_test(test_shuffled),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, tear_down);
}
