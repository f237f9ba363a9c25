/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Tab offers, where. */
#include "config.h"
#include "complete.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MAX 12

/* What is offered for the last of the NULL-ended words. */
static void complete(struct strbuf *out, const char *first, ...)
{
	char *argv[MAX + 2];
	char index[2] = "0";
	int argc = 1;
	va_list args;

	argv[0] = index;
	va_start(args, first);
	for (const char *w = first; w != NULL; w = va_arg(args, const char *))
		argv[argc++] = (char *)(uintptr_t)w;
	va_end(args);
	index[0] = (char)('0' + argc - 2);
	strbuf_reset(out);
	assert_int_equal(complete_words(out, argc, argv, NULL), 0);
}

/* True when @candidate is offered, with or without help. */
static bool offers(const struct strbuf *out, const char *candidate)
{
	size_t len = strlen(candidate);

	for (const char *line = strbuf_text(out); line != NULL && *line != '\0';) {
		if (strncmp(line, candidate, len) == 0 &&
			(line[len] == '\t' || line[len] == '\n'))
			return true;
		line = strchr(line, '\n');
		line += line != NULL;
	}
	return false;
}

static void options_are_offered(void **state)
{
	struct strbuf out = { 0 };

	(void)state;
	complete(&out, "--l", NULL);
	assert_string_equal(strbuf_text(&out),
		"--list\tprint the connections once and exit\n"
		"--list-columns\tkey, title and one-line help of every column\n");
	complete(&out, "--path", NULL);
	assert_true(offers(&out, "--path-idle="));
	complete(&out, "-", NULL);
	assert_true(offers(&out, "-l") && offers(&out, "--json"));
	complete(&out, "--", "--l", NULL);
	assert_false(offers(&out, "--list"));
	complete(&out, "--nonsense=", NULL);
	assert_int_equal(out.len, 0);
	strbuf_clear(&out);
}

static void values_are_offered(void **state)
{
	struct strbuf out = { 0 };

	(void)state;
	complete(&out, "--path-idle=aws-n", NULL);
	assert_true(offers(&out, "--path-idle=aws-nlb"));
	assert_true(offers(&out, "--path-idle=aws-nat"));
	assert_false(offers(&out, "--path-idle=pf"));
	complete(&out, "--sort", "-exp", NULL);
	assert_true(offers(&out, "-expires"));
	complete(&out, "-lo", "verdict,ve", NULL);
	assert_string_equal(strbuf_text(&out), ":nospace\n");
	complete(&out, "-lo", "verdict,+exp", NULL);
	assert_true(offers(&out, "verdict,+expires"));
	complete(&out, "-oexp", NULL);
	assert_true(offers(&out, "-oexpires"));
	complete(&out, "--color", "", NULL);
	assert_true(offers(&out, "auto") && offers(&out, "never"));
	complete(&out, "-r", "", NULL);
	assert_string_equal(strbuf_text(&out), ":file\n");
	complete(&out, "--record=/tmp/x", NULL);
	assert_string_equal(strbuf_text(&out), ":file\n");
	complete(&out, "--delay", "", NULL);
	assert_int_equal(out.len, 0);
	strbuf_clear(&out);
}

static void filters_are_offered(void **state)
{
	struct strbuf out = { 0 };

	(void)state;
	complete(&out, "", NULL);
	assert_true(offers(&out, "state") && offers(&out, "dport"));
	assert_true(offers(&out, "listening") && offers(&out, "idle"));
	assert_false(offers(&out, "and"));
	complete(&out, "--list", "state", "est", NULL);
	assert_true(offers(&out, "established"));
	complete(&out, "keepalive", "", NULL);
	assert_true(offers(&out, "off") && offers(&out, "and") && !offers(&out, "gt"));
	complete(&out, "idle", "", NULL);
	assert_true(offers(&out, "gt") && !offers(&out, "and"));
	complete(&out, "idle", "gt", "5m", "", NULL);
	assert_true(offers(&out, "and") && !offers(&out, "gt"));
	complete(&out, "idle", "gt", "5m", "and", "not", "verd", NULL);
	assert_true(offers(&out, "verdict"));
	complete(&out, "idle > 5m and (verdict ", NULL);
	assert_true(offers(&out, "idle > 5m and (verdict late"));
	complete(&out, "-o", "peer", "verdict", "eq", "l", NULL);
	assert_true(offers(&out, "late") && !offers(&out, "ok"));
	strbuf_clear(&out);
}

static void bad_index_is_refused(void **state)
{
	static const char *const bad[] = { "", "x", "-1", "3", "1x" };
	struct strbuf out = { 0 };
	struct error e;
	char word[] = "--list";
	char index[8];

	(void)state;
	assert_int_equal(complete_words(&out, 0, NULL, &e), -1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		strcpy(index, bad[i]);
		assert_int_equal(
			complete_words(&out, 2, (char *[]){ index, word }, &e), -1);
	}
	assert_int_equal(out.len, 0);
	strbuf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_offered),
		cmocka_unit_test(values_are_offered),
		cmocka_unit_test(filters_are_offered),
		cmocka_unit_test(bad_index_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
