/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "act/windows/close.h"

#include <string.h>

#include "collect/windows/tcp_table.h"
#include "host/win_error.h"

/* Windows says that it did before it has. */
#define CHECKS	       10
#define CHECK_EVERY_MS 50

#define ELEVATE "start katop from a console that was opened with \"Run as administrator\""

int close_may(const struct win_api *api, struct error *e)
{
	TOKEN_ELEVATION elevation = { 0 };
	HANDLE token;
	DWORD len;
	bool known = false;

	if (api->open_token(api->this_process(), TOKEN_QUERY, &token)) {
		known = api->token_info(
			token, TokenElevation, &elevation, sizeof(elevation), &len);
		api->close_handle(token);
	}
	/* where it cannot be told, the attempt will tell */
	if (known && !elevation.TokenIsElevated)
		return error_set(e, "Windows lets only administrators close connections "
				    "(" ELEVATE ")");
	return 0;
}

enum presence { PRESENT, ABSENT, UNREADABLE };

/* Whether the connection with @c's identity, not just with its addresses, is there. */
static enum presence look_for(const struct win_api *api, struct tcp_table *t,
	const struct conn *c, struct error *e)
{
	char why[WIN_ERROR_SIZE];
	DWORD rc = tcp_table_read(api, t);
	struct tcp_row row;
	size_t count;
	bool cut;

	if (rc != ERROR_SUCCESS) {
		error_set(e, "cannot read the table of TCP connections: %s",
			win_error_text(why, sizeof(why), rc));
		return UNREADABLE;
	}
	count = tcp_rows_count(&t->rows, &cut);
	for (size_t i = 0; i < count; i++) {
		tcp_rows_get(&t->rows, i, &row);
		if (row.conn.id == c->id)
			return PRESENT;
	}
	return ABSENT;
}

static DWORD network_port(unsigned port)
{
	return (DWORD)((port & 0xff) << 8 | port >> 8);
}

static DWORD delete_entry(const struct win_api *api, const struct conn *c)
{
	MIB_TCPROW row = {
		.dwState = MIB_TCP_STATE_DELETE_TCB,
		.dwLocalPort = network_port(c->local_port),
		.dwRemotePort = network_port(c->peer_port),
	};

	memcpy(&row.dwLocalAddr, c->local.bytes, 4);
	memcpy(&row.dwRemoteAddr, c->peer.bytes, 4);
	return api->set_tcp_entry(&row);
}

static enum act_result refused(DWORD rc, struct error *e)
{
	char why[WIN_ERROR_SIZE];

	win_error_text(why, sizeof(why), rc);
	if (rc == ERROR_ACCESS_DENIED || rc == ERROR_MR_MID_NOT_FOUND)
		error_set(e, "cannot close the connection: %s (" ELEVATE ")", why);
	else
		error_set(e, "cannot close the connection: %s", why);
	return ACT_FAILED;
}

/* The sample may have been without times of creation, which are part of an identity. */
static enum presence look_in_both(const struct win_api *api, struct tcp_table *t,
	const struct conn *c, struct error *e)
{
	enum presence presence = look_for(api, t, c, e);

	if (presence != ABSENT || t->pids_only)
		return presence;
	t->pids_only = true;
	return look_for(api, t, c, e);
}

static enum act_result close_and_check(const struct win_api *api, struct tcp_table *t,
	const struct conn *c, struct error *e)
{
	enum presence presence = look_in_both(api, t, c, e);
	DWORD rc;

	if (presence != PRESENT)
		return presence == ABSENT ? ACT_GONE : ACT_FAILED;
	rc = delete_entry(api, c);
	if (rc != NO_ERROR)
		return refused(rc, e);
	for (int i = 0; i < CHECKS && presence == PRESENT; i++) {
		presence = look_for(api, t, c, e);
		if (presence == ABSENT)
			return ACT_DONE;
		api->sleep(CHECK_EVERY_MS);
	}
	if (presence == PRESENT)
		error_set(e, "Windows took the order, but the connection is still there "
			     "(end its process)");
	return ACT_FAILED;
}

enum act_result close_connection(
	const struct win_api *api, const struct conn *c, struct error *e)
{
	struct tcp_table t = { .family = AF_INET };
	enum act_result result;

	if (c->local.family != 4) {
		error_set(e, "Windows can close IPv4 connections only (end the process "
			     "instead)");
		return ACT_FAILED;
	}
	if (close_may(api, e) != 0)
		return ACT_FAILED;
	result = close_and_check(api, &t, c, e);
	tcp_table_clear(&t);
	return result;
}

int act_may_close(struct error *e)
{
	return close_may(&win_api_system, e);
}

enum act_result act_close(const struct conn *c, struct error *e)
{
	return close_connection(&win_api_system, c, e);
}
