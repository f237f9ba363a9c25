/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/record_fact.h"

#include <stddef.h>
#include <string.h>

#include "collect/record_value.h"

/*
 * A number of struct conn: its key, the bit that says it is known (0: none), where it
 * lies and how wide it is. Facts that share a bit are known together or not at all.
 */
struct fact {
	const char *key;
	uint32_t have;
	uint8_t offset;
	uint8_t size;
};

#define FACT(key, bit, field)                                                            \
	{                                                                                \
		key, bit, offsetof(struct conn, field),                                  \
			sizeof(((struct conn *)NULL)->field)                             \
	}

static const struct fact facts[] = {
	FACT("uid", HAVE_UID, uid),
	FACT("inode", HAVE_INODE, inode),
	FACT("mark", HAVE_MARK, mark),
	FACT("expires_ms", HAVE_EXPIRES, expires_ms),
	FACT("probes", HAVE_PROBES, probes),
	FACT("retransmits", HAVE_RETRANSMITS, retransmits),
	FACT("backoff", 0, backoff),
	FACT("rto_ms", HAVE_RTO, rto_ms),
	FACT("rtt_us", HAVE_RTT, rtt_us),
	FACT("send_queue_bytes", HAVE_QUEUES, send_queue_bytes),
	FACT("recv_queue_bytes", HAVE_QUEUES, recv_queue_bytes),
	FACT("sent_bytes", HAVE_BYTES, sent_bytes),
	FACT("received_bytes", HAVE_BYTES, received_bytes),
	FACT("segs_in", HAVE_SEGS, segs_in),
	FACT("segs_out", HAVE_SEGS, segs_out),
	FACT("last_sent_ms", HAVE_LAST_SENT, last_sent_ms),
	FACT("last_received_ms", HAVE_LAST_RECEIVED, last_received_ms),
	FACT("last_ack_ms", HAVE_LAST_ACK, last_ack_ms),
	FACT("last_oow_ack_ms", HAVE_OOW_ACK, last_oow_ack_ms),
	FACT("last_peer_probe_ms", HAVE_PEER_PROBE, last_peer_probe_ms),
	FACT("peer_period_ms", HAVE_PEER_PERIOD, peer_period_ms),
	FACT("ka_expires_ms", HAVE_KA_EXPIRES, ka_expires_ms),
};

static const struct fact settings[] = {
	FACT("keepidle_ms", HAVE_KEEPIDLE, keepidle_ms),
	FACT("keepintvl_ms", HAVE_KEEPINTVL, keepintvl_ms),
	FACT("keepcnt", HAVE_KEEPCNT, keepcnt),
	FACT("user_timeout_ms", HAVE_USER_TIMEOUT, user_timeout_ms),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int64_t most_of(const struct fact *f)
{
	return f->size >= sizeof(int64_t) ? INT64_MAX : (INT64_C(1) << (8 * f->size)) - 1;
}

static void store(struct conn *c, const struct fact *f, int64_t number)
{
	unsigned char *to = (unsigned char *)c + f->offset;

	switch (f->size) {
	case 1:
		*to = (uint8_t)number;
		break;
	case 4:
		memcpy(to, &(uint32_t){ (uint32_t)number }, 4);
		break;
	default:
		memcpy(to, &(uint64_t){ (uint64_t)number }, 8);
	}
}

static int read_numbers(const json_t *object, const struct fact *table, size_t count,
	struct conn *c, struct error *e)
{
	uint32_t known = 0, missing = 0;

	for (size_t i = 0; i < count; i++) {
		const struct fact *f = &table[i];
		int64_t number = 0;
		int rc = record_integer(object, f->key, 0, most_of(f), &number, e);

		if (rc < 0)
			return -1;
		if (rc == RECORD_FOUND)
			known |= f->have;
		else
			missing |= f->have;
		store(c, f, number);
	}
	for (size_t i = 0; i < count; i++)
		if ((table[i].have & missing) != 0)
			store(c, &table[i], 0);
	c->have |= known & ~missing;
	return 0;
}

int record_read_facts(const json_t *object, struct conn *c, struct error *e)
{
	return read_numbers(object, facts, COUNT(facts), c, e);
}

int record_read_settings(const json_t *object, struct conn *c, struct error *e)
{
	return read_numbers(object, settings, COUNT(settings), c, e);
}
