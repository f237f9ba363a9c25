/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of katop.exe need inside Windows:
 *
 *     windows-helper hold PORT            connects to 127.0.0.1, waits for its end
 *     windows-helper resize COLUMNS ROWS  of the console in which katop.exe runs
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <winsock2.h>

#include <windows.h>

#include <tlhelp32.h>

static int hold(unsigned short port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	char byte;
	WSADATA data;
	SOCKET s;

	WSAStartup(MAKEWORD(2, 2), &data);
	s = socket(AF_INET, SOCK_STREAM, 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(s, (struct sockaddr *)&to, sizeof(to)) != 0) {
		printf("cannot connect: %d\n", WSAGetLastError());
		return 1;
	}
	printf("connected %lu\n", GetCurrentProcessId());
	fflush(stdout);
	/* until the other side ends it */
	return recv(s, &byte, 1, 0) > 0;
}

static DWORD pid_of_katop(void)
{
	PROCESSENTRY32 entry = { .dwSize = sizeof(entry) };
	HANDLE list = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);

	for (BOOL more = Process32First(list, &entry); more;
		more = Process32Next(list, &entry))
		if (_stricmp(entry.szExeFile, "katop.exe") == 0)
			return entry.th32ProcessID;
	return 0;
}

static int resize(SHORT columns, SHORT rows)
{
	SMALL_RECT least = { 0, 0, 0, 0 };
	SMALL_RECT window = { 0, 0, (SHORT)(columns - 1), (SHORT)(rows - 1) };
	COORD size = { columns, rows };
	DWORD pid = pid_of_katop();
	HANDLE console;

	FreeConsole();
	if (pid == 0 || !AttachConsole(pid))
		return 1;
	console = CreateFileA("CONOUT$", GENERIC_READ | GENERIC_WRITE,
		FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	/* the buffer is never smaller than the window */
	SetConsoleWindowInfo(console, TRUE, &least);
	if (!SetConsoleScreenBufferSize(console, size))
		return 2;
	return SetConsoleWindowInfo(console, TRUE, &window) ? 0 : 3;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "hold") == 0)
		return hold((unsigned short)strtoul(argv[2], NULL, 10));
	if (argc == 4 && strcmp(argv[1], "resize") == 0)
		return resize((SHORT)strtol(argv[2], NULL, 10),
			(SHORT)strtol(argv[3], NULL, 10));
	return 64;
}
