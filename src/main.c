/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wires the program: what was asked for, what must be open, who runs, the one error. */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "complete.h"
#include "host/host.h"
#include "listing.h"
#include "out/describe.h"
#include "run.h"
#ifdef HAVE_LIVE_VIEW
#include "loop.h"
#endif

#define EXIT_TROUBLE 2

static const char version[] = PACKAGE_STRING
	"\n"
	"Licence GPL-2.0-or-later: you may change and redistribute it. There is no "
	"warranty.\n";

/* Cells that the first @at bytes of @typed take. */
static int column_of(const char *typed, long at)
{
	struct strbuf before = { 0 };
	int column;

	strbuf_add(&before, typed, (size_t)at);
	column = (int)text_width(strbuf_text(&before));
	strbuf_clear(&before);
	return column;
}

/* A shell makes the home folder of a ~ that stands alone: process ~ nginx. */
static bool has_lost_tilde(const char *typed)
{
	const char *home = host_env("HOME"), *at = typed;
	size_t len = home != NULL ? strlen(home) : 0;

	if (len < 2)
		return false;
	for (; (at = strstr(at, home)) != NULL; at += len)
		if (at > typed && at[-1] == ' ' && at[len] == ' ')
			return true;
	return false;
}

/* The error line; for a fault in the filter also the expression with a caret. */
static int complain(const struct error *e, const char *typed)
{
	fflush(stdout);
	fprintf(stderr, "katop: %s%s\n", e->text,
		typed != NULL && e->at >= 0 && has_lost_tilde(typed)
			? " (the shell took the ~ for your home folder: quote the filter)"
			: "");
	if (typed != NULL && e->at >= 0)
		fprintf(stderr, "  %s\n  %*s^\n", typed, column_of(typed, e->at), "");
	return EXIT_TROUBLE;
}

static int apply_options_file(
	struct options *o, enum options_origin origin, const char *path, struct error *e)
{
	size_t size;
	char *text;
	int rc;

	if (path[0] == '\0')
		return 0;
	text = host_read_file(path, &size, e);
	if (text == NULL)
		return e->text[0] == '\0' ? 0 : -1;
	rc = options_apply_file(o, origin, path, text, size, e);
	free(text);
	return rc;
}

static bool only_words(const struct options *o)
{
	switch (options_mode(o)) {
	case MODE_HELP:
	case MODE_VERSION:
	case MODE_LIST_COLUMNS:
	case MODE_PATH_HELP:
	case MODE_COMPLETE:
		return true;
	default:
		return false;
	}
}

/* --no-options leaves the files aside, but what the system forbids holds for everyone. */
static int apply_prohibitions(struct options *o, const char *path, struct error *e)
{
	struct options system;
	int rc;

	options_init(&system);
	rc = apply_options_file(&system, ORIGIN_SYSTEM_FILE, path, e);
	o->readonly |= system.readonly;
	o->no_peek |= system.no_peek;
	options_clear(&system);
	return rc;
}

static int read_options(struct options *o, int argc, char **argv, struct error *e)
{
	char system[4096];
	char user[4096];
	bool forbidden = options_forbid_files(argc, argv);

	options_init(o);
	host_system_options(system, sizeof(system));
	host_user_options(user, sizeof(user));
	if (!forbidden && (apply_options_file(o, ORIGIN_SYSTEM_FILE, system, e) != 0 ||
				  apply_options_file(o, ORIGIN_USER_FILE, user, e) != 0))
		return -1;
	if (options_parse(o, argc, argv, e) != 0)
		return -1;
	return forbidden && !only_words(o) ? apply_prohibitions(o, system, e) : 0;
}

/* Opens the record to replay and the one to write, with the user's own rights. */
static int open_files(struct run *run, FILE **replay, struct error *e)
{
	const struct options *o = &run->options;

	*replay = NULL;
	if (o->replay_path != NULL) {
		*replay = strcmp(o->replay_path, "-") == 0
				  ? stdin
				  : host_open(o->replay_path, "rb", e);
		if (*replay == NULL)
			return -1;
	}
	if (o->record_path == NULL)
		return 0;
	if (strcmp(o->record_path, "-") == 0)
		return error_set(e, "--record=- would mix the record with what is shown "
				    "(name a file, or use --json)");
	run->record = record_open(o->record_path, e);
	return run->record != NULL ? 0 : -1;
}

/* Marks of sockets are the one fact that needs CAP_NET_ADMIN, which closes connections.
 */
static bool needs_marks(const struct run *run)
{
	const struct options *o = &run->options;
	struct table_query query = run_query(run);

	return (table_needs(&query, &o->columns) & COLLECT_MARK) != 0 ||
	       (o->asked[MODE_JSON] && !o->columns_given) || o->record_path != NULL;
}

static bool is_repeated(const struct options *o)
{
	return options_mode(o) == MODE_LIVE || o->delay_given || o->iterations > 1;
}

static unsigned privileges_needed(const struct run *run)
{
	const struct options *o = &run->options;
	unsigned keep = PRIVILEGE_NONE;

	if (o->replay_path != NULL)
		return keep;
	keep = PRIVILEGE_OWNERS;
	if (needs_marks(run))
		keep |= PRIVILEGE_DUMP;
	if (!o->no_peek)
		keep |= PRIVILEGE_BPF | PRIVILEGE_SETTINGS;
	/* Repeated sampling has loaded its programs; one sample loads them if it pays. */
	if (!o->no_peek && !is_repeated(o))
		keep |= PRIVILEGE_BPF_LOAD;
	if (options_mode(o) == MODE_LIVE && !o->readonly)
		keep |= PRIVILEGE_CLOSE;
	return keep;
}

static int open_collector(struct run *run, FILE *replay, struct error *e)
{
	const struct options *o = &run->options;
	const struct collect_options options = {
		.replay_path = o->replay_path,
		.replay_file = replay,
		.peek = !o->no_peek,
		.repeat = is_repeated(o),
	};

	run->ops = o->replay_path != NULL ? &collect_replay : &collect_live;
	run->collector = run->ops->open(&options, e);
	if (run->collector == NULL)
		return -1;
	return host_drop_privileges(privileges_needed(run), e);
}

static int check_terminal(const struct run *run, struct error *e)
{
	if (options_mode(&run->options) != MODE_LIVE)
		return 0;
#ifndef HAVE_LIVE_VIEW
	return error_set(e, "built without the live view (use --list)");
#endif
	if (!host_is_terminal(stdout) || !host_is_terminal(stdin))
		return error_set(e, "the live view needs a terminal (use --list for one "
				    "listing, or --json)");
	return 0;
}

/* Returns the exit status, or -1 with @e. */
static int run_mode(struct run *run, struct error *e)
{
#ifdef HAVE_LIVE_VIEW
	if (options_mode(&run->options) == MODE_LIVE)
		return loop_run(run, e);
#endif
	return listing_run(run, e);
}

static int run_program(struct run *run, struct error *e)
{
	FILE *replay;
	struct error late = { .at = ERROR_NOWHERE };
	int status;

	run->resolver = (struct filter_resolver){ host_service_port, host_user_id };
	run->filter =
		filter_compile(strbuf_text(&run->options.filter), &run->resolver, e);
	if (run->filter == NULL || check_terminal(run, e) != 0 ||
		open_files(run, &replay, e) != 0 || open_collector(run, replay, e) != 0)
		status = -1;
	else
		status = run_mode(run, e);
	if (run->collector != NULL)
		run->ops->close(run->collector);
	if (record_close(run->record, status < 0 ? &late : e) != 0)
		status = -1;
	return status;
}

struct table_query run_query(const struct run *run)
{
	const struct options *o = &run->options;

	return (struct table_query){
		.filter = run->filter,
		.sort = o->sort,
		.descending = o->sort_descending,
		.all_states = o->all_states,
		.families = o->families != 0 ? o->families : FAMILY_ANY,
		.path = o->path,
	};
}

bool run_wants_colour(const struct run *run)
{
	const char *no_color = host_env("NO_COLOR");

	if (run->options.color != COLOR_AUTO)
		return run->options.color == COLOR_ALWAYS;
	return host_is_terminal(stdout) && (no_color == NULL || no_color[0] == '\0');
}

static int print_words(const struct options *o, int argc, char **argv, struct error *e)
{
	struct strbuf text = { 0 };
	int rc = 0, at = o->complete_at;

	switch (options_mode(o)) {
	case MODE_HELP:
		options_usage(&text);
		break;
	case MODE_VERSION:
		strbuf_puts(&text, version);
		break;
	case MODE_LIST_COLUMNS:
		describe_columns(&text);
		break;
	case MODE_PATH_HELP:
		describe_paths(&text);
		break;
	default:
		rc = complete_words(&text, argc - at, argv + at, e);
	}
	if (rc == 0)
		rc = listing_print(strbuf_text(&text), text.len, e);
	strbuf_clear(&text);
	return rc;
}

int main(int argc, char **argv)
{
	struct run run = { 0 };
	struct error e = { .at = ERROR_NOWHERE };
	const char *typed = NULL;
	int status;

	host_init();
	if (read_options(&run.options, argc, argv, &e) != 0) {
		typed = strbuf_text(&run.options.filter);
		status = -1;
	} else if (only_words(&run.options)) {
		status = print_words(&run.options, argc, argv, &e);
	} else {
		typed = strbuf_text(&run.options.filter);
		status = run_program(&run, &e);
	}
	if (status < 0)
		status = complain(&e, typed);
	filter_free(run.filter);
	options_clear(&run.options);
	return status;
}
