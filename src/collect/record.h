/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The facts in a record's lines. Verdicts and forecasts are not read: they are computed
 * anew. Records come from anywhere: every number is checked for its range, every string
 * made harmless.
 */
#ifndef KATOP_COLLECT_RECORD_H
#define KATOP_COLLECT_RECORD_H

#include <jansson.h>

#include "base/error.h"
#include "model/snapshot.h"

/* The schema that is understood. */
#define RECORD_SCHEMA 1

/*
 * Fills what the connections of @snap share from a header's object. Returns 0, or -1
 * with what is wrong in @e, without the file's name.
 */
int record_read_header(const json_t *header, struct snapshot *snap, struct error *e);

/* Appends the connection of one object to @snap. Returns 0, or -1 with @e. */
int record_read_conn(const json_t *object, struct snapshot *snap, struct error *e);

#endif
