/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What those share who open connections to themselves in a private network namespace. */
#ifndef KATOP_TESTS_BENCH_LOOPBACK_H
#define KATOP_TESTS_BENCH_LOOPBACK_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* Ends the process with what failed and why (errno). */
_Noreturn void die(const char *what);

/* Brings loopback up and widens its range of ports. */
void loopback_up(void);

/* 20,000 descriptors for this process and its children. */
void raise_descriptor_limit(void);

/* Where process @process listens: an address and a port of its own. */
struct sockaddr_in address_of(int process);

int listen_at(const struct sockaddr_in *at);

#endif
