/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies over the table: what of it is seen when the screen changes its size. */
#include "config.h"
#include "view-rows.h"

#include <stdio.h>

#include "view/detail.h"
#include "view/lists.h"

/* The line of the screen that has the role of the entry under the cursor; -1 for none. */
static int selected_line(void)
{
	rig_look(&rig);
	for (int y = 0; y < rig.screen.height; y++)
		if (screen_role_at(&rig.screen, 5, y) == ROLE_SELECTED)
			return y;
	return -1;
}

/* The last entry is seen however the screen is drawn out or pushed together, and no line
 * is left empty while there are entries for it. */
static void test_list_keeps_its_cursor(void **state)
{
	static const int heights[] = { 12, 40, 9, 24, 12 };

	(void)state;
	rig_key(&rig, F(2));
	rig_key(&rig, KEYPRESS_END);
	for (size_t i = 0; i < sizeof(heights) / sizeof(heights[0]); i++) {
		rig_resize(&rig, 80, heights[i]);
		assert_int_equal(selected_line(), i == 1 ? 37 : heights[i] - 3);
	}
	/* a message takes a line from below */
	view_say(&rig.view, false, "saved", rig.mono_ms);
	assert_int_equal(selected_line(), 8);
}

/* The help of a narrow screen ends with its last line, and is seen whole where it fits.
 */
static void test_help_ends(void **state)
{
	(void)state;
	rig_resize(&rig, 60, 20);
	rig_key(&rig, F(1));
	rig_key(&rig, KEYPRESS_END);
	assert_true(rig_sees(&rig, "man katop, man katop-keepalive\nEsc"));
	rig_key(&rig, KEYPRESS_UP);
	assert_false(rig_sees(&rig, "man katop, man"));
	rig_key(&rig, KEYPRESS_END);
	rig_resize(&rig, 60, 60);
	assert_true(rig_sees(&rig, "\nKeys\n"));
	assert_true(rig_sees(&rig, "man katop, man"));
	/* small again, at the end still: one step up is one line */
	rig_resize(&rig, 60, 20);
	rig_key(&rig, KEYPRESS_END);
	rig_resize(&rig, 60, 24);
	rig_key(&rig, KEYPRESS_UP);
	assert_false(rig_sees(&rig, "man katop, man"));
	assert_true(rig_sees(&rig, "bold: changed"));
}

/* Enter that chose nothing changes nothing, and does not just stand there. */
static void test_path_as_it_is(void **state)
{
	struct view *v = &rig.view;

	(void)state;
	rig_key(&rig, 'p');
	assert_int_equal(rig_key(&rig, KEY_RET), 0);
	assert_int_equal(v->pane, PANE_NONE);
	assert_int_equal(v->query.path.limit_ms, 240000);
}

/* The wheel moves in the list of paths as it does in the others. */
static void test_wheel_in_lists(void **state)
{
	static const uint32_t keys[] = { F(2), F(6), 'p' };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		rig_key(&rig, keys[i]);
		rig_key(&rig, KEYPRESS_WHEEL_DOWN);
		assert_int_equal(rig.view.pane_cursor, 3);
		rig_key(&rig, KEYPRESS_WHEEL_UP);
		assert_int_equal(rig.view.pane_cursor, 0);
		rig_key(&rig, KEY_ESC);
	}
}

/* A listener of a server with many workers: what is left out is counted. */
static void test_detail_counts_owners(void **state)
{
	struct snapshot *s = rig_next(&rig);
	struct conn *c = rig_conn(s, 1, "192.0.2.10", 1000);

	(void)state;
	for (unsigned i = 0; i < 300; i++)
		rig_owner(s, c, 1000 + i, "apache2");
	c->owner_first -= 299;
	c->owner_count = 300;
	rig_sample(&rig);
	rig_pass(&rig, 5000);
	rig_key(&rig, KEY_RET);
	rig_key(&rig, KEYPRESS_END);
	assert_true(rig_sees(&rig, "more\n"));
	assert_true(rig_sees(&rig, "cookie "));
}

/* Connections in states without a verdict have their share of the bar, too. */
static void test_bar_is_full(void **state)
{
	struct snapshot *s = rig_next(&rig);

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		rig_conn(s, i + 1, "192.0.2.10", 1000 + i)->state =
			i < 2 ? STATE_SYN_SENT : STATE_ESTABLISHED;
	rig_sample(&rig);
	rig_pass(&rig, 5000);
	assert_true(rig_sees(&rig, "2 other states"));
	assert_false(rig_sees(&rig, " ]\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_list_keeps_its_cursor),
		TEST(test_help_ends),
		TEST(test_path_as_it_is),
		TEST(test_wheel_in_lists),
		TEST(test_detail_counts_owners),
		TEST(test_bar_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
