/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "host/host.h"
#include "out/json.h"

/* A sample is gathered whole and written at once, so that a crash tears none. */
struct record {
	FILE *file;
	char *path;
	struct json_writer *writer;
	struct sink sink;
	bool failed;
};

struct record *record_open(const char *path, struct error *e)
{
	FILE *file = host_open(path, "wb", e);
	struct record *r;

	if (file == NULL)
		return NULL;
	r = xcalloc(1, sizeof(*r));
	r->file = file;
	r->path = xstrdup(path);
	r->writer = json_writer_new(NULL, true);
	return r;
}

static int record_fault(struct record *r, int saved, struct error *e)
{
	r->failed = true;
	return error_set(e, "cannot write '%.300s': %s", r->path, strerror(saved));
}

int record_write(struct record *r, const struct table *t, const struct path_policy *path,
	struct error *e)
{
	size_t len;

	if (r->failed)
		return 0;
	strbuf_reset(&r->sink.text);
	json_write_sample(r->writer, &r->sink, t, path);
	len = r->sink.text.len;
	errno = 0;
	if (fwrite(strbuf_text(&r->sink.text), 1, len, r->file) != len ||
		fflush(r->file) != 0)
		return record_fault(r, host_write_errno(), e);
	return 0;
}

bool record_has_failed(const struct record *r)
{
	return r->failed;
}

int record_close(struct record *r, struct error *e)
{
	int rc = 0;

	if (r == NULL)
		return 0;
	if (fclose(r->file) != 0 && !r->failed)
		rc = record_fault(r, host_write_errno(), e);
	json_writer_free(r->writer);
	sink_clear(&r->sink);
	free(r->path);
	free(r);
	return rc;
}
