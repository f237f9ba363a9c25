/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the settings of given sockets by pidfd_getfd without a pause, far more often than
 * katop does. Standard input: lines of pid, descriptor and inode, then an empty line; its
 * end stops the reading. Prints rounds, sockets read, and the longest round in ms.
 */
#include "config.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "collect/linux/settings_pidfd.h"
#include "host/host.h"

static size_t read_sockets(struct snapshot *snap)
{
	char line[80];

	while (fgets(line, sizeof(line), stdin)) {
		struct conn_owner owner = { 0 };
		struct conn *c;
		uint32_t inode;

		if (sscanf(line, "%" SCNu32 " %" SCNu32 " %" SCNu32, &owner.pid,
			    &owner.fd, &inode) != 3)
			break;
		c = snapshot_add(snap);
		c->id = snap->count;
		c->state = STATE_ESTABLISHED;
		c->inode = inode;
		c->owner_first = snapshot_add_owner(snap, owner);
		c->owner_count = 1;
	}
	return snap->count;
}

static int is_over(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&input, 1, 0) > 0;
}

int main(void)
{
	static uint32_t wanted[1000];
	struct snapshot snap = { 0 };
	struct settings_cache cache = { 0 };
	struct pidfd_outcome outcome = { 0 };
	size_t count = read_sockets(&snap);
	long rounds = 0;
	int64_t worst_ms = 0;

	if (count > sizeof(wanted) / sizeof(*wanted))
		return 2;
	for (size_t i = 0; i < count; i++)
		wanted[i] = (uint32_t)i;
	puts("ready");
	fflush(stdout);
	while (!is_over()) {
		int64_t begun_ms = clock_mono_ms();

		settings_pidfd_read(&snap, wanted, count, &cache, &outcome);
		if (clock_mono_ms() - begun_ms > worst_ms)
			worst_ms = clock_mono_ms() - begun_ms;
		rounds++;
	}
	printf("%ld %u %" PRId64 "\n", rounds, outcome.read, worst_ms);
	settings_cache_clear(&cache);
	snapshot_clear(&snap);
	return 0;
}
