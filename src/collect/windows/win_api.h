/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every call of Windows that the collector and the action make, so that a test's double
 * can make each of them fail. They return and fail as Windows documents them. */
#ifndef KATOP_COLLECT_WINDOWS_WIN_API_H
#define KATOP_COLLECT_WINDOWS_WIN_API_H

#include <winsock2.h>

#include <ws2tcpip.h>

#include <iphlpapi.h>

#include <windows.h>

#include <tlhelp32.h>

struct win_api {
	DWORD(WINAPI *tcp_table)
	(PVOID table, PDWORD size, WINBOOL order, ULONG family, TCP_TABLE_CLASS kind,
		ULONG reserved);
	DWORD(WINAPI *set_tcp_entry)(PMIB_TCPROW row);
	ULONG(WINAPI *adapters)
	(ULONG family, ULONG flags, PVOID reserved, PIP_ADAPTER_ADDRESSES addresses,
		PULONG size);
	LSTATUS(WINAPI *reg_open)
	(HKEY key, LPCWSTR name, DWORD options, REGSAM access, PHKEY out);
	LSTATUS(WINAPI *reg_query)
	(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type, LPBYTE data,
		LPDWORD size);
	LSTATUS(WINAPI *reg_close)(HKEY key);
	HANDLE(WINAPI *open_process)(DWORD access, WINBOOL inherit, DWORD pid);
	WINBOOL(WINAPI *process_times)
	(HANDLE process, LPFILETIME created, LPFILETIME exited, LPFILETIME kernel,
		LPFILETIME user);
	WINBOOL(WINAPI *image_name)
	(HANDLE process, DWORD flags, LPWSTR name, PDWORD size);
	HANDLE(WINAPI *process_list)(DWORD flags, DWORD pid);
	WINBOOL(WINAPI *process_first)(HANDLE list, LPPROCESSENTRY32W entry);
	WINBOOL(WINAPI *process_next)(HANDLE list, LPPROCESSENTRY32W entry);
	WINBOOL(WINAPI *open_token)(HANDLE process, DWORD access, PHANDLE token);
	WINBOOL(WINAPI *token_info)
	(HANDLE token, TOKEN_INFORMATION_CLASS kind, LPVOID info, DWORD size,
		PDWORD needed);
	WINBOOL(WINAPI *account_of)
	(LPCWSTR system, PSID sid, LPWSTR name, LPDWORD name_size, LPWSTR domain,
		LPDWORD domain_size, PSID_NAME_USE use);
	WINBOOL(WINAPI *computer_name)
	(COMPUTER_NAME_FORMAT format, LPWSTR name, LPDWORD size);
	HANDLE(WINAPI *this_process)(void);
	WINBOOL(WINAPI *close_handle)(HANDLE handle);
	DWORD(WINAPI *last_error)(void);
	void(WINAPI *sleep)(DWORD ms);
};

/* Windows itself. */
extern const struct win_api win_api_system;

#endif
