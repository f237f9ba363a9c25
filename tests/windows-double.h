/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Windows with five connections, of which every call can be made to fail. */
#ifndef KATOP_TESTS_WINDOWS_DOUBLE_H
#define KATOP_TESTS_WINDOWS_DOUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "collect/windows/win_api.h"

#define PID	   1000
#define STRANGER   2000 /* may not be opened */
#define LISTENER   4
#define PORT(n)	   ((DWORD)(((n)&0xff) << 8 | (n) >> 8))
#define ADDR(a, d) ((DWORD)(a) | (DWORD)(d) << 24)
#define CREATED	   INT64_C(0x01da000000000000)

enum call {
	CALL_NONE,
	CALL_TABLE_V4,
	CALL_TABLE_V6,
	CALL_TABLE_BOTH,
	CALL_TABLE_MODULE,
	CALL_SET_ENTRY,
	CALL_ADAPTERS,
	CALL_REG_OPEN,
	CALL_REG_QUERY,
	CALL_OPEN_PROCESS,
	CALL_PROCESS_TIMES,
	CALL_IMAGE_NAME,
	CALL_PROCESS_LIST,
	CALL_PROCESS_FIRST,
	CALL_PROCESS_NEXT,
	CALL_OPEN_TOKEN,
	CALL_TOKEN_INFO,
	CALL_ACCOUNT,
	CALL_COMPUTER_NAME,
	CALL_COUNT
};

/* What the double was told to do, and what was done to it. */
struct windows_double {
	enum call failing;
	DWORD code;
	DWORD error;
	bool not_elevated;
	bool deaf; /* SetTcpEntry() says yes and does nothing */
	bool closed;
	bool grows; /* the table is never small enough */
	int opened; /* handles */
	int deletions;
	int tables; /* calls of GetExtendedTcpTable() */
	uint64_t started;
	const wchar_t *image;
	DWORD reg_type;
	DWORD reg_number;
	LSTATUS reg_rc;
};

extern struct windows_double win;

extern const struct win_api windows_double;

/* Everything works; a setup function of cmocka. */
int windows_double_reset(void **state);

/* @call fails with @code, no other. */
void windows_double_inject(enum call call, DWORD code);

#endif
