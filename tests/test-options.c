/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line and the options files. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/prefilter.h"
#include "options.h"

#define WORDS_MOST 32

/* Parses the words of @line, split at blanks, over fresh options. */
static int parse(struct options *o, struct error *e, const char *line)
{
	static char text[256];
	char *argv[WORDS_MOST] = { (char[]){ "katop" } };
	int argc = 1;

	strncpy(text, line, sizeof(text) - 1);
	for (char *w = strtok(text, " "); w != NULL; w = strtok(NULL, " "))
		argv[argc++] = w;
	options_init(o);
	e->at = ERROR_NOWHERE;
	e->text[0] = '\0';
	return options_parse(o, argc, argv, e);
}

static void test_modes(void **state)
{
	static const struct {
		const char *line;
		enum run_mode mode;
	} table[] = {
		{ "", MODE_LIVE },
		{ "-l", MODE_LIST },
		{ "--list", MODE_LIST },
		{ "-j", MODE_JSON },
		{ "-lj", MODE_JSON },
		{ "--check", MODE_CHECK },
		{ "--check -j", MODE_CHECK },
		{ "--check --list", MODE_CHECK },
		{ "--settings", MODE_SETTINGS },
		{ "--settings -j", MODE_SETTINGS },
		{ "--list-columns", MODE_LIST_COLUMNS },
		{ "--path-idle=help", MODE_PATH_HELP },
		{ "--path-idle help -l", MODE_PATH_HELP },
		{ "-h -l", MODE_HELP },
		{ "-V", MODE_VERSION },
		{ "--complete 1 katop --", MODE_COMPLETE },
	};
	struct options o;
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(parse(&o, &e, table[i].line), 0);
		assert_int_equal(options_mode(&o), table[i].mode);
		options_clear(&o);
	}
}

static void test_values(void **state)
{
	struct options o;
	struct error e;

	(void)state;
	assert_int_equal(parse(&o, &e,
				 "-4 -a -H -d 0.5 -n 3 --path-idle=350s -s -idle "
				 "--color=never -w out dport = :22"),
		0);
	assert_int_equal(o.families, FAMILY_V4);
	assert_true(o.all_states && o.no_header && o.delay_given && o.path_given);
	assert_int_equal(o.delay_ms, 500);
	assert_int_equal(o.iterations, 3);
	assert_int_equal(o.path.limit_ms, 350000);
	assert_string_equal(o.sort->key, "idle");
	assert_true(o.sort_descending);
	assert_int_equal(o.color, COLOR_NEVER);
	assert_string_equal(o.record_path, "out");
	assert_string_equal(strbuf_text(&o.filter), "dport = :22");
	options_clear(&o);

	assert_int_equal(parse(&o, &e, "-46 -- -x"), 0);
	assert_int_equal(o.families, FAMILY_ANY);
	assert_string_equal(strbuf_text(&o.filter), "-x");
	options_clear(&o);

	assert_int_equal(parse(&o, &e, "--sort=next --delay=3600 --no-mo"), 0);
	assert_string_equal(o.sort->key, "next");
	assert_false(o.sort_descending);
	assert_true(o.no_mouse);
	options_clear(&o);
}

static void test_columns(void **state)
{
	struct options o;
	struct error e;

	(void)state;
	assert_int_equal(parse(&o, &e, "-o state,peer -o +rtt,-state"), 0);
	assert_int_equal(o.columns.count, 2);
	assert_string_equal(o.columns.at[0]->key, "peer");
	assert_string_equal(o.columns.at[1]->key, "rtt");
	options_clear(&o);
}

/* Every message names the cause, and the cure where there is one. */
static void test_refusals(void **state)
{
	static const struct {
		const char *line;
		const char *says;
	} table[] = {
		{ "-t", "simply leave it out" },
		{ "-tnop", "simply leave it out" },
		{ "-n", "numeric is the default" },
		{ "-p", "for the process: -o +process" },
		{ "-e", "-o +user" },
		{ "-i", "-o +rtt" },
		{ "-y", "unknown option '-y'" },
		{ "--path-idle=60x", "'60x' is not a duration" },
		{ "--lst", "did you mean '--list'?" },
		{ "--co", "ambiguous" },
		{ "--re", "ambiguous" },
		{ "--", NULL },
		{ "--list=3", "takes no argument" },
		{ "--delay", "needs an argument" },
		{ "-d 0.05", "out of range" },
		{ "-d 3601", "out of range" },
		{ "-d soon", "not a delay" },
		{ "-d -1", "not a delay" },
		{ "-n 0", "out of range" },
		{ "-n 1x", "not a number" },
		{ "-o stat", "did you mean 'state'?" },
		{ "-s idl", "did you mean 'idle'?" },
		{ "-s next_latest", "no such column" },
		{ "--color=alwys", "did you mean 'always'?" },
		{ "--path-idle=aws-nbl", "aws-nlb" },
		{ "--path-idle=0", NULL },
		{ "--check --settings", "exclude each other" },
		{ "--settings -w x", "records nothing" },
		{ "-w x -r x", "overwrite" },
		{ "--record=", "needs the name" },
	};
	struct options o;
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		int rc = parse(&o, &e, table[i].line);

		options_clear(&o);
		if (strcmp(table[i].line, "--") == 0) {
			assert_int_equal(rc, 0);
			continue;
		}
		assert_int_equal(rc, -1);
		assert_true(strlen(e.text) > 0);
		if (table[i].says != NULL && strstr(e.text, table[i].says) == NULL)
			fail_msg("katop %s: %s", table[i].line, e.text);
	}
}

/* Options without their dashes, and what only looks like it. */
static void test_dashes_missing(void **state)
{
	static const char *const table[][2] = {
		{ "-path-idle=60", "did you mean '--path-idle'?" },
		{ "-list", "did you mean '--list'?" },
		{ "-settings", "did you mean '--settings'?" },
		{ "list", "did you mean '--list'?" },
		{ "json dport = :443", "did you mean '--json'?" },
		{ "settings", "did you mean '--settings'?" },
		{ "-all", NULL },
		{ "settings != socket", NULL },
	};
	struct options o;
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(
			parse(&o, &e, table[i][0]), table[i][1] != NULL ? -1 : 0);
		options_clear(&o);
		if (table[i][1] != NULL)
			assert_non_null(strstr(e.text, table[i][1]));
	}
}

static int apply(
	struct options *o, enum options_origin origin, const char *text, struct error *e)
{
	return options_apply_file(o, origin, "FILE", text, strlen(text), e);
}

static void test_file(void **state)
{
	struct options o;
	struct error e;

	(void)state;
	options_init(&o);
	assert_int_equal(apply(&o, ORIGIN_USER_FILE,
				 "# mine\r\n\n columns = state,peer\nsort -idle\n"
				 "path-idle=aws-nlb\ndelay=2 # s\nno-mouse\t#\nreadonly",
				 &e),
		0);
	assert_int_equal(o.columns.count, 2);
	assert_true(o.sort_descending && o.no_mouse && o.readonly);
	assert_int_equal(o.path.limit_ms, 350000);
	assert_int_equal(o.delay_ms, 2000);
	assert_false(o.delay_given || o.path_given || o.columns_given);
	options_clear(&o);
}

static void test_file_refusals(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} table[] = {
		{ "delay=2\nlist\n", "FILE: line 2: unknown option 'list'" },
		{ "filter=x\n", "FILE: line 1: unknown option 'filter'" },
		{ "\n\ncolour=never\n", "did you mean 'color'?" },
		{ "no-mouse=yes\n", "takes no argument" },
		{ "delay\n", "needs an argument" },
		{ "delay=9999\n", "line 1: a delay of" },
		{ "path-idle=help\n", "line 1:" },
		{ "--delay=2\n", "line 1: unknown option" },
	};
	struct options o;
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		options_init(&o);
		assert_int_equal(apply(&o, ORIGIN_SYSTEM_FILE, table[i].text, &e), -1);
		if (strstr(e.text, table[i].says) == NULL)
			fail_msg("%s", e.text);
		options_clear(&o);
	}
}

/* W replaces its own four lines and keeps all others; what it writes reads back. */
static void test_merge(void **state)
{
	static const char old[] = "# keep me\ndelay=9\ncolor=never\nsort=rtt";
	struct options o, back;
	struct strbuf text = { 0 };
	struct error e;

	(void)state;
	assert_int_equal(
		parse(&o, &e, "-o state,peer -s -idle -d 2.5 --path-idle=90"), 0);
	options_merge_file(&o, old, strlen(old), &text);
	assert_string_equal(text.data, "# keep me\ncolor=never\ncolumns=state,peer\n"
				       "sort=-idle\ndelay=2.500\npath-idle=90s\n");
	options_init(&back);
	assert_int_equal(apply(&back, ORIGIN_USER_FILE, text.data, &e), 0);
	assert_int_equal(back.delay_ms, o.delay_ms);
	assert_int_equal(back.path.limit_ms, o.path.limit_ms);
	assert_ptr_equal(back.sort, o.sort);
	strbuf_clear(&text);
	options_clear(&o);
	options_clear(&back);
}

/* W saves the default order, too: the system's file may say another. */
static void test_default_order_saved(void **state)
{
	struct options o, back;
	struct strbuf text = { 0 };
	struct error e;

	(void)state;
	for (int descending = 0; descending < 2; descending++) {
		options_init(&o);
		o.sort_descending = descending != 0;
		strbuf_reset(&text);
		options_merge_file(&o, "", 0, &text);
		options_init(&back);
		assert_int_equal(apply(&back, ORIGIN_SYSTEM_FILE, "sort=-idle\n", &e), 0);
		assert_int_equal(apply(&back, ORIGIN_USER_FILE, text.data, &e), 0);
		assert_null(back.sort);
		assert_int_equal(back.sort_descending, o.sort_descending);
		options_clear(&back);
		options_clear(&o);
	}
	strbuf_clear(&text);
}

/* What W saved of the default columns is the default again, unless it is typed. */
static void test_default_columns_saved(void **state)
{
	struct options o, back;
	struct strbuf text = { 0 };
	struct error e;

	(void)state;
	assert_int_equal(parse(&o, &e, "-o +user"), 0);
	options_merge_file(&o, "", 0, &text);
	options_init(&back);
	assert_int_equal(apply(&back, ORIGIN_USER_FILE, text.data, &e), 0);
	assert_true(back.columns.chosen);
	options_clear(&back);
	column_list_default(&o.columns);
	strbuf_reset(&text);
	options_merge_file(&o, "", 0, &text);
	options_init(&back);
	assert_int_equal(apply(&back, ORIGIN_USER_FILE, text.data, &e), 0);
	assert_false(back.columns.chosen);
	strbuf_clear(&text);
	options_clear(&o);
	options_clear(&back);
}

static void test_forbid_files(void **state)
{
	char *with[] = { (char[]){ "katop" }, (char[]){ "-l" },
		(char[]){ "--no-options" }, NULL };
	char *help[] = { (char[]){ "katop" }, (char[]){ "-h" }, NULL };
	char *plain[] = { (char[]){ "katop" }, (char[]){ "-l" }, NULL };

	(void)state;
	assert_true(options_forbid_files(3, with));
	assert_true(options_forbid_files(2, help));
	assert_false(options_forbid_files(2, plain));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_dashes_missing),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_file_refusals),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_default_order_saved),
		cmocka_unit_test(test_default_columns_saved),
		cmocka_unit_test(test_forbid_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
