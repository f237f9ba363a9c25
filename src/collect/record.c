/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/record.h"

#include <inttypes.h>
#include <string.h>

#include "base/isotime.h"
#include "base/text.h"
#include "collect/record_value.h"
#include "model/path.h"

/* The largest span of time that is believed: 2^32 seconds. */
#define SPAN_MAX_MS (INT64_C(1000) << 32)
#define COUNT_MAX   INT64_C(65535)

static int read_time(const json_t *header, struct snapshot *snap, struct error *e)
{
	const char *text = json_string_value(json_object_get(header, "time"));

	if (text == NULL || isotime_parse(text, &snap->time_ms) != 0)
		return error_set(e, "time is not like 2026-01-31T12:00:00.123Z");
	return 0;
}

static int read_schema(const json_t *header, struct error *e)
{
	int64_t schema = 0;
	int rc = record_integer(header, "schema", 0, INT32_MAX, &schema, e);

	if (rc == RECORD_UNKNOWN)
		return error_set(e, "schema is missing (katop --record writes records)");
	if (rc < 0)
		return -1;
	if (schema != RECORD_SCHEMA)
		return error_set(e,
			"schema is %" PRId64 ", this katop reads %d (use the katop that "
			"recorded it)",
			schema, RECORD_SCHEMA);
	return 0;
}

static int read_path(const json_t *header, struct snapshot *snap, struct error *e)
{
	const json_t *limit = json_object_get(header, "path_idle_ms");

	snap->path_idle_ms = json_is_null(limit) ? PATH_NONE : PATH_UNSAID;
	if (record_integer(
		    header, "path_idle_ms", 1, SPAN_MAX_MS, &snap->path_idle_ms, e) < 0 ||
		record_bool(header, "path_data_only", &snap->path_data_only, e) < 0)
		return -1;
	return record_text(header, "path_name", snap->path_name, sizeof(snap->path_name),
		       e) < 0
		       ? -1
		       : 0;
}

static int read_system(const json_t *system, struct system_info *s, struct error *e)
{
	const struct {
		const char *key;
		int64_t least, most;
		int64_t *number;
	} members[] = {
		{ "keepalive_time_ms", 0, SPAN_MAX_MS, &s->keepalive_time_ms },
		{ "keepalive_intvl_ms", 0, SPAN_MAX_MS, &s->keepalive_intvl_ms },
		{ "keepalive_probes", 0, COUNT_MAX, &s->keepalive_probes },
		{ "retries2", 0, COUNT_MAX, &s->retries2 },
		{ "rto_max_ms", 1, SPAN_MAX_MS, &s->rto_max_ms },
		{ "probes_sent", 0, INT64_MAX, &s->probes_sent },
		{ "aborted_on_timeout", 0, INT64_MAX, &s->aborted_on_timeout },
	};

	if (system == NULL)
		return 0;
	if (!json_is_object(system))
		return error_set(e, "system is not an object");
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (record_integer(system, members[i].key, members[i].least,
			    members[i].most, members[i].number, e) < 0)
			return -1;
	if (record_bool(system, "windows", &s->windows, e) < 0)
		return -1;
	return record_text(system, "source", s->source, sizeof(s->source), e) < 0 ? -1
										  : 0;
}

int record_read_header(const json_t *header, struct snapshot *snap, struct error *e)
{
	int64_t netns = 0;

	if (!json_is_object(header) || !json_is_string(json_object_get(header, "katop")))
		return error_set(e, "not the first line of a sample: no \"katop\" in it");
	if (read_schema(header, e) != 0 || read_time(header, snap, e) != 0 ||
		read_path(header, snap, e) != 0 ||
		record_text(header, "host", snap->host, sizeof(snap->host), e) < 0 ||
		record_integer(header, "netns", 0, INT64_MAX, &netns, e) < 0 ||
		record_integer(header, "hz", 1, 1000000, &snap->system.hz, e) < 0 ||
		record_bool(header, "partial", &snap->partial, e) < 0)
		return -1;
	snap->netns = (uint64_t)netns;
	return read_system(json_object_get(header, "system"), &snap->system, e);
}
