/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The judgment over an outlook whose times are filled in. Part of outlook.c. */
#ifndef KATOP_MODEL_VERDICT_H
#define KATOP_MODEL_VERDICT_H

#include "model/outlook.h"

/*
 * What the keepalive timer does, for the judge. `on` and `off` are both false where that
 * is hidden. `expires_ms` is OUTLOOK_UNKNOWN where the timer is, `next_latest_ms` where
 * no probe's time can be told (the keepalive is suspended).
 */
struct ka_view {
	bool on;
	bool off;
	bool idle_assumed;  /* keepidle is the system's */
	bool intvl_assumed; /* keepintvl is the system's */
	int64_t expires_ms;
	int64_t next_latest_ms;
};

/* The question is asked of established connections, and of closing ones with an owner. */
bool verdict_applies(const struct conn *c);

/* The peer is this system: no path forgets. */
bool verdict_is_local(const struct conn *c);

/* Fills verdict, at_risk, assumed. */
void verdict_judge(const struct conn *c, const struct path_policy *path,
	const struct ka_view *ka, struct outlook *o);

#endif
