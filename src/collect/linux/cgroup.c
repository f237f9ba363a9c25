/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/cgroup.h"

#include <dirent.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "collect/linux/names.h"
#include "collect/linux/proc.h"

/* Deeper trees than this are no control groups that anyone reads. */
#define DEEPEST 32

void cgroup_clear(struct cgroup_tree *t)
{
	free(t->paths);
	strtab_clear(&t->strings);
	*t = (struct cgroup_tree){ 0 };
}

void cgroup_begin_sample(struct cgroup_tree *t)
{
	t->looked = 0;
}

static void add(struct cgroup_tree *t, uint64_t id, const char *path)
{
	char harmless[NAME_SIZE];

	text_make_harmless(harmless, sizeof(harmless), path, strlen(path));
	t->paths = xgrow(t->paths, &t->cap, t->count + 1, sizeof(*t->paths));
	t->paths[t->count++] = (struct cgroup_path){ .id = id,
		.path = strtab_add(&t->strings, harmless) };
}

/* @path holds @len bytes of the path so far and has room for PROC_PATH_SIZE. */
static void walk(struct cgroup_tree *t, int fd, char *path, size_t len, int depth)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *e;

	if (dir == NULL) {
		close(fd);
		return;
	}
	while ((e = readdir(dir)) != NULL) {
		size_t more = strlen(e->d_name) + 1;
		int below;

		if (e->d_type != DT_DIR || e->d_name[0] == '.' ||
			len + more >= PROC_PATH_SIZE)
			continue;
		path[len] = '/';
		memcpy(path + len + 1, e->d_name, more);
		add(t, e->d_ino, path);
		below = depth < DEEPEST
				? openat(fd, e->d_name,
					  O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
				: -1;
		if (below >= 0)
			walk(t, below, path, len + more, depth + 1);
	}
	closedir(dir);
}

/* The root of the cgroup2 tree that this process sees, a descriptor or -1. */
static int open_root(void)
{
	char path[PROC_PATH_SIZE], buf[2048];
	struct mntent entry;
	FILE *mounts;
	int fd = -1;

	snprintf(path, sizeof(path), "%.480s/self/mounts", proc_root());
	mounts = setmntent(path, "re");
	if (mounts == NULL)
		return -1;
	while (fd < 0 && getmntent_r(mounts, &entry, buf, sizeof(buf)) != NULL)
		if (strcmp(entry.mnt_type, "cgroup2") == 0)
			fd = open(entry.mnt_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	endmntent(mounts);
	return fd;
}

static int compare(const void *left, const void *right)
{
	const struct cgroup_path *a = left, *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

static void look(struct cgroup_tree *t)
{
	char path[PROC_PATH_SIZE] = "";
	struct stat st;
	int fd = open_root();

	t->looked = 1;
	t->count = 0;
	strtab_reset(&t->strings);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0)
		add(t, st.st_ino, "/");
	walk(t, fd, path, 0, 0);
	if (t->count > 1)
		qsort(t->paths, t->count, sizeof(*t->paths), compare);
}

static const struct cgroup_path *find(const struct cgroup_tree *t, uint64_t id)
{
	struct cgroup_path wanted = { .id = id };

	return t->count == 0
		       ? NULL
		       : bsearch(&wanted, t->paths, t->count, sizeof(wanted), compare);
}

void cgroup_lookup(void *tree, uint64_t id, char *out)
{
	struct cgroup_tree *t = tree;
	const struct cgroup_path *found = find(t, id);

	if (found == NULL && !t->looked) {
		look(t);
		found = find(t, id);
	}
	if (found != NULL)
		snprintf(out, NAME_SIZE, "%s", strtab_get(&t->strings, found->path));
}
