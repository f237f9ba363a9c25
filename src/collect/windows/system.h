/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system's keepalive settings, from the registry. */
#ifndef KATOP_COLLECT_WINDOWS_SYSTEM_H
#define KATOP_COLLECT_WINDOWS_SYSTEM_H

#include "collect/windows/win_api.h"
#include "model/snapshot.h"

/*
 * Fills @s: what is set in the registry, Windows's default for what is not, unknown for
 * what cannot be read, and for what Windows does not have.
 */
void system_read(const struct win_api *api, struct system_info *s);

#endif
