/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two samples of one connection tell. Part of history.c. */
#ifndef KATOP_MODEL_INFER_H
#define KATOP_MODEL_INFER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/conn.h"

/*
 * What is kept of a connection between samples. Instants are milliseconds of the
 * samples' clock, what is learned is in seconds (the kernel's sysctls and socket
 * options know no finer), 0 unknown.
 */
struct track {
	uint64_t id;
	int64_t sampled_ms;    /* the last sample */
	int64_t arrival_ms;    /* what the peer sent last and was accepted */
	int64_t expiry_ms;     /* of the keepalive timer, at armed_ms */
	int64_t armed_ms;      /* the sample that showed expiry_ms, 0 none did */
	int64_t peer_probe_ms; /* the sample before the last probe of the peer, 0 none */
	uint64_t bytes;	       /* sent and received */
	uint32_t segs_in;
	uint32_t segs_out;
	uint32_t keepidle_s;
	uint32_t keepintvl_s;
	uint32_t once_idle_s;	  /* learned once, awaits its twin */
	uint32_t once_intvl_s;	  /* learned once, awaits its twin */
	uint32_t open_intvl_s;	  /* if the firing was the last: the next one tells */
	uint32_t keepidle_most_s; /* a probe left after so short a silence */
	uint32_t peer_period_ms;
	uint8_t probes; /* at armed_ms */
	bool has_arrival;
	uint8_t idle_sightings; /* of once_idle_s */
	bool was_idle;		/* no data of ours was under way at the last sample */
	bool seen;		/* in the newest sample */
};

/* Starts to track @c, sampled at @now_ms. */
void infer_start(struct track *t, const struct conn *c, int64_t now_ms);

/* Compares with the sample before; @tick_ms is the kernel's. */
void infer_step(struct track *t, const struct conn *c, int64_t now_ms, int64_t tick_ms);

/* Writes what was learned into @c where it was not read. */
void infer_publish(const struct track *t, struct conn *c, int64_t now_ms);

#endif
