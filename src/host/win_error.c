/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "host/win_error.h"

#include <stdio.h>

#include <winsock2.h>

#include <windows.h>

#define NAMED(code, text)                                                                \
	{                                                                                \
		code, #code, text                                                        \
	}

/* The system's own texts come in its language and end in a line break: these do not. */
static const struct named_error {
	unsigned long code;
	const char *name;
	const char *text;
} errors[] = {
	NAMED(ERROR_FILE_NOT_FOUND, "not found"),
	NAMED(ERROR_PATH_NOT_FOUND, "no such folder"),
	NAMED(ERROR_TOO_MANY_OPEN_FILES, "too many open files"),
	NAMED(ERROR_ACCESS_DENIED, "access is denied"),
	NAMED(ERROR_INVALID_HANDLE, "the handle is not valid"),
	NAMED(ERROR_NOT_ENOUGH_MEMORY, "not enough memory"),
	NAMED(ERROR_INVALID_DATA, "the data is not valid"),
	NAMED(ERROR_OUTOFMEMORY, "out of memory"),
	NAMED(ERROR_GEN_FAILURE, "a device does not function"),
	NAMED(ERROR_SHARING_VIOLATION, "another process has it open"),
	NAMED(ERROR_NOT_SUPPORTED, "not supported"),
	NAMED(ERROR_INVALID_PARAMETER, "a parameter is not valid"),
	NAMED(ERROR_BROKEN_PIPE, "the pipe has been ended"),
	NAMED(ERROR_DISK_FULL, "the disk is full"),
	NAMED(ERROR_CALL_NOT_IMPLEMENTED, "not implemented on this system"),
	NAMED(ERROR_INSUFFICIENT_BUFFER, "the buffer is too small"),
	NAMED(ERROR_INVALID_NAME, "the name is not valid"),
	NAMED(ERROR_MOD_NOT_FOUND, "the module is missing"),
	NAMED(ERROR_PROC_NOT_FOUND, "the procedure is missing"),
	NAMED(ERROR_ALREADY_EXISTS, "it exists already"),
	NAMED(ERROR_NO_DATA, "there is no data"),
	NAMED(ERROR_MORE_DATA, "there is more data"),
	NAMED(ERROR_DIRECTORY, "the folder's name is not valid"),
	NAMED(ERROR_MR_MID_NOT_FOUND, "refused, as without elevation"),
	NAMED(ERROR_NOT_FOUND, "no such element"),
	NAMED(ERROR_NO_SYSTEM_RESOURCES, "not enough system resources"),
	NAMED(ERROR_NONE_MAPPED, "the account has no name"),
	NAMED(ERROR_TIMEOUT, "timed out"),
	NAMED(WSAENETDOWN, "the network is down"),
	NAMED(WSAEPROCLIM, "too many processes use Winsock"),
	NAMED(WSASYSNOTREADY, "the network is not ready"),
	NAMED(WSAVERNOTSUPPORTED, "this version of Winsock is not supported"),
	NAMED(WSANOTINITIALISED, "Winsock is not started"),
};

const char *win_error_text(char *out, size_t size, unsigned long code)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].code == code) {
			snprintf(out, size, "%s (%s)", errors[i].text, errors[i].name);
			return out;
		}
	snprintf(out, size, "error %lu", code);
	return out;
}
