/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "loopback.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define FIRST_PORT 10000

_Noreturn void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	FILE *range = fopen("/proc/sys/net/ipv4/ip_local_port_range", "w");

	if (ioctl(fd, SIOCSIFFLAGS, &request) != 0)
		die("cannot bring loopback up");
	close(fd);
	if (range != NULL) {
		fputs("20000 65000", range);
		fclose(range);
	}
}

void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		die("cannot read the limit of descriptors");
	limit.rlim_cur = limit.rlim_max < 20000 ? limit.rlim_max : 20000;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < 20000)
		die("cannot raise the limit of descriptors to 20000");
}

struct sockaddr_in address_of(int process)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)(FIRST_PORT + process)),
		.sin_addr.s_addr = htonl(0x7f000001U + (unsigned)process),
	};
}

int listen_at(const struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (const struct sockaddr *)at, sizeof(*at)) != 0 ||
		listen(fd, 512) != 0)
		die("cannot listen");
	return fd;
}
