/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The proc file system: its root is an input, for tests. */
#ifndef KATOP_COLLECT_LINUX_PROC_H
#define KATOP_COLLECT_LINUX_PROC_H

#include <stddef.h>
#include <sys/types.h>

#define PROC_PATH_SIZE 512

/* KATOP_PROC, or /proc. */
const char *proc_root(void);

/* Opens @name below the root for reading: a descriptor, or -1 with errno. */
int proc_open(const char *name);

/*
 * Reads a small file below the root into @buf, NUL-terminated and cut at @size. Returns
 * the bytes read, or -1 with errno.
 */
ssize_t proc_read(const char *name, char *buf, size_t size);

#endif
