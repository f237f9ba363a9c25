/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One TCP connection as seen at one instant: facts, and which of them are known. */
#ifndef KATOP_MODEL_CONN_H
#define KATOP_MODEL_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "model/addr.h"
#include "model/state.h"

/* Bits of conn.have: the fact of that name is known. Without its bit a field is 0. */
enum conn_fact {
	HAVE_UID = 1 << 0,
	HAVE_INODE = 1 << 1,
	HAVE_TIMER = 1 << 2,	 /* which timer runs */
	HAVE_EXPIRES = 1 << 3,	 /* expires_ms; also in force while the timer is due */
	HAVE_KEEPALIVE = 1 << 4, /* keepalive_on tells */
	HAVE_PROBES = 1 << 5,	 /* probes: unanswered keepalive probes */
	HAVE_RETRANSMITS = 1 << 6,
	HAVE_QUEUES = 1 << 7,
	HAVE_LAST_SENT = 1 << 8,
	HAVE_LAST_RECEIVED = 1 << 9,
	HAVE_LAST_ACK = 1 << 10,
	HAVE_RTO = 1 << 11,
	HAVE_RTT = 1 << 12,
	HAVE_BYTES = 1 << 13,
	HAVE_SEGS = 1 << 14,
	HAVE_MARK = 1 << 15,
	HAVE_PEER_LOCAL = 1 << 16,  /* peer_is_local tells */
	HAVE_KA_EXPIRES = 1 << 17,  /* ka_expires_ms: the keepalive timer behind another */
	HAVE_OOW_ACK = 1 << 18,	    /* last_oow_ack_ms */
	HAVE_PEER_PROBE = 1 << 19,  /* last_peer_probe_ms, from two samples */
	HAVE_PEER_PERIOD = 1 << 20, /* peer_period_ms, observed */
	HAVE_KEEPIDLE = 1 << 21,
	HAVE_KEEPINTVL = 1 << 22,
	HAVE_KEEPCNT = 1 << 23,
	HAVE_USER_TIMEOUT = 1 << 24,
	HAVE_COOKIE = 1 << 25, /* id is the kernel's own: it closes by that */
	HAVE_DUE = 1 << 26,    /* not a fact but a reading: the timer ran out unfired */
};

/* What the running timer IS, after the corrections of collect/linux. */
enum conn_timer {
	TIMER_NONE = 0,
	TIMER_KEEPALIVE,
	TIMER_RETRANSMIT,
	TIMER_TIME_WAIT,
	TIMER_PERSIST,
	TIMER_FIN_WAIT,
	TIMER_SYN_RECV,
	TIMER_DELAYED_ACK,
	TIMER_COUNT
};

/* keepalive, retransmit, ... as columns, filters and JSON spell it. */
const char *timer_name(enum conn_timer timer);

/* Why no owner is named. OWNER_KNOWN with owner_count 0: owners were not asked for. */
enum owner_unknown {
	OWNER_KNOWN = 0,
	OWNER_OTHER_USER, /* another user's process; more privilege would tell */
	OWNER_KERNEL,	  /* a socket that the kernel itself opened */
	OWNER_ORPHAN,	  /* closed by its process, or not accepted by one yet */
	OWNER_MINISOCKET, /* TIME-WAIT and SYN-RECV belong to nobody */
	OWNER_NOT_FOUND,  /* every process could be read and none holds it */
	OWNER_UNKNOWN_COUNT
};

/* other-user, kernel, ... as JSON spells it; NULL for OWNER_KNOWN. */
const char *owner_unknown_name(enum owner_unknown why);

/* Where a connection's keepalive settings come from, worst last. */
enum settings_source {
	SETTINGS_UNKNOWN = 0,
	SETTINGS_SOCKET,   /* read from the socket */
	SETTINGS_INFERRED, /* learned from its behaviour */
	SETTINGS_SYSTEM,   /* the system's defaults, assumed */
	SETTINGS_SOURCE_COUNT
};

/* socket, inferred, system; NULL for unknown. */
const char *settings_source_name(enum settings_source source);

/*
 * Ages and spans are milliseconds at the sample's time, round trips microseconds. The
 * string indexes refer to the snapshot's string table, 0 being none. Owns nothing and is
 * copied by value.
 */
struct conn {
	uint64_t id; /* the kernel's socket cookie, or a hash of the identity */
	uint32_t have;
	uint32_t expires_ms;
	struct addr local;
	struct addr peer;
	uint8_t state;	       /* enum tcp_state */
	uint8_t timer;	       /* enum conn_timer */
	uint16_t local_port;
	uint16_t peer_port;    /* 0 for a listener */
	uint8_t retransmits;   /* also unanswered window probes under TIMER_PERSIST */
	uint8_t probes;	       /* unanswered keepalive probes */
	uint8_t keepcnt;
	uint8_t settings;      /* enum settings_source of the four below and keepcnt */
	uint8_t owner_unknown; /* enum owner_unknown */
	uint8_t backoff;
	bool keepalive_on;
	bool peer_is_local;    /* loopback, our own address, or one of this namespace */
	bool minisocket;       /* TIME-WAIT or request socket: no owner, queues or ages */
	bool peer_never_probed; /* for certain: no out-of-window segment ever came */
	uint16_t owner_count;
	uint32_t owner_first;  /* index into snapshot.owners */
	uint32_t user;	       /* string: user name */
	uint32_t dev;	       /* string: the interface it is bound to */
	uint32_t cgroup;       /* string: path in the cgroup hierarchy */
	uint32_t uid;
	uint32_t inode;
	uint32_t mark;
	uint32_t keepidle_ms;
	uint32_t keepintvl_ms;
	uint32_t user_timeout_ms; /* 0: not set */
	uint32_t ka_expires_ms;	  /* until the keepalive timer fires, 0 due */
	uint32_t last_sent_ms;
	uint32_t last_received_ms;
	uint32_t last_ack_ms;
	uint32_t last_oow_ack_ms;    /* since an out-of-window segment was answered */
	uint32_t last_peer_probe_ms; /* since a peer's probe was noticed, at the latest */
	uint32_t peer_period_ms;     /* between the peer's probes, as observed */
	uint32_t rto_ms;
	uint32_t rtt_us;
	uint32_t send_queue_bytes; /* LISTEN: the backlog's limit */
	uint32_t recv_queue_bytes; /* LISTEN: connections not yet accepted */
	uint32_t segs_in;
	uint32_t segs_out;
	uint64_t sent_bytes;
	uint64_t received_bytes;
};

_Static_assert(sizeof(struct conn) <= 256, "a connection fits four cache lines");

static inline bool conn_has(const struct conn *c, uint32_t facts)
{
	return (c->have & facts) == facts;
}

/*
 * Silence: time since anything was accepted from the peer, which the kernel compares with
 * keepidle (keepalive_time_elapsed(), include/net/tcp.h). Returns false when unknown.
 */
bool conn_silence_ms(const struct conn *c, int64_t *ms);

/*
 * Lets @elapsed_ms pass without news: ages grow, timers run down to 0 and are due then.
 * What a live view shows between samples.
 */
void conn_advance(struct conn *c, int64_t elapsed_ms);

#endif
