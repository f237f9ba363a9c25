/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One typed cell: what a column says of a connection. */
#ifndef KATOP_TABLE_VALUE_H
#define KATOP_TABLE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "model/addr.h"
#include "model/snapshot.h"

/* The type decides format, order, JSON form and unit. */
enum value_type {
	TYPE_TEXT,     /* .text */
	TYPE_WORD,     /* .text, one of the column's words; .number orders them; with
			* .conn its unanswered probes follow in text: probing 2/9 */
	TYPE_NUMBER,   /* .number, a plain number, never negative */
	TYPE_ID,       /* .number, unsigned, no order of interest; JSON number */
	TYPE_HEX,      /* .number as unsigned 64 bits; JSON a hexadecimal string */
	TYPE_BYTES,    /* .number; JSON key gains _bytes */
	TYPE_MS,       /* .number milliseconds; JSON key gains _ms */
	TYPE_US,       /* .number microseconds; JSON key gains _us */
	TYPE_BOOL,     /* .number 0 or 1 */
	TYPE_ENDPOINT, /* .addr and .number (the port), .text the zone; JSON _address, _port */
	TYPE_RATIO,    /* .number of .total: 3/9; JSON the number */
	TYPE_OWNERS,   /* JSON only: all owners */
};

/* `known` false: everything else is meaningless. Pointers live as long as the snapshot. */
struct value {
	bool known;
	bool approximate; /* text gains `~` */
	bool due;	  /* text says `due` */
	int64_t number;
	int64_t total;
	const char *text;
	const char *shown; /* what text says instead, known or not; NULL: nothing else */
	const struct addr *addr;
	const struct conn *conn; /* TYPE_OWNERS, TYPE_WORD */
};

/*
 * Compares two values of one type: typed, never by subtraction; an unknown one is
 * neither less nor greater here, see table_compare().
 */
int value_compare(enum value_type type, const struct value *a, const struct value *b);

/* Appends what a person reads, `-` when unknown. Harmless text only. */
void value_format(enum value_type type, const struct value *v, struct strbuf *out);

/* The cells that value_format()'s text takes. */
size_t value_width(enum value_type type, const struct value *v);

#endif
