/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The proc file system as text and as a tree made up for the test. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/linux/owner.h"
#include "collect/linux/owner_walk.h"
#include "collect/linux/proc_tcp.h"
#include "collect/linux/system.h"
#include "host/host.h"

/* The host that the collector asks: a clock that stands and one variable. */
static int64_t now_ms = 1000;
static char root[] = "/tmp/katop-test-proc-XXXXXX";

int64_t clock_mono_ms(void)
{
	return now_ms;
}

int64_t clock_wall_ms(void)
{
	return 1700000000000 + now_ms;
}

const char *host_env(const char *name)
{
	return strcmp(name, "KATOP_PROC") == 0 ? root : NULL;
}

static struct conn parse(const char *line, unsigned family, int expected)
{
	struct conn c = { 0 };
	size_t len = strlen(line);
	char *exact = malloc(len > 0 ? len : 1);
	int rc;

	assert_non_null(exact);
	memcpy(exact, line, len);
	rc = proc_tcp_parse(exact, len, family, &c);
	free(exact);
	assert_int_equal(rc, expected);
	return c;
}

static void expect_ends(const struct conn *c, const char *local, const char *peer)
{
	char text[ADDR_TEXT_SIZE];

	addr_format_port(text, &c->local, NULL, c->local_port);
	assert_string_equal(text, local);
	addr_format_port(text, &c->peer, NULL, c->peer_port);
	assert_string_equal(text, peer);
}

/* Lines of a little-endian kernel; the kernel prints its own words. */
#define ESTAB                                                                            \
	"   3: 0100007F:0016 0200007F:C350 01 00000007:00000009 02:00000123 00000000  "  \
	"1000"                                                                           \
	"        2 4711 2 000000007d0d3d3b 25 4 30 10 -1"
#define LISTEN                                                                           \
	"   0: 00000000:07E8 00000000:0000 0A 00000000:00000002 00:00000000 00000000   " \
	"  0"                                                                            \
	"        0 1049 1 0000000000000000 100 0 0 10 0"
#define TIME_WAIT                                                                        \
	"   4: 0100007F:0016 0200007F:C351 06 00000000:00000000 03:00001770 00000000   " \
	"  0"                                                                            \
	"        0 0 3 0000000000000000"
#define RETRANSMIT                                                                       \
	"   5: 0100007F:0016 0200007F:C352 01 00000005:00000000 01:00000030 00000004  "  \
	"1000"                                                                           \
	"        0 4712 3 0000000000000000 1632 4 30 1 7"

static void test_lines(void **state)
{
	struct conn c = parse(ESTAB, 4, 0);

	(void)state;
	expect_ends(&c, "127.0.0.1:22", "127.0.0.2:50000");
	assert_int_equal(c.state, STATE_ESTABLISHED);
	assert_int_equal(c.timer, TIMER_KEEPALIVE);
	assert_int_equal(c.expires_ms, 2910);
	assert_int_equal(c.probes, 2);
	assert_int_equal(c.send_queue_bytes, 7);
	assert_int_equal(c.recv_queue_bytes, 9);
	assert_int_equal(c.rto_ms, 250);
	assert_int_equal(c.inode, 4711);
	assert_int_equal(c.uid, 1000);
	assert_true(c.keepalive_on);
	assert_false(conn_has(&c, HAVE_LAST_ACK) || conn_has(&c, HAVE_SEGS));
	c = parse(LISTEN, 4, 0);
	expect_ends(&c, "0.0.0.0:2024", "0.0.0.0:*");
	assert_int_equal(c.state, STATE_LISTEN);
	assert_false(c.have & (HAVE_QUEUES | HAVE_RTO | HAVE_KEEPALIVE));
	c = parse(TIME_WAIT, 4, 0);
	assert_true(c.minisocket);
	assert_int_equal(c.timer, TIMER_TIME_WAIT);
	assert_int_equal(c.expires_ms, 60000);
	assert_false(c.have & (HAVE_UID | HAVE_INODE | HAVE_QUEUES | HAVE_RTO));
	c = parse(RETRANSMIT, 4, 0);
	assert_int_equal(c.timer, TIMER_RETRANSMIT);
	assert_int_equal(c.retransmits, 4);
	assert_false(conn_has(&c, HAVE_KEEPALIVE) || conn_has(&c, HAVE_PROBES));
}

static void test_v6_line(void **state)
{
	struct conn c =
		parse("   0: 0000000000000000FFFF00000100007F:0016 "
		      "B80D0120000000000000000001000000:C350 08 00000000:00000000 "
		      "00:00000000 00000000  1000        0 4711",
			6, 0);

	(void)state;
	expect_ends(&c, "[::ffff:127.0.0.1]:22", "[2001:db8::1]:50000");
	assert_int_equal(c.state, STATE_CLOSE_WAIT);
	assert_true(conn_has(&c, HAVE_KEEPALIVE));
	assert_false(c.keepalive_on);
}

static void test_bad_lines(void **state)
{
	static const char *const bad[] = {
		"",
		"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
		"retrnsmt",
		"   3: 0100007F 0200007F:C350 01 00000007:00000009 02:00000123 00000000 "
		"0 0 1",
		"   3: 0100007F:0016 0200007F:C350 00 00000000:00000000 00:00000000 "
		"00000000 "
		"0 0 1",
		"   3: 0100007F:0016 0200007F:C350 101 00000000:00000000 00:00000000 "
		"00000000 "
		"0 0 1",
		"   3: XXXXXXXX:0016 0200007F:C350 01 00000000:00000000 00:00000000 "
		"00000000 "
		"0 0 1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		parse(bad[i], 4, -1);
	for (size_t len = 0; len < strlen(ESTAB); len++) {
		struct conn c = { 0 };
		char *cut = malloc(len + 1);

		assert_non_null(cut);
		memcpy(cut, ESTAB, len);
		proc_tcp_parse(cut, len, 4, &c);
		proc_tcp_parse(cut, len, 6, &c);
		free(cut);
	}
}

/* Listeners that share a port are several; a connection is one, whatever its inode. */
static void test_identity(void **state)
{
	struct conn a = parse(LISTEN, 4, 0), b, c;
	char line[256] = LISTEN;

	(void)state;
	memcpy(strstr(line, "1049"), "1050", 4);
	b = parse(line, 4, 0);
	assert_true(a.id != b.id);
	a = parse(TIME_WAIT, 4, 0);
	b = parse(ESTAB, 4, 0);
	c = parse(RETRANSMIT, 4, 0);
	assert_true(a.id != b.id && b.id != c.id && a.id != c.id);
}

static void test_links(void **state)
{
	static const struct {
		const char *link;
		uint32_t inode;
	} links[] = {
		{ "socket:[123]", 123 },
		{ "socket:[4294967295]", 4294967295U },
		{ "socket:[4294967296]", 0 },
		{ "socket:[]", 0 },
		{ "socket:[1", 0 },
		{ "socket:[1]x", 0 },
		{ "socket:[-1]", 0 },
		{ "socket:[99999999999999999999]", 0 },
		{ "pipe:[123]", 0 },
		{ "", 0 },
		{ "socket:", 0 },
		{ "/socket:[1]", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		assert_int_equal(
			owner_inode_of_link(links[i].link, strlen(links[i].link)),
			links[i].inode);
}

static void test_counters(void **state)
{
	static const char text[] =
		"TcpExt: SyncookiesSent TCPKeepAlive TCPAbortOnTimeout\n"
		"TcpExt: 1 22 333\n"
		"IpExt: InNoRoutes TCPKeepAlive\nIpExt: 5 6\n";

	(void)state;
	assert_true(system_counter(text, "TcpExt:", "TCPKeepAlive") == 22);
	assert_true(system_counter(text, "TcpExt:", "TCPAbortOnTimeout") == 333);
	assert_true(system_counter(text, "IpExt:", "TCPKeepAlive") == 6);
	assert_true(system_counter(text, "TcpExt:", "TCPKeep") == SYSTEM_UNKNOWN);
	assert_true(system_counter(text, "Tcp:", "TCPKeepAlive") == SYSTEM_UNKNOWN);
	assert_true(system_counter("", "TcpExt:", "A") == SYSTEM_UNKNOWN);
	assert_true(system_counter("TcpExt: A", "TcpExt:", "A") == SYSTEM_UNKNOWN);
	assert_true(system_counter("TcpExt: A\n", "TcpExt:", "A") == SYSTEM_UNKNOWN);
	assert_true(
		system_counter("TcpExt: A\nTcpExt:", "TcpExt:", "A") == SYSTEM_UNKNOWN);
}

static void make_dir(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	assert_int_equal(mkdir(path, 0755), 0);
}

static void make_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void make_process(unsigned pid, const char *comm)
{
	char name[64];

	snprintf(name, sizeof(name), "%u", pid);
	make_dir(name);
	snprintf(name, sizeof(name), "%u/fd", pid);
	make_dir(name);
	snprintf(name, sizeof(name), "%u/comm", pid);
	make_file(name, comm);
}

static void link_descriptor(unsigned pid, unsigned fd, const char *target)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%u/fd/%u", root, pid, fd);
	unlink(path);
	assert_int_equal(symlink(target, path), 0);
}

static int make_tree(void **state)
{
	(void)state;
	if (mkdtemp(root) == NULL)
		return -1;
	make_process(1, "init\n");
	make_process(20, "evil) \033[31m\nx\xff\n");
	make_process(3, "web\n");
	make_dir("self");
	make_dir("net");
	link_descriptor(1, 0, "/dev/null");
	link_descriptor(20, 5, "socket:[100]");
	link_descriptor(20, 6, "socket:[999]");
	link_descriptor(3, 9, "socket:[100]");
	link_descriptor(3, 4, "socket:[101]");
	return 0;
}

static int remove_tree(void **state)
{
	char command[256];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

static struct conn *add(struct snapshot *snap, uint32_t inode)
{
	struct conn *c = snapshot_add(snap);

	c->state = STATE_ESTABLISHED;
	c->inode = inode;
	c->have = inode != 0 ? HAVE_INODE : 0;
	return c;
}

static void sample(struct snapshot *snap)
{
	snapshot_reset(snap);
	add(snap, 100);
	add(snap, 101);
	add(snap, 0);
	add(snap, 0)->minisocket = true;
	add(snap, 555);
}

static void expect_owner(
	const struct snapshot *snap, size_t row, size_t i, unsigned pid, unsigned fd)
{
	const struct conn *c = &snap->conns[row];

	assert_true(i < c->owner_count);
	assert_int_equal(snap->owners[c->owner_first + i].pid, pid);
	assert_int_equal(snap->owners[c->owner_first + i].fd, fd);
}

static void test_owners(void **state)
{
	struct owner_finder *f = owner_open(NULL);
	struct snapshot snap = { 0 };
	const struct conn_owner *first;

	(void)state;
	sample(&snap);
	owner_find(f, false, &snap);
	assert_int_equal(snap.conns[0].owner_count, 2);
	first = snapshot_first_owner(&snap, &snap.conns[0]);
	assert_int_equal(first->pid, 3);
	assert_string_equal(snapshot_string(&snap, first->process), "web");
	for (size_t i = 0; i < 2; i++) {
		const struct conn_owner *o = &snap.owners[snap.conns[0].owner_first + i];

		if (o->pid == 20)
			assert_string_equal(
				snapshot_string(&snap, o->process), "evil) ?[31m?x?");
	}
	assert_int_equal(snap.conns[1].owner_count, 1);
	expect_owner(&snap, 1, 0, 3, 4);
	assert_int_equal(snap.conns[2].owner_unknown, OWNER_ORPHAN);
	assert_int_equal(snap.conns[3].owner_unknown, OWNER_MINISOCKET);
	assert_int_equal(snap.conns[4].owner_unknown, OWNER_NOT_FOUND);
	assert_string_equal(snap.access.owners, "");
	owner_close(f);
	snapshot_clear(&snap);
}

/* With leave to stop, the walk ends where everything is found. */
static void test_first_only(void **state)
{
	struct owner_map map = { 0 };
	struct owner_walk met;

	(void)state;
	owner_map_reset(&map, 2);
	owner_map_want(&map, 101, 0);
	owner_map_want(&map, 101, 0);
	assert_int_equal(owner_walk(&map, true, &met), 0);
	assert_int_equal(map.missing, 0);
	assert_int_equal(map.holder_count, 1);
	owner_map_want(&map, 12345, 1);
	assert_int_equal(owner_walk(&map, true, &met), 0);
	assert_true(met.saw_init);
	assert_int_equal(map.missing, 1);
	owner_map_clear(&map);
}

/* Only what is new, or old enough to be doubted, causes another walk. */
static void test_kept(void **state)
{
	struct owner_finder *f = owner_open(NULL);
	struct snapshot snap = { 0 };

	(void)state;
	sample(&snap);
	owner_find(f, false, &snap);
	link_descriptor(3, 4, "/dev/null");
	sample(&snap);
	owner_find(f, false, &snap);
	expect_owner(&snap, 1, 0, 3, 4);
	sample(&snap);
	add(&snap, 999);
	owner_find(f, false, &snap);
	expect_owner(&snap, 5, 0, 20, 6);
	assert_int_equal(snap.conns[1].owner_unknown, OWNER_NOT_FOUND);
	link_descriptor(3, 4, "socket:[101]");
	now_ms += 10000;
	sample(&snap);
	owner_find(f, false, &snap);
	expect_owner(&snap, 1, 0, 3, 4);
	owner_close(f);
	snapshot_clear(&snap);
}

static void test_no_proc(void **state)
{
	struct owner_finder *f = owner_open(NULL);
	struct snapshot snap = { 0 };

	(void)state;
	root[0] = '!';
	sample(&snap);
	owner_find(f, false, &snap);
	root[0] = '/';
	assert_int_equal(snap.conns[0].owner_count, 0);
	assert_int_equal(snap.conns[0].owner_unknown, OWNER_OTHER_USER);
	assert_non_null(strstr(snap.access.owners, "cannot be read"));
	owner_close(f);
	snapshot_clear(&snap);
}

static void ignore_row(void *context, struct conn *c, const struct diag_extra *x)
{
	(void)context, (void)c, (void)x;
}

static void test_dump(void **state)
{
	struct collect_request r = { .where = { .states = STATES_ALL & ~STATE_BIT(6),
					     .families = FAMILY_ANY } };
	struct diag_sink sink = { .row = ignore_row };
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	assert_int_equal(proc_tcp_dump(&r, &sink, &snap, &e), -1);
	assert_non_null(strstr(e.text, "No such file"));
	make_file("net/tcp", "  sl  title\n" ESTAB "\n" LISTEN "\n" TIME_WAIT "\n" ESTAB
			     "\nrubbish\n" RETRANSMIT "\n3: unfinished");
	snapshot_reset(&snap);
	assert_int_equal(proc_tcp_dump(&r, &sink, &snap, &e), 0);
	assert_int_equal(snap.count, 3);
	assert_true(snap.time_ms == 1700000000000 + now_ms);
	snapshot_clear(&snap);
}

static void test_system(void **state)
{
	struct system_info s;

	(void)state;
	system_read(&s);
	assert_true(s.keepalive_time_ms == SYSTEM_UNKNOWN);
	assert_true(s.rto_max_ms == SYSTEM_UNKNOWN);
	make_dir("sys");
	make_dir("sys/net");
	make_dir("sys/net/ipv4");
	make_file("sys/net/ipv4/tcp_keepalive_time", "600\n");
	make_file("sys/net/ipv4/tcp_keepalive_intvl", "many\n");
	make_file("sys/net/ipv4/tcp_keepalive_probes", "-4\n");
	make_file("sys/net/ipv4/tcp_retries2", "15\n");
	make_file("net/netstat", "TcpExt: TCPKeepAlive\nTcpExt: 12\n");
	system_read(&s);
	assert_true(s.keepalive_time_ms == 600000);
	assert_true(s.keepalive_intvl_ms == SYSTEM_UNKNOWN);
	assert_true(s.keepalive_probes == SYSTEM_UNKNOWN);
	assert_true(s.retries2 == 15);
	assert_true(s.rto_max_ms == 120000);
	assert_true(s.probes_sent == 12);
	assert_true(s.hz >= 100 && s.hz <= 10000);
	make_file("sys/net/ipv4/tcp_rto_max_ms", "1000\n");
	system_read(&s);
	assert_true(s.rto_max_ms == 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_v6_line),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_counters),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_first_only),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_no_proc),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_system),
	};

	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
