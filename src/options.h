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
	MODE_COMPLETE, /* --complete: words for the shells; the rest of argv is its own */
	MODE_COUNT
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Where an option came from: precedence, and what a file may not say. */
enum options_origin { ORIGIN_SYSTEM_FILE, ORIGIN_USER_FILE, ORIGIN_COMMAND_LINE };

/* Everything that was asked for. Strings are borrowed from argv; `filter` is owned. */
struct options {
	bool asked[MODE_COUNT]; /* which modes were named; options_mode() decides */
	bool all_states;
	bool no_header;
	bool no_peek;
	bool no_mouse;
	bool readonly;
	bool no_options;
	bool sort_descending;
	bool delay_given; /* on the command line: --list repeats */
	bool columns_given; /* on the command line: JSON heeds it */
	bool path_given;  /* on the command line: stronger than a record's */
	enum color_when color;
	unsigned families; /* FAMILY_*, 0: any */
	long long delay_ms;
	long iterations;	    /* 0: no limit */
	const struct column *sort; /* NULL: the default order */
	struct column_list columns;
	struct path_policy path;
	const char *record_path;
	const char *replay_path;
	int complete_at; /* index in argv of what follows --complete */
	struct strbuf filter; /* the words joined by blanks */
};

void options_init(struct options *o);
void options_clear(struct options *o);

/* The mode that was asked for. MODE_LIST, MODE_JSON and MODE_CHECK may also have
 * asked[MODE_JSON] set. */
enum run_mode options_mode(const struct options *o);

/* Reads the command line over what @o holds. Returns 0, or -1 with @e. */
int options_parse(struct options *o, int argc, char *const *argv, struct error *e);

/* True when the files are not to be read: --no-options, or a mode that shows only words. */
bool options_forbid_files(int argc, char *const *argv);

/*
 * Applies the text of an options file, @size bytes. @name is for errors, which tell file
 * and line. Returns 0 or -1 with @e.
 */
int options_apply_file(struct options *o, enum options_origin origin, const char *name,
	const char *text, size_t size, struct error *e);

/*
 * Writes what W saves (columns, sort, delay, path idle) as an options file: the old
 * file's text @old (@size bytes, may be empty) with those replaced, all others kept.
 */
void options_merge_file(
	const struct options *o, const char *old, size_t size, struct strbuf *out);

/* --help. */
void options_usage(struct strbuf *out);

/* One row of the option table, for completion, --help and the tests of the manual. */
struct option_info {
	const char *name;     /* without dashes */
	char letter;	      /* 0: none */
	const char *argument; /* NULL: takes none */
	const char *help;
	bool in_file; /* may stand in an options file */
};

/* The @i-th documented option, NULL past the last. */
const struct option_info *options_info(size_t i);

/* What an option does, for the parsers only. @value is NULL for one without argument. */
typedef int options_apply_fn(struct options *o, enum options_origin origin,
	const char *value, struct error *e);

/* The @i-th option's effect. */
options_apply_fn *options_effect(size_t i);

/* The index of the option of that name or unambiguous prefix (@len bytes), or -1 with
 * the nearest in @e. */
int options_find(const char *name, size_t len, bool in_file, struct error *e);

#endif
