/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line and the options files: one table of options. */
#ifndef KATOP_OPTIONS_H
#define KATOP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "model/path.h"
#include "table/columns.h"

enum run_mode {
	MODE_LIVE,
	MODE_LIST,
	MODE_JSON,
	MODE_CHECK,
	MODE_SETTINGS,
	MODE_LIST_COLUMNS,
	MODE_PATH_HELP, /* --path-idle=help */
	MODE_HELP,
	MODE_VERSION,
	MODE_COMPLETE, /* --complete, undocumented: words for the shells */
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Everything that was asked for. Strings are borrowed from argv but `filter`, owned. */
struct options {
	enum run_mode mode;
	bool json; /* -j with --settings or --check */
	bool all_states;
	bool no_header;
	bool no_peek;
	bool no_mouse;
	bool readonly;
	bool no_options;
	bool sort_descending;
	bool delay_given;
	bool path_given; /* on the command line: stronger than a record's */
	bool columns_given;
	enum color_when color;
	unsigned families;
	long long delay_ms;
	long iterations; /* 0: no limit */
	const struct column *sort;
	struct column_list columns;
	struct path_policy path;
	const char *record_path;
	const char *replay_path;
	struct strbuf filter; /* the words joined by blanks */
};

/* Where an option came from, for precedence and for the words of an error. */
enum options_origin { ORIGIN_SYSTEM_FILE, ORIGIN_USER_FILE, ORIGIN_COMMAND_LINE };

void options_init(struct options *o);
void options_clear(struct options *o);

/*
 * Reads the command line. Returns 0, or -1 with @e. Call twice: first for `no_options`
 * and nothing else is fatal; then, after the files, for good. See main.
 */
int options_parse(struct options *o, int argc, char *const *argv, struct error *e);

/* True when --no-options stands on the command line. */
bool options_forbid_files(int argc, char *const *argv);

/*
 * Applies the text of an options file (@size bytes, NUL allowed to be absent). @name is
 * for errors: file and line. Returns 0 or -1 with @e.
 */
int options_apply_file(struct options *o, enum options_origin origin, const char *name,
	const char *text, size_t size, struct error *e);

/* The lines of an options file that say what W saves: columns, sort, delay, path idle. */
void options_format_file(const struct options *o, struct strbuf *out);

/* --help. */
void options_usage(struct strbuf *out);

/* One row of the option table, for completion and the tests of the manual. */
struct option_info {
	const char *name; /* without dashes */
	char letter;	  /* 0: none */
	const char *argument; /* NULL: takes none */
	const char *help;
};

/* The @i-th documented option, NULL past the last. */
const struct option_info *options_info(size_t i);

#endif
