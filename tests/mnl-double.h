/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A double of libmnl's socket, for one file of a program. What opens it, sends and
 * receives is that file's own. */
#ifndef KATOP_TESTS_MNL_DOUBLE_H
#define KATOP_TESTS_MNL_DOUBLE_H

#include <libmnl/libmnl.h>
#include <stddef.h>
#include <sys/types.h>

#include "host/host.h"

/* The port that answers are addressed to. */
#define DOUBLE_PORT 77

/* How many sockets are open. */
static int opened;

const char *host_env(const char *name)
{
	(void)name;
	return NULL;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)nl, (void)groups, (void)pid;
	return 0;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	(void)nl;
	opened--;
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	(void)nl;
	return -1;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *nl)
{
	(void)nl;
	return DOUBLE_PORT;
}

#endif
