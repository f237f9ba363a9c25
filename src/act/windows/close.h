/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closing a connection over any Windows: the system's own, or a test's double. */
#ifndef KATOP_ACT_WINDOWS_CLOSE_H
#define KATOP_ACT_WINDOWS_CLOSE_H

#include "act/act.h"
#include "collect/windows/win_api.h"

int close_may(const struct win_api *api, struct error *e);
enum act_result close_connection(
	const struct win_api *api, const struct conn *c, struct error *e);

#endif
