/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system around the program: clock, files, names, environment, privilege. One door,
 * one file a platform; only main, its helpers and the collectors knock.
 */
#ifndef KATOP_HOST_HOST_H
#define KATOP_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

/* First of all: locale, SIGPIPE as a signal whatever the parent ignored, descriptors 0 to
 * 2 open, UTF-8 output, host_guard(). */
void host_init(void);

/*
 * Under file capabilities or setuid: the user's own ids, and an effective capability set
 * that is empty but between host_raise() and host_lower(), so that files are opened with
 * the user's rights only, and an environment without what libraries follow blindly.
 */
void host_guard(void);

/* Milliseconds of a clock that never jumps. */
int64_t clock_mono_ms(void);
/* Milliseconds since 1970, UTC. */
int64_t clock_wall_ms(void);
/* Waits; a signal may end it early. */
void clock_sleep_ms(int64_t ms);

/* Lets this thread stand back behind those that answer keys, without working less. */
void host_stand_back(void);

/* An environment variable; NULL when unset, and for everyone under file capabilities. */
const char *host_env(const char *name);

/* Whether standard input, output or error is a terminal. */
bool host_is_terminal(FILE *stream);

/* Whether the locale's characters are UTF-8. */
bool host_is_utf8(void);

/* COLUMNS if it is set, also into a pipe (watch sets it); else the columns of the
 * terminal behind standard output, 0 if it is none. */
int host_terminal_width(void);

/*
 * Opens a file that the user named, with the user's own rights only. @mode is "rb" or
 * "wb". NULL with the cause in @e and errno.
 */
FILE *host_open(const char *path, const char *mode, struct error *e);

/* The errno of a write to a stream that failed just now; 0 when it does not say. */
int host_write_errno(void);

/*
 * The text of a whole options file (the caller frees it), *@size bytes. NULL with
 * e->text "" when there is no such file, NULL with the cause when it cannot be read or is
 * longer than 64 KiB.
 */
char *host_read_file(const char *path, size_t *size, struct error *e);

/* Replaces a file by @text as a whole (a new one renamed over it), making its folder.
 * 0 or -1 with @e. */
int host_replace_file(const char *path, const char *text, size_t size, struct error *e);

/* The paths of the options files. Empty when there is none (no home). */
void host_system_options(char *path, size_t size);
void host_user_options(char *path, size_t size);

/* Ports and users by name, for filters; -1 when unknown. */
long host_service_port(const char *name);
long host_user_id(const char *name);

/* What a mode goes on needing once everything is open. */
enum host_privilege {
	PRIVILEGE_NONE = 0,
	PRIVILEGE_DUMP = 1 << 0,   /* marks of sockets (CAP_NET_ADMIN) */
	PRIVILEGE_CLOSE = 1 << 1,  /* closing connections (CAP_NET_ADMIN) */
	PRIVILEGE_OWNERS = 1 << 2, /* other users' processes (ptrace, dac_read_search) */
	PRIVILEGE_SETTINGS = 1 << 4, /* their sockets' settings (ptrace) */
	PRIVILEGE_BPF = 1 << 3,	     /* running BPF programs (bpf) */
	PRIVILEGE_BPF_LOAD = 1 << 5, /* loading them (perfmon) */
};

/*
 * Gives up for good every capability that @keep does not name and sets no_new_privs; what
 * is kept is out of the effective set except between host_raise() and host_lower().
 */
int host_drop_privileges(unsigned keep, struct error *e);

/* Puts what is permitted into force for a moment, and out again; of this thread. */
void host_raise(void);
void host_lower(void);

/* "capabilities: net_admin, sys_ptrace; no_new_privs" as in force now. */
void host_describe_privileges(char *out, size_t size);

#endif
