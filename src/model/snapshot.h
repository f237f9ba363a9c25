/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All connections at one instant, with what they share. */
#ifndef KATOP_MODEL_SNAPSHOT_H
#define KATOP_MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/conn.h"
#include "model/strtab.h"

#define SYSTEM_UNKNOWN INT64_C(-1)

/*
 * The system's TCP settings and counters, those of the network namespace. Milliseconds
 * and plain numbers; SYSTEM_UNKNOWN where they could not be read. hz is the kernel's tick
 * rate, which bounds how late its timers are.
 */
struct system_info {
	int64_t keepalive_time_ms;
	int64_t keepalive_intvl_ms;
	int64_t keepalive_probes;
	int64_t retries2;
	int64_t rto_max_ms;
	int64_t probes_sent;	    /* TcpExt TCPKeepAlive */
	int64_t aborted_on_timeout; /* TcpExt TCPAbortOnTimeout */
	int64_t hz;
	char source[64]; /* where they were read: "/proc/sys/net/ipv4" */
	bool windows;	 /* the other system's ranges and remedies apply */
};

/* Everything unknown. */
void system_info_init(struct system_info *s);

/* A descriptor that nobody tells (Windows). */
#define OWNER_FD_UNKNOWN UINT32_MAX

/* One process that holds a socket. `process` is a string index. */
struct conn_owner {
	uint32_t pid;
	uint32_t fd;
	uint32_t process;
};

/* What the collector may read here, and why not more: one line each, "" for nothing. */
struct access_info {
	char connections[128]; /* "sock_diag", or what took its place and why */
	bool poorer;	       /* what took its place tells less */
	char owners[256];
	bool as_root; /* root it is, and yet something is hidden */
	char settings[256];
	size_t settings_refused; /* sockets whose settings were refused */
	char settings_cure[96];	 /* and what helps, "" unknown */
	char privileges[256];	 /* what is in force: capabilities kept, no_new_privs */
};

/*
 * A sample. Owns its arrays and strings. `time_ms` is the wall clock (Unix, ms) at
 * which the facts were true; `mono_ms` the monotonic clock of the same instant, 0 in a
 * replay. `path_idle_ms` is what a record says of its path: milliseconds, PATH_NONE or
 * PATH_UNSAID (model/path.h).
 */
struct snapshot {
	struct conn *conns;
	size_t count;
	size_t cap;
	struct conn_owner *owners;
	size_t owner_count;
	size_t owner_cap;
	struct strtab strings;
	struct system_info system;
	struct access_info access;
	int64_t time_ms;
	int64_t mono_ms;
	int64_t path_idle_ms;
	uint64_t netns;	     /* inode of the namespace, 0 unknown */
	bool partial;	     /* the kernel cut the sample short */
	bool path_data_only; /* what a record says of its path */
	char host[256];
	char path_name[32]; /* "" or the name of the path in a record */
};

/* Empties for the next sample, keeps the memory. A zeroed snapshot is empty. */
void snapshot_reset(struct snapshot *s);

/* Frees everything. */
void snapshot_clear(struct snapshot *s);

/* Room for one more connection, zeroed; valid until the next call. */
struct conn *snapshot_add(struct snapshot *s);

/* Appends an owner; those of one connection must follow each other. Its index. */
uint32_t snapshot_add_owner(struct snapshot *s, struct conn_owner owner);

/* The string of an index, "" for 0. */
const char *snapshot_string(const struct snapshot *s, uint32_t index);

/* The owner with the lowest pid (then the lowest descriptor); NULL when none is known. */
const struct conn_owner *snapshot_first_owner(
	const struct snapshot *s, const struct conn *c);

/* The connection of that id, NULL when it is not there. Linear. */
const struct conn *snapshot_find(const struct snapshot *s, uint64_t id);

/* A deep copy that owns all its own. @to must be zeroed or a snapshot; it is reset. */
void snapshot_copy(struct snapshot *to, const struct snapshot *from);

#endif
