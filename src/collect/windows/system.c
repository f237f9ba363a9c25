/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/windows/system.h"

#include <stdio.h>

#define KEY_PATH "SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters"

/* Since Vista it is fixed; TcpMaxDataRetransmissions decided before. */
#define KEEPALIVE_PROBES 10

struct registry_value {
	const wchar_t *name;
	DWORD least;
	DWORD standard;
};

static const struct registry_value keepalive_time = { L"KeepAliveTime", 1, 7200000 };
static const struct registry_value keepalive_intvl = { L"KeepAliveInterval", 1, 1000 };
static const struct registry_value retransmissions = { L"TcpMaxDataRetransmissions", 0,
	5 };

/* A value that is missing, of another type or out of range leaves Windows at its
 * default. */
static int64_t read_value(const struct win_api *api, HKEY key, LSTATUS opened,
	const struct registry_value *v)
{
	DWORD number = 0, type = REG_NONE, size = sizeof(number);
	LSTATUS rc = opened;

	if (rc == ERROR_SUCCESS)
		rc = api->reg_query(key, v->name, NULL, &type, (BYTE *)&number, &size);
	if (rc == ERROR_FILE_NOT_FOUND || rc == ERROR_MORE_DATA)
		return v->standard;
	if (rc != ERROR_SUCCESS)
		return SYSTEM_UNKNOWN;
	if (type != REG_DWORD || size != sizeof(number) || number < v->least)
		return v->standard;
	return number;
}

void system_read(const struct win_api *api, struct system_info *s)
{
	HKEY key = NULL;
	LSTATUS opened;

	system_info_init(s);
	s->windows = true;
	s->keepalive_probes = KEEPALIVE_PROBES;
	opened = api->reg_open(
		HKEY_LOCAL_MACHINE, L"" KEY_PATH, 0, KEY_READ | KEY_WOW64_64KEY, &key);
	s->keepalive_time_ms = read_value(api, key, opened, &keepalive_time);
	s->keepalive_intvl_ms = read_value(api, key, opened, &keepalive_intvl);
	s->retries2 = read_value(api, key, opened, &retransmissions);
	if (opened == ERROR_SUCCESS)
		api->reg_close(key);
	if (opened == ERROR_SUCCESS || opened == ERROR_FILE_NOT_FOUND)
		snprintf(s->source, sizeof(s->source), "HKLM\\" KEY_PATH);
}
