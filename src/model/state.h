/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP states under the names that people and programs know them by. */
#ifndef KATOP_MODEL_STATE_H
#define KATOP_MODEL_STATE_H

#include <stddef.h>
#include <stdint.h>

/* The kernel's numbers (include/net/tcp_states.h): the wire and the bit masks use them. */
enum tcp_state {
	STATE_UNKNOWN = 0,
	STATE_ESTABLISHED = 1,
	STATE_SYN_SENT,
	STATE_SYN_RECV,
	STATE_FIN_WAIT_1,
	STATE_FIN_WAIT_2,
	STATE_TIME_WAIT,
	STATE_CLOSE,
	STATE_CLOSE_WAIT,
	STATE_LAST_ACK,
	STATE_LISTEN,
	STATE_CLOSING,
	STATE_COUNT
};

#define STATE_BIT(state) (UINT32_C(1) << (state))
#define STATES_ALL	 (STATE_BIT(STATE_COUNT) - 2)
/* Hidden unless asked for: no idle connection is lost in these. */
#define STATES_MINOR                                                                     \
	(STATE_BIT(STATE_LISTEN) | STATE_BIT(STATE_TIME_WAIT) |                          \
		STATE_BIT(STATE_SYN_RECV) | STATE_BIT(STATE_CLOSE))

/* As ss prints it: ESTAB, FIN-WAIT-1, ...; "UNKNOWN" outside the range. */
const char *state_title(enum tcp_state state);

/* As filters and JSON spell it: established, fin-wait-1, ...; "unknown" outside. */
const char *state_name(enum tcp_state state);

/*
 * The states that @name (@len bytes) means, as a mask: a state's name or title, a
 * synonym (listening, closed, unconnected, syn-rcv) or one of ss's groups (all,
 * connected, synchronized, bucket, big). 0 when it is none. Case does not matter.
 */
uint32_t states_by_name(const char *name, size_t len);

/* The @i-th word that states_by_name() understands, NULL past the last. */
const char *states_word(size_t i);

#endif
