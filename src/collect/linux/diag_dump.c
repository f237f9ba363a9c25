/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/diag_dump.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "collect/linux/diag_request.h"
#include "collect/linux/netlink.h"
#include "collect/linux/seen.h"
#include "collect/linux/skew.h"
#include "host/host.h"

/*
 * netlink_dump(), net/netlink/af_netlink.c, makes its next buffer as large as the largest
 * that it was received into, 32 KiB at most.
 */
#define BUFFER_SIZE (64 * 1024)

#define TRIES 3

/*
 * A few rows are asked for again when the kernel's answer took so long that one cannot
 * tell when in that time they were true: this process was not running, most likely.
 */
#define VAGUE_MS   30
#define VAGUE_ROWS 2000

/* The kernel's MAX_ERRNO. */
#define CODE_MOST 4095

/* A channel is replaced when a dump breaks: what is left in it answers an old request. */
struct diag_channel {
	struct mnl_socket *socket;
	uint32_t seq;
	bool unfiltered; /* the kernel does not take the bytecode */
	bool apart;	 /* it does not know the request for both families */
	struct seen seen;
	struct skew skew;
	char *buffer;
};

/* One dump under way. */
struct dump {
	struct diag_channel *channel;
	const struct diag_sink *sink;
	struct snapshot *snap;
	int64_t called_ms;  /* when the call began that fills the next buffer */
	int64_t longest_ms; /* that such a call took */
};

enum outcome { DUMP_DONE, DUMP_INCOMPLETE, DUMP_REFUSED };

struct diag_channel *diag_open(int *why, struct error *e)
{
	struct mnl_socket *socket = netlink_open(NETLINK_SOCK_DIAG);
	struct diag_channel *d;

	*why = errno;
	if (socket == NULL) {
		error_set(e, "cannot open the socket diagnosis channel: %s",
			strerror(*why));
		return NULL;
	}
	d = xcalloc(1, sizeof(*d));
	d->socket = socket;
	d->buffer = xmalloc(BUFFER_SIZE);
	return d;
}

void diag_close(struct diag_channel *d)
{
	if (d == NULL)
		return;
	if (d->socket != NULL)
		mnl_socket_close(d->socket);
	seen_clear(&d->seen);
	skew_clear(&d->skew);
	free(d->buffer);
	free(d);
}

void diag_relax(struct diag_channel *d)
{
	seen_clear(&d->seen);
	skew_clear(&d->skew);
}

static int on_message(const struct nlmsghdr *nlh, void *context)
{
	struct dump *dump = context;
	struct conn *c = snapshot_add(dump->snap);
	struct diag_extra x = { 0 };

	if (diag_parse(mnl_nlmsg_get_payload(nlh), mnl_nlmsg_get_payload_len(nlh), c,
		    &x) != 0) {
		dump->snap->count--;
		return MNL_CB_OK;
	}
	dump->sink->row(dump->sink->context, c, &x);
	seen_enter_last(&dump->channel->seen, dump->snap);
	return MNL_CB_OK;
}

/* The kernel's negative errno, or EBADMSG for what is none. */
static int code_of(int32_t result)
{
	return result < 0 && result >= -CODE_MOST ? -result : EBADMSG;
}

/* The end carries what the dump function returned last (netlink_dump_done()). */
static int on_done(const struct nlmsghdr *nlh, void *context)
{
	int32_t result = 0;

	(void)context;
	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(result))
		memcpy(&result, mnl_nlmsg_get_payload(nlh), sizeof(result));
	if (result >= 0)
		return MNL_CB_STOP;
	errno = code_of(result);
	return MNL_CB_ERROR;
}

static int on_error(const struct nlmsghdr *nlh, void *context)
{
	struct nlmsgerr error = { .error = -EBADMSG };

	(void)context;
	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(error))
		memcpy(&error, mnl_nlmsg_get_payload(nlh), sizeof(error));
	errno = code_of(error.error);
	return error.error == 0 ? MNL_CB_STOP : MNL_CB_ERROR;
}

/*
 * What an error before the first row means: want of memory passes, and so does what
 * answers no request of ours (libmnl says EPROTO).
 */
static enum outcome blame(int code)
{
	static const int passing[] = { ENOBUFS, ENOMEM, EAGAIN, EINTR, EPROTO, EBADMSG };

	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (code == passing[i])
			return DUMP_INCOMPLETE;
	return DUMP_REFUSED;
}

/*
 * The kernel fills a buffer in the call before: the first one in the send, each later one
 * in the receive of its predecessor (netlink_recvmsg()). Its rows were true between the
 * beginning and the end of that call; the middle is at most half of it off.
 */
static int64_t next_filled_ms(struct dump *dump)
{
	int64_t now = clock_mono_ms();
	int64_t took = now - dump->called_ms;

	if (took > dump->longest_ms)
		dump->longest_ms = took;
	return dump->called_ms + took / 2;
}

static enum outcome receive_all(struct dump *dump)
{
	mnl_cb_t controls[NLMSG_MIN_TYPE] = {
		[NLMSG_ERROR] = on_error, [NLMSG_DONE] = on_done
	};
	struct diag_channel *d = dump->channel;
	unsigned port = mnl_socket_get_portid(d->socket);
	size_t before = dump->snap->count;
	int64_t filled_ms = next_filled_ms(dump);
	int rc = MNL_CB_OK;

	for (bool first = true; rc > MNL_CB_STOP; first = false) {
		ssize_t got;

		dump->called_ms = clock_mono_ms();
		got = netlink_receive(d->socket, d->buffer, BUFFER_SIZE);
		if (got < 0)
			return DUMP_INCOMPLETE;
		skew_mark(&d->skew, dump->snap->count, filled_ms);
		filled_ms = next_filled_ms(dump);
		errno = 0;
		rc = mnl_cb_run2(d->buffer, (size_t)got, d->seq, port, on_message, dump,
			controls, NLMSG_MIN_TYPE);
		if (rc < 0)
			return first && dump->snap->count == before ? blame(errno)
								    : DUMP_INCOMPLETE;
	}
	return DUMP_DONE;
}

static enum outcome dump_families(
	struct dump *dump, unsigned families, const struct collect_request *request)
{
	uint64_t buf[DIAG_REQUEST_SIZE / sizeof(uint64_t)];
	struct diag_channel *d = dump->channel;
	struct nlmsghdr *nlh =
		diag_request_dump(buf, families, request, !d->unfiltered, ++d->seq);

	dump->called_ms = clock_mono_ms();
	if (mnl_socket_sendto(d->socket, nlh, nlh->nlmsg_len) < 0)
		return blame(errno);
	return receive_all(dump);
}

/* A kernel may lack IPv6: then there are no such sockets. */
static enum outcome dump_apart(struct dump *dump, const struct collect_request *request)
{
	enum outcome v4 = dump_families(dump, FAMILY_V4, request);
	enum outcome v6;

	if (v4 != DUMP_DONE)
		return v4;
	v6 = dump_families(dump, FAMILY_V6, request);
	return v6 == DUMP_REFUSED && errno == ENOENT ? DUMP_DONE : v6;
}

/* One try. Refusals of what not every kernel has are met by asking more simply. */
static enum outcome dump_once(struct dump *dump, const struct collect_request *request)
{
	struct diag_channel *d = dump->channel;
	unsigned families = request->where.families & FAMILY_ANY;
	enum outcome outcome;

	if (families == FAMILY_ANY && d->apart)
		return dump_apart(dump, request);
	outcome = dump_families(dump, families, request);
	if (outcome != DUMP_REFUSED)
		return outcome;
	if (errno == EINVAL && !d->unfiltered && request->where.count > 0)
		d->unfiltered = true;
	else if (families == FAMILY_ANY)
		d->apart = true;
	else
		return outcome;
	return dump_once(dump, request);
}

/* A broken dump leaves answers behind that belong to nothing any more. */
static int renew(struct diag_channel *d)
{
	if (d->socket != NULL)
		mnl_socket_close(d->socket);
	d->socket = netlink_open(NETLINK_SOCK_DIAG);
	return d->socket != NULL ? 0 : -1;
}

static bool is_vague(const struct dump *dump)
{
	return dump->longest_ms > VAGUE_MS && dump->snap->count < VAGUE_ROWS;
}

static enum outcome dump_again(struct dump *dump, const struct collect_request *request)
{
	enum outcome outcome = DUMP_DONE;

	for (int i = 0; i < TRIES; i++) {
		if ((outcome == DUMP_INCOMPLETE || dump->channel->socket == NULL) &&
			renew(dump->channel) != 0)
			return DUMP_REFUSED;
		dump->snap->count = 0;
		dump->longest_ms = 0;
		seen_reset(&dump->channel->seen);
		skew_reset(&dump->channel->skew);
		outcome = dump_once(dump, request);
		if (outcome == DUMP_REFUSED || (outcome == DUMP_DONE && !is_vague(dump)))
			return outcome;
	}
	return outcome;
}

int diag_dump(struct diag_channel *d, const struct collect_request *request,
	const struct diag_sink *sink, struct snapshot *snap, int *why, struct error *e)
{
	struct dump dump = { .channel = d, .sink = sink, .snap = snap };
	enum outcome outcome = DUMP_DONE;

	if ((request->where.states & STATES_ALL) &&
		(request->where.families & FAMILY_ANY))
		outcome = dump_again(&dump, request);
	if (outcome == DUMP_REFUSED) {
		*why = errno;
		return error_set(e, "the kernel refuses the dump of its TCP sockets: %s",
			strerror(*why));
	}
	snap->partial = outcome == DUMP_INCOMPLETE;
	snap->mono_ms = clock_mono_ms();
	snap->time_ms = clock_wall_ms();
	skew_apply(&d->skew, snap, snap->mono_ms);
	if (outcome == DUMP_INCOMPLETE) {
		mnl_socket_close(d->socket);
		d->socket = NULL;
	}
	return 0;
}
