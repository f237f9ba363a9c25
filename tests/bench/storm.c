/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holds connections and meanwhile opens and closes others: storm ROWS LIVELY RATE LOG.
 * ROWS rows of a dump (two a connection) stay; of LIVELY further rows, RATE connections a
 * second are closed and replaced, picked at random. Every end of a connection is written
 * to LOG.0, LOG.1, ... as five 64-bit numbers: its cookie, and when it was about to be
 * opened, open, about to be closed, and gone (CLOCK_REALTIME, ns; 0: not in this life).
 * LOG.0 is of the lively. Prints "ready" when all stand and "done" when the lively are
 * gone, which happens when standard input ends; the rest goes with the next line or end.
 */
#include "loopback.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAIRS_A_PROCESS 9900
#define TICKS_A_SECOND	200
/* One in so many is closed politely and leaves a TIME-WAIT socket. */
#define POLITE 16

struct end {
	int fd;
	uint64_t cookie;
};

struct pair {
	struct end ends[2];
	int64_t about, open;
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void note(FILE *log, const struct pair *p, int64_t closing, int64_t gone)
{
	for (int i = 0; i < 2; i++) {
		int64_t line[5] = { (int64_t)p->ends[i].cookie, p->about, p->open,
			closing, gone };

		if (fwrite(line, sizeof(line), 1, log) != 1)
			die("cannot write the log");
	}
}

static FILE *open_log(const char *path, int number)
{
	char name[4096];
	FILE *log;

	snprintf(name, sizeof(name), "%s.%d", path, number);
	log = fopen(name, "wb");
	if (log == NULL)
		die("cannot open the log");
	return log;
}

static void take_cookie(struct end *e)
{
	socklen_t size = sizeof(e->cookie);

	if (getsockopt(e->fd, SOL_SOCKET, SO_COOKIE, &e->cookie, &size) != 0)
		die("cannot read a cookie");
}

static void open_pair(const struct sockaddr_in *at, int listener, struct pair *p)
{
	p->about = now_ns();
	p->ends[0].fd = socket(AF_INET, SOCK_STREAM, 0);
	if (p->ends[0].fd < 0 ||
		connect(p->ends[0].fd, (const struct sockaddr *)at, sizeof(*at)) != 0)
		die("cannot connect");
	p->ends[1].fd = accept(listener, NULL, NULL);
	if (p->ends[1].fd < 0)
		die("cannot accept");
	take_cookie(&p->ends[0]);
	take_cookie(&p->ends[1]);
	p->open = now_ns();
}

static void close_pair(struct pair *p, FILE *log)
{
	const struct linger at_once = { .l_onoff = 1 };
	int64_t closing = now_ns();

	if (rand() % POLITE != 0)
		setsockopt(
			p->ends[0].fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(p->ends[0].fd);
	close(p->ends[1].fd);
	note(log, p, closing, now_ns());
}

static void say(int fd)
{
	if (write(fd, "", 1) != 1)
		die("pipe");
}

/* Opens @count connections, says so, holds them until the pipe @end closes. */
static void hold(int number, int count, const char *path, int ready, int end)
{
	struct sockaddr_in at = address_of(number);
	int listener = listen_at(&at);
	FILE *log = open_log(path, number);
	struct pair p;
	char byte;

	for (int i = 0; i < count; i++) {
		open_pair(&at, listener, &p);
		note(log, &p, 0, 0);
	}
	fclose(log);
	say(ready);
	if (read(end, &byte, 1) < 0)
		die("pipe");
	_exit(0);
}

/* Replaces @rate connections a second until the pipe @end closes. */
static void churn(int count, int rate, const char *path, int ready, int end)
{
	struct sockaddr_in at = address_of(0);
	struct pollfd ends = { .fd = end, .events = POLLIN };
	int listener = listen_at(&at);
	FILE *log = open_log(path, 0);
	struct pair *pairs = calloc((size_t)count, sizeof(*pairs));
	int64_t begun, done = 0;

	if (pairs == NULL)
		die("no memory");
	for (int i = 0; i < count; i++)
		open_pair(&at, listener, &pairs[i]);
	say(ready);
	begun = now_ns();
	while (poll(&ends, 1, 1000 / TICKS_A_SECOND) == 0) {
		int64_t due = (now_ns() - begun) / 1000 * rate / 1000000;

		for (; done < due; done++) {
			struct pair *p = &pairs[rand() % count];

			close_pair(p, log);
			open_pair(&at, listener, p);
		}
	}
	for (int i = 0; i < count; i++)
		close_pair(&pairs[i], log);
	fclose(log);
	say(ready);
	_exit(0);
}

static void wait_for(int fd, int count)
{
	char byte;

	for (int i = 0; i < count; i++)
		if (read(fd, &byte, 1) != 1)
			die("a process failed");
}

static int start_holders(
	int pairs, const char *path, int ready, const int *end, const int *stop)
{
	int number = 1;

	for (; pairs > 0; pairs -= PAIRS_A_PROCESS, number++) {
		if (fork() != 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(end[1]);
		close(stop[1]);
		hold(number, pairs < PAIRS_A_PROCESS ? pairs : PAIRS_A_PROCESS, path,
			ready, end[0]);
	}
	return number;
}

static void wait_for_input_to_end(void)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) > 0 && byte != '\n')
		;
}

int main(int argc, char **argv)
{
	int ready[2], end[2], stop[2], processes;

	if (argc != 5) {
		fputs("usage: storm ROWS LIVELY RATE LOG\n", stderr);
		return 2;
	}
	loopback_up();
	raise_descriptor_limit();
	if (pipe(ready) != 0 || pipe(end) != 0 || pipe(stop) != 0)
		die("pipe");
	processes = start_holders(atoi(argv[1]) / 2, argv[4], ready[1], end, stop);
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(stop[1]);
		close(end[1]);
		churn(atoi(argv[2]) / 2, atoi(argv[3]), argv[4], ready[1], stop[0]);
	}
	close(ready[1]);
	wait_for(ready[0], processes);
	puts("ready");
	fflush(stdout);
	wait_for_input_to_end();
	close(stop[1]);
	wait_for(ready[0], 1);
	puts("done");
	fflush(stdout);
	wait_for_input_to_end();
	close(end[1]);
	while (wait(NULL) > 0)
		;
	return 0;
}
