/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: long options, unambiguous prefixes, clusters of letters, filter. */
#include "config.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

/* Letters of ss's and netstat's habit, and what to do here instead. */
static const struct {
	char letter;
	const char *answer;
} habits[] = {
	{ 't', "TCP is all there is; simply leave it out" },
	{ 'n', "numeric is the default; -n N stops after N samples" },
	{ 'p', "for the process: -o +process" },
	{ 'e', "for more of each connection: -o +user,+inode,+cookie" },
	{ 'i', "for the internals: -o +rtt,+rto,+retransmits, or -o all" },
	{ 'u', "katop shows TCP only" },
	{ 'x', "katop shows TCP only" },
	{ 'm', "for the queues: -o +send_queue,+recv_queue" },
};

struct scan {
	struct options *o;
	int argc;
	char *const *argv;
	int at;
	struct error *e;
};

static const char *info_name(const void *in_file, size_t i)
{
	const struct option_info *info = options_info(i);

	return *(const bool *)in_file && !info->in_file ? NULL : info->name;
}

static size_t options_count(void)
{
	size_t n = 0;

	while (options_info(n) != NULL)
		n++;
	return n;
}

static int unknown_option(const char *name, size_t len, bool in_file, struct error *e)
{
	char typed[64];
	const char *near;
	const char *dashes = in_file ? "" : "--";

	snprintf(typed, sizeof(typed), "%.*s", (int)(len < 60 ? len : 60), name);
	near = suggest_nearest(typed, options_count(), info_name, &in_file);
	if (near != NULL)
		return error_set(e, "unknown option '%s%s' (did you mean '%s%s'?)",
			dashes, typed, dashes, near);
	return error_set(e, "unknown option '%s%s' (%s)", dashes, typed,
		in_file ? "an options file holds display options only; see katop(1)"
			: "katop --help lists them");
}

int options_find(const char *name, size_t len, bool in_file, struct error *e)
{
	const struct option_info *info;
	int found = -1;

	for (int i = 0; (info = options_info((size_t)i)) != NULL; i++) {
		if (strncmp(info->name, name, len) != 0 || (in_file && !info->in_file))
			continue;
		if (info->name[len] == '\0')
			return i;
		if (in_file)
			continue;
		if (found >= 0)
			return error_set(e,
				"'--%.*s' is ambiguous: it may mean '--%s' or '--%s'",
				(int)(len < 60 ? len : 60), name,
				options_info((size_t)found)->name, info->name);
		found = i;
	}
	return found >= 0 && len > 0 ? found : unknown_option(name, len, in_file, e);
}

static int parse_long(struct scan *s, const char *name)
{
	const char *equals = strchr(name, '=');
	size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
	const char *value = equals != NULL ? equals + 1 : NULL;
	int index;
	const struct option_info *info;

	if (len == 8 && strncmp(name, "complete", 8) == 0 && equals == NULL) {
		s->o->asked[MODE_COMPLETE] = true;
		s->o->complete_at = s->at + 1;
		s->at = s->argc;
		return 0;
	}
	index = options_find(name, len, false, s->e);
	if (index < 0)
		return -1;
	info = options_info((size_t)index);
	if (info->argument == NULL && value != NULL)
		return error_set(s->e, "'--%s' takes no argument", info->name);
	if (info->argument != NULL && value == NULL) {
		if (s->at + 1 >= s->argc)
			return error_set(s->e, "'--%s' needs an argument: --%s=%s",
				info->name, info->name, info->argument);
		value = s->argv[++s->at];
	}
	return options_effect((size_t)index)(s->o, ORIGIN_COMMAND_LINE, value, s->e);
}

static int unknown_letter(char letter, struct error *e)
{
	for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
		if (habits[i].letter == letter)
			return error_set(e, "there is no option '-%c': %s", letter,
				habits[i].answer);
	if (letter < '!' || letter > '~')
		letter = '?';
	return error_set(e, "unknown option '-%c' (katop --help lists them)", letter);
}

static int index_of_letter(char letter)
{
	const struct option_info *info;

	for (int i = 0; (info = options_info((size_t)i)) != NULL; i++)
		if (info->letter == letter && letter != '\0')
			return i;
	return -1;
}

/* -n is a habit of ss, where it takes nothing, and an option here, where it takes a
 * number: without one the answer is the habit's. */
static int habit_of_n(struct scan *s, const char *value)
{
	if (value != NULL && value[0] >= '0' && value[0] <= '9')
		return 0;
	return unknown_letter('n', s->e);
}

/* -path-idle=60: the name of a long option that lacks a dash. */
static int one_dash_short(const char *word, struct error *e)
{
	size_t len = strcspn(word, "=");
	const struct option_info *info;

	for (size_t i = 0; len > 3 && (info = options_info(i)) != NULL; i++)
		if (strlen(info->name) == len && strncmp(word, info->name, len) == 0)
			return error_set(e, "unknown option '-%s' (did you mean '--%s'?)",
				info->name, info->name);
	return 0;
}

static int parse_letters(struct scan *s, const char *letters)
{
	if (one_dash_short(letters, s->e) != 0)
		return -1;
	for (; *letters != '\0'; letters++) {
		int index = index_of_letter(*letters);
		const char *value = NULL;

		if (index < 0)
			return unknown_letter(*letters, s->e);
		if (options_info((size_t)index)->argument != NULL) {
			value = letters[1] != '\0'    ? letters + 1
				: s->at + 1 < s->argc ? s->argv[++s->at]
						      : NULL;
			if (*letters == 'n' && habit_of_n(s, value) != 0)
				return -1;
			if (value == NULL)
				return error_set(s->e, "'-%c' needs an argument: -%c %s",
					*letters, *letters,
					options_info((size_t)index)->argument);
			return options_effect((size_t)index)(
				s->o, ORIGIN_COMMAND_LINE, value, s->e);
		}
		if (options_effect((size_t)index)(
			    s->o, ORIGIN_COMMAND_LINE, NULL, s->e) != 0)
			return -1;
	}
	return 0;
}

static void add_filter_word(struct options *o, const char *word)
{
	if (o->filter.len > 0)
		strbuf_putc(&o->filter, ' ');
	strbuf_puts(&o->filter, word);
}

/*
 * `katop list`, as of tools whose first word is a command: the name of a mode in place
 * of the filter, which no filter begins with. With the caret of a filter's fault.
 */
static int check_first_word(const struct options *o, struct error *e)
{
	static const char *const modes[] = { "list", "json", "check", "help", "version" };
	const char *text = strbuf_text(&o->filter);
	size_t len = strcspn(text, " ");

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strlen(modes[i]) == len && strncmp(text, modes[i], len) == 0)
			return error_set_at(e, 0,
				"unknown word '%s' (did you mean '--%s'?)", modes[i],
				modes[i]);
	/* a column, too, but alone it asks nothing */
	if (strcmp(text, "settings") == 0)
		return error_set_at(e, 0,
			"'settings' alone is no filter (did you mean '--settings'?)");
	return 0;
}

/* What cannot go together, and what an option needs. */
static int check_together(const struct options *o, struct error *e)
{
	enum run_mode mode = options_mode(o);

	if (o->asked[MODE_CHECK] && o->asked[MODE_SETTINGS])
		return error_set(e, "--check and --settings exclude each other");
	if (mode == MODE_SETTINGS && o->record_path != NULL)
		return error_set(e, "--settings records nothing (use --list, --json, "
				    "--check or the live view with --record)");
	if (o->record_path != NULL && o->replay_path != NULL &&
		strcmp(o->record_path, o->replay_path) == 0 &&
		strcmp(o->replay_path, "-") != 0)
		return error_set(e,
			"--record would overwrite the file that --replay reads "
			"(choose another name)");
	return 0;
}

int options_parse(struct options *o, int argc, char *const *argv, struct error *e)
{
	struct scan s = { .o = o, .argc = argc, .argv = argv, .e = e };
	bool only_words = false;

	for (s.at = 1; s.at < argc; s.at++) {
		const char *word = argv[s.at];
		int rc = 0;

		if (only_words || word[0] != '-' || word[1] == '\0')
			add_filter_word(o, word);
		else if (strcmp(word, "--") == 0)
			only_words = true;
		else if (word[1] == '-')
			rc = parse_long(&s, word + 2);
		else
			rc = parse_letters(&s, word + 1);
		if (rc != 0)
			return -1;
	}
	return check_first_word(o, e) == 0 ? check_together(o, e) : -1;
}

bool options_forbid_files(int argc, char *const *argv)
{
	struct options scratch;
	bool forbid;

	/* errors are reported by the real parse; what was read before them counts */
	options_init(&scratch);
	options_parse(&scratch, argc, argv, NULL);
	switch (options_mode(&scratch)) {
	case MODE_COMPLETE:
	case MODE_HELP:
	case MODE_VERSION:
	case MODE_LIST_COLUMNS:
	case MODE_PATH_HELP:
		forbid = true;
		break;
	default:
		forbid = scratch.no_options;
	}
	options_clear(&scratch);
	return forbid;
}
