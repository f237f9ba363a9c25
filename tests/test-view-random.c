/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any keys, any sizes, any samples: nothing breaks, the cursor stays on the table. */
#include "config.h"
#include "view-rows.h"

static uint32_t random_below(uint32_t below)
{
	static uint64_t seed = 20260131;

	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(seed >> 33) % below;
}

/* A new sample in which some are gone, some are new and some got worse. */
static void random_sample(void)
{
	struct snapshot *s = rig_next(&rig);
	uint32_t from = random_below(60), count = random_below(60);

	if (count > 0)
		build_rows(s, from, from + count);
	if (random_below(2) == 0)
		rig_zoo(s, 500 + random_below(5));
	for (size_t i = 0; i < s->count; i++)
		s->conns[i].probes = (uint8_t)random_below(3);
	rig.mono_ms += random_below(2000);
	rig_sample(&rig);
}

static void random_key(void)
{
	static const uint32_t likely[] = { KEYPRESS_UP, KEYPRESS_DOWN, KEYPRESS_PAGE_DOWN,
		KEYPRESS_END, KEY_RET, KEY_ESC, KEYPRESS_MOUSE, 'n', 'k', 'y', F(2), F(6),
		F(4), 'p', ' ', F(7), F(8) };
	struct key_event event = { .clicks = 1 + (int)random_below(2) };

	event.x = (int)random_below(220) - 5;
	event.y = (int)random_below(70) - 5;
	event.pasted = random_below(20) == 0;
	switch (random_below(3)) {
	case 0:
		event.key = likely[random_below(sizeof(likely) / sizeof(likely[0]))];
		break;
	case 1:
		event.key = random_below(0x200);
		break;
	default:
		event.key = KEYPRESS_NONE + random_below(30);
		break;
	}
	rig_event(&rig, event);
}

static void check_cursor(void)
{
	size_t places = rig_table(&rig)->count + rig.view.marks.gone_count;

	assert_true(places == 0 || rig.view.cursor < places);
	assert_true(rig.view.top <= rig.view.cursor);
}

static void test_random(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		random_key();
		if (random_below(20) == 0)
			rig_resize(&rig, 1 + (int)random_below(210),
				1 + (int)random_below(70));
		if (random_below(10) == 0)
			random_sample();
		if (random_below(5) == 0)
			rig_pass(&rig, random_below(1500));
		if (random_below(4) == 0)
			rig_look(&rig);
		check_cursor();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
