/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A compiled filter: a tree of terms, shared by its parser, evaluation and prefilter. */
#ifndef KATOP_TABLE_FILTER_NODE_H
#define KATOP_TABLE_FILTER_NODE_H

#include "table/filter.h"

enum filter_op {
	OP_EQ,
	OP_NE,
	OP_GT,
	OP_GE,
	OP_LT,
	OP_LE,
	OP_HAS,	    /* ~ */
	OP_HAS_NOT, /* !~ */
};

enum term_kind {
	TERM_STATES,  /* the state is in `states` */
	TERM_HOST,    /* address and port of one end */
	TERM_PORT,    /* port of one end against `number` */
	TERM_MARK,    /* firewall mark under `mask` against `number` */
	TERM_NUMBER,  /* the column's number against `number` */
	TERM_TEXT,    /* the column's text or word against `text` */
	TERM_OWNER,   /* any owner's process, pid or descriptor */
	TERM_UNKNOWN, /* the column's value is unknown (OP_EQ) or known (OP_NE) */
};

/* Durations are compared in microseconds, everything else in its own unit. */
struct filter_term {
	enum term_kind kind;
	enum filter_op op;
	const struct column *column;
	char *text; /* owned; also the zone of a TERM_HOST */
	uint64_t number;
	uint64_t mask;
	uint32_t states;
	uint32_t included; /* of adjacent `state` terms, alternatives; 0: none yet */
	uint32_t excluded; /* of adjacent `exclude` terms */
	bool peer;	   /* TERM_HOST, TERM_PORT: the peer's end */
	bool has_addr;
	bool has_port;
	struct addr addr;
	uint8_t prefix_len;
};

enum node_kind { NODE_TERM, NODE_NOT, NODE_AND, NODE_OR };

#define NODE_NONE UINT32_MAX

/* Children are chained by index. */
struct filter_node {
	enum node_kind kind;
	uint32_t first; /* child */
	uint32_t next;	/* sibling */
	struct filter_term term;
};

/* `root` is NODE_NONE when everything passes. */
struct filter {
	struct filter_node *nodes;
	size_t count;
	size_t cap;
	uint32_t root;
	unsigned needs;
	bool names_state;
};

#endif
