/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/owner_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "collect/linux/proc.h"

#define ENTRIES_SIZE (32 * 1024)

/* comm is 15 bytes (TASK_COMM_LEN); kernel threads' and test trees' may be longer. */
#define COMM_SIZE 64

/* A walk under way: the root, the process at hand and whether it is entered yet. */
struct walk {
	struct owner_map *map;
	struct owner_walk *met;
	int root;
	uint32_t pid;
	bool entered;
	bool first_only;
};

/* What getdents64(2) writes; C libraries before glibc 2.30 have no name for the call. */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

uint32_t owner_inode_of_link(const char *target, size_t len)
{
	static const char prefix[] = "socket:[";
	uint64_t inode = 0;
	size_t i = sizeof(prefix) - 1;

	if (len < sizeof(prefix) + 1 || memcmp(target, prefix, i) != 0)
		return 0;
	for (; i < len && target[i] >= '0' && target[i] <= '9'; i++) {
		inode = inode * 10 + (uint64_t)(target[i] - '0');
		if (inode > UINT32_MAX)
			return 0;
	}
	return i + 1 == len && target[i] == ']' ? (uint32_t)inode : 0;
}

/* The number that a name is, as processes and descriptors are named; -1 if it is none. */
static int64_t number_of(const char *name)
{
	int64_t n = 0;

	if (*name == '\0')
		return -1;
	for (; *name != '\0'; name++) {
		if (*name < '0' || *name > '9' || n > INT32_MAX)
			return -1;
		n = n * 10 + (*name - '0');
	}
	return n > INT32_MAX ? -1 : n;
}

/* The name that a process gives itself: anything at all. */
static void enter_process(struct walk *w)
{
	char path[32], comm[COMM_SIZE], name[COMM_SIZE * 3];
	ssize_t len = -1;
	int fd;

	snprintf(path, sizeof(path), "%u/comm", w->pid);
	fd = openat(w->root, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		len = read(fd, comm, sizeof(comm));
		close(fd);
	}
	if (len > 0 && comm[len - 1] == '\n')
		len--;
	text_make_harmless(name, sizeof(name), comm, len > 0 ? (size_t)len : 0);
	owner_map_add_process(w->map, w->pid, name);
	w->entered = true;
}

/* Returns false when the links of this process may not be read at all. */
static bool look_at(struct walk *w, int dir, const char *name)
{
	char target[40];
	ssize_t len = readlinkat(dir, name, target, sizeof(target));
	struct owner_slot *slot;

	if (len < 0)
		return errno != EACCES && errno != EPERM;
	slot = owner_map_find(w->map, owner_inode_of_link(target, (size_t)len));
	if (slot == NULL)
		return true;
	if (!w->entered)
		enter_process(w);
	owner_map_add_holder(w->map, slot, (uint32_t)number_of(name));
	return true;
}

/* Calls @each for every numbered entry until it returns false; returns what it did. */
static bool for_each_number(
	struct walk *w, int dir, bool (*each)(struct walk *w, int dir, const char *name))
{
	union {
		struct entry first;
		char bytes[ENTRIES_SIZE];
	} buf;
	long got;

	while ((got = syscall(SYS_getdents64, dir, &buf, sizeof(buf))) > 0) {
		for (long at = 0; at < got;) {
			const struct entry *e = (const struct entry *)(buf.bytes + at);

			at += e->size;
			if (number_of(e->name) >= 0 && !each(w, dir, e->name))
				return false;
		}
	}
	return true;
}

static bool walk_process(struct walk *w, int root, const char *name)
{
	char path[32];
	int dir;

	snprintf(path, sizeof(path), "%.16s/fd", name);
	w->pid = (uint32_t)number_of(name);
	w->entered = false;
	if (w->pid == 1)
		w->met->saw_init = true;
	dir = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0) {
		if (errno != ENOENT && errno != ESRCH)
			w->met->unreadable++;
		return true;
	}
	if (!for_each_number(w, dir, look_at))
		w->met->unreadable++;
	close(dir);
	return !w->first_only || w->map->missing > 0;
}

int owner_walk(struct owner_map *m, bool first_only, struct owner_walk *met)
{
	struct walk w = { .map = m, .met = met, .first_only = first_only };

	*met = (struct owner_walk){ 0 };
	w.root = open(proc_root(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w.root < 0)
		return -1;
	for_each_number(&w, w.root, walk_process);
	close(w.root);
	return 0;
}
