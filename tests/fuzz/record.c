/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a record: every sample that is read goes through history, the table and
 * all outputs, and what a record of it says is the same after it was read again.
 */
#include "config.h"
#include "fuzz.h"

#include <string.h>

#include "base/text.h"
#include "collect/replay.h"
#include "model/history.h"
#include "out/check.h"
#include "out/json.h"
#include "out/settings.h"
#include "out/text.h"
#include "table/query.h"

#define MOST_SAMPLES 64

static struct collector *replay(const void *bytes, size_t len)
{
	struct collect_options options = { .replay_path = "fuzz" };

	options.replay_file = fmemopen((void *)bytes, len, "rb");
	FUZZ_HOLDS(options.replay_file != NULL);
	return collect_replay.open(&options, NULL);
}

static struct table_query query_of(const struct snapshot *snap)
{
	struct table_query query = {
		.all_states = true, .families = FAMILY_ANY, .path = path_default()
	};

	query_adopt_path(&query.path, snap);
	return query;
}

/* Lines of text without anything that a terminal would obey. */
static void is_harmless(struct strbuf *text)
{
	char *line = text->data, *newline;

	FUZZ_HOLDS(text->len == 0 || strlen(text->data) == text->len);
	for (; line != NULL && *line != '\0'; line = newline + 1) {
		newline = strchr(line, '\n');
		FUZZ_HOLDS(newline != NULL);
		*newline = '\0';
		FUZZ_HOLDS(text_is_harmless(line));
	}
}

static void write_texts(const struct snapshot *snap)
{
	static const size_t widths[] = { 0, 1, 40, 80, 200 };
	struct table_query query = query_of(snap);
	struct text_style style = { .header = true };
	struct column_list list;
	struct table table = { 0 };
	struct sink sink = { 0 };

	column_list_default(&list);
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		style.width = widths[i];
		query.risk_only = i % 2 == 0;
		table_fill(&table, snap, &query);
		text_write_table(&sink, &table, &list, &query.path, &style);
		check_write(&sink, &table, &list, &query.path, &style);
		settings_write(&sink, &table, &query.path, false, style.width);
		is_harmless(&sink.text);
		strbuf_reset(&sink.text);
		column_list_all(&list);
	}
	settings_write(&sink, &table, &query.path, true, 0);
	sink_clear(&sink);
	table_clear(&table);
}

/* A record of @snap behind @out. */
static void record(const struct snapshot *snap, struct strbuf *out)
{
	struct table_query query = query_of(snap);
	struct json_writer *w = json_writer_new(NULL, true);
	struct table table = { 0 };
	struct sink sink = { 0 };

	table_fill(&table, snap, &query);
	json_write_sample(w, &sink, &table, &query.path);
	strbuf_add(out, sink.text.data, sink.text.len);
	sink_clear(&sink);
	json_writer_free(w);
	table_clear(&table);
}

/* Reads a record into another one; returns the samples. */
static long copy(
	const void *bytes, size_t len, struct strbuf *out, bool all, bool *failed)
{
	struct collect_request request = { .needs = COLLECT_ALL };
	struct collector *c = replay(bytes, len);
	struct snapshot snap = { 0 };
	struct history *history = history_new();
	struct error e = { .text = "" };
	long samples = 0;
	int rc;

	while ((rc = collect_replay.read(c, &request, &snap, &e)) == 1 &&
		samples < MOST_SAMPLES) {
		samples++;
		record(&snap, out);
		if (!all)
			continue;
		history_apply(history, &snap);
		write_texts(&snap);
	}
	*failed = rc < 0;
	FUZZ_HOLDS(rc >= 0 || (e.text[0] != '\0' && text_is_harmless(e.text)));
	if (samples > 1 && all)
		FUZZ_HOLDS(replay_seek(c, samples - 2, &e) == 0 &&
			   collect_replay.read(c, &request, &snap, &e) == 1);
	history_free(history);
	snapshot_clear(&snap);
	collect_replay.close(c);
	return samples;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf first = { 0 }, second = { 0 };
	bool failed;
	long samples;

	if (size == 0)
		return 0;
	samples = copy(data, size, &first, true, &failed);
	if (samples > 0) {
		FUZZ_HOLDS(
			copy(first.data, first.len, &second, false, &failed) == samples);
		FUZZ_HOLDS(!failed);
		FUZZ_HOLDS(strcmp(strbuf_text(&first), strbuf_text(&second)) == 0);
	}
	strbuf_clear(&first);
	strbuf_clear(&second);
	return 0;
}
