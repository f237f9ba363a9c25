/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any words as a command line, any text as an options file. The first byte chooses: a
 * arguments, one a line; c the words of a completion; u the user's file, s the system's.
 */
#include "config.h"
#include "fuzz.h"

#include <string.h>

#include "complete.h"
#include "options.h"

#define MOST_WORDS 64

static void is_explained(const struct error *e)
{
	FUZZ_HOLDS(e->text[0] != '\0' && memchr(e->text, '\0', sizeof(e->text)) != NULL);
}

/* Cuts @text into lines; @words[0] is the program. */
static int split(char *text, char **words)
{
	int count = 0;

	words[count++] = (char *)"katop";
	while (text != NULL && count < MOST_WORDS) {
		words[count++] = text;
		text = strchr(text, '\n');
		if (text != NULL)
			*text++ = '\0';
	}
	words[count] = NULL;
	return count;
}

static void read_arguments(char *text)
{
	char *words[MOST_WORDS + 1];
	int count = split(text, words);
	struct options o;
	struct error e = { .text = "" };

	options_init(&o);
	(void)options_forbid_files(count, words);
	if (options_parse(&o, count, words, &e) != 0)
		is_explained(&e);
	else
		FUZZ_HOLDS(options_mode(&o) < MODE_COUNT && o.delay_ms >= 100);
	options_clear(&o);
}

static void complete(char *text)
{
	char *words[MOST_WORDS + 1];
	int count = split(text, words);
	struct strbuf out = { 0 };
	struct error e = { .text = "" };

	if (complete_words(&out, count - 1, words + 1, &e) != 0)
		is_explained(&e);
	strbuf_clear(&out);
}

/* What W writes over a good file is a good file, and written again the same. */
static void save(const struct options *o, const char *text, size_t size)
{
	struct strbuf first = { 0 }, second = { 0 };
	struct error e = { .text = "" };
	struct options again;

	options_merge_file(o, text, size, &first);
	options_init(&again);
	FUZZ_HOLDS(options_apply_file(&again, ORIGIN_USER_FILE, "file", first.data,
			   first.len, &e) == 0);
	FUZZ_HOLDS(again.delay_ms == o->delay_ms && again.sort == o->sort);
	FUZZ_HOLDS(again.path.limit_ms == o->path.limit_ms);
	FUZZ_HOLDS(again.columns.count == o->columns.count);
	options_merge_file(&again, first.data, first.len, &second);
	FUZZ_HOLDS(strcmp(strbuf_text(&first), strbuf_text(&second)) == 0);
	options_clear(&again);
	strbuf_clear(&first);
	strbuf_clear(&second);
}

static void read_options_file(enum options_origin origin, const char *text, size_t size)
{
	struct error e = { .text = "" };
	struct options o;

	options_init(&o);
	if (options_apply_file(&o, origin, "file", text, size, &e) != 0)
		is_explained(&e);
	else if (origin == ORIGIN_USER_FILE)
		save(&o, text, size);
	options_clear(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (data[0] == 'a')
		read_arguments(text);
	else if (data[0] == 'c')
		complete(text);
	else
		read_options_file(data[0] == 's' ? ORIGIN_SYSTEM_FILE : ORIGIN_USER_FILE,
			text, size - 1);
	free(text);
	return 0;
}
