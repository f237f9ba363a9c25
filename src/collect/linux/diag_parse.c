/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/diag_parse.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Before Linux 5.5 the expiry of a timer that is late wraps around. */
#define EXPIRES_WRAPPED (UINT32_C(1) << 31)

#define BITS_OWNED                                                                       \
	(STATE_BIT(STATE_ESTABLISHED) | STATE_BIT(STATE_CLOSE_WAIT) |                    \
		STATE_BIT(STATE_FIN_WAIT_1) | STATE_BIT(STATE_FIN_WAIT_2))
#define BITS_FIN_WAIT (STATE_BIT(STATE_FIN_WAIT_1) | STATE_BIT(STATE_FIN_WAIT_2))

/* tcp_info's ages are junk before the handshake and after the end. */
#define BITS_AGED (BITS_OWNED | STATE_BIT(STATE_LAST_ACK) | STATE_BIT(STATE_CLOSING))

/*
 * inet_sk_diag_fill(), net/ipv4/inet_diag.c, names the first timer that runs, the
 * keepalive timer after retransmission and window probes, which hide it. In FIN-WAIT-2
 * that same timer ends the wait of a socket without an owner (tcp_close(),
 * net/ipv4/tcp.c).
 */
static enum conn_timer timer_of(const struct conn *c, unsigned timer)
{
	static const uint8_t plain[] = {
		[DIAG_TIMER_NONE] = TIMER_NONE,
		[DIAG_TIMER_RETRANSMIT] = TIMER_RETRANSMIT,
		[DIAG_TIMER_KEEPALIVE] = TIMER_KEEPALIVE,
		[DIAG_TIMER_TIME_WAIT] = TIMER_TIME_WAIT,
		[DIAG_TIMER_PERSIST] = TIMER_PERSIST,
		[DIAG_TIMER_DELAYED_ACK] = TIMER_DELAYED_ACK,
	};

	if (c->minisocket && c->state == STATE_SYN_RECV)
		return TIMER_SYN_RECV;
	if (c->state == STATE_FIN_WAIT_2 &&
		(timer == DIAG_TIMER_TIME_WAIT ||
			(timer == DIAG_TIMER_KEEPALIVE && c->inode == 0)))
		return TIMER_FIN_WAIT;
	return plain[timer];
}

/* Whether keepalive applies to the socket and nothing hides its timer. */
static bool keepalive_tells(const struct conn *c, unsigned timer)
{
	if (c->minisocket || !(BITS_OWNED & STATE_BIT(c->state)))
		return false;
	if ((BITS_FIN_WAIT & STATE_BIT(c->state)) && c->inode == 0)
		return false;
	return timer == DIAG_TIMER_NONE || timer == DIAG_TIMER_KEEPALIVE ||
	       timer == DIAG_TIMER_DELAYED_ACK;
}

static void place_counts(struct conn *c, unsigned timer, uint32_t retrans)
{
	uint8_t count = retrans > UINT8_MAX ? UINT8_MAX : (uint8_t)retrans;

	if (keepalive_tells(c, timer)) {
		c->have |= HAVE_KEEPALIVE;
		c->keepalive_on = timer == DIAG_TIMER_KEEPALIVE;
	}
	if (c->timer == TIMER_KEEPALIVE) {
		c->have |= HAVE_PROBES;
		c->probes = count;
	}
	if (timer == DIAG_TIMER_TIME_WAIT || c->state == STATE_LISTEN)
		return;
	c->have |= HAVE_RETRANSMITS;
	if (timer == DIAG_TIMER_RETRANSMIT || timer == DIAG_TIMER_PERSIST)
		c->retransmits = count;
}

void diag_place_timer(
	struct conn *c, unsigned timer, uint32_t expires_ms, uint32_t retrans)
{
	if (timer > DIAG_TIMER_DELAYED_ACK)
		return;
	c->have |= HAVE_TIMER;
	c->timer = (uint8_t)timer_of(c, timer);
	if (timer != DIAG_TIMER_NONE) {
		c->have |= HAVE_EXPIRES;
		c->expires_ms = expires_ms < EXPIRES_WRAPPED ? expires_ms : 0;
		if (c->expires_ms == 0)
			c->have |= HAVE_DUE;
	}
	place_counts(c, timer, retrans);
}

/*
 * Request and TIME-WAIT sockets are smaller structures without an owner, and both fills
 * (inet_req_diag_fill(), inet_twsk_diag_fill()) write zeros for what they lack.
 */
static bool is_minisocket(const struct inet_diag_msg *m)
{
	return m->idiag_timer == DIAG_TIMER_TIME_WAIT ||
	       m->idiag_state == STATE_TIME_WAIT ||
	       (m->idiag_state == STATE_SYN_RECV && m->idiag_inode == 0);
}

static void place_socket(const struct inet_diag_msg *m, struct conn *c)
{
	if (m->idiag_inode != 0) {
		c->have |= HAVE_INODE;
		c->inode = m->idiag_inode;
	}
	/* sock_i_uid(): root for whatever has no file, before Linux 6.17. */
	if (m->idiag_inode != 0 || m->idiag_uid != 0) {
		c->have |= HAVE_UID;
		c->uid = m->idiag_uid;
	}
	c->have |= HAVE_QUEUES;
	c->recv_queue_bytes = m->idiag_rqueue;
	c->send_queue_bytes = m->idiag_wqueue;
}

static void place_base(const struct inet_diag_msg *m, struct conn *c)
{
	unsigned family = m->idiag_family == AF_INET6 ? 6 : 4;

	c->id = (uint64_t)m->id.idiag_cookie[1] << 32 | m->id.idiag_cookie[0];
	c->have |= HAVE_COOKIE;
	c->local = addr_from_bytes(family, m->id.idiag_src);
	c->peer = addr_from_bytes(family, m->id.idiag_dst);
	c->local_port = ntohs(m->id.idiag_sport);
	c->peer_port = ntohs(m->id.idiag_dport);
	c->state = m->idiag_state;
	c->minisocket = is_minisocket(m);
	if (!c->minisocket)
		place_socket(m, c);
	diag_place_timer(c, m->idiag_timer, m->idiag_expires, m->idiag_retrans);
}

/* Whether a tcp_info of @len bytes reaches as far as @field; it grew with the kernels. */
#define REACHES(len, field)                                                              \
	((len) >= offsetof(struct tcp_info, field) +                                     \
			  sizeof(((const struct tcp_info *)NULL)->field))

static void place_ages(const struct tcp_info *info, struct conn *c)
{
	c->have |= HAVE_LAST_SENT | HAVE_LAST_RECEIVED | HAVE_LAST_ACK;
	c->last_sent_ms = info->tcpi_last_data_sent;
	c->last_received_ms = info->tcpi_last_data_recv;
	c->last_ack_ms = info->tcpi_last_ack_recv;
}

static void place_round_trip(const struct tcp_info *info, size_t len, struct conn *c)
{
	if (REACHES(len, tcpi_rto) && info->tcpi_rto > 0) {
		c->have |= HAVE_RTO;
		c->rto_ms = info->tcpi_rto / 1000;
		c->backoff = info->tcpi_backoff;
	}
	if (REACHES(len, tcpi_rtt) && info->tcpi_rtt > 0) {
		c->have |= HAVE_RTT;
		c->rtt_us = info->tcpi_rtt;
	}
	if (REACHES(len, tcpi_retransmits) && c->timer != TIMER_PERSIST) {
		c->have |= HAVE_RETRANSMITS;
		c->retransmits = info->tcpi_retransmits;
	}
}

static void place_counters(const struct tcp_info *info, size_t len, struct conn *c)
{
	if (REACHES(len, tcpi_bytes_received)) {
		c->have |= HAVE_BYTES;
		c->received_bytes = info->tcpi_bytes_received;
		c->sent_bytes = REACHES(len, tcpi_bytes_sent) ? info->tcpi_bytes_sent
							      : info->tcpi_bytes_acked;
	}
	if (REACHES(len, tcpi_segs_in)) {
		c->have |= HAVE_SEGS;
		c->segs_in = info->tcpi_segs_in;
		c->segs_out = info->tcpi_segs_out;
	}
}

/* A listener's tcp_info holds its backlog in fields of other names. */
static void place_info(const void *payload, size_t len, struct conn *c)
{
	struct tcp_info info = { 0 };

	if (c->minisocket || c->state == STATE_LISTEN)
		return;
	memcpy(&info, payload, len < sizeof(info) ? len : sizeof(info));
	if (REACHES(len, tcpi_last_ack_recv) && (BITS_AGED & STATE_BIT(c->state)))
		place_ages(&info, c);
	place_round_trip(&info, len, c);
	place_counters(&info, len, c);
}

static void place_attribute(unsigned type, const void *payload, size_t len,
	struct conn *c, struct diag_extra *x)
{
	switch (type) {
	case INET_DIAG_INFO:
		place_info(payload, len, c);
		break;
	case INET_DIAG_MARK:
		if (len < sizeof(c->mark))
			break;
		memcpy(&c->mark, payload, sizeof(c->mark));
		c->have |= HAVE_MARK;
		break;
	case INET_DIAG_CGROUP_ID:
		if (len >= sizeof(x->cgroup))
			memcpy(&x->cgroup, payload, sizeof(x->cgroup));
		break;
	}
}

int diag_parse(const void *payload, size_t len, struct conn *c, struct diag_extra *x)
{
	const unsigned char *p = payload;
	struct inet_diag_msg m;
	struct nlattr attr;

	if (len < sizeof(m))
		return -1;
	memcpy(&m, p, sizeof(m));
	if ((m.idiag_family != AF_INET && m.idiag_family != AF_INET6) ||
		m.idiag_state == STATE_UNKNOWN || m.idiag_state >= STATE_COUNT)
		return -1;
	place_base(&m, c);
	x->interface = m.id.idiag_if;
	for (size_t at = NLMSG_ALIGN(sizeof(m)); len >= at + sizeof(attr);
		at += NLA_ALIGN(attr.nla_len)) {
		memcpy(&attr, p + at, sizeof(attr));
		if (attr.nla_len < sizeof(attr) || attr.nla_len > len - at)
			break;
		place_attribute(attr.nla_type & NLA_TYPE_MASK, p + at + sizeof(attr),
			attr.nla_len - sizeof(attr), c, x);
	}
	return 0;
}
