/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "host/host.h"

const char *proc_root(void)
{
	const char *root = host_env("KATOP_PROC");

	return root != NULL && root[0] != '\0' ? root : "/proc";
}

int proc_open(const char *name)
{
	char path[PROC_PATH_SIZE];
	int len = snprintf(path, sizeof(path), "%s/%s", proc_root(), name);

	if (len < 0 || (size_t)len >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

ssize_t proc_read(const char *name, char *buf, size_t size)
{
	size_t used = 0;
	int fd = proc_open(name);

	if (fd < 0)
		return -1;
	while (used + 1 < size) {
		ssize_t got = read(fd, buf + used, size - 1 - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			int saved = errno;

			close(fd);
			errno = saved;
			return -1;
		}
		if (got == 0)
			break;
		used += (size_t)got;
	}
	close(fd);
	buf[used] = '\0';
	return (ssize_t)used;
}
