/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Netlink sockets: waiting with an end, and lengths that are not believed. */
#ifndef KATOP_COLLECT_LINUX_NETLINK_H
#define KATOP_COLLECT_LINUX_NETLINK_H

#include <stddef.h>
#include <sys/types.h>

struct mnl_socket;

/*
 * Opens and binds a socket of @bus, whose answers are waited for ten seconds: a kernel
 * that does not answer must not hang us. NULL with errno.
 */
struct mnl_socket *netlink_open(int bus);

/*
 * Receives one buffer of whole messages; signals do not end it. Returns its bytes, more
 * than 0, or -1 with errno: EBADMSG where a message's length is a lie.
 */
ssize_t netlink_receive(struct mnl_socket *nl, void *buf, size_t size);

#endif
