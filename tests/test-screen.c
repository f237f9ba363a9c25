/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grid: clipping, wide and combining characters, stand-ins, the dump. */
#include "config.h"
#include "view/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct screen screen;
static struct strbuf dump;

static int set_up(void **state)
{
	(void)state;
	screen.ascii = false;
	screen_resize(&screen, 10, 2);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	screen_clear(&screen);
	strbuf_clear(&dump);
	return 0;
}

static const char *look(bool roles)
{
	strbuf_reset(&dump);
	screen_dump(&screen, roles, &dump);
	return strbuf_text(&dump);
}

static void test_put_clips(void **state)
{
	(void)state;
	assert_int_equal(screen_put(&screen, 7, 0, 20, ROLE_NORMAL, "abcdef"), 3);
	assert_int_equal(screen_put(&screen, 0, 1, 2, ROLE_NORMAL, "xyz"), 2);
	assert_int_equal(screen_put(&screen, 0, 5, 9, ROLE_NORMAL, "off"), 3);
	assert_int_equal(screen_put(&screen, 12, 0, 9, ROLE_NORMAL, "off"), 0);
	assert_string_equal(look(false), "       abc\nxy\n");
}

static void test_wide_is_never_halved(void **state)
{
	(void)state;
	assert_int_equal(screen_put(&screen, 0, 0, 5, ROLE_NORMAL, "日本語"), 4);
	assert_string_equal(look(false), "日本\n\n");
	/* its right half is taken: the left goes */
	screen_put(&screen, 1, 0, 1, ROLE_NORMAL, "x");
	assert_string_equal(look(false), " x本\n\n");
	/* and the other way round */
	screen_put(&screen, 2, 0, 1, ROLE_NORMAL, "y");
	assert_string_equal(look(false), " xy\n\n");
}

static void test_combining_marks(void **state)
{
	(void)state;
	assert_int_equal(screen_put(&screen, 0, 0, 9, ROLE_NORMAL, "e\xcc\x81z"), 2);
	assert_string_equal(look(false), "e\xcc\x81z\n\n");
	/* one mark a character; one without a character is dropped */
	screen_put(&screen, 0, 1, 9, ROLE_NORMAL,
		"\xcc\x81"
		"a\xcc\x81\xcc\x81");
	assert_string_equal(look(false), "e\xcc\x81z\na\xcc\x81\n");
}

static void test_harmful_bytes(void **state)
{
	(void)state;
	screen_put(&screen, 0, 0, 9, ROLE_NORMAL, "a\033[1m\xff\xc2\x9b");
	assert_string_equal(look(false), "a?[1m??\n\n");
}

static void test_ascii_stands_in(void **state)
{
	(void)state;
	screen.ascii = true;
	screen_put(&screen, 0, 0, 9, ROLE_NORMAL, "é日→e\xcc\x81");
	screen_put_code(&screen, 0, 1, ROLE_FRAME, 0x2502, '|');
	assert_string_equal(look(false), "?\?\?>e\n|\n");
}

static void test_roles(void **state)
{
	(void)state;
	screen_put(&screen, 0, 0, 3, ROLE_BAD, "abc");
	screen_paint(&screen, 2, 0, 2, ROLE_SELECTED);
	screen_blank(&screen, 8, 1, 9, ROLE_HEAD);
	screen.cursor_x = 4;
	screen.cursor_y = 1;
	assert_string_equal(look(true), "abc\n\n--- roles\n0: 0-1 bad 2-3 selected\n"
					"1: 8-9 head\ncursor: 4,1\n");
	screen_erase(&screen);
	assert_string_equal(look(true), "\n\n--- roles\n");
}

static void test_sizes(void **state)
{
	(void)state;
	screen_resize(&screen, 0, -5);
	assert_int_equal(screen.width, 1);
	assert_int_equal(screen.height, 1);
	screen_put(&screen, 0, 0, 9, ROLE_NORMAL, "日");
	screen_put(&screen, -1, 0, 9, ROLE_NORMAL, "ab");
	assert_string_equal(look(false), "b\n");
	for (int i = 0; i < ROLE_COUNT; i++)
		assert_non_null(screen_role_name((enum screen_role)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_put_clips, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_wide_is_never_halved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_combining_marks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_harmful_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ascii_stands_in, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_roles, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sizes, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
