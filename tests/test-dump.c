/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dumps that break: a double of the netlink socket answers what the test has written. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "collect/linux/diag_dump.h"
#include "mnl-double.h"

/* What happens at one receive: rows and an end, an errno, or an error message. */
enum step {
	ROWS,
	DONE,
	FAIL,
	ERROR,
	INTERRUPTED_DUMP,
	BAD_DONE,
	FOREIGN,
	NOTHING,
	LYING, /* rows, and then one as long as the value says */
};

struct scripted {
	enum step step;
	int value; /* ROWS: the first cookie; else errno */
};

#define ROWS_A_STEP 10

static const struct scripted *script;
static int sent, filtered, fault_on_open;
static unsigned last_type;
static uint32_t sequence;
static int64_t now_ms = 5000;
static int slow_receives; /* that many more take 100 ms */

int64_t clock_mono_ms(void)
{
	return now_ms;
}

int64_t clock_wall_ms(void)
{
	return 1700000000000;
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	(void)bus, (void)flags;
	errno = fault_on_open;
	if (fault_on_open != 0)
		return NULL;
	opened++;
	return (struct mnl_socket *)&opened;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t size)
{
	const struct nlmsghdr *nlh = req;
	size_t plain = nlh->nlmsg_type == TCPDIAG_GETSOCK
			       ? sizeof(struct inet_diag_req)
			       : sizeof(struct inet_diag_req_v2);

	(void)nl;
	sent++;
	sequence = nlh->nlmsg_seq;
	last_type = nlh->nlmsg_type;
	filtered += nlh->nlmsg_len > NLMSG_HDRLEN + plain;
	return (ssize_t)size;
}

static struct nlmsghdr *put(char **at, unsigned type, const void *payload, size_t len)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)*at;

	*nlh = (struct nlmsghdr){ .nlmsg_len = (uint32_t)(NLMSG_HDRLEN + len),
		.nlmsg_type = (uint16_t)type,
		.nlmsg_flags = NLM_F_MULTI,
		.nlmsg_seq = sequence,
		.nlmsg_pid = DOUBLE_PORT };
	memcpy(NLMSG_DATA(nlh), payload, len);
	*at += NLMSG_ALIGN(nlh->nlmsg_len);
	return nlh;
}

static void put_rows(char **at, int first)
{
	for (int i = 0; i < ROWS_A_STEP; i++) {
		struct inet_diag_msg m = {
			.idiag_family = AF_INET,
			.idiag_state = STATE_ESTABLISHED,
			.idiag_timer = 2,
			.idiag_expires = 1000,
		};

		m.id.idiag_cookie[0] = (uint32_t)(first + i);
		put(at, SOCK_DIAG_BY_FAMILY, &m, sizeof(m));
	}
}

static void put_error(char **at, unsigned type, int code)
{
	struct nlmsgerr error = { .error = code != INT32_MIN ? -code : code };

	put(at, type, &error, type == NLMSG_ERROR ? sizeof(error) : sizeof(error.error));
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	const struct scripted *now = script++;
	char *at = buf;

	(void)nl;
	assert_true(size >= 4096);
	now_ms += slow_receives > 0 ? 100 : 3;
	slow_receives -= slow_receives > 0;
	errno = now->value;
	switch (now->step) {
	case ROWS:
	case INTERRUPTED_DUMP:
		put_rows(&at, now->value);
		if (now->step == INTERRUPTED_DUMP)
			((struct nlmsghdr *)buf)->nlmsg_flags |= NLM_F_DUMP_INTR;
		break;
	case FOREIGN:
		put_rows(&at, now->value);
		((struct nlmsghdr *)buf)->nlmsg_seq += 5;
		break;
	case LYING:
		put_rows(&at, 300);
		put(&at, SOCK_DIAG_BY_FAMILY, "", 0)->nlmsg_len = (uint32_t)now->value;
		break;
	case DONE:
	case BAD_DONE:
		put_error(&at, NLMSG_DONE, now->value);
		break;
	case ERROR:
		put_error(&at, NLMSG_ERROR, now->value);
		break;
	case NOTHING:
		return 0;
	case FAIL:
		return -1;
	}
	return at - (char *)buf;
}

static void on_row(void *context, struct conn *c, const struct diag_extra *x)
{
	(void)x;
	assert_true(c->id != 0);
	++*(int *)context;
}

/* One dump by @steps. Returns what diag_dump() does; errno in *why. */
static int dump(const struct scripted *steps, size_t terms, unsigned families,
	struct snapshot *snap, int *why)
{
	struct collect_request request = {
		.where = { .states = STATES_ALL, .families = families, .count = terms },
	};
	int rows = 0, rc;
	struct diag_sink sink = { .row = on_row, .context = &rows };
	struct diag_channel *d;
	struct error e = { .text = "" };

	for (size_t i = 0; i < terms; i++)
		request.where.terms[i] =
			(struct prefilter_term){ .first_port = 22, .last_port = 22 };
	script = steps;
	sent = filtered = 0;
	d = diag_open(why, &e);
	assert_non_null(d);
	snapshot_reset(snap);
	*why = 0;
	rc = diag_dump(d, &request, &sink, snap, why, &e);
	assert_int_equal(rc == 0, e.text[0] == '\0');
	diag_close(d);
	assert_int_equal(opened, 0);
	return rc;
}

static void expect_whole(const struct scripted *steps, size_t count)
{
	struct snapshot snap = { 0 };
	int why;

	assert_int_equal(dump(steps, 0, FAMILY_ANY, &snap, &why), 0);
	assert_false(snap.partial);
	assert_int_equal(snap.count, count);
	assert_true(snap.mono_ms == now_ms);
	snapshot_clear(&snap);
}

static void test_whole(void **state)
{
	(void)state;
	expect_whole((struct scripted[]){ { ROWS, 1 }, { ROWS, 11 }, { DONE, 0 } }, 20);
	assert_int_equal(sent, 1);
	assert_int_equal(last_type, TCPDIAG_GETSOCK);
	expect_whole((struct scripted[]){ { DONE, 0 } }, 0);
	/* doubled rows count once */
	expect_whole((struct scripted[]){ { ROWS, 1 }, { ROWS, 5 }, { DONE, 0 } }, 14);
	/* a signal is no reason to stop */
	expect_whole((struct scripted[]){ { FAIL, EINTR }, { ROWS, 1 }, { FAIL, EINTR },
			     { DONE, 0 } },
		10);
}

/* Rows of a broken try are not kept. */
static void test_again(void **state)
{
	static const struct scripted breaks[] = { { FAIL, ENOBUFS }, { FAIL, EAGAIN },
		{ NOTHING, 0 }, { INTERRUPTED_DUMP, 50 }, { BAD_DONE, ENOMEM },
		{ ERROR, ENOBUFS }, { FOREIGN, 70 }, { FAIL, ENOSPC }, { LYING, 17 },
		{ LYING, 0 }, { LYING, 15 }, { LYING, INT32_MIN }, { LYING, -16 } };

	(void)state;
	for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++) {
		expect_whole((struct scripted[]){ { ROWS, 100 }, breaks[i], { ROWS, 1 },
				     { DONE, 0 } },
			10);
		assert_int_equal(sent, 2);
	}
	expect_whole(
		(struct scripted[]){ { ERROR, ENOMEM }, { ROWS, 1 }, { DONE, 0 } }, 10);
	/* what answers somebody else, numbers that are no errno */
	expect_whole(
		(struct scripted[]){ { FOREIGN, 70 }, { ROWS, 1 }, { DONE, 0 } }, 10);
	expect_whole((struct scripted[]){ { ERROR, -7 }, { ROWS, 1 }, { DONE, 0 } }, 10);
	expect_whole(
		(struct scripted[]){ { ERROR, INT32_MIN }, { ROWS, 1 }, { DONE, 0 } },
		10);
}

static void test_partial(void **state)
{
	struct snapshot snap = { 0 };
	int why;

	(void)state;
	assert_int_equal(dump((struct scripted[]){ { ROWS, 1 }, { FAIL, ENOBUFS },
				      { ROWS, 1 }, { FAIL, ENOBUFS }, { ROWS, 1 },
				      { ROWS, 11 }, { FAIL, ENOBUFS } },
				 0, FAMILY_ANY, &snap, &why),
		0);
	assert_true(snap.partial);
	assert_int_equal(snap.count, 20);
	snapshot_clear(&snap);
}

static void test_refused(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;
	int why;

	(void)state;
	assert_int_equal(dump((struct scripted[]){ { ERROR, ENOENT }, { ERROR, ENOENT } },
				 0, FAMILY_ANY, &snap, &why),
		-1);
	assert_int_equal(why, ENOENT);
	assert_int_equal(
		dump((struct scripted[]){ { ERROR, EPERM } }, 0, FAMILY_V4, &snap, &why),
		-1);
	assert_int_equal(why, EPERM);
	fault_on_open = EACCES;
	assert_null(diag_open(&why, &e));
	assert_int_equal(why, EACCES);
	fault_on_open = 0;
	snapshot_clear(&snap);
}

/* Kernels without the bytecode, without the old request, without IPv6. */
static void test_simpler(void **state)
{
	struct snapshot snap = { 0 };
	int why;

	(void)state;
	assert_int_equal(
		dump((struct scripted[]){ { ERROR, EINVAL }, { ROWS, 1 }, { DONE, 0 } },
			1, FAMILY_ANY, &snap, &why),
		0);
	assert_int_equal(filtered, 1);
	assert_int_equal(sent, 2);
	assert_int_equal(snap.count, 10);
	assert_int_equal(dump((struct scripted[]){ { ERROR, EOPNOTSUPP }, { ROWS, 1 },
				      { DONE, 0 }, { ROWS, 21 }, { DONE, 0 } },
				 0, FAMILY_ANY, &snap, &why),
		0);
	assert_int_equal(snap.count, 20);
	assert_int_equal(last_type, SOCK_DIAG_BY_FAMILY);
	assert_int_equal(dump((struct scripted[]){ { ERROR, EOPNOTSUPP }, { ROWS, 1 },
				      { DONE, 0 }, { ERROR, ENOENT } },
				 0, FAMILY_ANY, &snap, &why),
		0);
	assert_int_equal(snap.count, 10);
	assert_false(snap.partial);
	snapshot_clear(&snap);
}

/* A row is as old as the middle of the call before the one that brought it. */
static void test_moments(void **state)
{
	struct snapshot snap = { 0 };
	int why;

	(void)state;
	assert_int_equal(dump((struct scripted[]){ { ROWS, 1 }, { ROWS, 11 },
				      { ROWS, 21 }, { DONE, 0 } },
				 0, FAMILY_ANY, &snap, &why),
		0);
	assert_int_equal(snap.conns[0].expires_ms, 1000 - 12);
	assert_int_equal(snap.conns[10].expires_ms, 1000 - 11);
	assert_int_equal(snap.conns[20].expires_ms, 1000 - 8);
	snapshot_clear(&snap);
}

/* A call that took long leaves open when its rows were true: they are asked for anew. */
static void test_vague(void **state)
{
	struct snapshot snap = { 0 };
	int why;

	(void)state;
	slow_receives = 1;
	assert_int_equal(dump((struct scripted[]){ { ROWS, 1 }, { DONE, 0 }, { ROWS, 1 },
				      { DONE, 0 } },
				 0, FAMILY_ANY, &snap, &why),
		0);
	assert_int_equal(sent, 2);
	assert_int_equal(snap.count, 10);
	assert_false(snap.partial);
	slow_receives = 100;
	assert_int_equal(dump((struct scripted[]){ { ROWS, 1 }, { DONE, 0 }, { ROWS, 1 },
				      { DONE, 0 }, { ROWS, 1 }, { DONE, 0 } },
				 0, FAMILY_ANY, &snap, &why),
		0);
	slow_receives = 0;
	assert_int_equal(sent, 3);
	assert_int_equal(snap.count, 10);
	assert_false(snap.partial);
	snapshot_clear(&snap);
}

static void test_nothing_wanted(void **state)
{
	struct snapshot snap = { 0 };
	int why;

	(void)state;
	assert_int_equal(dump(NULL, 0, 0, &snap, &why), 0);
	assert_int_equal(sent, 0);
	snapshot_clear(&snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_simpler),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_vague),
		cmocka_unit_test(test_nothing_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
