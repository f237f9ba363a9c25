/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel-side programs write and the Linux collector reads. */
#ifndef KATOP_BPF_H
#define KATOP_BPF_H

#include <stdint.h>

enum katop_settings_flag {
	KATOP_KEEPALIVE_ON = 1 << 0,	  /* SO_KEEPALIVE */
	KATOP_KEEPALIVE_PENDING = 1 << 1, /* its timer runs: ka_left_ticks tells */
	KATOP_OOW_ACK = 1 << 2,		  /* oow_age_ticks tells */
	KATOP_HAS_SETTINGS = 1 << 3,	  /* not a listener: all of these tell */
};

/*
 * One socket's settings. Ticks are the kernel's jiffies; a keepalive value of 0 stands
 * for the namespace's sysctl (keepalive_time_when() and its sisters, include/net/tcp.h).
 */
struct katop_settings_record {
	uint64_t cookie; /* not 0: only what a sock_diag dump has met has one */
	uint32_t keepidle_ticks;
	uint32_t keepintvl_ticks;
	uint32_t user_timeout_ms;
	int32_t ka_left_ticks; /* negative: it ran out and has not fired yet */
	uint32_t oow_age_ticks;
	uint8_t keepcnt;
	uint8_t flags;
	uint16_t reserved;
};

/*
 * One descriptor of one process that is a socket, of any kind and network namespace: no
 * two of all these have the same cookie (since Linux 5.4).
 */
struct katop_owner_record {
	struct katop_settings_record settings;
	uint32_t pid;
	uint32_t fd;
	char comm[16]; /* as the kernel holds it: hostile, NUL-terminated */
};

#endif
