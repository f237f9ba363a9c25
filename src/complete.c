/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for the shells, from the option table and the column table. */
#include "config.h"
#include "complete.h"

#include <stdlib.h>
#include <string.h>

#include "complete_offer.h"
#include "model/path.h"
#include "options.h"
#include "table/columns.h"

/* More words than a person types; the rest of the filter is then not understood. */
#define WORDS_MAX 64

void offer_word(const struct offer *o, const char *before, const char *word,
	const char *after, const char *help)
{
	size_t len = strlen(before);
	size_t typed_len = strlen(o->typed);

	if (strncmp(o->typed, before, len < typed_len ? len : typed_len) != 0)
		return;
	if (typed_len > len && strncmp(o->typed + len, word, typed_len - len) != 0)
		return;
	strbuf_add(o->out, o->kept, o->kept_len);
	strbuf_puts(o->out, before);
	strbuf_puts(o->out, word);
	strbuf_puts(o->out, after);
	if (help != NULL && help[0] != '\0')
		strbuf_printf(o->out, "\t%s", help);
	strbuf_putc(o->out, '\n');
}

/* True when @key stands in the comma-separated @list of @len bytes. */
static bool is_listed(const char *list, size_t len, const char *key)
{
	size_t key_len = strlen(key);
	const char *end = list + len;

	while (list < end) {
		const char *comma = memchr(list, ',', (size_t)(end - list));
		size_t n = (size_t)((comma != NULL ? comma : end) - list);

		if (n > 0 && (list[0] == '+' || list[0] == '-'))
			list++, n--;
		if (n == key_len && memcmp(list, key, n) == 0)
			return true;
		list += n + 1;
	}
	return false;
}

static void offer_columns(const struct offer *where)
{
	struct offer o = *where;
	const char *list = o.typed;
	const char *comma = strrchr(list, ',');
	size_t listed = comma != NULL ? (size_t)(comma + 1 - list) : 0;

	strbuf_puts(o.out, ":nospace\n");
	o.typed += listed;
	if (o.typed[0] == '+' || o.typed[0] == '-')
		o.typed++;
	o.kept_len += (size_t)(o.typed - list);
	for (size_t i = 0; i < columns_count; i++)
		if (column_is_choosable(&columns[i]) &&
			!is_listed(list, listed, columns[i].key))
			offer_word(&o, "", columns[i].key, "", columns[i].help);
	if (listed == 0)
		offer_word(&o, "", "all", "", "every column");
}

static void offer_sort(const struct offer *o)
{
	const char *before = o->typed[0] == '-' ? "-" : "";

	for (size_t i = 0; i < columns_count; i++)
		if (column_is_choosable(&columns[i]))
			offer_word(o, before, columns[i].key, "", columns[i].help);
	offer_word(o, before, "default", "", "at risk first, worst verdict first");
}

static void offer_paths(const struct offer *o)
{
	const struct path_device *d;

	for (size_t i = 0; (d = path_device(i)) != NULL; i++)
		offer_word(o, "", d->name, "", d->device);
	offer_word(o, "", "none", "", "no path forgets");
	offer_word(o, "", "help", "", "list the names with their sources");
}

static void offer_colors(const struct offer *o)
{
	offer_word(o, "", "auto", "", "on a terminal");
	offer_word(o, "", "always", "", NULL);
	offer_word(o, "", "never", "", NULL);
}

static void offer_files(const struct offer *o)
{
	strbuf_puts(o->out, ":file\n");
}

static const struct {
	const char *option;
	void (*offer)(const struct offer *o);
} values[] = {
	{ "columns", offer_columns },
	{ "sort", offer_sort },
	{ "path-idle", offer_paths },
	{ "color", offer_colors },
	{ "record", offer_files },
	{ "replay", offer_files },
};

/* The values of option @info; of a number nothing can be offered. */
static void offer_values(const struct offer *o, const struct option_info *info)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i].option, info->name) == 0)
			values[i].offer(o);
}

static const struct option_info *by_letter(char letter)
{
	const struct option_info *info;

	for (size_t i = 0; (info = options_info(i)) != NULL; i++)
		if (info->letter == letter && letter != '\0')
			return info;
	return NULL;
}

static const struct option_info *by_name(const char *name, size_t len)
{
	int i = options_find(name, len, false, NULL);

	return i >= 0 ? options_info((size_t)i) : NULL;
}

/*
 * The option in a cluster of letters (-lo) that takes an argument, NULL if none does;
 * @value gets what follows it in the same word.
 */
static const struct option_info *in_cluster(const char *letters, const char **value)
{
	for (; *letters != '\0'; letters++) {
		const struct option_info *info = by_letter(*letters);

		if (info == NULL)
			return NULL;
		*value = letters + 1;
		if (info->argument != NULL)
			return info;
	}
	return NULL;
}

/* The option of which the next word is the argument, NULL if @word is none such. */
static const struct option_info *awaits_value(const char *word)
{
	const struct option_info *info;
	const char *value = "";

	if (word[0] != '-' || word[1] == '\0')
		return NULL;
	if (word[1] != '-') {
		info = in_cluster(word + 1, &value);
		return value[0] == '\0' ? info : NULL;
	}
	if (word[2] == '\0' || strchr(word, '=') != NULL)
		return NULL;
	info = by_name(word + 2, strlen(word + 2));
	return info != NULL && info->argument != NULL ? info : NULL;
}

static void offer_options(const struct offer *o)
{
	const struct option_info *info;
	char letter[2] = "";

	for (size_t i = 0; (info = options_info(i)) != NULL; i++)
		offer_word(o, "--", info->name, info->argument != NULL ? "=" : "",
			info->help);
	for (size_t i = 0; (info = options_info(i)) != NULL; i++) {
		letter[0] = info->letter;
		if (letter[0] != '\0')
			offer_word(o, "-", letter, "", info->help);
	}
}

/* A word that begins with a dash: an option's name, or its value in the same word. */
static void complete_dashed(struct offer *o, const char *word)
{
	const char *equals = strchr(word, '=');
	const char *value = NULL;
	const struct option_info *info = NULL;

	if (word[1] == '-' && equals != NULL) {
		info = by_name(word + 2, (size_t)(equals - word - 2));
		value = equals + 1;
	} else if (word[1] != '-' && word[1] != '\0') {
		info = in_cluster(word + 1, &value);
	}
	if (info == NULL) {
		if (equals == NULL)
			offer_options(o);
		return;
	}
	o->kept_len = (size_t)(value - word);
	o->typed = value;
	if (info->argument != NULL)
		offer_values(o, info);
}

/* The filter words before @index; returns how many. @only_words: after a `--`. */
static size_t filter_words(char *const *argv, size_t index, const char **words,
	const struct option_info **awaits, bool *only_words)
{
	size_t count = 0;

	*awaits = NULL;
	*only_words = false;
	for (size_t i = 0; i < index; i++) {
		if (*awaits != NULL) {
			*awaits = NULL;
		} else if (!*only_words && strcmp(argv[i], "--") == 0) {
			*only_words = true;
		} else if (!*only_words && argv[i][0] == '-') {
			*awaits = awaits_value(argv[i]);
		} else if (count < WORDS_MAX) {
			words[count++] = argv[i];
		}
	}
	return count;
}

int complete_words(struct strbuf *out, int argc, char *const *argv, struct error *e)
{
	const char *words[WORDS_MAX];
	const struct option_info *awaits;
	struct offer o = { .out = out };
	bool only_words;
	char *end = NULL;
	long index = argc > 0 ? strtol(argv[0], &end, 10) : -1;
	size_t count;

	if (index < 0 || *end != '\0' || end == argv[0] || index > argc - 1)
		return error_set(e, "--complete needs the index of a word, then the "
				    "words (for the shells' completion)");
	argv++;
	o.typed = index < argc - 1 ? argv[index] : "";
	o.kept = o.typed;
	count = filter_words(argv, (size_t)index, words, &awaits, &only_words);
	if (awaits != NULL)
		offer_values(&o, awaits);
	else if (o.typed[0] == '-' && !only_words)
		complete_dashed(&o, o.typed);
	else
		offer_filter(&o, words, count);
	return 0;
}
