/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Start, clock, console, names of a Windows process; windows_files.c has the files. */
#include "config.h"
#include "host/host.h"

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

#include <winsock2.h>

#include <windows.h>

#include "base/xalloc.h"
#include "host/wide.h"

/* Windows counts 100 ns from 1601. */
#define UNIX_EPOCH_100NS UINT64_C(116444736000000000)

/* With -municode the C library starts here. Its own main() would get the arguments in the
 * legacy code page, which lacks most characters. */
int main(int argc, char **argv);
int wmain(int argc, wchar_t **wide);

/* Arguments are a filter's words, not names of files: the C library leaves `*` alone. */
int _dowildcard = 0;

int wmain(int argc, wchar_t **wide)
{
	char **argv = xcalloc((size_t)argc + 1, sizeof(*argv));

	for (int i = 0; i < argc; i++) {
		size_t size = wcslen(wide[i]) * 3 + 1;

		argv[i] = xmalloc(size);
		wide_to_utf8(argv[i], size, wide[i]);
	}
	return main(argc, argv);
}

static UINT old_output_cp;

static void restore_output_cp(void)
{
	SetConsoleOutputCP(old_output_cp);
}

/* The console decodes what is written by its code page, which outlives the program. */
static void speak_utf8(void)
{
	old_output_cp = GetConsoleOutputCP();
	if (old_output_cp == 0 || old_output_cp == CP_UTF8)
		return;
	if (SetConsoleOutputCP(CP_UTF8))
		atexit(restore_output_cp);
}

void host_init(void)
{
	WSADATA data;

	/* Bytes go as they are: the same JSON on every system, and no end at ^Z. */
	_setmode(_fileno(stdin), _O_BINARY);
	_setmode(_fileno(stdout), _O_BINARY);
	_setmode(_fileno(stderr), _O_BINARY);
	/* A console that gets half a character shows two wrong ones. */
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	speak_utf8();
	/* Without it names of services are unknown, and nothing else. */
	WSAStartup(MAKEWORD(2, 2), &data);
	host_guard();
}

int64_t clock_mono_ms(void)
{
	ULONGLONG ticks;

	QueryUnbiasedInterruptTime(&ticks);
	return (int64_t)(ticks / 10000);
}

int64_t clock_wall_ms(void)
{
	FILETIME t;

	GetSystemTimePreciseAsFileTime(&t);
	return ((int64_t)t.dwHighDateTime << 32 | t.dwLowDateTime) / 10000 -
	       (int64_t)(UNIX_EPOCH_100NS / 10000);
}

void clock_sleep_ms(int64_t ms)
{
	if (ms > 0)
		Sleep(ms < INFINITE ? (DWORD)ms : INFINITE - 1);
}

void host_stand_back(void)
{
	SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_BELOW_NORMAL);
}

const char *host_env(const char *name)
{
	return getenv(name);
}

/* isatty() is true of NUL and of printers: only a console has a mode. */
bool host_is_terminal(FILE *stream)
{
	DWORD mode;

	return GetConsoleMode((HANDLE)_get_osfhandle(_fileno(stream)), &mode) != 0;
}

/* What is written is, see speak_utf8(). */
bool host_is_utf8(void)
{
	return true;
}

int host_terminal_width(void)
{
	const char *columns = host_env("COLUMNS");
	long n = columns != NULL ? strtol(columns, NULL, 10) : 0;
	CONSOLE_SCREEN_BUFFER_INFO info;

	if (n > 0 && n <= 10000)
		return (int)n;
	if (!host_is_terminal(stdout))
		return 0;
	if (GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info))
		return info.srWindow.Right - info.srWindow.Left + 1;
	return 0;
}

long host_service_port(const char *name)
{
	const struct servent *service = getservbyname(name, "tcp");

	return service != NULL ? ntohs((u_short)service->s_port) : -1;
}

/* Users have no number: a filter compares their names. */
long host_user_id(const char *name)
{
	(void)name;
	return -1;
}
