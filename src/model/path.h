/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long the path (NAT, firewall, load balancer) remembers a silent connection. */
#ifndef KATOP_MODEL_PATH_H
#define KATOP_MODEL_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define PATH_UNSAID	INT64_C(-2) /* a record that does not say */
#define PATH_NONE	INT64_C(-1) /* no such path: nothing forgets */
#define PATH_DEFAULT_MS INT64_C(240000)

/*
 * `limit_ms` is PATH_NONE or positive. `data_only`: the device counts bytes, so TCP's
 * keepalive does not refresh it. `name` is the name in the table, "" for a bare duration.
 */
struct path_policy {
	int64_t limit_ms;
	bool data_only;
	char name[32];
};

/* A device, or a service, and how long it remembers a silent connection by default. */
struct path_device {
	const char *name;   /* as typed: aws-nlb */
	const char *device; /* as people know it: "AWS NLB (TCP)" */
	int64_t limit_ms;
	bool data_only;
	const char *then;   /* what it does to a forgotten connection */
	const char *source; /* who says so */
};

/* The @i-th device, NULL past the last. */
const struct path_device *path_device(size_t i);

/* 240 s without a name. */
struct path_policy path_default(void);

/*
 * Reads a duration (more than 0), a name of the table or `none`. Returns 0, or -1 with
 * the cure in @e (the nearest name).
 */
int path_parse(const char *text, struct path_policy *policy, struct error *e);

#endif
