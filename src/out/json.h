/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Samples as JSON: a header line, one connection a line, `]}`. It is written as it goes,
 * never held as a tree.
 */
#ifndef KATOP_OUT_JSON_H
#define KATOP_OUT_JSON_H

#include <stdbool.h>

#include "model/path.h"
#include "out/sink.h"
#include "table/columns.h"
#include "table/table.h"

/* The schema that records and documents name. */
#define JSON_SCHEMA 1

struct json_writer;

/*
 * A writer of the chosen columns with their companions, in the list's order; of every
 * column for NULL. @record adds the facts that a replay needs (then @list should be
 * NULL). Ends with json_writer_free().
 */
struct json_writer *json_writer_new(const struct column_list *list, bool record);
void json_writer_free(struct json_writer *w);

/* Writes one sample: the rows of @t, judged by @path, and what they share. */
void json_write_sample(const struct json_writer *w, struct sink *out,
	const struct table *t, const struct path_policy *path);

/* What every document begins with, up to and with "netns", the brace left open. */
void json_add_head(struct strbuf *out, const struct snapshot *snap);

/* The members of "system" in braces, with what is unknown as null. */
void json_add_system(struct strbuf *out, const struct system_info *system);

#endif
