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

/*
 * `known` false: everything else is meaningless. Pointers live as long as the snapshot.
 * `known` stands apart: compilers compare neighbouring flags by one wide load, which
 * waits for the narrow store just before.
 */
struct value {
	bool known;
	int64_t number;
	int64_t total;
	const char *text;
	const char *shown; /* what text says instead, known or not; NULL: nothing else */
	const struct addr *addr;
	const struct conn *conn; /* TYPE_OWNERS, TYPE_WORD */
	bool approximate;	 /* text gains `~` */
	bool due;		 /* text says `due` */
};

/* Whether the two, of one column, are one and the same: they read alike. */
static inline bool value_is_same(const struct value *a, const struct value *b)
{
	return a->number == b->number && a->text == b->text && a->shown == b->shown &&
	       a->known == b->known && a->approximate == b->approximate &&
	       a->due == b->due && a->total == b->total && a->addr == b->addr &&
	       a->conn == b->conn;
}

/*
 * Compares two values of one type: typed, never by subtraction; an unknown one is
 * neither less nor greater here (order.c puts it last).
 */
int value_compare(enum value_type type, const struct value *a, const struct value *b);

/* Room for the longest text that is composed, an address with `~`. */
#define VALUE_TEXT_SIZE (ADDR_TEXT_SIZE + 1)

/*
 * What a person reads, `-` when unknown; harmless. Returns its bytes and sets *@text to
 * @room (VALUE_TEXT_SIZE bytes), where it was composed, or to a string that the value
 * borrows.
 */
size_t value_text(
	enum value_type type, const struct value *v, char *room, const char **text);

/* Appends the same. */
void value_format(enum value_type type, const struct value *v, struct strbuf *out);

/* The cells that the same takes. */
size_t value_width(enum value_type type, const struct value *v);

/*
 * A value whose number is below this, that is neither approximate nor shown as something
 * else, takes no more than @width cells: it need not be measured. 0 where only measuring
 * tells.
 */
uint64_t value_bound(enum value_type type, size_t width);

#endif
