/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Windows console below curses' win32 driver. */
#include "config.h"
#include "term/console.h"

#include <stdlib.h>

#include <windows.h>

#include "host/win_error.h"
#include "term/term.h"

/* No event tells of a resize while curses shows a screen buffer of its own. */
#define SIZE_CHECK_MS 250

/* Rows for a notch of the wheel, as other consoles scroll. */
#define WHEEL_ROWS 3

/* One console a process: its state is reached from handlers, which are given nothing else
 * to find it by. */
static struct {
	HANDLE in;
	HANDLE out;
	HANDLE wake;
	DWORD in_mode;
	DWORD out_mode;
	CONSOLE_CURSOR_INFO cursor;
	COORD size; /* as console_size() told last */
	volatile LONG armed;
} console;

int console_open(struct error *e)
{
	char why[WIN_ERROR_SIZE];

	console.in = GetStdHandle(STD_INPUT_HANDLE);
	console.out = GetStdHandle(STD_OUTPUT_HANDLE);
	if (!GetConsoleMode(console.in, &console.in_mode) ||
		!GetConsoleMode(console.out, &console.out_mode))
		return error_set(e,
			"the live view needs a console on standard input and output "
			"(--list prints the connections once)");
	GetConsoleCursorInfo(console.out, &console.cursor);
	console.wake = CreateEventW(NULL, FALSE, FALSE, NULL);
	if (console.wake == NULL)
		return error_set(e, "cannot make an event: %s",
			win_error_text(why, sizeof(why), GetLastError()));
	/* Wine hands on the TERM of the terminal that it was started in. */
	_putenv_s("TERM", "#win32con");
	return 0;
}

void term_wake(void)
{
	if (console.wake != NULL)
		SetEvent(console.wake);
}

void console_watch_size(void)
{
	int width, height;

	console_size(&width, &height);
}

/* The driver always asks for mouse events, and waits for ever at one that nobody wants.
 * With Quick Edit the console keeps them for itself. */
void console_take_mouse(bool wanted)
{
	DWORD mode = console.in_mode;

	if (!GetConsoleMode(console.in, &mode))
		return;
	if (wanted)
		mode = (mode & ~(DWORD)ENABLE_QUICK_EDIT_MODE) | ENABLE_EXTENDED_FLAGS |
		       ENABLE_MOUSE_INPUT;
	else
		mode &= ~(DWORD)ENABLE_MOUSE_INPUT;
	SetConsoleMode(console.in, mode);
}

static void put_modes_back(void)
{
	SetConsoleMode(console.in, console.in_mode | ENABLE_EXTENDED_FLAGS);
	SetConsoleMode(console.out, console.out_mode);
	SetConsoleCursorInfo(console.out, &console.cursor);
}

void console_close(void)
{
	HANDLE wake = console.wake;

	if (wake == NULL)
		return;
	console_arm(false);
	put_modes_back();
	console.wake = NULL;
	CloseHandle(wake);
}

void console_set_rescue(const char *bytes, size_t len)
{
	(void)bytes, (void)len;
}

void console_arm(bool armed)
{
	InterlockedExchange(&console.armed, armed);
}

/* The driver shows a screen buffer of its own; the one before it is as it was. */
void term_rescue(void)
{
	if (InterlockedExchange(&console.armed, 0) == 0)
		return;
	SetConsoleActiveScreenBuffer(console.out);
	put_modes_back();
}

/* A key for the driver, as if it had been typed. */
static void type_key(WORD key)
{
	INPUT_RECORD record = { .EventType = KEY_EVENT };
	DWORD written;

	record.Event.KeyEvent.bKeyDown = TRUE;
	record.Event.KeyEvent.wRepeatCount = 1;
	record.Event.KeyEvent.wVirtualKeyCode = key;
	WriteConsoleInputW(console.in, &record, 1, &written);
}

/* The driver knows no wheel. */
static void turn_wheel(const MOUSE_EVENT_RECORD *mouse)
{
	bool up = (SHORT)HIWORD(mouse->dwButtonState) > 0;

	for (int i = 0; i < WHEEL_ROWS; i++)
		type_key(up ? VK_UP : VK_DOWN);
}

/* What the driver makes something of. */
static bool has_meaning(const INPUT_RECORD *record)
{
	if (record->EventType == KEY_EVENT)
		return record->Event.KeyEvent.bKeyDown;
	return record->EventType == MOUSE_EVENT &&
	       record->Event.MouseEvent.dwEventFlags == 0;
}

/* Whether input waits that has a meaning; takes away what has none, such as a key's
 * release or the window's focus: they would wake the loop again and again. */
static bool has_input(void)
{
	INPUT_RECORD record;
	DWORD count;

	while (PeekConsoleInputW(console.in, &record, 1, &count) && count > 0) {
		if (has_meaning(&record))
			return true;
		ReadConsoleInputW(console.in, &record, 1, &count);
		if (record.EventType == MOUSE_EVENT &&
			record.Event.MouseEvent.dwEventFlags == MOUSE_WHEELED)
			turn_wheel(&record.Event.MouseEvent);
	}
	return false;
}

static bool was_resized(void)
{
	COORD old = console.size;
	int width, height;

	return old.X != 0 && console_size(&width, &height) &&
	       (width != old.X || height != old.Y);
}

static int wait_once(DWORD timeout_ms)
{
	const HANDLE handles[] = { console.wake, console.in };
	DWORD rc = WaitForMultipleObjects(2, handles, FALSE, timeout_ms);

	if (rc == WAIT_FAILED)
		return CONSOLE_GONE;
	if (rc == WAIT_OBJECT_0)
		return CONSOLE_WOKEN;
	return rc == WAIT_OBJECT_0 + 1 && has_input() ? CONSOLE_INPUT : 0;
}

int console_wait(int timeout_ms)
{
	ULONGLONG end = GetTickCount64() + (ULONGLONG)(timeout_ms > 0 ? timeout_ms : 0);
	ULONGLONG now;
	int events;

	do {
		now = GetTickCount64();
		events = wait_once(now >= end		       ? 0
				   : end - now < SIZE_CHECK_MS ? (DWORD)(end - now)
							       : SIZE_CHECK_MS);
		if (was_resized())
			events |= CONSOLE_RESIZED;
	} while (events == 0 && GetTickCount64() < end);
	return events;
}

/* Of the screen buffer that is shown, whichever it is. */
bool console_size(int *width, int *height)
{
	CONSOLE_SCREEN_BUFFER_INFO info;
	HANDLE shown = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE,
		FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
	BOOL known;

	if (shown == INVALID_HANDLE_VALUE)
		return false;
	known = GetConsoleScreenBufferInfo(shown, &info);
	CloseHandle(shown);
	if (!known)
		return false;
	*width = info.srWindow.Right - info.srWindow.Left + 1;
	*height = info.srWindow.Bottom - info.srWindow.Top + 1;
	console.size = (COORD){ (SHORT)*width, (SHORT)*height };
	return *width > 0 && *height > 0;
}

/* The driver hands over UTF-16, whatever the code page. */
bool console_is_utf8(void)
{
	return true;
}
