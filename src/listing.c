/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "listing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/host.h"
#include "model/history.h"
#include "out/check.h"
#include "out/json.h"
#include "out/settings.h"
#include "out/text.h"
#include "table/query.h"

/* One run of a printing mode. `say_once` remembers what was said on standard error. */
struct listing {
	struct run *run;
	enum run_mode mode;
	struct table_query query;
	struct text_style style;
	struct json_writer *json;
	struct history *history;
	struct snapshot snap;
	struct table table;
	struct sink sink;
	bool said_hidden;
	bool said_fallback;
	bool found_risk;
	bool judged;
	bool met_unknown; /* a connection that could not be judged */
	long samples;
};

static int write_stdout(void *context, const char *bytes, size_t len)
{
	int *saved = context;

	errno = 0;
	if (fwrite(bytes, 1, len, stdout) == len && fflush(stdout) == 0)
		return 0;
	*saved = host_write_errno();
	return -1;
}

static int output_fault(int saved, struct error *e)
{
	return error_set(e, "cannot write to standard output: %s",
		saved != 0 ? strerror(saved) : "write error");
}

int listing_print(const char *text, size_t len, struct error *e)
{
	int saved = 0;

	return write_stdout(&saved, text, len) == 0 ? 0 : output_fault(saved, e);
}

static unsigned needs(const struct listing *l)
{
	const struct options *o = &l->run->options;
	struct column_list all;
	unsigned bits;

	if (l->mode == MODE_SETTINGS || l->run->record != NULL)
		return COLLECT_ALL;
	if (!l->json || o->columns_given) {
		bits = table_needs(&l->query, &o->columns);
	} else {
		column_list_all(&all);
		bits = table_needs(&l->query, &all);
	}
	/* the words name the owner and judge by the best settings */
	if (l->mode == MODE_CHECK)
		bits |= COLLECT_INFO | COLLECT_OWNER | COLLECT_LOCAL | COLLECT_SETTINGS;
	/* text names one owner; a filter asks them all */
	if (!l->json && !(filter_needs(l->query.filter) & COLLECT_OWNER))
		bits |= COLLECT_FIRST_OWNER;
	return bits;
}

/* What the user should know about the sample, apart from its rows. */
static void say_notes(struct listing *l)
{
	size_t hidden = l->table.tally.owner_unknown[OWNER_OTHER_USER];

	fflush(stdout);
	if (l->snap.partial)
		fputs("katop: the kernel cut this sample short: connections are missing "
		      "(narrow it with a filter)\n",
			stderr);
	if (l->snap.access.poorer && !l->said_fallback) {
		fprintf(stderr, "katop: %s\n", l->snap.access.connections);
		l->said_fallback = true;
	}
	if (hidden > 0 && !l->said_hidden && l->json == NULL &&
		l->run->options.replay_path == NULL) {
		fprintf(stderr, "katop: the owner of %zu connection%s is hidden: %s\n",
			hidden, hidden == 1 ? "" : "s",
			l->snap.access.as_root
				? "even this root may not look into every process, as "
				  "in a container (run katop on the host, or with "
				  "sys_ptrace and dac_read_search)"
				: "another user's (run katop as root, or see PRIVILEGE "
				  "in katop(1))");
		l->said_hidden = true;
	}
}

static void print_sample(struct listing *l)
{
	const struct options *o = &l->run->options;

	if (l->mode == MODE_SETTINGS) {
		settings_write(&l->sink, &l->table, &l->query.path, l->json != NULL,
			l->style.width);
		return;
	}
	if (l->json != NULL) {
		json_write_sample(l->json, &l->sink, &l->table, &l->query.path);
		return;
	}
	if (l->samples > 0)
		strbuf_putc(&l->sink.text, '\n');
	if (l->mode == MODE_CHECK)
		check_write(&l->sink, &l->table, &o->columns, &l->query.path, &l->style);
	else
		text_write_table(
			&l->sink, &l->table, &o->columns, &l->query.path, &l->style);
}

static int read_sample(struct listing *l, struct error *e)
{
	struct collect_request request = { .needs = needs(l) };
	int rc;

	query_prefilter(&l->query, &request.where);
	rc = l->run->ops->read(l->run->collector, &request, &l->snap, e);
	if (rc > 0 && !l->run->options.path_given)
		query_adopt_path(&l->query.path, &l->snap);
	return rc;
}

/*
 * Whether --check may speak for this sample: connections on this system alone say nothing
 * where every other one is unknown.
 */
static bool has_judged(const struct table_tally *tally)
{
	size_t local = tally->verdicts[VERDICT_LOCAL];

	return tally->judged > local ||
	       (local > 0 && tally->verdicts[VERDICT_UNKNOWN] == 0);
}

/* A record holds what the filter lets through, also where --check shows less of it. */
static int record_sample(struct listing *l, struct error *e)
{
	struct table_query query = l->query;

	query.risk_only = false;
	table_fill(&l->table, &l->snap, &query);
	return record_write(l->run->record, &l->table, &query.path, e);
}

/* One sample from the kernel to the output. 1, 0 at a replay's end, -1 with @e. */
static int one_sample(struct listing *l, struct error *e)
{
	int saved = 0, rc = read_sample(l, e);

	if (rc <= 0)
		return rc;
	if (l->history != NULL)
		history_apply(l->history, &l->snap);
	if (l->run->record != NULL && record_sample(l, e) != 0)
		return -1;
	if (l->run->record == NULL || l->query.risk_only)
		table_fill(&l->table, &l->snap, &l->query);
	l->found_risk |= l->table.tally.at_risk > 0;
	l->judged |= has_judged(&l->table.tally);
	l->met_unknown |= l->table.tally.verdicts[VERDICT_UNKNOWN] > 0;
	say_notes(l);
	l->sink.context = &saved;
	print_sample(l);
	l->samples++;
	return sink_flush(&l->sink) == 0 ? 1 : output_fault(saved, e);
}

/* Whether another sample follows. A record is read to its end, this system is asked
 * once unless told otherwise. */
static bool goes_on(const struct listing *l)
{
	const struct options *o = &l->run->options;

	if (l->mode == MODE_SETTINGS)
		return l->samples < 1;
	if (o->iterations > 0)
		return l->samples < o->iterations;
	return l->samples < 1 || o->delay_given || o->replay_path != NULL;
}

/*
 * Waits for the next sample's moment, at an even pace. Moments that went by (a slow
 * sample, a stop) are not made up for, and no wait is longer than the delay.
 */
static void wait_until_due(int64_t *due, int64_t delay_ms)
{
	int64_t now = clock_mono_ms();

	*due += delay_ms;
	if (*due < now || *due > now + delay_ms)
		*due = *due < now ? now : now + delay_ms;
	clock_sleep_ms(*due - now);
}

static int all_samples(struct listing *l, struct error *e)
{
	bool live = l->run->options.replay_path == NULL;
	int64_t due = clock_mono_ms();
	int rc = 1;

	while (rc > 0 && goes_on(l)) {
		if (live && l->samples > 0)
			wait_until_due(&due, l->run->options.delay_ms);
		rc = one_sample(l, e);
	}
	return rc < 0 ? -1 : 0;
}

static int check_status(const struct listing *l, struct error *e)
{
	if (l->found_risk)
		return 1;
	if (l->judged)
		return 0;
	if (l->samples == 0)
		return error_set(e, "--check found no sample in the record");
	if (l->met_unknown)
		return error_set(e, "--check could judge no connection at all (see "
				    "--settings for what may be read here)");
	return error_set(e, "--check found no connection to judge (--list --all shows "
			    "what there is)");
}

static void start(struct listing *l)
{
	const struct options *o = &l->run->options;
	bool repeats = o->replay_path != NULL || o->delay_given || o->iterations > 1;

	l->query = run_query(l->run);
	l->query.risk_only = l->mode == MODE_CHECK;
	l->style.width = (size_t)host_terminal_width();
	l->style.header = !o->no_header;
	l->style.ascii = host_is_terminal(stdout) && !host_is_utf8();
	l->style.colour = run_wants_colour(l->run);
	l->sink.write = write_stdout;
	if (o->asked[MODE_JSON])
		l->json = json_writer_new(o->columns_given ? &o->columns : NULL, false);
	if (repeats)
		l->history = history_new();
}

int listing_run(struct run *run, struct error *e)
{
	struct listing l = { .run = run, .mode = options_mode(&run->options) };
	int status;

	start(&l);
	status = all_samples(&l, e);
	if (status == 0 && l.mode == MODE_CHECK)
		status = check_status(&l, e);
	json_writer_free(l.json);
	history_free(l.history);
	table_clear(&l.table);
	snapshot_clear(&l.snap);
	sink_clear(&l.sink);
	return status;
}
