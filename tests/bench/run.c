/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs one command and says what it cost: run COMMAND [ARGUMENT]... Prints wall-clock and
 * CPU time in microseconds and the peak of its memory in KiB on standard output; the
 * command's own output is thrown away. A small program, since a child's peak begins at
 * the size that its parent had when it forked.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t span_us(const struct timeval *t)
{
	return (int64_t)t->tv_sec * 1000000 + t->tv_usec;
}

static void become(char **command)
{
	int null = open("/dev/null", O_RDWR);

	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	execvp(command[0], command);
	_exit(127);
}

int main(int argc, char **argv)
{
	struct rusage use;
	int64_t start = now_us();
	int status = 0;
	pid_t pid;

	if (argc < 2)
		return 2;
	pid = vfork();
	if (pid == 0)
		become(argv + 1);
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid) {
		fprintf(stderr, "run: %s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	printf("%lld %lld %ld %d\n", (long long)(now_us() - start),
		(long long)(span_us(&use.ru_utime) + span_us(&use.ru_stime)),
		use.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	return 0;
}
