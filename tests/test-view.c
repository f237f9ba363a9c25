/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reducer: what each key does. */
#include "config.h"
#include "view-rows.h"

#include "view/lists.h"

static void test_wishes(void **state)
{
	static const struct {
		uint32_t key;
		unsigned wishes;
	} keys[] = {
		{ 'q', VIEW_QUIT },
		{ F(10), VIEW_QUIT },
		{ 'W', VIEW_SAVE },
		{ KEY_CTRL('l'), VIEW_REDRAW },
		{ KEY_CTRL('z'), VIEW_STOP },
		{ F(5), VIEW_FREEZE },
		{ 'Z', VIEW_FREEZE },
		{ '+', VIEW_DELAY },
		{ '-', VIEW_DELAY },
		{ 'I', VIEW_REQUERY },
		{ 'a', VIEW_REQUERY | VIEW_SAMPLE_NOW },
		{ KEY_RET, VIEW_SAMPLE_NOW },
		{ KEY_ESC, 0 },
		{ KEYPRESS_DOWN, 0 },
		{ 'x', 0 },
		{ KEYPRESS_RESIZE, 0 },
		{ 0x1f600, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_int_equal(rig_key(&rig, keys[i].key), keys[i].wishes);
}

static void test_panes_open_and_close(void **state)
{
	static const struct {
		uint32_t key;
		enum view_pane pane;
	} panes[] = {
		{ F(1), PANE_HELP },
		{ 'h', PANE_HELP },
		{ '?', PANE_HELP },
		{ F(2), PANE_COLUMNS },
		{ F(3), PANE_SEARCH },
		{ '/', PANE_SEARCH },
		{ F(4), PANE_FILTER },
		{ '\\', PANE_FILTER },
		{ F(6), PANE_SORT },
		{ '<', PANE_SORT },
		{ '>', PANE_SORT },
		{ F(9), PANE_CLOSE },
		{ 'k', PANE_CLOSE },
		{ KEY_RET, PANE_DETAIL },
		{ 'p', PANE_PATH },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(panes) / sizeof(panes[0]); i++) {
		rig_key(&rig, panes[i].key);
		assert_int_equal(rig.view.pane, panes[i].pane);
		rig_look(&rig);
		rig_key(&rig, KEY_ESC);
		assert_int_equal(rig.view.pane, PANE_NONE);
	}
}

static void test_cursor(void **state)
{
	struct view *v = &rig.view;

	(void)state;
	assert_int_equal(v->cursor, 0);
	rig_key(&rig, KEYPRESS_DOWN);
	assert_int_equal(v->cursor, 1);
	assert_int_equal(v->selected, id_of_row(1));
	rig_key(&rig, KEYPRESS_UP);
	rig_key(&rig, KEYPRESS_UP);
	assert_int_equal(v->cursor, 0);
	rig_key(&rig, KEYPRESS_PAGE_DOWN);
	assert_in_range(v->cursor, 10, 20);
	assert_int_equal(v->top, v->cursor); /* the next screenful */
	rig_key(&rig, KEYPRESS_PAGE_UP);
	assert_int_equal(v->cursor, 0);
	assert_int_equal(v->top, 0);
	rig_key(&rig, KEYPRESS_WHEEL_DOWN);
	assert_int_equal(v->cursor, 3);
	rig_key(&rig, KEYPRESS_WHEEL_UP);
	assert_int_equal(v->cursor, 0);
	rig_key(&rig, KEYPRESS_END);
	assert_int_equal(v->cursor, ROWS - 1);
	assert_int_equal(v->top, ROWS - 16);
	rig_key(&rig, KEYPRESS_DOWN);
	assert_int_equal(v->cursor, ROWS - 1);
	rig_key(&rig, KEYPRESS_HOME);
	assert_int_equal(v->top, 0);
}

static void test_sort(void **state)
{
	struct view *v = &rig.view;
	uint64_t chosen;

	(void)state;
	rig_key(&rig, F(6));
	rig_key(&rig, KEYPRESS_DOWN);
	assert_int_equal(rig_key(&rig, KEY_RET), VIEW_REQUERY);
	assert_ptr_equal(v->query.sort, column_find("verdict"));
	rig_key(&rig, 'I');
	assert_true(v->query.descending);
	rig_key(&rig, '<');
	assert_ptr_equal(lists_sort(v->pane_cursor), v->query.sort);
	rig_key(&rig, KEYPRESS_HOME);
	rig_key(&rig, KEY_RET);
	assert_null(v->query.sort);
	assert_false(v->query.descending);
	/* by a click on the header, and again */
	rig_event(&rig, (struct key_event){
				.key = KEYPRESS_MOUSE, .x = 40, .y = 6, .clicks = 1 });
	assert_ptr_equal(v->query.sort, column_find("idle"));
	assert_true(v->query.descending); /* the longest first */
	rig_event(&rig, (struct key_event){
				.key = KEYPRESS_MOUSE, .x = 40, .y = 6, .clicks = 1 });
	assert_false(v->query.descending);
	/* in another order, too, the cursor stays on its connection, until Esc */
	rig_key(&rig, KEYPRESS_END);
	chosen = v->selected;
	assert_true(chosen != 0);
	/* by its first letter: default, deadline, dev; the soonest first */
	rig_key(&rig, F(6));
	rig_key(&rig, KEYPRESS_HOME);
	rig_key(&rig, 'd');
	rig_key(&rig, KEY_RET);
	assert_ptr_equal(v->query.sort, column_find("deadline"));
	assert_true(v->selected == chosen);
	assert_false(v->query.descending);
	rig_key(&rig, KEY_ESC);
	assert_int_equal(v->selected, 0);
	assert_int_equal(v->cursor, 0);
	assert_int_equal(v->top, 0);
	rig_key(&rig, F(6));
	rig_key(&rig, 'd');
	assert_ptr_equal(lists_sort(v->pane_cursor), column_find("dev"));
	rig_key(&rig, 'd');
	assert_null(lists_sort(v->pane_cursor));
	rig_key(&rig, 'y');
	assert_null(lists_sort(v->pane_cursor));
	rig_key(&rig, KEY_ESC);
}

static void test_filter(void **state)
{
	struct view *v = &rig.view;

	(void)state;
	rig_key(&rig, F(4));
	rig_type(&rig, "proces ~ nginx");
	assert_true(rig_sees(&rig, "^\n"));
	assert_true(rig_sees(&rig, "process"));
	assert_int_equal(rig_key(&rig, KEY_RET), 0);
	assert_int_equal(v->pane, PANE_FILTER);
	rig_key(&rig, KEYPRESS_HOME);
	for (int i = 0; i < 6; i++)
		rig_key(&rig, KEYPRESS_RIGHT);
	rig_type(&rig, "s");
	assert_int_equal(rig_key(&rig, KEY_RET), VIEW_REQUERY | VIEW_SAMPLE_NOW);
	assert_string_equal(strbuf_text(&v->filter), "process ~ nginx");
	assert_int_equal(rig_table(&rig)->count, ROWS / 2);
	assert_true(rig_sees(&rig, "20 of 40"));
	/* Esc changes nothing; what may be unfinished is no fault before Enter */
	rig_key(&rig, '\\');
	rig_type(&rig, " an");
	assert_true(rig_sees(&rig, "unknown word 'an'"));
	assert_false(rig_sees(&rig, "^\n"));
	assert_int_equal(rig_key(&rig, KEY_RET), 0);
	assert_true(rig_sees(&rig, "^\n"));
	rig_type(&rig, "d pid 1");
	assert_false(rig_sees(&rig, "^\n"));
	rig_key(&rig, KEY_ESC);
	assert_string_equal(strbuf_text(&v->filter), "process ~ nginx");
	/* the last ones by ↑ */
	rig_key(&rig, F(4));
	rig_key(&rig, KEY_CTRL('u'));
	rig_type(&rig, "pid = 101");
	rig_key(&rig, KEY_RET);
	rig_key(&rig, F(4));
	rig_key(&rig, KEYPRESS_UP);
	rig_key(&rig, KEYPRESS_UP);
	assert_string_equal(strbuf_text(&v->input.text), "process ~ nginx");
	rig_key(&rig, KEYPRESS_DOWN);
	assert_string_equal(strbuf_text(&v->input.text), "pid = 101");
	/* what was typed before ↑ is not lost */
	rig_key(&rig, KEYPRESS_DOWN);
	rig_type(&rig, " or pid = 7");
	rig_key(&rig, KEYPRESS_UP);
	rig_key(&rig, KEYPRESS_DOWN);
	assert_string_equal(strbuf_text(&v->input.text), "pid = 101 or pid = 7");
	rig_key(&rig, KEY_CTRL('u'));
	rig_key(&rig, KEY_RET);
	assert_int_equal(rig_table(&rig)->count, ROWS);
}

static void test_nothing_passes(void **state)
{
	(void)state;
	rig_key(&rig, F(4));
	rig_type(&rig, "pid = 1");
	rig_key(&rig, KEY_RET);
	assert_true(rig_sees(&rig, "No connection passes the filter: pid = 1"));
	assert_true(rig_sees(&rig, "40 without it"));
	rig_key(&rig, KEYPRESS_DOWN);
	rig_key(&rig, KEY_RET);
	assert_int_equal(rig.view.pane, PANE_NONE);
	/* a name that nobody has: those that there are */
	rig_key(&rig, F(4));
	rig_key(&rig, KEY_CTRL('u'));
	rig_type(&rig, "process ngnix");
	rig_key(&rig, KEY_RET);
	assert_true(rig_sees(&rig, "Processes here: nginx, postgres\n"));
	assert_false(rig_sees(&rig, "Users here"));
}

static void test_search(void **state)
{
	struct view *v = &rig.view;
	uint64_t first;

	(void)state;
	rig_key(&rig, '/');
	rig_type(&rig, "POST");
	first = v->selected;
	assert_int_equal(first, id_of_row(1));
	rig_key(&rig, F(3));
	assert_int_equal(v->selected, id_of_row(3));
	rig_key(&rig, KEY_RET);
	assert_int_equal(v->pane, PANE_NONE);
	/* F3 again goes on at once, and Enter stays there */
	rig_key(&rig, F(3));
	assert_int_equal(v->selected, id_of_row(5));
	rig_key(&rig, KEY_RET);
	assert_int_equal(v->selected, id_of_row(5));
	/* an empty one goes on */
	rig_key(&rig, '/');
	rig_key(&rig, KEY_RET);
	assert_int_equal(v->selected, id_of_row(7));
	rig_key(&rig, '/');
	rig_type(&rig, ":1007");
	assert_int_equal(v->selected, 8);
	rig_type(&rig, "x");
	assert_true(rig_sees(&rig, "not found"));
	assert_int_equal(v->selected, 8);
}

static void test_path(void **state)
{
	struct view *v = &rig.view;

	(void)state;
	rig_key(&rig, 'p');
	rig_type(&rig, "350x");
	assert_int_equal(rig_key(&rig, KEY_RET), 0);
	assert_int_equal(v->pane, PANE_PATH);
	rig_key(&rig, KEYPRESS_BACKSPACE);
	assert_int_equal(rig_key(&rig, KEY_RET), VIEW_REQUERY);
	assert_int_equal(v->query.path.limit_ms, 350000);
	/* from the list */
	rig_key(&rig, 'p');
	rig_key(&rig, KEYPRESS_DOWN);
	rig_key(&rig, KEYPRESS_DOWN);
	rig_key(&rig, KEY_RET);
	assert_string_equal(v->query.path.name, path_device(1)->name);
	rig_key(&rig, 'p');
	rig_key(&rig, KEY_CTRL('u'));
	rig_type(&rig, "none");
	rig_key(&rig, KEY_RET);
	assert_int_equal(v->query.path.limit_ms, PATH_NONE);
}

static void test_columns(void **state)
{
	struct column_list *list = &rig.view.columns;

	(void)state;
	rig_key(&rig, F(2));
	/* hide the second, move the first down, show the first hidden one */
	rig_key(&rig, KEYPRESS_DOWN);
	assert_int_equal(rig_key(&rig, ' '), VIEW_REQUERY | VIEW_SAMPLE_NOW);
	assert_int_equal(list->count, 9);
	assert_ptr_equal(list->at[1], column_find("local"));
	assert_true(list->chosen);
	/* again: it comes back where it was, and the default is the default */
	rig_key(&rig, ' ');
	assert_ptr_equal(list->at[1], column_find("state"));
	assert_false(list->chosen);
	rig_key(&rig, ' ');
	rig_key(&rig, KEYPRESS_HOME);
	rig_key(&rig, F(7));
	assert_ptr_equal(list->at[0], column_find("verdict"));
	rig_key(&rig, F(8)); /* past the hidden one, then past LOCAL */
	assert_ptr_equal(list->at[0], column_find("verdict"));
	rig_key(&rig, F(8));
	assert_ptr_equal(list->at[0], column_find("local"));
	assert_ptr_equal(list->at[1], column_find("verdict"));
	rig_key(&rig, KEYPRESS_HOME);
	for (int i = 0; i < 10; i++)
		rig_key(&rig, KEYPRESS_DOWN);
	rig_key(&rig, ' ');
	assert_int_equal(list->count, 10);
	assert_true(list->chosen);
	/* the last one cannot be hidden */
	for (size_t i = 0; i < 11; i++)
		if (lists_is_shown(&rig.view, rig.view.listed.at[i]))
			rig_key(&rig, (rig.view.pane_cursor = i, ' '));
	assert_int_equal(list->count, 1);
	/* a letter goes to the next entry, whichever it is */
	rig_key(&rig, 'r');
	assert_int_equal(list->count, 1);
	assert_int_equal(rig.view.listed.at[rig.view.pane_cursor]->key[0], 'r');
	rig_key(&rig, 'R');
	assert_int_equal(list->count, 10);
	assert_false(list->chosen);
	rig_key(&rig, KEY_ESC);
	assert_int_equal(rig.view.pane, PANE_NONE);
}

static void test_columns_scroll(void **state)
{
	(void)state;
	assert_false(rig_sees(&rig, "PROBES"));
	for (int i = 0; i < 20; i++)
		rig_key(&rig, KEYPRESS_RIGHT);
	assert_true(rig_sees(&rig, "PROBES"));
	assert_true(rig_sees(&rig, "PROCESS"));
	assert_true(rig_sees(&rig, "VERDICT"));
	assert_false(rig_sees(&rig, "STATE"));
	for (int i = 0; i < 20; i++)
		rig_key(&rig, KEYPRESS_LEFT);
	assert_true(rig_sees(&rig, "IDLE"));
	/* the first step brings back what gave way */
	rig_key(&rig, KEYPRESS_RIGHT);
	assert_true(rig_sees(&rig, "VERDICT     STATE"));
	assert_true(rig_sees(&rig, "10.0.0.5:40001"));
	/* nothing is scrolled away where all fits */
	rig_resize(&rig, 132, 43);
	rig_pass(&rig, 1);
	assert_int_equal(rig.view.left, 0);
}

static void test_delay(void **state)
{
	(void)state;
	rig_key(&rig, '+');
	assert_int_equal(rig.view.delay_ms, 2000);
	for (int i = 0; i < 40; i++)
		rig_key(&rig, '+');
	assert_int_equal(rig.view.delay_ms, 3600000);
	for (int i = 0; i < 40; i++)
		rig_key(&rig, '-');
	assert_int_equal(rig.view.delay_ms, 100);
	assert_int_equal(rig_key(&rig, '-'), 0);
	rig.view.delay_ms = 1700;
	rig_key(&rig, '-');
	assert_int_equal(rig.view.delay_ms, 1000);
}

static void test_close_asks(void **state)
{
	(void)state;
	rig_key(&rig, KEYPRESS_DOWN);
	rig_key(&rig, 'k');
	assert_true(rig_sees(&rig, "from 10.0.0.5:40002 to 192.0.2.10:1001"));
	assert_true(rig_sees(&rig, "postgres (pid 101)"));
	assert_int_equal(rig_key(&rig, 'n'), 0);
	assert_int_equal(rig.view.pane, PANE_NONE);
	rig_key(&rig, F(9));
	assert_int_equal(rig_key(&rig, KEY_RET), 0);
	assert_int_equal(rig.view.pane, PANE_CLOSE);
	/* the rows move under the question: it keeps its connection */
	build_rows(rig_next(&rig), 20, 60);
	rig_sample(&rig);
	assert_int_equal(rig_key(&rig, 'y'), VIEW_CLOSE);
	assert_int_equal(rig.view.closing.id, 2);
	assert_int_equal(rig.view.pane, PANE_NONE);
}

/* Two links may hold the same link-local address: the question says which it is. */
static void test_close_names_zone(void **state)
{
	struct snapshot *s = rig_next(&rig);
	struct conn *c = rig_conn(s, 1, "fe80::1", 22);

	(void)state;
	c->dev = strtab_add(&s->strings, "eth1");
	rig_sample(&rig);
	rig_key(&rig, 'k');
	assert_true(rig_sees(&rig, "to [fe80::1%eth1]:22"));
	assert_true(rig_sees(&rig, "socket cookie 1."));
	rig_key(&rig, KEY_ESC);
	/* the same of Windows, which knows no cookies */
	rig_again(&rig, 1000)->system.windows = true;
	rig_sample(&rig);
	rig_key(&rig, 'k');
	assert_false(rig_sees(&rig, "cookie"));
}

static void test_close_refused(void **state)
{
	(void)state;
	rig.view.close_refusal = "closing needs CAP_NET_ADMIN";
	rig_key(&rig, 'k');
	assert_int_equal(rig.view.pane, PANE_NONE);
	assert_true(rig_sees(&rig, "needs CAP_NET_ADMIN"));
	rig_pass(&rig, 60000);
	assert_false(rig_sees(&rig, "needs CAP_NET_ADMIN"));
}

/* "ky" out of a paste closes nothing; text goes where text is typed. */
static void test_paste(void **state)
{
	static const char text[] = "kyq\r";

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		assert_int_equal(
			rig_event(&rig, (struct key_event){ .key = (unsigned char)text[i],
						.pasted = true }),
			0);
	assert_int_equal(rig.view.pane, PANE_NONE);
	rig_key(&rig, 'k');
	rig_event(&rig, (struct key_event){ .key = 'y', .pasted = true });
	assert_int_equal(rig.view.pane, PANE_CLOSE);
	rig_key(&rig, KEY_ESC);
	rig_key(&rig, F(4));
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		rig_event(&rig, (struct key_event){
					.key = (unsigned char)text[i], .pasted = true });
	assert_int_equal(rig.view.pane, PANE_FILTER);
	assert_string_equal(strbuf_text(&rig.view.input.text), "kyq");
}

static void test_mouse(void **state)
{
	struct key_event click = { .key = KEYPRESS_MOUSE, .x = 20, .y = 10, .clicks = 1 };

	(void)state;
	rig_event(&rig, click);
	assert_int_equal(rig.view.selected, id_of_row(3));
	click.clicks = 2;
	rig_event(&rig, click);
	assert_int_equal(rig.view.pane, PANE_DETAIL);
	rig_key(&rig, KEY_ESC);
	/* two single ones soon after each other are a double one */
	click.clicks = 1;
	rig_event(&rig, click);
	rig_pass(&rig, 100);
	rig_event(&rig, click);
	assert_int_equal(rig.view.pane, PANE_DETAIL);
	rig_key(&rig, KEY_ESC);
	/* the key line */
	click.y = 23;
	click.x = 1;
	rig_event(&rig, click);
	assert_int_equal(rig.view.pane, PANE_HELP);
}

/* A double click on an entry of a list is none on the row that was below it. */
static void test_double_click_on_entry(void **state)
{
	struct key_event click = { .key = KEYPRESS_MOUSE, .x = 20, .y = 10, .clicks = 1 };

	(void)state;
	rig_key(&rig, F(6));
	rig_event(&rig, click);
	assert_int_equal(rig.view.pane, PANE_NONE);
	assert_non_null(rig.view.query.sort);
	rig_pass(&rig, 100);
	rig_event(&rig, click);
	assert_int_equal(rig.view.pane, PANE_NONE);
}

static void test_replay(void **state)
{
	(void)state;
	assert_int_equal(rig_key(&rig, '['), 0);
	rig.view.replay = true;
	assert_int_equal(rig_key(&rig, ']'), VIEW_FREEZE | VIEW_STEP_ON);
	assert_true(rig.view.frozen);
	assert_int_equal(rig_key(&rig, '['), VIEW_FREEZE | VIEW_STEP_BACK);
	assert_int_equal(rig_key(&rig, F(5)), VIEW_FREEZE);
	assert_false(rig.view.frozen);
	assert_true(rig_sees(&rig, "replay of 2026-01-31 12:00:00Z"));
	view_set_ended(&rig.view, true);
	assert_true(rig_sees(&rig, "  END  "));
	view_set_ended(&rig.view, false);
	assert_false(rig_sees(&rig, "END"));
	rig_again(&rig, 1000)->time_ms = rig_table(&rig)->snap->time_ms + 250;
	rig_sample(&rig);
	assert_true(rig_sees(&rig, "replay of 2026-01-31 12:00:00.2Z"));
	rig_key(&rig, 'k');
	assert_int_equal(rig.view.pane, PANE_NONE);
	assert_true(rig_sees(&rig, "A replay closes nothing."));
	/* the record's pace is what it is */
	assert_int_equal(rig_key(&rig, '+'), 0);
	assert_int_equal(rig.view.delay_ms, 1000);
	assert_true(rig_sees(&rig, "the record's pace"));
	/* a step leaves no word behind of the sample before */
	view_say(&rig.view, false, "The end of the record.", rig.mono_ms);
	rig_key(&rig, '[');
	assert_false(rig_sees(&rig, "The end"));
	/* nothing is offered that a record cannot do */
	rig_key(&rig, KEY_RET);
	assert_int_equal(rig.view.pane, PANE_DETAIL);
	assert_false(rig_sees(&rig, "F9"));
	assert_true(rig_sees(&rig, "[ Before ] On"));
	assert_true(rig_sees(&rig, "q Quit"));
}

/* The ports stand at the end of addresses that are too long for one line. */
static void test_detail_of_long_addresses(void **state)
{
	static const char local[] = "2001:db8:1111:2222:3333:4444:5555:6666";
	struct snapshot *s = rig_next(&rig);
	struct conn *c = rig_conn(s, 1, "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff", 8443);

	(void)state;
	addr_parse(local, strlen(local), &c->local);
	rig_sample(&rig);
	rig_key(&rig, KEY_RET);
	assert_true(rig_sees(&rig, "[2001:db8:1111:2222:3333:4444:5555:6666]:40001\n"));
	assert_true(rig_sees(&rig, "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:8443  est"));
}

/* The table's keys say in the detail pane where they work. */
static void test_detail_refuses(void **state)
{
	static const uint32_t keys[] = { '/', F(4), F(6), F(2), 'a', 'I',
		KEYPRESS_RIGHT };

	(void)state;
	rig_key(&rig, KEY_RET);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		assert_int_equal(rig_key(&rig, keys[i]), 0);
		assert_int_equal(rig.view.pane, PANE_DETAIL);
		assert_true(rig_sees(&rig, "Esc goes back there"));
		rig_pass(&rig, 60000);
	}
}

/* What is cut of an address is not its port, nor what tells it from the address. */
static void test_cut_address(void **state)
{
	struct snapshot *s = rig_next(&rig);

	(void)state;
	rig_conn(s, 1, "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff", 8443);
	rig_resize(&rig, 50, 24);
	rig_sample(&rig);
	rig_pass(&rig, 5000);
	assert_true(rig_sees(&rig, "\xe2\x80\xa6]:8443 "));
}

/* The longest of all settings does not lose its unit to the words behind it. */
static void test_longest_setting(void **state)
{
	struct snapshot *s = rig_next(&rig);
	struct conn *c = rig_conn(s, 1, "192.0.2.10", 1000);

	(void)state;
	rig_keepalive(c, 10, 60, 10, 6);
	c->user_timeout_ms = INT32_MAX;
	c->have |= HAVE_USER_TIMEOUT;
	rig_sample(&rig);
	rig_pass(&rig, 5000);
	rig_key(&rig, KEY_RET);
	assert_true(rig_sees(&rig, "user_timeout   2147483.647s read from the socket"));
}

static void test_next_risk(void **state)
{
	struct snapshot *s = rig_again(&rig, 1000);

	(void)state;
	for (size_t i = 0; i < s->count; i++)
		rig_silent(&s->conns[i], i == 7 || i == 30 ? 200 : 5);
	rig_sample(&rig);
	rig_key(&rig, KEYPRESS_END);
	rig_key(&rig, 'n');
	assert_int_equal(rig.view.selected, id_of_row(0));
	rig_key(&rig, 'n');
	assert_int_equal(rig.view.selected, id_of_row(1));
	rig_key(&rig, 'n');
	assert_int_equal(rig.view.selected, id_of_row(0));
	for (size_t i = 0; i < s->count; i++)
		rig_silent(&rig_next(&rig)->conns[i], 5);
	rig_sample(&rig);
	rig_key(&rig, 'n');
	assert_true(rig_sees(&rig, "is at risk"));
}

/* A failure and its cure are longer than a narrow terminal's line. */
static void test_long_message(void **state)
{
	(void)state;
	rig_resize(&rig, 40, 24);
	view_say(&rig.view, true,
		"closing a connection needs the capability net_admin: run katop as root",
		rig.mono_ms);
	assert_true(rig_sees(&rig, "closing a connection needs the\n"));
	assert_true(rig_sees(&rig, "net_admin: run katop as root\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_wishes),
		TEST(test_panes_open_and_close),
		TEST(test_cursor),
		TEST(test_sort),
		TEST(test_filter),
		TEST(test_nothing_passes),
		TEST(test_search),
		TEST(test_path),
		TEST(test_columns),
		TEST(test_columns_scroll),
		TEST(test_delay),
		TEST(test_close_asks),
		TEST(test_close_names_zone),
		TEST(test_close_refused),
		TEST(test_paste),
		TEST(test_mouse),
		TEST(test_double_click_on_entry),
		TEST(test_replay),
		TEST(test_detail_of_long_addresses),
		TEST(test_detail_refuses),
		TEST(test_cut_address),
		TEST(test_longest_setting),
		TEST(test_next_risk),
		TEST(test_long_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
