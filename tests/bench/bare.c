/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bare dump: asks sock_diag for every TCP socket and throws the answer away. What no
 * tool can undercut. bare [info] [REPEAT [PAUSE_MS]]: with tcp_info; prints the CPU time
 * in microseconds of each run, and the count of sockets. bare owners: instead of a dump a
 * walk over the descriptors of every process, as ss, lsof and netstat make it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE (256 * 1024)

struct request {
	struct nlmsghdr header;
	struct inet_diag_req_v2 body;
};

static long cpu_us(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000L +
	       use.ru_utime.tv_usec + use.ru_stime.tv_usec;
}

/* Receives up to the end of the dump; returns the sockets seen. */
static long drain(int fd, char *buffer)
{
	long count = 0;

	for (;;) {
		ssize_t n = recv(fd, buffer, BUFFER_SIZE, 0);
		struct nlmsghdr *h = (struct nlmsghdr *)buffer;
		int left = (int)n;

		if (n <= 0)
			exit(1);
		for (; NLMSG_OK(h, (unsigned)left); h = NLMSG_NEXT(h, left)) {
			if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR)
				return count;
			count++;
		}
	}
}

static long dump(int fd, char *buffer, int family, int info)
{
	struct request r = {
		.header = { .nlmsg_len = sizeof(r),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.body = { .sdiag_family = (uint8_t)family,
			.sdiag_protocol = IPPROTO_TCP,
			.idiag_states = ~0U,
			.idiag_ext = info ? 1U << (INET_DIAG_INFO - 1) : 0 },
	};

	if (send(fd, &r, sizeof(r), 0) != sizeof(r))
		exit(1);
	return drain(fd, buffer);
}

static long dump_both(char *buffer, int info)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	long count;

	if (fd < 0 || buffer == NULL)
		exit(1);
	count = dump(fd, buffer, AF_INET, info) + dump(fd, buffer, AF_INET6, info);
	close(fd);
	return count;
}

/* Reads where every descriptor of the process @pid leads; returns their number. */
static long walk_process(int proc, const char *pid)
{
	char path[300], target[64];
	struct dirent *entry;
	long count = 0;
	DIR *dir;
	int fd;

	snprintf(path, sizeof(path), "%s/fd", pid);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd >= 0 ? fdopendir(fd) : NULL;
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		count += readlinkat(fd, entry->d_name, target, sizeof(target)) > 0;
	if (dir != NULL)
		closedir(dir);
	return count;
}

static long walk_owners(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	long count = 0;

	while (proc != NULL && (entry = readdir(proc)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			count += walk_process(dirfd(proc), entry->d_name);
	if (proc != NULL)
		closedir(proc);
	return count;
}

int main(int argc, char **argv)
{
	int info = argc > 1 && strcmp(argv[1], "info") == 0;
	int owners = argc > 1 && strcmp(argv[1], "owners") == 0;
	int at = 1 + (info || owners);
	int repeat = argc > at ? atoi(argv[at]) : 1;
	int pause_ms = argc > at + 1 ? atoi(argv[at + 1]) : 0;
	char *buffer = malloc(BUFFER_SIZE);

	for (int i = 0; i < repeat; i++) {
		long before = cpu_us();
		long count = owners ? walk_owners() : dump_both(buffer, info);

		printf("%ld %ld\n", cpu_us() - before, count);
		usleep((unsigned)pause_ms * 1000);
	}
	free(buffer);
	return 0;
}
