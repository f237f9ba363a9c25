/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE option table: what each option is called, says and does. */
#include "config.h"
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/suggest.h"
#include "model/prefilter.h"

#define DELAY_DEFAULT_MS 1000
#define DELAY_LEAST_US	 INT64_C(100000)
#define DELAY_MOST_US	 INT64_C(3600000000)
#define ITERATIONS_MOST	 1000000000L

#define APPLY(name)                                                                      \
	static int apply_##name(struct options *o, enum options_origin origin,           \
		const char *value, struct error *e)
#define UNUSED (void)origin, (void)value, (void)e

#define APPLY_MODE(name, mode)                                                           \
	APPLY(name)                                                                      \
	{                                                                                \
		UNUSED;                                                                  \
		o->asked[mode] = true;                                                   \
		return 0;                                                                \
	}

#define APPLY_FLAG(name)                                                                 \
	APPLY(name)                                                                      \
	{                                                                                \
		UNUSED;                                                                  \
		o->name = true;                                                          \
		return 0;                                                                \
	}

APPLY_MODE(list, MODE_LIST)
APPLY_MODE(json, MODE_JSON)
APPLY_MODE(check, MODE_CHECK)
APPLY_MODE(settings, MODE_SETTINGS)
APPLY_MODE(list_columns, MODE_LIST_COLUMNS)
APPLY_MODE(help, MODE_HELP)
APPLY_MODE(version, MODE_VERSION)

APPLY_FLAG(all_states)
APPLY_FLAG(no_header)
APPLY_FLAG(no_peek)
APPLY_FLAG(no_mouse)
APPLY_FLAG(readonly)
APPLY_FLAG(no_options)

APPLY(ipv4)
{
	UNUSED;
	o->families |= FAMILY_V4;
	return 0;
}

APPLY(ipv6)
{
	UNUSED;
	o->families |= FAMILY_V6;
	return 0;
}

APPLY(columns)
{
	if (column_list_apply(&o->columns, value, e) != 0)
		return -1;
	o->columns_given |= origin == ORIGIN_COMMAND_LINE;
	/* W saves the default columns too: they give way as if nobody had named them */
	if (origin != ORIGIN_COMMAND_LINE && column_list_is_default(&o->columns))
		o->columns.chosen = false;
	return 0;
}

static const char *choosable_key(const void *context, size_t i)
{
	(void)context;
	return columns[i].flags & (COLUMN_JSON_ONLY | COLUMN_FACT) ? NULL
								   : columns[i].key;
}

APPLY(sort)
{
	bool descending = value[0] == '-';
	const char *key = value + (descending || value[0] == '+');
	const struct column *column = column_find(key);
	const char *near;

	(void)origin;
	/* by which W takes back what the system's file says */
	if (strcmp(key, "default") == 0) {
		o->sort = NULL;
		o->sort_descending = descending;
		return 0;
	}
	if (column != NULL && !(column->flags & (COLUMN_JSON_ONLY | COLUMN_FACT))) {
		o->sort = column;
		o->sort_descending = descending;
		return 0;
	}
	near = suggest_nearest(key, columns_count, choosable_key, NULL);
	if (near != NULL)
		return error_set(e,
			"cannot sort by '%.60s': no such column (did you mean '%s'?)",
			key, near);
	return error_set(e,
		"cannot sort by '%.60s': no such column (--list-columns lists them)",
		key);
}

APPLY(path_idle)
{
	if (origin == ORIGIN_COMMAND_LINE && strcmp(value, "help") == 0) {
		o->asked[MODE_PATH_HELP] = true;
		return 0;
	}
	if (path_parse(value, &o->path, e) != 0)
		return -1;
	o->path_given |= origin == ORIGIN_COMMAND_LINE;
	return 0;
}

APPLY(delay)
{
	int64_t us;

	if (duration_parse(value, NULL, &us) != 0)
		return error_set(
			e, "'%.60s' is not a delay in seconds (0.1 to 3600)", value);
	if (us < DELAY_LEAST_US || us > DELAY_MOST_US)
		return error_set(e,
			"a delay of '%.60s' is out of range (0.1 to 3600 seconds)",
			value);
	o->delay_ms = us / 1000;
	o->delay_given |= origin == ORIGIN_COMMAND_LINE;
	return 0;
}

APPLY(iterations)
{
	char *end;
	long n;

	(void)origin;
	n = strtol(value, &end, 10);
	if (*end != '\0' || end == value || value[0] < '0' || value[0] > '9')
		return error_set(
			e, "'%.60s' is not a number of samples (1 or more)", value);
	if (n < 1 || n > ITERATIONS_MOST)
		return error_set(e, "%.60s samples are out of range (1 to %ld)", value,
			ITERATIONS_MOST);
	o->iterations = n;
	return 0;
}

APPLY(record)
{
	(void)origin;
	if (value[0] == '\0')
		return error_set(e, "--record needs the name of a file");
	o->record_path = value;
	return 0;
}

APPLY(replay)
{
	(void)origin;
	if (value[0] == '\0')
		return error_set(e, "--replay needs the name of a file, or - for "
				    "standard input");
	o->replay_path = value;
	return 0;
}

APPLY(color)
{
	static const char *const words[] = { "auto", "always", "never" };
	const char *near;

	(void)origin;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(value, words[i]) == 0) {
			o->color = (enum color_when)i;
			return 0;
		}
	near = suggest_from(value, words, 3);
	return error_set(e,
		"unknown colour choice '%.60s' (did you mean '%s'? auto, always "
		"or never)",
		value, near != NULL ? near : words[0]);
}

#define PATH_HELP                                                                        \
	"how long the path (NAT, firewall, load balancer) remembers a silent "           \
	"connection: a duration, a name (`help` lists them), or `none`; default 240s"

static const struct option_row {
	struct option_info info;
	options_apply_fn *apply;
} rows[] = {
	{ { "list", 'l', NULL, "print the connections once and exit" }, apply_list },
	{ { "json", 'j', NULL, "the same as JSON: every column, or with -o only those" },
		apply_json },
	{ { "check", 0, NULL,
		  "only the connections at risk, then why and what to do; exit 1 if "
		  "there "
		  "are any" },
		apply_check },
	{ { "settings", 0, NULL,
		  "the system's keepalive settings, what they mean, how to change them" },
		apply_settings },
	{ { "list-columns", 0, NULL, "key, title and one-line help of every column" },
		apply_list_columns },
	{ { "ipv4", '4', NULL, "IPv4 only (with -6: both)" }, apply_ipv4 },
	{ { "ipv6", '6', NULL, "IPv6 only; a v4-mapped address belongs here" },
		apply_ipv6 },
	{ { "all", 'a', NULL, "also LISTEN, TIME-WAIT, SYN-RECV and CLOSE" },
		apply_all_states },
	{ { "columns", 'o', "LIST",
		  "column keys, comma separated; +key adds, -key removes; `all`", true },
		apply_columns },
	{ { "sort", 's', "KEY", "sort by a column, -KEY descending", true }, apply_sort },
	{ { "no-header", 'H', NULL, "no line of titles", true }, apply_no_header },
	{ { "path-idle", 0, "TIME", PATH_HELP, true }, apply_path_idle },
	{ { "delay", 'd', "SECONDS",
		  "interval, 0.1 to 3600, default 1; with --list, --json or --check: "
		  "repeat",
		  true },
		apply_delay },
	{ { "iterations", 'n', "N", "stop after N samples" }, apply_iterations },
	{ { "record", 'w', "FILE", "also write every sample to FILE" }, apply_record },
	{ { "replay", 'r', "FILE",
		  "show FILE instead of this system; `-` is standard input" },
		apply_replay },
	{ { "no-peek", 0, NULL, "leave other processes' descriptors alone", true },
		apply_no_peek },
	{ { "no-mouse", 0, NULL, "leave the mouse to the terminal", true },
		apply_no_mouse },
	{ { "readonly", 0, NULL, "never close a connection", true }, apply_readonly },
	{ { "no-options", 0, NULL, "read no options file" }, apply_no_options },
	{ { "color", 0, "WHEN", "auto, always or never (NO_COLOR is honoured)", true },
		apply_color },
	{ { "help", 'h', NULL, "this text" }, apply_help },
	{ { "version", 'V', NULL, "the version" }, apply_version },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct option_info *options_info(size_t i)
{
	return i < ROWS ? &rows[i].info : NULL;
}

options_apply_fn *options_effect(size_t i)
{
	return rows[i].apply;
}

void options_init(struct options *o)
{
	*o = (struct options){
		.delay_ms = DELAY_DEFAULT_MS,
		.path = path_default(),
	};
	column_list_default(&o->columns);
}

void options_clear(struct options *o)
{
	strbuf_clear(&o->filter);
}

enum run_mode options_mode(const struct options *o)
{
	static const enum run_mode order[] = { MODE_COMPLETE, MODE_HELP, MODE_VERSION,
		MODE_LIST_COLUMNS, MODE_PATH_HELP, MODE_CHECK, MODE_SETTINGS, MODE_JSON,
		MODE_LIST };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (o->asked[order[i]])
			return order[i];
	return MODE_LIVE;
}
