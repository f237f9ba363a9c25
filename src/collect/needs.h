/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What facts cost: which of them a sample must bring. */
#ifndef KATOP_COLLECT_NEEDS_H
#define KATOP_COLLECT_NEEDS_H

enum collect_need {
	COLLECT_INFO = 1 << 0,	   /* tcp_info: ages, rto, counters */
	COLLECT_OWNER = 1 << 1,	   /* which processes hold it */
	COLLECT_USER = 1 << 2,	   /* user names */
	COLLECT_CGROUP = 1 << 3,
	COLLECT_MARK = 1 << 4,
	COLLECT_SETTINGS = 1 << 5, /* keepalive settings from the sockets */
	COLLECT_LOCAL = 1 << 6,	   /* whether the peer is this system */
	/* Not a need but a leave: of several owners the one with the lowest process id
	 * (its lowest descriptor) will do, and the search may end when it is found. */
	COLLECT_FIRST_OWNER = 1 << 7,
};

#define COLLECT_ALL 0x7fU

#endif
