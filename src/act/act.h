/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one thing that katop changes, and only when asked: it closes a connection. */
#ifndef KATOP_ACT_ACT_H
#define KATOP_ACT_ACT_H

#include "base/error.h"
#include "model/conn.h"

enum act_result {
	ACT_DONE = 0,
	ACT_GONE,   /* it was closed already; nothing was done */
	ACT_FAILED, /* not allowed or not possible: @e says why and the cure */
};

/* Whether this process may close connections now; 0, or -1 with the reason in @e. */
int act_may_close(struct error *e);

/* Closes the connection of @c's identity (id and addresses), never another one. */
enum act_result act_close(const struct conn *c, struct error *e);

#endif
