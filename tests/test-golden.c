/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Golden screens: records are replayed into the view, keys pressed, and what is drawn
 * compared with tests/golden/view-NAME.txt, at four sizes, in UTF-8 and ASCII, roles
 * included. KATOP_GOLDEN=update writes them anew, and the records in tests/data too.
 */
#include "config.h"
#include "rig.h"
#include "records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collect/collect.h"

#define F(n)	    (KEYPRESS_F1 + (n)-1)
#define NEXT_SAMPLE 0xffffffffU /* in place of a key */
#define BIG_RECORD  "test-golden-big.json"
#define BIG_ROWS    10000

static const struct {
	int width, height;
} sizes[] = { { 80, 24 }, { 132, 43 }, { 40, 10 }, { 200, 60 } };

/* `text` is typed after `before`; then come the keys of `after`. */
struct scene {
	const char *name;
	const char *record;
	uint32_t before[8];
	const char *text;
	uint32_t after[8];
	bool replay;
};

static const struct scene scenes[] = {
	{ "empty", "view-empty" },
	{ "rows", "view-rows" },
	{ "big-end", NULL, { KEYPRESS_END } },
	{ "zoo", "view-zoo" },
	{ "gone", "view-zoo", { KEYPRESS_DOWN, NEXT_SAMPLE } },
	{ "replay", "view-zoo", { ']' }, NULL, { 0 }, true },
	{ "frozen", "view-zoo", { 'Z' } },
	{ "hostile", "view-hostile" },
	{ "hostile-detail", "view-hostile", { KEYPRESS_DOWN, KEY_RET } },
	{ "partial", "view-partial" },
	{ "hidden", "view-hidden" },
	{ "columns-scrolled", "view-rows", { KEYPRESS_RIGHT, KEYPRESS_RIGHT } },
	{ "sorted", "view-rows",
		{ '<', KEYPRESS_DOWN, KEYPRESS_DOWN, KEYPRESS_DOWN, KEYPRESS_DOWN,
			KEY_RET, 'I' } },
	{ "filtered", "view-rows", { F(4) }, "process ~ nginx", { KEY_RET } },
	{ "nothing-passes", "view-rows", { F(4) }, "pid = 1", { KEY_RET } },
	{ "help", "view-zoo", { 'h' } },
	{ "columns", "view-zoo", { F(2), KEYPRESS_DOWN, ' ' } },
	{ "sort", "view-zoo", { F(6), KEYPRESS_DOWN } },
	{ "filter-error", "view-zoo", { F(4) }, "idle > 5m and proces ~ x" },
	{ "filter-typing", "view-zoo", { F(4) }, "idle > 5m" },
	{ "search", "view-zoo", { '/' }, "redis" },
	{ "search-missed", "view-zoo", { '/' }, "nobody" },
	{ "path", "view-zoo", { 'p' }, "aws", { KEYPRESS_DOWN } },
	{ "path-error", "view-zoo", { 'p' }, "350x" },
	{ "close", "view-zoo", { KEYPRESS_DOWN, 'k' } },
	{ "detail-stalled", "view-zoo", { F(4) }, "verdict stalled",
		{ KEY_RET, KEY_RET } },
	{ "detail-probing", "view-zoo", { F(4) }, "verdict probing",
		{ KEY_RET, KEY_RET } },
	{ "detail-lost", "view-zoo", { F(4) }, "verdict lost", { KEY_RET, KEY_RET } },
	{ "detail-off", "view-zoo", { F(4) }, "verdict off", { KEY_RET, KEY_RET } },
	{ "detail-late", "view-zoo", { F(4) }, "verdict late", { KEY_RET, KEY_RET } },
	{ "detail-kept", "view-zoo", { F(4) }, "verdict kept", { KEY_RET, KEY_RET } },
	{ "detail-ok", "view-zoo", { F(4) }, "verdict ok", { KEY_RET, KEY_RET } },
	{ "detail-local", "view-zoo", { F(4) }, "verdict local", { KEY_RET, KEY_RET } },
	{ "detail-unknown", "view-zoo", { F(4) }, "verdict unknown",
		{ KEY_RET, KEY_RET } },
	{ "detail-listen", "view-zoo", { 'a', F(4) }, "state listen",
		{ KEY_RET, KEY_RET } },
};

static bool is_update(void)
{
	const char *word = getenv("KATOP_GOLDEN");

	return word != NULL && strcmp(word, "update") == 0;
}

static const char *in_tests(const char *folder, const char *name, const char *suffix)
{
	static char path[1024];
	const char *top = getenv("KATOP_SRCDIR");

	snprintf(path, sizeof(path), "%s/tests/%s/%s%s", top != NULL ? top : "..", folder,
		name, suffix);
	return path;
}

static void read_sample(struct rig *r, struct collector *c)
{
	struct collect_request request = { .needs = COLLECT_ALL };
	struct error e;

	assert_int_equal(collect_replay.read(c, &request, rig_next(r), &e), 1);
	rig_sample(r);
	rig_pass(r, 1);
}

static void press(struct rig *r, struct collector *c, const uint32_t *keys)
{
	for (int i = 0; i < 8 && keys[i] != 0; i++) {
		if (keys[i] == NEXT_SAMPLE) {
			rig_pass(r, 2000);
			read_sample(r, c);
		} else {
			rig_key(r, keys[i]);
		}
	}
}

static struct collector *open_record(const struct scene *scene)
{
	struct collect_options options = { .repeat = true };
	struct collector *c;
	struct error e;

	options.replay_path = scene->record != NULL
				      ? in_tests("data", scene->record, ".json")
				      : BIG_RECORD;
	options.replay_file = fopen(options.replay_path, "rb");
	if (options.replay_file == NULL)
		fail_msg("%s is missing", options.replay_path);
	c = collect_replay.open(&options, &e);
	if (c == NULL)
		fail_msg("%s", e.text);
	return c;
}

/* Plays a scene on a screen of that size; its dump goes to @out. */
static void play(const struct scene *scene, int width, int height, bool ascii, bool roles,
	struct strbuf *out)
{
	struct view_setup setup = { .delay_ms = 1000, .replay = scene->replay };
	struct collector *c = open_record(scene);
	struct rig r;

	setup.query.path = path_default();
	column_list_default(&setup.columns);
	rig_init(&r, &setup, width, height);
	r.screen.ascii = ascii;
	read_sample(&r, c);
	press(&r, c, scene->before);
	if (scene->text != NULL)
		rig_type(&r, scene->text);
	press(&r, c, scene->after);
	rig_look(&r);
	screen_dump(&r.screen, roles, out);
	rig_clear(&r);
	collect_replay.close(c);
}

static const char *roles_of(const struct strbuf *dump)
{
	const char *roles = strstr(strbuf_text(dump), "--- roles\n");

	return roles != NULL ? roles : "";
}

static void check_harmless(const char *text, bool ascii)
{
	for (; *text != '\0'; text++) {
		assert_true((unsigned char)*text >= 0x20 || *text == '\n');
		assert_true(!ascii || (unsigned char)*text < 0x7f);
	}
}

/* All sizes; what ASCII draws has the very same roles. */
static void play_all(const struct scene *scene, struct strbuf *out)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int width = sizes[i].width, height = sizes[i].height;
		struct strbuf utf8 = { 0 }, ascii = { 0 };

		play(scene, width, height, false, true, &utf8);
		play(scene, width, height, true, true, &ascii);
		check_harmless(strbuf_text(&utf8), false);
		check_harmless(strbuf_text(&ascii), true);
		assert_string_equal(roles_of(&utf8), roles_of(&ascii));
		strbuf_printf(out, "=== %dx%d, UTF-8\n%s=== %dx%d, ASCII\n", width,
			height, strbuf_text(&utf8), width, height);
		strbuf_add(
			out, strbuf_text(&ascii), ascii.len - strlen(roles_of(&ascii)));
		strbuf_clear(&utf8);
		strbuf_clear(&ascii);
	}
}

static void read_file(const char *path, struct strbuf *out)
{
	FILE *f = fopen(path, "rb");
	char piece[4096];
	size_t n;

	if (f == NULL)
		fail_msg("%s is missing (KATOP_GOLDEN=update makes it)", path);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		strbuf_add(out, piece, n);
	fclose(f);
}

/* The first line that differs, for whoever reads the failure. */
static void report(const char *name, const char *want, const char *got)
{
	int line = 1;

	while (*want != '\0' && *want == *got) {
		line += *want == '\n' ? 1 : 0;
		want++;
		got++;
	}
	fail_msg("%s, line %d: not \"%.*s\" but \"%.*s\"", name, line,
		(int)strcspn(want, "\n"), want, (int)strcspn(got, "\n"), got);
}

static void test_scene(void **state)
{
	const struct scene *scene = *state;
	struct strbuf got = { 0 }, want = { 0 };
	char name[64];

	snprintf(name, sizeof(name), "view-%s", scene->name);
	play_all(scene, &got);
	if (is_update())
		records_write(in_tests("golden", name, ".txt"), strbuf_text(&got));
	read_file(in_tests("golden", name, ".txt"), &want);
	if (strcmp(strbuf_text(&got), strbuf_text(&want)) != 0)
		report(name, strbuf_text(&want), strbuf_text(&got));
	strbuf_clear(&got);
	strbuf_clear(&want);
}

/* The help and every detail fit 80x24 or say that there is more. */
static void test_help_fits(void **state)
{
	struct scene scene = { "help", "view-zoo", { 'h', KEYPRESS_PAGE_DOWN } };
	struct strbuf dump = { 0 };

	(void)state;
	play(&scene, 80, 24, false, false, &dump);
	assert_non_null(strstr(strbuf_text(&dump), "F1 h ?"));
	assert_non_null(strstr(strbuf_text(&dump), "F10 q"));
	strbuf_clear(&dump);
}

static int set_up(void **state)
{
	struct strbuf text = { 0 };

	(void)state;
	if (is_update())
		records_update(in_tests("data", "", ""));
	records_big(BIG_ROWS, &text);
	records_write(BIG_RECORD, strbuf_text(&text));
	strbuf_clear(&text);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	remove(BIG_RECORD);
	return 0;
}

int main(void)
{
	enum { SCENES = sizeof(scenes) / sizeof(scenes[0]) };
	struct CMUnitTest tests[SCENES + 1];

	for (size_t i = 0; i < SCENES; i++)
		tests[i] = (struct CMUnitTest){ .name = scenes[i].name,
			.test_func = test_scene,
			.initial_state = (void *)(uintptr_t)&scenes[i] };
	tests[SCENES] = (struct CMUnitTest)cmocka_unit_test(test_help_fits);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
