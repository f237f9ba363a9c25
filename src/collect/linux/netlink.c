/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define ANSWER_SECONDS 10

struct mnl_socket *netlink_open(int bus)
{
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	struct mnl_socket *nl = mnl_socket_open2(bus, SOCK_CLOEXEC);
	int saved;

	if (nl == NULL)
		return NULL;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) == 0) {
		setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &patience,
			sizeof(patience));
		return nl;
	}
	saved = errno;
	mnl_socket_close(nl);
	errno = saved;
	return NULL;
}

/*
 * mnl_nlmsg_ok() compares lengths as int: it takes one past 2 GiB for small. And it ends
 * at a message that is cut short as if there had been none.
 */
static bool is_whole(const char *bytes, size_t len)
{
	struct nlmsghdr nlh;

	while (len >= sizeof(nlh)) {
		size_t step;

		memcpy(&nlh, bytes, sizeof(nlh));
		if (nlh.nlmsg_len < sizeof(nlh) || nlh.nlmsg_len > len)
			return false;
		step = NLMSG_ALIGN(nlh.nlmsg_len);
		step = step < len ? step : len;
		bytes += step;
		len -= step;
	}
	return len == 0;
}

ssize_t netlink_receive(struct mnl_socket *nl, void *buf, size_t size)
{
	ssize_t got;

	do
		got = mnl_socket_recvfrom(nl, buf, size);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	if (got > 0 && is_whole(buf, (size_t)got))
		return got;
	errno = EBADMSG;
	return -1;
}
