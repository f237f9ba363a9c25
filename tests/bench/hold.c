/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holds many idle TCP connections on loopback: hold ROWS [KEEPIDLE]. Meant for a private
 * network namespace, whose loopback it sets up. Both ends of a connection are rows of a
 * dump, and ROWS counts rows. Each process holds at most 20,000 descriptors. Prints
 * "ready", and ends when its standard input does.
 */
#include "loopback.h"

#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#define PAIRS_A_PROCESS 9900

static void set_keepalive(int fd, int idle)
{
	int one = 1;

	if (idle <= 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
}

/* Opens @pairs connections to itself, says so on @ready, waits for @end to close. */
static void hold_pairs(int process, int pairs, int idle, int ready, int end)
{
	struct sockaddr_in at = address_of(process);
	int listener = listen_at(&at);
	char byte = 0;

	for (int i = 0; i < pairs; i++) {
		int client = socket(AF_INET, SOCK_STREAM, 0);
		int server;

		if (client < 0 ||
			connect(client, (struct sockaddr *)&at, sizeof(at)) != 0)
			die("cannot connect");
		server = accept(listener, NULL, NULL);
		if (server < 0)
			die("cannot accept");
		set_keepalive(client, i % 2 ? idle + i % 100 : 0);
	}
	if (write(ready, &byte, 1) != 1 || read(end, &byte, 1) < 0)
		die("pipe");
	_exit(0);
}

int main(int argc, char **argv)
{
	int rows = argc > 1 ? atoi(argv[1]) : 1000;
	int idle = argc > 2 ? atoi(argv[2]) : 300;
	int pairs = rows / 2, processes = 0, ready[2], end[2];
	char byte;

	loopback_up();
	raise_descriptor_limit();
	if (pipe(ready) != 0 || pipe(end) != 0)
		die("pipe");
	while (pairs > 0) {
		int share = pairs < PAIRS_A_PROCESS ? pairs : PAIRS_A_PROCESS;

		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(end[1]);
			hold_pairs(processes, share, idle, ready[1], end[0]);
		}
		processes++;
		pairs -= share;
	}
	for (int i = 0; i < processes; i++)
		if (read(ready[0], &byte, 1) != 1)
			die("a process failed");
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	close(end[1]);
	while (wait(NULL) > 0)
		;
	return 0;
}
