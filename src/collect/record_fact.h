/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of a connection in a record: one table of keys, bits and fields. */
#ifndef KATOP_COLLECT_RECORD_FACT_H
#define KATOP_COLLECT_RECORD_FACT_H

#include <jansson.h>

#include "base/error.h"
#include "model/conn.h"

/*
 * Each stores what @object has into @c with the bits that say so; what it lacks is 0 and
 * unknown. Returns 0, or -1 with the key and its range in @e.
 */
int record_read_facts(const json_t *object, struct conn *c, struct error *e);

/* The keepalive settings, for connections where they are the socket's own. */
int record_read_settings(const json_t *object, struct conn *c, struct error *e);

#endif
