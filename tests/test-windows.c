/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The collector and the action over a Windows of which every call can fail. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "act/windows/close.h"
#include "collect/windows/live.h"
#include "collect/windows/system.h"
#include "windows-double.h"

static int read_with(struct collector *c, struct snapshot *snap, struct error *e)
{
	struct collect_request request = {
		.needs = COLLECT_ALL,
		.where = { .states = STATES_ALL, .families = FAMILY_ANY },
	};

	e->text[0] = '\0';
	return collect_live.read(c, &request, snap, e);
}

/* One sample by a new collector; nothing may stay open. */
static int sample(struct snapshot *snap, struct error *e)
{
	struct collector *c = live_new(&windows_double);
	int rc = read_with(c, snap, e);

	collect_live.close(c);
	assert_int_equal(win.opened, 0);
	return rc;
}

static const char *owner_of(const struct snapshot *snap, size_t i)
{
	const struct conn_owner *o = snapshot_first_owner(snap, &snap->conns[i]);

	return o != NULL ? snapshot_string(snap, o->process) : NULL;
}

static void everything_works(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	assert_int_equal(sample(&snap, &e), 1);
	assert_int_equal(snap.count, 5);
	assert_false(snap.partial || snap.access.poorer);
	assert_string_equal(snap.host, "box?[31m");
	assert_string_equal(owner_of(&snap, 0), "app.exe");
	assert_string_equal(snapshot_string(&snap, snap.conns[0].user), "CORP\\jürgen");
	assert_int_equal(snap.owners[0].fd, OWNER_FD_UNKNOWN);
	assert_true(conn_has(&snap.conns[0], HAVE_PEER_LOCAL));
	assert_true(snap.conns[0].peer_is_local);
	assert_int_equal(snap.conns[0].have, HAVE_PEER_LOCAL);
	assert_string_equal(owner_of(&snap, 1), "stranger.exe");
	assert_int_equal(snap.conns[1].user, 0);
	assert_string_equal(owner_of(&snap, 2), "System");
	assert_null(owner_of(&snap, 3));
	assert_int_equal(snap.conns[3].owner_unknown, OWNER_MINISOCKET);
	assert_string_equal(snapshot_string(&snap, snap.conns[4].dev), "7");
	assert_true(snap.system.windows);
	assert_int_equal(snap.system.keepalive_time_ms, 7200000);
	assert_int_equal(snap.system.keepalive_intvl_ms, 1000);
	assert_int_equal(snap.system.keepalive_probes, 10);
	assert_int_equal(snap.system.hz, SYSTEM_UNKNOWN);
	assert_non_null(strstr(snap.access.owners, "1 process"));
	snapshot_clear(&snap);
}

/* Whatever single call fails, with whatever code: a sample or a message, no crash, no
 * handle left open, and nothing known that was not told. */
static void any_call_may_fail(void **state)
{
	static const DWORD codes[] = { ERROR_ACCESS_DENIED, ERROR_NOT_ENOUGH_MEMORY,
		ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED, ERROR_GEN_FAILURE,
		ERROR_INSUFFICIENT_BUFFER, ERROR_BUFFER_OVERFLOW, ERROR_FILE_NOT_FOUND,
		ERROR_MORE_DATA, ERROR_PARTIAL_COPY, WSAENETDOWN, 987654321 };

	for (int call = CALL_NONE + 1; call < CALL_COUNT; call++)
		for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
			struct snapshot snap = { 0 };
			struct error e;
			int rc;

			windows_double_reset(state);
			windows_double_inject((enum call)call, codes[i]);
			rc = sample(&snap, &e);
			assert_true(rc == 1 || (rc == -1 && e.text[0] != '\0'));
			for (size_t n = 0; n < snap.count; n++)
				assert_int_equal(
					snap.conns[n].have & ~HAVE_PEER_LOCAL, 0);
			snapshot_clear(&snap);
		}
}

static void no_table_is_an_error(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	windows_double_inject(CALL_TABLE_BOTH, ERROR_ACCESS_DENIED);
	assert_int_equal(sample(&snap, &e), -1);
	assert_string_equal(e.text, "cannot read the table of TCP connections: "
				    "access is denied (ERROR_ACCESS_DENIED)");
	windows_double_inject(CALL_TABLE_BOTH, WSAENETDOWN);
	assert_int_equal(sample(&snap, &e), -1);
	assert_non_null(strstr(e.text, "WSAENETDOWN"));
	windows_double_inject(CALL_TABLE_BOTH, 987654321);
	assert_int_equal(sample(&snap, &e), -1);
	assert_non_null(strstr(e.text, "error 987654321"));
	snapshot_clear(&snap);
}

static void one_table_is_partial(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	windows_double_inject(CALL_TABLE_V4, ERROR_NOT_ENOUGH_MEMORY);
	assert_int_equal(sample(&snap, &e), 1);
	assert_int_equal(snap.count, 1);
	assert_true(snap.partial && snap.access.poorer);
	assert_non_null(
		strstr(snap.access.connections, "without IPv4: not enough memory"));
	windows_double_inject(CALL_TABLE_V6, ERROR_NOT_ENOUGH_MEMORY);
	assert_int_equal(sample(&snap, &e), 1);
	assert_int_equal(snap.count, 4);
	assert_true(snap.partial);
	/* IPv6 is not installed */
	windows_double_inject(CALL_TABLE_V6, ERROR_NOT_SUPPORTED);
	assert_int_equal(sample(&snap, &e), 1);
	assert_int_equal(snap.count, 4);
	assert_false(snap.partial || snap.access.poorer);
	snapshot_clear(&snap);
}

static void modules_fall_back_to_pids(void **state)
{
	struct collector *c = live_new(&windows_double);
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	windows_double_inject(CALL_TABLE_MODULE, ERROR_NOT_SUPPORTED);
	assert_int_equal(read_with(c, &snap, &e), 1);
	assert_int_equal(snap.count, 5);
	assert_int_equal(win.tables, 4);
	assert_string_equal(owner_of(&snap, 0), "app.exe");
	assert_int_equal(read_with(c, &snap, &e), 1); /* does not ask in vain again */
	assert_int_equal(win.tables, 6);
	collect_live.close(c);
	snapshot_clear(&snap);
}

static void a_table_that_grows_is_given_up(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	win.grows = true;
	assert_int_equal(sample(&snap, &e), -1);
	assert_non_null(strstr(e.text, "ERROR_INSUFFICIENT_BUFFER"));
	assert_true(win.tables < 40);
	snapshot_clear(&snap);
}

static void local_peers_without_adapters(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	windows_double_inject(CALL_ADAPTERS, ERROR_ACCESS_DENIED);
	assert_int_equal(sample(&snap, &e), 1);
	assert_false(conn_has(&snap.conns[0], HAVE_PEER_LOCAL));
	assert_true(conn_has(&snap.conns[1], HAVE_PEER_LOCAL)); /* its own address */
	assert_true(snap.conns[1].peer_is_local);
	snapshot_clear(&snap);
}

static void names_of_processes(void **state)
{
	struct collector *c = live_new(&windows_double);
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	win.image = L"C:\\tmp\\\u4f60\x1b]0;evil\x07\u202e.exe";
	assert_int_equal(read_with(c, &snap, &e), 1);
	assert_string_equal(owner_of(&snap, 0), "你?]0;evil??.exe");
	win.image = L"C:\\other.exe"; /* the same process keeps its name */
	assert_int_equal(read_with(c, &snap, &e), 1);
	assert_string_equal(owner_of(&snap, 0), "你?]0;evil??.exe");
	win.started++; /* another one under its pid has its own */
	assert_int_equal(read_with(c, &snap, &e), 1);
	assert_string_equal(owner_of(&snap, 0), "other.exe");
	windows_double_inject(CALL_OPEN_PROCESS, ERROR_INVALID_PARAMETER);
	assert_int_equal(read_with(c, &snap, &e), 1);
	assert_null(owner_of(&snap, 0));
	assert_int_equal(snap.conns[0].owner_unknown, OWNER_ORPHAN);
	collect_live.close(c);
	snapshot_clear(&snap);
}

static void image_falls_back_to_list(void **state)
{
	struct snapshot snap = { 0 };
	struct error e;

	(void)state;
	windows_double_inject(CALL_IMAGE_NAME, ERROR_GEN_FAILURE);
	assert_int_equal(sample(&snap, &e), 1);
	assert_string_equal(owner_of(&snap, 0), "listed.exe");
	windows_double_inject(CALL_PROCESS_LIST, ERROR_ACCESS_DENIED);
	assert_int_equal(sample(&snap, &e), 1);
	assert_string_equal(owner_of(&snap, 1), ""); /* a pid without a name */
	assert_int_equal(snap.owners[1].pid, STRANGER);
	snapshot_clear(&snap);
}

static int64_t registry_time(LSTATUS rc, DWORD type, DWORD number)
{
	struct system_info s;

	win.reg_rc = rc;
	win.reg_type = type;
	win.reg_number = number;
	system_read(&windows_double, &s);
	assert_int_equal(win.opened, 0);
	return s.keepalive_time_ms;
}

static void registry_values(void **state)
{
	struct system_info s;

	(void)state;
	assert_int_equal(registry_time(ERROR_SUCCESS, REG_DWORD, 300000), 300000);
	assert_int_equal(registry_time(ERROR_SUCCESS, REG_DWORD, UINT32_MAX), UINT32_MAX);
	assert_int_equal(registry_time(ERROR_SUCCESS, REG_DWORD, 0), 7200000);
	assert_int_equal(registry_time(ERROR_SUCCESS, REG_SZ, 300000), 7200000);
	assert_int_equal(registry_time(ERROR_MORE_DATA, REG_SZ, 1), 7200000);
	assert_int_equal(registry_time(ERROR_FILE_NOT_FOUND, REG_NONE, 1), 7200000);
	assert_int_equal(
		registry_time(ERROR_ACCESS_DENIED, REG_DWORD, 1), SYSTEM_UNKNOWN);
	windows_double_inject(CALL_REG_OPEN, ERROR_ACCESS_DENIED);
	system_read(&windows_double, &s);
	assert_int_equal(s.keepalive_time_ms, SYSTEM_UNKNOWN);
	assert_int_equal(s.retries2, SYSTEM_UNKNOWN);
	assert_string_equal(s.source, "");
	windows_double_inject(CALL_REG_OPEN, ERROR_FILE_NOT_FOUND);
	system_read(&windows_double, &s);
	assert_int_equal(s.keepalive_time_ms, 7200000);
}

/* The connection that the double can close, as a sample shows it. */
static struct conn target(void)
{
	struct snapshot snap = { 0 };
	struct error e;
	struct conn c;

	assert_int_equal(sample(&snap, &e), 1);
	c = snap.conns[0];
	snapshot_clear(&snap);
	return c;
}

static void closes_one_connection(void **state)
{
	struct conn c = target();
	struct error e;

	(void)state;
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_DONE);
	assert_int_equal(win.deletions, 1);
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_GONE);
	win.closed = false;
	c.id ^= 1; /* the same addresses, another connection */
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_GONE);
	assert_int_equal(win.deletions, 1);
	assert_int_equal(win.opened, 0);
}

/* One failure leaves the collector without times of creation, in identities, too. */
static void closes_what_has_no_time_of_creation(void **state)
{
	struct error e;
	struct conn c;

	(void)state;
	windows_double_inject(CALL_TABLE_MODULE, ERROR_GEN_FAILURE);
	c = target();
	windows_double_inject(CALL_NONE, 0);
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_DONE);
	assert_int_equal(win.deletions, 1);
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_GONE);
	win.closed = false;
	c.id ^= 1;
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_GONE);
	assert_int_equal(win.deletions, 1);
}

static DWORD WINAPI set_entry_and_break_table(PMIB_TCPROW row)
{
	DWORD rc = windows_double.set_tcp_entry(row);

	windows_double_inject(CALL_TABLE_BOTH, ERROR_NOT_ENOUGH_MEMORY);
	return rc;
}

/* That it is closed must be seen. */
static void does_not_believe_blindly(void **state)
{
	struct win_api api = windows_double;
	struct conn c = target();
	struct error e;

	(void)state;
	api.set_tcp_entry = set_entry_and_break_table;
	assert_int_equal(close_connection(&api, &c, &e), ACT_FAILED);
	assert_non_null(strstr(e.text, "ERROR_NOT_ENOUGH_MEMORY"));
	assert_int_equal(win.opened, 0);
}

static void refuses_to_close(void **state)
{
	struct conn c = target();
	struct error e;

	(void)state;
	windows_double_inject(CALL_SET_ENTRY, ERROR_MR_MID_NOT_FOUND);
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_FAILED);
	assert_non_null(strstr(e.text, "Run as administrator"));
	windows_double_inject(CALL_SET_ENTRY, ERROR_INVALID_PARAMETER);
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_FAILED);
	assert_non_null(strstr(e.text, "ERROR_INVALID_PARAMETER"));
	windows_double_inject(CALL_TABLE_BOTH, ERROR_NOT_ENOUGH_MEMORY);
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_FAILED);
	assert_non_null(strstr(e.text, "ERROR_NOT_ENOUGH_MEMORY"));
	windows_double_inject(CALL_NONE, 0);
	win.deaf = true;
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_FAILED);
	assert_non_null(strstr(e.text, "still there (end its process)"));
	win.not_elevated = true;
	assert_int_equal(close_may(&windows_double, &e), -1);
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_FAILED);
	assert_non_null(strstr(e.text, "administrators"));
	windows_double_inject(CALL_OPEN_TOKEN, ERROR_ACCESS_DENIED);
	assert_int_equal(close_may(&windows_double, &e), 0);
	c.local.family = 6;
	assert_int_equal(close_connection(&windows_double, &c, &e), ACT_FAILED);
	assert_non_null(strstr(e.text, "IPv4 connections only"));
	assert_int_equal(win.opened, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, windows_double_reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(everything_works),
		TEST(any_call_may_fail),
		TEST(no_table_is_an_error),
		TEST(one_table_is_partial),
		TEST(modules_fall_back_to_pids),
		TEST(a_table_that_grows_is_given_up),
		TEST(local_peers_without_adapters),
		TEST(names_of_processes),
		TEST(image_falls_back_to_list),
		TEST(registry_values),
		TEST(closes_one_connection),
		TEST(closes_what_has_no_time_of_creation),
		TEST(does_not_believe_blindly),
		TEST(refuses_to_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
