/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "out/json.h"
#include "rig.h"

void records_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL)
		fail_msg("cannot write %s", path);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

/* Appends the sample at hand to the record. */
static void add_sample(struct rig *r, struct strbuf *out)
{
	struct json_writer *w = json_writer_new(NULL, true);
	struct sink sink = { 0 };
	struct path_policy path = path_default();

	rig_sample(r);
	json_write_sample(w, &sink, rig_table(r), &path);
	strbuf_add(out, strbuf_text(&sink.text), sink.text.len);
	sink_clear(&sink);
	json_writer_free(w);
}

static struct snapshot *start(struct rig *r)
{
	rig_init(r, NULL, 80, 24);
	r->view.query.all_states = true;
	return rig_next(r);
}

static void finish(
	struct rig *r, const char *folder, const char *name, struct strbuf *out)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s%s.json", folder, name);
	records_write(path, strbuf_text(out));
	strbuf_reset(out);
	rig_clear(r);
}

static void build_rows(struct snapshot *s, size_t rows)
{
	static const char *const processes[] = { "nginx", "postgres", "sshd", "java" };

	for (size_t i = 0; i < rows; i++) {
		char peer[32];
		struct conn *c;

		snprintf(peer, sizeof(peer), "198.51.%u.%u", (unsigned)(i / 250 % 250),
			(unsigned)(i % 250 + 1));
		c = rig_conn(s, i + 1, peer, 1024 + (unsigned)(i % 60000));
		rig_silent(c, (unsigned)(i * 7 % 400));
		if (i % 3 != 0)
			rig_keepalive(c, (unsigned)(i * 11 % 7200), 7200, 75, 9);
		if (i % 4 == 1)
			rig_keepalive(c, (unsigned)(i % 60), 60, 10, 6);
		rig_owner(s, c, 1000 + (unsigned)i, processes[i % 4]);
	}
}

/* Each verdict; two seconds later the one that was probed is gone, another is probed. */
static void make_zoo(const char *folder, struct strbuf *out)
{
	struct snapshot *s;
	struct rig r;

	s = start(&r);
	rig_zoo(s, 1);
	s->system.probes_sent = 1000;
	s->system.aborted_on_timeout = 3;
	s->conns[0].probes = 3;
	rig_silent(&s->conns[0], 23);
	add_sample(&r, out);
	s = rig_again(&r, 2000);
	s->conns[0] = s->conns[--s->count];
	s->conns[6].probes = 1;
	s->conns[6].expires_ms = 8000;
	rig_silent(&s->conns[6], 62);
	s->system.probes_sent = 1003;
	s->system.aborted_on_timeout = 4;
	add_sample(&r, out);
	finish(&r, folder, "view-zoo", out);
}

/* Names that are wide, that combine, and that would command a terminal. */
static void make_hostile(const char *folder, struct strbuf *out)
{
	static const char *const names[] = { "日本語デーモン", "\033[31mevil\033]0;x\a",
		"cafe\xcc\x81", "back\b\b\bslash\\\"", "\xe2\x80\xaeover", "\xff\xfe",
		"new\nline\ttab", "e\xcc\x81\xcc\x81\xcc\x81z" };
	struct snapshot *s;
	struct rig r;

	s = start(&r);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct conn *c = rig_conn(s, i + 1, "192.0.2.66", 1000 + (unsigned)i);

		rig_silent(c, 50 - (unsigned)i);
		rig_owner(s, c, 10 + (unsigned)i, names[i]);
		c->cgroup = strtab_add(&s->strings, names[i]);
	}
	strcpy(s->host, "\033]0;web1\a");
	add_sample(&r, out);
	finish(&r, folder, "view-hostile", out);
}

static void make_hidden(const char *folder, struct strbuf *out)
{
	struct snapshot *s;
	struct rig r;

	s = start(&r);
	build_rows(s, 5);
	for (size_t i = 0; i < s->count; i++) {
		s->conns[i].owner_count = i == 0 ? 1 : 0;
		s->conns[i].owner_unknown = i == 0 ? OWNER_KNOWN : OWNER_OTHER_USER;
	}
	add_sample(&r, out);
	finish(&r, folder, "view-hidden", out);
}

void records_update(const char *folder)
{
	struct strbuf out = { 0 };
	struct rig r;

	start(&r);
	add_sample(&r, &out);
	finish(&r, folder, "view-empty", &out);
	build_rows(start(&r), 20);
	add_sample(&r, &out);
	finish(&r, folder, "view-rows", &out);
	build_rows(start(&r), 3);
	r.snaps[0].partial = r.snaps[1].partial = true;
	add_sample(&r, &out);
	finish(&r, folder, "view-partial", &out);
	make_zoo(folder, &out);
	make_hostile(folder, &out);
	make_hidden(folder, &out);
	strbuf_clear(&out);
}

void records_big(size_t rows, struct strbuf *out)
{
	struct rig r;

	build_rows(start(&r), rows);
	add_sample(&r, out);
	rig_clear(&r);
}
