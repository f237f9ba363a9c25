/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live collector over any Windows: the system's own, or a test's double. */
#ifndef KATOP_COLLECT_WINDOWS_LIVE_H
#define KATOP_COLLECT_WINDOWS_LIVE_H

#include "collect/collect.h"
#include "collect/windows/win_api.h"

/* For collect_live.read() and close(). @api is borrowed. Never fails. */
struct collector *live_new(const struct win_api *api);

#endif
