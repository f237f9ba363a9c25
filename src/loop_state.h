/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the live view's loop knows; shared by loop.c and loop_act.c only. */
#ifndef KATOP_LOOP_STATE_H
#define KATOP_LOOP_STATE_H

#include "run.h"
#include "sampler.h"
#include "term/term.h"
#include "view/view.h"

struct loop {
	struct run *run;
	struct term *term;
	struct screen screen;
	struct view view;
	struct sampler *sampler;
	struct frame *frame; /* shown now, NULL before the first */
	struct filter *filter;
	struct error fault;  /* why the loop failed or the record stopped */
	unsigned generation; /* of the query in force */
	long samples;
	int64_t asked_ms; /* when the last sample was asked for */
	int64_t shown_ms; /* when the frame appeared */
	long seek_to;	  /* a replay: the sample wanted next, -1 the next one */
	long stepping_to; /* the sample that [ asked for last and is not shown yet, or -1
			   */
	bool hurry;	  /* the next frame is shown at once, whatever the pace */
	bool sample_now;  /* as soon as it is not frozen; of no account in a replay */
	bool quit;
	bool failed;
	bool redraw_all;
	struct error refusal; /* why no connection may be closed */
	bool hung_up;	      /* the terminal is gone */
};

/* Fills the table at hand by the query in force. */
void loop_requery(struct loop *l);

/* Does what the view asks for: VIEW_* bits. */
void loop_grant(struct loop *l, unsigned wishes, int64_t now_ms);

/* A replay: there is no sample behind this one. */
void loop_say_end(struct loop *l, int64_t now_ms);

/* Stops the program and takes the terminal again when it goes on. */
void loop_stop(struct loop *l);

#endif
