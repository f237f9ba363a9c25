/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "windows-double.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

struct windows_double win;

static bool fails(enum call call)
{
	if (win.failing != call)
		return false;
	win.error = win.code;
	return true;
}

static void put_module_row(MIB_TCPROW_OWNER_MODULE *row, DWORD state, DWORD pid)
{
	*row = (MIB_TCPROW_OWNER_MODULE){
		.dwState = state,
		.dwLocalAddr = ADDR(10, 1),
		.dwLocalPort = PORT(50000),
		.dwRemoteAddr = ADDR(10, pid == PID ? 9 : 1),
		.dwRemotePort = PORT(443),
		.dwOwningPid = pid,
	};
	row->liCreateTimestamp.QuadPart = CREATED;
}

static DWORD fill_v4(void *table, bool module)
{
	static const struct {
		DWORD state;
		DWORD pid;
	} rows[] = { { MIB_TCP_STATE_ESTAB, PID }, { MIB_TCP_STATE_ESTAB, STRANGER },
		{ MIB_TCP_STATE_LISTEN, LISTENER }, { MIB_TCP_STATE_TIME_WAIT, 0 } };
	MIB_TCPTABLE_OWNER_MODULE *m = table;
	MIB_TCPTABLE_OWNER_PID *p = table;
	DWORD n = 0;

	for (size_t i = win.closed ? 1 : 0; i < 4; i++, n++) {
		MIB_TCPROW_OWNER_MODULE row;

		put_module_row(&row, rows[i].state, rows[i].pid);
		if (module)
			m->table[n] = row;
		else
			memcpy(&p->table[n], &row, sizeof(p->table[n]));
	}
	m->dwNumEntries = n;
	return NO_ERROR;
}

static DWORD fill_v6(void *table, bool module)
{
	MIB_TCP6ROW_OWNER_MODULE row = {
		.ucLocalAddr = { 0xfe, 0x80, [15] = 1 },
		.dwLocalScopeId = 7,
		.dwLocalPort = PORT(22),
		.ucRemoteAddr = { 0xfe, 0x80, [15] = 2 },
		.dwRemoteScopeId = 7,
		.dwRemotePort = PORT(1024),
		.dwState = MIB_TCP_STATE_ESTAB,
		.dwOwningPid = PID,
	};
	MIB_TCP6TABLE_OWNER_MODULE *m = table;
	MIB_TCP6TABLE_OWNER_PID *p = table;

	m->dwNumEntries = 1;
	if (module)
		m->table[0] = row;
	else
		memcpy(&p->table[0], &row, sizeof(p->table[0]));
	return NO_ERROR;
}

static DWORD WINAPI tcp_table(PVOID table, PDWORD size, WINBOOL order, ULONG family,
	TCP_TABLE_CLASS kind, ULONG reserved)
{
	bool module = kind == TCP_TABLE_OWNER_MODULE_ALL, v6 = family == AF_INET6;

	(void)order, (void)reserved;
	win.tables++;
	if (fails(v6 ? CALL_TABLE_V6 : CALL_TABLE_V4) || fails(CALL_TABLE_BOTH) ||
		(module && fails(CALL_TABLE_MODULE)))
		return win.code;
	if (win.grows) {
		*size += 1000;
		return ERROR_INSUFFICIENT_BUFFER;
	}
	return v6 ? fill_v6(table, module) : fill_v4(table, module);
}

static DWORD WINAPI set_tcp_entry(PMIB_TCPROW row)
{
	if (fails(CALL_SET_ENTRY))
		return win.code;
	assert_int_equal(row->dwState, MIB_TCP_STATE_DELETE_TCB);
	assert_int_equal(row->dwLocalAddr, ADDR(10, 1));
	assert_int_equal(row->dwLocalPort, PORT(50000));
	assert_int_equal(row->dwRemoteAddr, ADDR(10, 9));
	assert_int_equal(row->dwRemotePort, PORT(443));
	win.deletions++;
	win.closed = !win.deaf;
	return NO_ERROR;
}

static ULONG WINAPI adapters(ULONG family, ULONG flags, PVOID reserved,
	PIP_ADAPTER_ADDRESSES list, PULONG size)
{
	static SOCKADDR_IN address;
	static IP_ADAPTER_UNICAST_ADDRESS unicast;

	(void)family, (void)flags, (void)reserved, (void)size;
	if (fails(CALL_ADAPTERS))
		return win.code;
	address = (SOCKADDR_IN){ .sin_family = AF_INET };
	address.sin_addr.s_addr = ADDR(10, 9);
	unicast = (IP_ADAPTER_UNICAST_ADDRESS){ .Address = { (SOCKADDR *)&address,
							sizeof(address) } };
	memset(list, 0, sizeof(*list));
	list->FirstUnicastAddress = &unicast;
	return NO_ERROR;
}

static LSTATUS WINAPI reg_open(
	HKEY key, LPCWSTR name, DWORD options, REGSAM access, PHKEY out)
{
	(void)key, (void)name, (void)options, (void)access;
	if (fails(CALL_REG_OPEN))
		return (LSTATUS)win.code;
	win.opened++;
	*out = (HKEY)(intptr_t)77;
	return ERROR_SUCCESS;
}

static LSTATUS WINAPI reg_query(
	HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data, LPDWORD size)
{
	(void)key, (void)name, (void)reserved;
	if (fails(CALL_REG_QUERY))
		return (LSTATUS)win.code;
	*type = win.reg_type;
	memcpy(data, &win.reg_number, sizeof(win.reg_number));
	*size = sizeof(win.reg_number);
	return win.reg_rc;
}

static LSTATUS WINAPI reg_close(HKEY key)
{
	(void)key;
	win.opened--;
	return ERROR_SUCCESS;
}

static HANDLE WINAPI open_process(DWORD access, WINBOOL inherit, DWORD pid)
{
	(void)access, (void)inherit;
	if (fails(CALL_OPEN_PROCESS))
		return NULL;
	if (pid != PID) {
		win.error = ERROR_ACCESS_DENIED;
		return NULL;
	}
	win.opened++;
	return (HANDLE)(intptr_t)pid;
}

static WINBOOL WINAPI process_times(HANDLE process, LPFILETIME created, LPFILETIME exited,
	LPFILETIME kernel, LPFILETIME user)
{
	(void)process, (void)exited, (void)kernel, (void)user;
	if (fails(CALL_PROCESS_TIMES))
		return FALSE;
	created->dwLowDateTime = (DWORD)win.started;
	created->dwHighDateTime = (DWORD)(win.started >> 32);
	return TRUE;
}

static WINBOOL WINAPI image_name(HANDLE process, DWORD flags, LPWSTR name, PDWORD size)
{
	(void)process, (void)flags;
	if (fails(CALL_IMAGE_NAME))
		return FALSE;
	wcscpy(name, win.image);
	*size = (DWORD)wcslen(name);
	return TRUE;
}

static HANDLE WINAPI process_list(DWORD flags, DWORD pid)
{
	(void)flags, (void)pid;
	if (fails(CALL_PROCESS_LIST))
		return INVALID_HANDLE_VALUE;
	win.opened++;
	return (HANDLE)(intptr_t)55;
}

static WINBOOL WINAPI process_first(HANDLE list, LPPROCESSENTRY32W entry)
{
	(void)list;
	if (fails(CALL_PROCESS_FIRST))
		return FALSE;
	entry->th32ProcessID = PID;
	wcscpy(entry->szExeFile, L"listed.exe");
	return TRUE;
}

static WINBOOL WINAPI process_next(HANDLE list, LPPROCESSENTRY32W entry)
{
	(void)list;
	if (fails(CALL_PROCESS_NEXT) || entry->th32ProcessID != PID)
		return FALSE;
	entry->th32ProcessID = STRANGER;
	wcscpy(entry->szExeFile, L"stranger.exe");
	return TRUE;
}

static WINBOOL WINAPI open_token(HANDLE process, DWORD access, PHANDLE token)
{
	(void)process, (void)access;
	if (fails(CALL_OPEN_TOKEN))
		return FALSE;
	win.opened++;
	*token = (HANDLE)(intptr_t)66;
	return TRUE;
}

static WINBOOL WINAPI token_info(HANDLE token, TOKEN_INFORMATION_CLASS kind, LPVOID info,
	DWORD size, PDWORD needed)
{
	(void)token, (void)size, (void)needed;
	if (fails(CALL_TOKEN_INFO))
		return FALSE;
	if (kind == TokenElevation)
		((TOKEN_ELEVATION *)info)->TokenIsElevated = !win.not_elevated;
	return TRUE;
}

static WINBOOL WINAPI account_of(LPCWSTR system, PSID sid, LPWSTR name, LPDWORD name_size,
	LPWSTR domain, LPDWORD domain_size, PSID_NAME_USE use)
{
	(void)system, (void)sid, (void)name_size, (void)domain_size;
	if (fails(CALL_ACCOUNT))
		return FALSE;
	wcscpy(name, L"j\u00fcrgen");
	wcscpy(domain, L"CORP");
	*use = SidTypeUser;
	return TRUE;
}

static WINBOOL WINAPI computer_name(
	COMPUTER_NAME_FORMAT format, LPWSTR name, LPDWORD size)
{
	(void)format, (void)size;
	if (fails(CALL_COMPUTER_NAME))
		return FALSE;
	wcscpy(name, L"box\x1b[31m");
	return TRUE;
}

static HANDLE WINAPI this_process(void)
{
	return (HANDLE)(intptr_t)-1;
}

static WINBOOL WINAPI close_handle(HANDLE handle)
{
	assert_non_null(handle);
	win.opened--;
	return TRUE;
}

static DWORD WINAPI last_error(void)
{
	return win.error;
}

static void WINAPI no_sleep(DWORD ms)
{
	(void)ms;
}

const struct win_api windows_double = { tcp_table, set_tcp_entry, adapters, reg_open,
	reg_query, reg_close, open_process, process_times, image_name, process_list,
	process_first, process_next, open_token, token_info, account_of, computer_name,
	this_process, close_handle, last_error, no_sleep };

int windows_double_reset(void **state)
{
	(void)state;
	memset(&win, 0, sizeof(win));
	win.started = 1;
	win.image = L"C:\\Program Files\\app\\app.exe";
	win.reg_rc = ERROR_FILE_NOT_FOUND;
	return 0;
}

void windows_double_inject(enum call call, DWORD code)
{
	win.failing = call;
	win.code = code;
}
