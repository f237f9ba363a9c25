/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What several samples tell that one does not: settings inferred from the firings of
 * the timer, and the peer's probes seen in the segment counters. Works on live samples
 * and on a replay alike.
 */
#ifndef KATOP_MODEL_HISTORY_H
#define KATOP_MODEL_HISTORY_H

#include "model/snapshot.h"

struct history;

struct history *history_new(void);
void history_free(struct history *h);

/*
 * Compares @snap with the samples before and writes what was learned into its
 * connections: keepidle_ms, keepintvl_ms (SETTINGS_INFERRED) where they were not read,
 * last_peer_probe_ms and peer_period_ms. Connections not in @snap are forgotten.
 * Linear in the number of connections; holds some 110 bytes for each whose settings
 * were not read.
 */
void history_apply(struct history *h, struct snapshot *snap);

#endif
