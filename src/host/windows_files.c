/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "host/host.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "host/wide.h"
#include "host/win_error.h"

static bool is_folder(const wchar_t *path)
{
	DWORD attributes = GetFileAttributesW(path);

	return attributes != INVALID_FILE_ATTRIBUTES &&
	       (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

/* The C library knows no number for a pipe without a reader but EINVAL. */
int host_write_errno(void)
{
	unsigned long code = _doserrno;

	if (errno == EINVAL && (code == ERROR_NO_DATA || code == ERROR_BROKEN_PIPE ||
				       code == ERROR_PIPE_NOT_CONNECTED))
		return EPIPE;
	return errno;
}

FILE *host_open(const char *path, const char *mode, struct error *e)
{
	bool writes = mode[0] == 'w';
	wchar_t wide[WIDE_PATH_SIZE];
	const char *why;
	FILE *file = NULL;

	if (!wide_from_utf8(wide, WIDE_PATH_SIZE, path)) {
		errno = ENAMETOOLONG;
		why = "the path is too long or not valid UTF-8";
	} else if (is_folder(wide)) {
		errno = EISDIR;
		why = "it is a folder";
	} else {
		file = _wfopen(wide, writes ? L"wb" : L"rb");
		why = file == NULL ? strerror(errno) : "";
	}
	if (file == NULL) {
		int saved = errno;

		error_set(e, "cannot %s '%.300s': %s", writes ? "write" : "read", path,
			why);
		errno = saved;
	}
	return file;
}

/* Makes the folders above @path; what is there already is fine. */
static void make_folders(const wchar_t *path)
{
	wchar_t folder[WIDE_PATH_SIZE];

	wcscpy(folder, path);
	for (wchar_t *p = folder + 1; *p != L'\0'; p++) {
		wchar_t c = *p;

		if (c != L'\\' && c != L'/')
			continue;
		*p = L'\0';
		CreateDirectoryW(folder, NULL);
		*p = c;
	}
}

static bool write_whole(const wchar_t *path, const char *text, size_t size)
{
	DWORD written;
	HANDLE file = CreateFileW(
		path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
	bool ok;

	if (file == INVALID_HANDLE_VALUE)
		return false;
	ok = WriteFile(file, text, (DWORD)size, &written, NULL) && written == size &&
	     FlushFileBuffers(file);
	CloseHandle(file);
	return ok;
}

int host_replace_file(const char *path, const char *text, size_t size, struct error *e)
{
	wchar_t wide[WIDE_PATH_SIZE], temporary[WIDE_PATH_SIZE + 16];
	char why[WIN_ERROR_SIZE];
	DWORD code;

	if (!wide_from_utf8(wide, WIDE_PATH_SIZE, path))
		return error_set(e, "cannot write '%.300s': not a path", path);
	make_folders(wide);
	swprintf(temporary, WIDE_PATH_SIZE + 16, L"%ls.%lu", wide, GetCurrentProcessId());
	if (write_whole(temporary, text, size) &&
		MoveFileExW(temporary, wide,
			MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
		return 0;
	code = GetLastError();
	DeleteFileW(temporary);
	return error_set(e, "cannot write '%.300s': %s", path,
		win_error_text(why, sizeof(why), code));
}

/* The path of @name below the folder that the environment variable @root names. */
static void path_below(const wchar_t *root, const char *name, char *path, size_t size)
{
	wchar_t folder[WIDE_PATH_SIZE];
	DWORD n = GetEnvironmentVariableW(root, folder, WIDE_PATH_SIZE);
	size_t len;

	path[0] = '\0';
	if (n == 0 || n >= WIDE_PATH_SIZE)
		return;
	len = wide_to_utf8(path, size, folder);
	if (len > 0 && len + strlen(name) < size)
		snprintf(path + len, size - len, "%s", name);
	else
		path[0] = '\0';
}

void host_system_options(char *path, size_t size)
{
	path_below(L"ProgramData", "\\katop\\katop.conf", path, size);
}

void host_user_options(char *path, size_t size)
{
	path_below(L"APPDATA", "\\katop\\options", path, size);
}
