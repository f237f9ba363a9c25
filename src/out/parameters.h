/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an administrator may know about each of the system's keepalive parameters. */
#ifndef KATOP_OUT_PARAMETERS_H
#define KATOP_OUT_PARAMETERS_H

#include <stddef.h>
#include <stdint.h>

#include "model/path.h"
#include "model/snapshot.h"

enum parameter_unit {
	UNIT_SECONDS, /* typed in seconds, known here in milliseconds */
	UNIT_MS,
	UNIT_COUNT,
};

/*
 * `least`, `most` and `standard` (the system's default) are in the unit's own measure.
 * `most` 0 stands for what the kernel's ticks allow, see parameter_most(). `suggested` is
 * an example of a value that suits the default path, 0 where nothing can be changed.
 */
struct parameter {
	const char *key;  /* in JSON: keepalive_time */
	const char *name; /* as the system calls it */
	enum parameter_unit unit;
	int64_t least;
	int64_t most;
	int64_t standard;
	int64_t suggested;
	const char *meaning;
	const char *application; /* what a program does for its own socket */
};

/* The @i-th parameter of @system, NULL past the last. */
const struct parameter *parameter_at(const struct system_info *system, size_t i);

/* Its value in the unit's own measure, SYSTEM_UNKNOWN when it is not known. */
int64_t parameter_value(const struct parameter *p, const struct system_info *system);

/*
 * The largest value that the system takes. Linux keeps seconds as ticks in an int
 * (proc_dointvec_jiffies(), kernel/sysctl.c): INT_MAX / HZ.
 */
int64_t parameter_most(const struct parameter *p, const struct system_info *system);

/* Where the value was read, into @out of @size bytes; "" when that is not known. */
void parameter_source(const struct parameter *p, const struct system_info *system,
	char *out, size_t size);

/* A value that does for @path: of the time to be silent, half of what it remembers. */
int64_t parameter_suggestion(const struct parameter *p, const struct path_policy *path);

/* The command that sets @value until the next boot, "" when there is none. */
void parameter_command_now(const struct parameter *p, const struct system_info *system,
	int64_t value, char *out, size_t size);

/* The command that sets @value for good, "" when there is none. */
void parameter_command_permanent(const struct parameter *p,
	const struct system_info *system, int64_t value, char *out, size_t size);

#endif
