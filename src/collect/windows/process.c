/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/windows/process.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "host/wide.h"

#define ACCOUNT_SIZE 256

/* SECURITY_MAX_SID_SIZE and the TOKEN_USER that points to it. */
union token_user {
	TOKEN_USER user;
	unsigned char room[sizeof(TOKEN_USER) + 68];
};

enum process_access process_open(const struct win_api *api, uint32_t pid, HANDLE *handle)
{
	*handle = api->open_process(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid);
	if (*handle != NULL)
		return PROCESS_OPENED;
	/* the answer of OpenProcess() for a pid that nobody has */
	return api->last_error() == ERROR_INVALID_PARAMETER ? PROCESS_GONE
							    : PROCESS_DENIED;
}

uint64_t process_started(const struct win_api *api, HANDLE process)
{
	FILETIME created = { 0 }, exited, kernel, user;

	if (!api->process_times(process, &created, &exited, &kernel, &user))
		return 0;
	return (uint64_t)created.dwHighDateTime << 32 | created.dwLowDateTime;
}

static bool put_harmless(char *out, size_t size, const wchar_t *wide)
{
	char text[WIDE_PATH_SIZE];
	size_t len = wide_to_utf8(text, sizeof(text), wide);

	return text_make_harmless(out, size, text, len) > 0;
}

bool process_image(const struct win_api *api, HANDLE process, char *out, size_t size)
{
	wchar_t path[WIDE_PATH_SIZE];
	DWORD len = WIDE_PATH_SIZE;
	const wchar_t *name;

	out[0] = '\0';
	if (!api->image_name(process, 0, path, &len) || len >= WIDE_PATH_SIZE)
		return false;
	path[len] = L'\0';
	name = wcsrchr(path, L'\\');
	return put_harmless(out, size, name != NULL ? name + 1 : path);
}

bool process_listed_name(const struct win_api *api, uint32_t pid, char *out, size_t size)
{
	PROCESSENTRY32W entry = { .dwSize = sizeof(entry) };
	HANDLE list = api->process_list(TH32CS_SNAPPROCESS, 0);
	bool more, found = false;

	out[0] = '\0';
	if (list == INVALID_HANDLE_VALUE)
		return false;
	more = api->process_first(list, &entry);
	while (more && !found) {
		found = entry.th32ProcessID == pid;
		if (!found)
			more = api->process_next(list, &entry);
	}
	api->close_handle(list);
	entry.szExeFile[MAX_PATH - 1] = L'\0';
	return found && put_harmless(out, size, entry.szExeFile);
}

static bool is_local_domain(const struct win_api *api, const wchar_t *domain)
{
	wchar_t name[ACCOUNT_SIZE];
	DWORD len = ACCOUNT_SIZE;

	return domain[0] == L'\0' ||
	       (api->computer_name(ComputerNameNetBIOS, name, &len) &&
		       _wcsicmp(name, domain) == 0);
}

static bool account_name(const struct win_api *api, PSID sid, char *out, size_t size)
{
	wchar_t name[ACCOUNT_SIZE], domain[ACCOUNT_SIZE], both[2 * ACCOUNT_SIZE];
	DWORD name_len = ACCOUNT_SIZE, domain_len = ACCOUNT_SIZE;
	SID_NAME_USE use;

	if (!api->account_of(NULL, sid, name, &name_len, domain, &domain_len, &use))
		return false;
	if (use == SidTypeWellKnownGroup || is_local_domain(api, domain))
		return put_harmless(out, size, name);
	swprintf(both, 2 * ACCOUNT_SIZE, L"%ls\\%ls", domain, name);
	return put_harmless(out, size, both);
}

bool process_user(const struct win_api *api, HANDLE process, char *out, size_t size)
{
	union token_user info;
	HANDLE token;
	DWORD len;
	bool known;

	out[0] = '\0';
	if (!api->open_token(process, TOKEN_QUERY, &token))
		return false;
	known = api->token_info(token, TokenUser, &info, sizeof(info), &len) &&
		account_name(api, info.user.User.Sid, out, size);
	api->close_handle(token);
	return known;
}
