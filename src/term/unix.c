/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "term/console.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "term/term.h"

#define RESCUE_SIZE 512

/* One terminal a process: its state is reached from signal handlers, which are given
 * nothing else to find it by. */
static struct {
	int wake[2];
	int out; /* the terminal, and what takes its place once it was given back */
	int nowhere;
	bool open;
	volatile sig_atomic_t armed;
	volatile sig_atomic_t resized;
	struct termios saved;
	struct sigaction saved_winch;
	bool watches_size;
	size_t rescue_len;
	char rescue[RESCUE_SIZE];
} console = { .wake = { -1, -1 }, .out = -1, .nowhere = -1 };

static int open_wake(struct error *e)
{
	if (pipe(console.wake) < 0)
		return error_set(e, "cannot make a pipe: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		fcntl(console.wake[i], F_SETFD, FD_CLOEXEC);
		fcntl(console.wake[i], F_SETFL, O_NONBLOCK);
	}
	return 0;
}

/* For term_rescue(), which may open nothing; without them it does with less. */
static void open_rescue(void)
{
	console.out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	console.nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
}

static void close_rescue(void)
{
	if (console.out >= 0)
		close(console.out);
	if (console.nowhere >= 0)
		close(console.nowhere);
	console.out = console.nowhere = -1;
}

int console_open(struct error *e)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(e,
			"the live view needs a terminal on standard input and output "
			"(--list prints the connections once)");
	if (tcgetattr(STDIN_FILENO, &console.saved) < 0)
		return error_set(
			e, "cannot read the terminal's modes: %s", strerror(errno));
	if (open_wake(e) < 0)
		return -1;
	open_rescue();
	console.rescue_len = 0;
	console.open = true;
	return 0;
}

void term_wake(void)
{
	int saved_errno = errno;

	if (console.wake[1] >= 0 && write(console.wake[1], "", 1) < 0) {
		/* full: it wakes as well */
	}
	errno = saved_errno;
}

static void on_winch(int number)
{
	(void)number;
	console.resized = 1;
	term_wake();
}

void console_watch_size(void)
{
	struct sigaction action = { .sa_handler = on_winch, .sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGWINCH, &action, &console.saved_winch) == 0)
		console.watches_size = true;
}

/* Terminals are told by curses. */
void console_take_mouse(bool wanted)
{
	(void)wanted;
}

void console_close(void)
{
	if (!console.open)
		return;
	console.armed = 0;
	if (console.watches_size)
		sigaction(SIGWINCH, &console.saved_winch, NULL);
	console.watches_size = false;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &console.saved);
	for (int i = 0; i < 2; i++) {
		int fd = console.wake[i];

		console.wake[i] = -1;
		close(fd);
	}
	close_rescue();
	console.open = false;
}

void console_set_rescue(const char *bytes, size_t len)
{
	if (len > RESCUE_SIZE)
		len = 0;
	memcpy(console.rescue, bytes, len);
	console.rescue_len = len;
}

void console_arm(bool armed)
{
	console.armed = armed;
}

/*
 * Only what POSIX calls async-signal-safe. Another thread may be drawing: what it has yet
 * to write must not come behind this.
 */
void term_rescue(void)
{
	int saved_errno = errno, out = STDOUT_FILENO;

	if (!console.armed)
		return;
	console.armed = 0;
	if (console.out >= 0 && console.nowhere >= 0 &&
		dup2(console.nowhere, STDOUT_FILENO) >= 0)
		out = console.out;
	if (write(out, console.rescue, console.rescue_len) < 0) {
		/* the terminal is gone: there is nothing to restore */
	}
	tcsetattr(STDIN_FILENO, TCSANOW, &console.saved);
	errno = saved_errno;
}

static bool drain_wake(void)
{
	char bytes[64];
	bool any = false;

	while (read(console.wake[0], bytes, sizeof(bytes)) > 0)
		any = true;
	return any;
}

int console_wait(int timeout_ms)
{
	struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = console.wake[0], .events = POLLIN } };
	int events = 0;

	if (poll(fds, 2, timeout_ms) > 0) {
		if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			events |= CONSOLE_GONE;
		else if (fds[0].revents & POLLIN)
			events |= CONSOLE_INPUT;
		if (fds[1].revents & POLLIN)
			events |= drain_wake() ? CONSOLE_WOKEN : 0;
	}
	if (console.resized) {
		console.resized = 0;
		events |= CONSOLE_RESIZED;
	}
	return events;
}

bool console_size(int *width, int *height)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 ||
		size.ws_row == 0)
		return false;
	*width = size.ws_col;
	*height = size.ws_row;
	return true;
}

bool console_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
