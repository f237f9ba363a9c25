/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From sample to sample: what holds still, what is marked, what stays to be seen. */
#include "config.h"
#include "view-rows.h"

#include <stdio.h>

#include "model/prefilter.h"

/* More and other rows, the reverse order: the cursor stays on its connection. */
static void test_selection_stays(void **state)
{
	struct snapshot *s;
	uint64_t id;

	(void)state;
	rig_key(&rig, KEYPRESS_PAGE_DOWN);
	id = rig.view.selected;
	rig.view.hold = 0;
	s = rig_next(&rig);
	build_rows(s, 10, 200);
	rig_sample(&rig);
	assert_int_equal(rig.view.selected, id);
	assert_int_equal(id_of_row(rig.view.cursor - rig.view.marks.gone_count), id);
	rig_pass(&rig, 5000);
	assert_int_equal(rig.view.selected, id);
	assert_int_equal(id_of_row(rig.view.cursor), id);
	rig_key(&rig, 'I');
	assert_int_equal(rig.view.selected, id);
	assert_int_equal(id_of_row(rig.view.cursor), id);
	assert_in_range(rig.view.cursor, rig.view.top, rig.view.top + 15);
}

/* The row under the cursor vanishes: it stays, with its ending, then the next follows. */
static void test_selected_vanishes(void **state)
{
	uint64_t id, next;

	(void)state;
	rig_key(&rig, KEYPRESS_DOWN);
	id = rig.view.selected;
	next = id_of_row(2);
	rig_again(&rig, 1000)->conns[id - 1].id = 999;
	rig_sample(&rig);
	assert_int_equal(rig.view.selected, id);
	assert_true(rig_sees(&rig, "closed"));
	assert_int_equal(rig_key(&rig, 'k'), 0);
	assert_int_equal(rig.view.pane, PANE_NONE);
	assert_true(rig_sees(&rig, "gone already"));
	rig_pass(&rig, 3001);
	assert_int_equal(rig.view.selected, next);
	assert_false(rig_sees(&rig, "closed"));
}

/* The detail pane keeps the vanished one for as long as it is open. */
static void test_detail_of_vanished(void **state)
{
	uint64_t id;

	(void)state;
	rig_key(&rig, KEYPRESS_DOWN);
	rig_key(&rig, KEY_RET);
	id = rig.view.selected;
	assert_int_equal(view_wants(&rig.view), id);
	rig_again(&rig, 1000)->conns[id - 1].id = 999;
	rig_sample(&rig);
	rig_pass(&rig, 60000);
	assert_int_equal(rig.view.selected, id);
	assert_true(rig_sees(&rig, "gone: closed"));
	assert_true(rig_sees(&rig, "When last seen"));
	rig_key(&rig, KEY_ESC);
	rig_pass(&rig, 1);
	assert_int_not_equal(rig.view.selected, id);
	assert_int_equal(view_wants(&rig.view), 0);
}

/* The one looked at leaves the filter: the pane says so, and shows no other instead. */
static void test_detail_of_filtered(void **state)
{
	uint64_t id;

	(void)state;
	rig_key(&rig, F(4));
	rig_type(&rig, "idle > 50");
	rig_key(&rig, KEY_RET);
	rig_key(&rig, KEYPRESS_DOWN);
	rig_key(&rig, KEY_RET);
	id = rig.view.selected;
	rig_silent(&rig_again(&rig, 1000)->conns[id - 1], 1);
	rig_sample(&rig);
	rig_pass(&rig, 4000);
	assert_true(rig_sees(&rig, "not shown any more"));
	assert_int_equal(rig_key(&rig, 'k'), 0);
	assert_true(rig_sees(&rig, "no connection here to close"));
	assert_int_equal(rig.view.pane, PANE_DETAIL);
	rig_silent(&rig_again(&rig, 1000)->conns[id - 1], 51);
	rig_sample(&rig);
	assert_int_equal(rig.view.selected, id);
	assert_false(rig_sees(&rig, "not shown any more"));
	rig_silent(&rig_again(&rig, 1000)->conns[id - 1], 1);
	rig_sample(&rig);
	rig_key(&rig, KEY_ESC);
	rig_again(&rig, 1000);
	rig_sample(&rig);
	assert_int_not_equal(rig.view.selected, id);
	assert_int_equal(id_of_row(rig.view.cursor), rig.view.selected);
}

/* A pool opened at once: what the kernel's jiffies add to each age moves no row. */
static void test_pool_stands_still(void **state)
{
	(void)state;
	for (unsigned sort = 0; sort < 2; sort++) {
		rig.view.query.sort = sort == 0 ? NULL : column_find("idle");
		for (unsigned n = 0; n < 5; n++) {
			struct snapshot *s = rig_next(&rig);

			build_rows(s, 0, ROWS);
			for (unsigned i = 0; i < ROWS; i++) {
				struct conn *c = &s->conns[i];

				rig_silent(c, 100);
				c->last_received_ms += (i * 7 + n * 5) % 11 * 4;
				c->last_ack_ms = c->last_received_ms;
			}
			rig_sample(&rig);
			for (unsigned i = 0; i < ROWS; i++)
				assert_int_equal(id_of_row(i), i + 1);
		}
	}
}

/* Moves the last row to the top by its silence, as often as a sample comes. */
static bool order_held(int refresh)
{
	struct snapshot *s = rig_again(&rig, 1000);
	uint64_t before[ROWS];

	for (size_t i = 0; i < ROWS; i++)
		before[i] = id_of_row(i);
	rig_silent(&s->conns[ROWS - 1 - refresh], 119);
	rig_sample(&rig);
	for (size_t i = 0; i < ROWS; i++)
		if (id_of_row(i) != before[i])
			return false;
	return true;
}

static void test_order_holds(void **state)
{
	(void)state;
	assert_false(order_held(0));
	rig_key(&rig, KEYPRESS_DOWN);
	for (int i = 1; i <= 5; i++)
		assert_true(order_held(i));
	assert_false(order_held(6));
}

/* While the order holds, new rows come last and gone ones leave no hole. */
static void test_order_holds_others(void **state)
{
	struct snapshot *s;

	(void)state;
	rig_key(&rig, KEYPRESS_DOWN);
	s = rig_next(&rig);
	build_rows(s, 45, 46);
	build_rows(s, 5, ROWS);
	rig_silent(&s->conns[0], 119);
	rig_sample(&rig);
	assert_int_equal(id_of_row(0), 6);
	assert_int_equal(id_of_row(ROWS - 5), 46);
}

static void test_frozen(void **state)
{
	(void)state;
	rig_key(&rig, 'Z');
	assert_true(rig.view.frozen);
	assert_true(rig_sees(&rig, "FROZEN"));
	assert_true(rig_sees(&rig, "1m40s"));
	rig_pass(&rig, 5000);
	assert_true(rig_sees(&rig, "1m40s"));
	rig_key(&rig, F(5));
	assert_false(rig_sees(&rig, "FROZEN"));
	assert_true(rig_sees(&rig, "1m45s"));
}

static void test_countdown(void **state)
{
	(void)state;
	assert_true(rig_sees(&rig, "sample <1s old"));
	assert_true(rig_sees(&rig, "1m40s nginx") || rig_sees(&rig, "1m40s"));
	rig_pass(&rig, 3000);
	assert_true(rig_sees(&rig, "sample 3s old"));
	assert_true(rig_sees(&rig, "1m43s"));
}

/* What rose or got worse is marked for three seconds. */
static void test_marks(void **state)
{
	struct snapshot *s = rig_again(&rig, 1000);

	(void)state;
	s->conns[3].probes = 1;
	rig_sample(&rig);
	assert_true(marks_is_changed(&rig.view.marks, 4, rig.mono_ms));
	assert_false(marks_is_changed(&rig.view.marks, 5, rig.mono_ms));
	rig_pass(&rig, 2900);
	assert_true(marks_is_changed(&rig.view.marks, 4, rig.mono_ms));
	rig_pass(&rig, 101);
	assert_false(marks_is_changed(&rig.view.marks, 4, rig.mono_ms));
	/* half of the path's limit: off comes to be at risk */
	rig_silent(&rig_again(&rig, 1000)->conns[9], 121);
	rig_sample(&rig);
	assert_true(marks_is_changed(&rig.view.marks, 10, rig.mono_ms));
}

/* Keepalive gave up: the row tells it for three seconds. */
static void test_ending_told(void **state)
{
	struct snapshot *s = rig_next(&rig);

	(void)state;
	rig_zoo(s, 1);
	rig_silent(&s->conns[0], 24);
	s->conns[0].probes = 3;
	s->conns[0].expires_ms = 1000;
	rig_sample(&rig);
	s = rig_again(&rig, 2000);
	for (size_t i = 1; i < s->count; i++)
		s->conns[i - 1] = s->conns[i];
	s->count--;
	rig_sample(&rig);
	assert_true(rig_sees(&rig, "keepalive gave up after 3/3 probes"));
	assert_true(rig_sees(&rig, "198.51.100.7:5432"));
	rig_pass(&rig, MARK_LASTS_MS - 1);
	assert_true(rig_sees(&rig, "gave up after"));
	rig_pass(&rig, 2);
	assert_false(rig_sees(&rig, "gave up after"));
}

/* The ending leaves the peer whole, with the link that it is on. */
static void test_ending_behind_zone(void **state)
{
	struct snapshot *s = rig_next(&rig);
	struct conn *c = rig_conn(s, 900, "fe80::1234:5678:9abc:def0", 50222);

	(void)state;
	c->dev = strtab_add(&s->strings, "enp0s31f6");
	rig_owner(s, c, 100, "postgres: logical");
	rig_sample(&rig);
	rig_pass(&rig, 5000);
	rig_next(&rig);
	rig_sample(&rig);
	assert_true(rig_sees(&rig, "%enp0s31f6]:50222 closed"));
}

/* How often the screen shows the peer's port of the connection @id. */
static int times_seen(uint64_t id)
{
	char port[16];
	int times = 0;

	snprintf(port, sizeof(port), ":%u ", 999 + (unsigned)id);
	for (const char *at = rig_look(&rig); (at = strstr(at, port)) != NULL; at++)
		times++;
	return times;
}

/* A dump that missed a row: here again, it is no longer shown as vanished, too. */
static void test_vanished_is_back(void **state)
{
	(void)state;
	for (int detail = 0; detail < 2; detail++) {
		struct snapshot *s = rig_again(&rig, 1000);

		rig_key(&rig, KEYPRESS_HOME);
		rig_key(&rig, KEYPRESS_DOWN);
		if (detail == 1)
			rig_key(&rig, KEY_RET);
		rig.view.hold = 0;
		snapshot_reset(s);
		build_rows(s, 0, 1);
		build_rows(s, 4, ROWS);
		rig_sample(&rig);
		assert_int_equal(rig.view.marks.gone_count, 3);
		s = rig_next(&rig);
		build_rows(s, 0, 3);
		build_rows(s, 4, ROWS);
		rig_sample(&rig);
		assert_int_equal(rig.view.selected, 2);
		assert_int_equal(rig.view.cursor, 1);
		rig_key(&rig, KEY_ESC);
		assert_int_equal(times_seen(2), 1);
		assert_int_equal(times_seen(3), 1);
		assert_true(rig_sees(&rig, "closed"));
		s = rig_next(&rig);
		build_rows(s, 0, ROWS);
		rig_sample(&rig);
		assert_int_equal(times_seen(4), 1);
		assert_int_equal(rig.view.marks.gone_count, 0);
	}
}

/* A step back in a replay: what vanishes later has not vanished yet. */
static void test_step_back_forgets(void **state)
{
	struct snapshot *s = rig_next(&rig);

	(void)state;
	build_rows(s, 1, ROWS);
	rig_sample(&rig);
	assert_true(rig_sees(&rig, "closed"));
	build_rows(rig_next(&rig), 0, ROWS);
	rig.now = -1; /* no table before it */
	rig_sample(&rig);
	assert_false(rig_sees(&rig, "closed"));
	assert_int_equal(times_seen(1), 1);
}

/* All states: what was closed is a row of its own now. */
static void test_all_states_forgets(void **state)
{
	struct snapshot *s = rig_again(&rig, 1000);

	(void)state;
	s->conns[2].state = STATE_CLOSE;
	rig_sample(&rig);
	assert_true(rig_sees(&rig, "closed"));
	rig_key(&rig, 'a');
	assert_int_equal(rig_table(&rig)->count, ROWS);
	assert_int_equal(rig.view.marks.gone_count, 0);
}

/* What vanished before is no answer to a new filter. */
static void test_filter_forgets_vanished(void **state)
{
	(void)state;
	rig_key(&rig, KEYPRESS_DOWN);
	rig_again(&rig, 1000)->conns[rig.view.selected - 1].id = 999;
	rig_sample(&rig);
	assert_true(rig_sees(&rig, "closed"));
	rig_key(&rig, F(4));
	rig_type(&rig, "idle > 2");
	rig_key(&rig, KEY_RET);
	assert_false(rig_sees(&rig, "closed"));
	assert_int_equal(rig.view.marks.gone_count, 0);
}

static void test_rates(void **state)
{
	struct snapshot *s = rig_again(&rig, 1000);

	(void)state;
	s->system.probes_sent = 100;
	s->system.aborted_on_timeout = 7;
	rig_sample(&rig);
	assert_true(rig_sees(&rig, "Probes sent - "));
	s = rig_again(&rig, 2000);
	s->system.probes_sent = 105;
	rig_sample(&rig);
	assert_true(rig_sees(&rig, "Probes sent 2.5/s"));
	assert_true(rig_sees(&rig, "Given up 0.0/s"));
}

static void test_hint_once(void **state)
{
	struct snapshot *s = rig_again(&rig, 1000);

	(void)state;
	assert_false(rig_sees(&rig, "another user"));
	s->conns[0].owner_count = 0;
	s->conns[0].owner_unknown = OWNER_OTHER_USER;
	strcpy(s->access.settings, "pidfd_getfd: 0 of 1; refused for 1 (Yama)");
	s->access.settings_refused = 1;
	strcpy(s->access.settings_cure, "raise ulimit -n");
	rig_sample(&rig);
	assert_true(rig_sees(&rig, "1 connection is another user's"));
	assert_true(rig_sees(&rig, "The settings of 1 connection may not be read"));
	assert_true(rig_sees(&rig, "(raise ulimit -n)"));
	assert_false(rig_sees(&rig, "pidfd_getfd"));
	rig_key(&rig, KEY_ESC);
	assert_false(rig_sees(&rig, "another user"));
	rig_again(&rig, 1000);
	rig_sample(&rig);
	assert_false(rig_sees(&rig, "another user"));
}

/* "Run katop as root" is no cure for root. */
static void test_hint_for_root(void **state)
{
	struct snapshot *s = rig_again(&rig, 1000);

	(void)state;
	s->conns[0].owner_count = 0;
	s->conns[0].owner_unknown = OWNER_OTHER_USER;
	s->access.as_root = true;
	rig_sample(&rig);
	assert_true(rig_sees(&rig, "owner of 1 connection is hidden: even this root"));
	assert_true(rig_sees(&rig, "Run katop on the host"));
	assert_false(rig_sees(&rig, "as root"));
}

/* Nothing is read before the first sample, and keys do no harm. */
static void test_before_first_sample(void **state)
{
	(void)state;
	rig_clear(&rig);
	rig_init(&rig, NULL, 80, 24);
	assert_true(rig_sees(&rig, "Reading the connections"));
	for (uint32_t key = 1; key < 128; key++) {
		rig_key(&rig, key);
		rig_look(&rig);
		rig_key(&rig, KEY_ESC);
	}
	for (uint32_t key = KEYPRESS_NONE; key <= KEYPRESS_F12; key++) {
		rig_key(&rig, key);
		rig_look(&rig);
	}
}

static void test_empty_system(void **state)
{
	(void)state;
	rig_next(&rig);
	rig_sample(&rig);
	rig_pass(&rig, 5000);
	assert_true(rig_sees(&rig, "No TCP connections"));
	assert_true(rig_sees(&rig, "nsenter -t PID -n katop"));
	rig_key(&rig, KEYPRESS_DOWN);
	rig_key(&rig, KEY_RET);
	rig_key(&rig, 'k');
	rig_key(&rig, 'n');
	assert_int_equal(rig.view.pane, PANE_NONE);
}

/* What is said of nothing is true of what is looked at. */
static void test_nothing_of_what(void **state)
{
	(void)state;
	rig_next(&rig)->system.windows = true;
	rig_sample(&rig);
	rig_pass(&rig, 5000);
	assert_true(rig_sees(&rig, "No TCP connections on this system."));
	assert_false(rig_sees(&rig, "nsenter"));
	rig.view.query.families = FAMILY_V6;
	assert_true(rig_sees(&rig, "No TCP connections over IPv6 on this system."));
	assert_true(rig_sees(&rig, "by the option -6."));
	rig.view.query.families = FAMILY_ANY;
	rig.view.replay = true;
	assert_true(rig_sees(&rig, "connections in this sample of the record."));
	/* no filter hides what is not there */
	rig_key(&rig, F(4));
	rig_type(&rig, "pid = 1");
	rig_key(&rig, KEY_RET);
	assert_true(rig_sees(&rig, "connections in this sample of the record."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_selection_stays),
		TEST(test_selected_vanishes),
		TEST(test_detail_of_vanished),
		TEST(test_ending_behind_zone),
		TEST(test_vanished_is_back),
		TEST(test_step_back_forgets),
		TEST(test_all_states_forgets),
		TEST(test_filter_forgets_vanished),
		TEST(test_detail_of_filtered),
		TEST(test_pool_stands_still),
		TEST(test_order_holds),
		TEST(test_order_holds_others),
		TEST(test_frozen),
		TEST(test_countdown),
		TEST(test_marks),
		TEST(test_ending_told),
		TEST(test_rates),
		TEST(test_hint_once),
		TEST(test_hint_for_root),
		TEST(test_before_first_sample),
		TEST(test_empty_system),
		TEST(test_nothing_of_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
