/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/windows/win_api.h"

const struct win_api win_api_system = {
	.tcp_table = GetExtendedTcpTable,
	.set_tcp_entry = SetTcpEntry,
	.adapters = GetAdaptersAddresses,
	.reg_open = RegOpenKeyExW,
	.reg_query = RegQueryValueExW,
	.reg_close = RegCloseKey,
	.open_process = OpenProcess,
	.process_times = GetProcessTimes,
	.image_name = QueryFullProcessImageNameW,
	.process_list = CreateToolhelp32Snapshot,
	.process_first = Process32FirstW,
	.process_next = Process32NextW,
	.open_token = OpenProcessToken,
	.token_info = GetTokenInformation,
	.account_of = LookupAccountSidW,
	.computer_name = GetComputerNameExW,
	.this_process = GetCurrentProcess,
	.close_handle = CloseHandle,
	.last_error = GetLastError,
	.sleep = Sleep,
};
