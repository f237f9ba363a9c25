/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/proc_tcp.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "collect/linux/proc.h"
#include "collect/linux/seen.h"
#include "collect/linux/skew.h"
#include "host/host.h"

#define BUFFER_SIZE (64 * 1024)

/* get_tcp4_sock(), net/ipv4/tcp_ipv4.c, counts in USER_HZ, whatever HZ is. */
#define TICK_MS 10

/* The words of a line, read from the left. After a fault everything reads as zero. */
struct words {
	const char *at;
	const char *end;
	bool fault;
};

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* A number of at most @most digits to @base. */
static uint64_t number(struct words *w, int base, int most)
{
	const char *start = w->at;
	uint64_t n = 0;

	while (w->at < w->end && w->at - start < most && digit(*w->at) < base)
		n = n * (uint64_t)base + (uint64_t)digit(*w->at++);
	if (w->at == start)
		w->fault = true;
	return w->fault ? 0 : n;
}

static void expect(struct words *w, char c)
{
	if (w->at < w->end && *w->at == c)
		w->at++;
	else
		w->fault = true;
}

static void blanks(struct words *w)
{
	while (w->at < w->end && *w->at == ' ')
		w->at++;
}

/* A number behind blanks that fits 32 bits; larger ones are cut to the largest. */
static uint32_t word(struct words *w, int base)
{
	uint64_t n;

	blanks(w);
	n = number(w, base, 18);
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* Each 32 bits of the address as the number that they are on this machine. */
static struct addr address(struct words *w, unsigned family, uint16_t *port)
{
	uint32_t parts[4] = { 0 };

	blanks(w);
	for (int i = 0; i < (family == 6 ? 4 : 1); i++)
		parts[i] = (uint32_t)number(w, 16, 8);
	expect(w, ':');
	*port = (uint16_t)number(w, 16, 4);
	return addr_from_bytes(family, parts);
}

/* Connections have no cookie here: their identity is what they are. A port may have many
 * listeners (SO_REUSEPORT). */
static uint64_t identity(const struct conn *c)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
	uint32_t ports = (uint32_t)c->local_port << 16 | c->peer_port;
	uint32_t tail[2] = { ports, c->state == STATE_LISTEN ? c->inode : 0 };

	for (size_t i = 0; i < sizeof(c->local.bytes); i++)
		h = (h ^ c->local.bytes[i]) * UINT64_C(1099511628211);
	for (size_t i = 0; i < sizeof(c->peer.bytes); i++)
		h = (h ^ c->peer.bytes[i]) * UINT64_C(1099511628211);
	for (size_t i = 0; i < 2; i++)
		h = (h ^ tail[i] ^ c->local.family) * UINT64_C(1099511628211);
	return h != 0 ? h : 1;
}

static void place_owner(struct conn *c, uint32_t uid, uint32_t inode)
{
	if (c->minisocket)
		return;
	c->inode = inode;
	c->uid = uid;
	if (inode != 0)
		c->have |= HAVE_INODE;
	if (inode != 0 || uid != 0)
		c->have |= HAVE_UID;
}

/* A listener's limit is not told here. */
static void place_queues(struct conn *c, uint32_t send, uint32_t receive)
{
	if (c->minisocket || c->state == STATE_LISTEN)
		return;
	c->have |= HAVE_QUEUES;
	c->send_queue_bytes = send;
	c->recv_queue_bytes = receive;
}

/* Behind the inode: references, the address of the socket, and the present timeout. */
static void place_rto(struct words *w, struct conn *c)
{
	uint32_t ticks;

	word(w, 10);
	word(w, 16);
	ticks = word(w, 10);
	if (w->fault || ticks == 0 || c->minisocket || c->state == STATE_LISTEN)
		return;
	c->have |= HAVE_RTO;
	c->rto_ms = ticks < UINT32_MAX / TICK_MS ? ticks * TICK_MS : UINT32_MAX;
}

static void place_rest(struct words *w, struct conn *c)
{
	uint32_t send = word(w, 16), receive = (expect(w, ':'), word(w, 16));
	uint32_t timer = word(w, 16), ticks = (expect(w, ':'), word(w, 16));
	uint32_t retransmits = word(w, 16), uid = word(w, 10), probes = word(w, 10);
	uint32_t inode = word(w, 10);
	bool counts_probes = timer == DIAG_TIMER_KEEPALIVE || timer == DIAG_TIMER_PERSIST;

	if (w->fault)
		return;
	c->minisocket = timer == DIAG_TIMER_TIME_WAIT || c->state == STATE_TIME_WAIT ||
			(c->state == STATE_SYN_RECV && inode == 0);
	place_owner(c, uid, inode);
	place_queues(c, send, receive);
	diag_place_timer(c, timer,
		ticks < UINT32_MAX / 2 / TICK_MS ? ticks * TICK_MS : UINT32_MAX,
		counts_probes ? probes : retransmits);
}

int proc_tcp_parse(const char *line, size_t len, unsigned family, struct conn *c)
{
	struct words w = { .at = line, .end = line + len };
	uint32_t state;

	word(&w, 10);
	expect(&w, ':');
	c->local = address(&w, family, &c->local_port);
	c->peer = address(&w, family, &c->peer_port);
	state = word(&w, 16);
	if (w.fault || state == STATE_UNKNOWN || state >= STATE_COUNT)
		return -1;
	c->state = (uint8_t)state;
	place_rest(&w, c);
	if (w.fault)
		return -1;
	place_rto(&w, c);
	c->id = identity(c);
	return 0;
}

/* A dump under way. */
struct text_dump {
	const struct collect_request *request;
	const struct diag_sink *sink;
	struct snapshot *snap;
	struct seen seen;
	struct skew skew;
	unsigned family;
};

static void on_line(struct text_dump *d, const char *line, size_t len)
{
	static const struct diag_extra nothing;
	struct conn *c = snapshot_add(d->snap);

	if (proc_tcp_parse(line, len, d->family, c) != 0 ||
		!(d->request->where.states & STATE_BIT(c->state))) {
		d->snap->count--;
		return;
	}
	d->sink->row(d->sink->context, c, &nothing);
	seen_enter_last(&d->seen, d->snap);
}

/* Hands over the whole lines of @buf; returns the bytes of the last, unfinished one. */
static size_t split_lines(struct text_dump *d, char *buf, size_t len)
{
	char *line = buf, *newline;

	while ((newline = memchr(line, '\n', len - (size_t)(line - buf))) != NULL) {
		on_line(d, line, (size_t)(newline - line));
		line = newline + 1;
	}
	len -= (size_t)(line - buf);
	memmove(buf, line, len);
	return len < BUFFER_SIZE ? len : 0;
}

/* The file is written while it is read: a row is as old as the read that brought it. */
static int read_lines(struct text_dump *d, int fd, char *buf)
{
	size_t held = 0;
	ssize_t got;

	for (;;) {
		got = read(fd, buf + held, BUFFER_SIZE - held);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		skew_mark(&d->skew, d->snap->count, clock_mono_ms());
		held = split_lines(d, buf, held + (size_t)got);
	}
}

/* 0, or -1 with errno. */
static int dump_file(struct text_dump *d, const char *name, unsigned family, char *buf)
{
	int fd = proc_open(name);
	int rc;

	if (fd < 0)
		return -1;
	d->family = family;
	rc = read_lines(d, fd, buf);
	close(fd);
	return rc;
}

static int dump_both(struct text_dump *d, char *buf)
{
	unsigned families = d->request->where.families;

	if ((families & FAMILY_V4) && dump_file(d, "net/tcp", 4, buf) != 0)
		return -1;
	if ((families & FAMILY_V6) && dump_file(d, "net/tcp6", 6, buf) != 0)
		return errno == ENOENT ? 0 : -1;
	return 0;
}

int proc_tcp_dump(const struct collect_request *request, const struct diag_sink *sink,
	struct snapshot *snap, struct error *e)
{
	struct text_dump d = { .request = request, .sink = sink, .snap = snap };
	char *buf = xmalloc(BUFFER_SIZE);
	int rc = dump_both(&d, buf);

	if (rc != 0)
		error_set(e, "cannot read %s/net/tcp: %s", proc_root(), strerror(errno));
	snap->mono_ms = clock_mono_ms();
	snap->time_ms = clock_wall_ms();
	skew_apply(&d.skew, snap, snap->mono_ms);
	seen_clear(&d.seen);
	skew_clear(&d.skew);
	free(buf);
	return rc;
}
