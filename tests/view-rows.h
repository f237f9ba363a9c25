/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the live view begin with: eighty by twenty-four, forty connections.
 */
#ifndef KATOP_TESTS_VIEW_ROWS_H
#define KATOP_TESTS_VIEW_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

#define F(n) (KEYPRESS_F1 + (n)-1)
#define ROWS 40

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

static struct rig rig;

/* Those with the ids from @from + 1 to @to, keepalive off, each a second longer silent
 * than the next. */
static inline void build_rows(struct snapshot *s, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		struct conn *c = rig_conn(s, i + 1, "192.0.2.10", 1000 + i);

		rig_silent(c, 100 - i);
		rig_owner(s, c, 100 + i, i % 2 == 0 ? "nginx" : "postgres");
	}
}

static inline int set_up(void **state)
{
	(void)state;
	rig_init(&rig, NULL, 80, 24);
	build_rows(rig_next(&rig), 0, ROWS);
	rig_sample(&rig);
	rig_pass(&rig, 1);
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	rig_clear(&rig);
	return 0;
}

static inline uint64_t id_of_row(size_t row)
{
	const struct table *t = rig_table(&rig);

	return t->snap->conns[t->order[row]].id;
}

#endif
