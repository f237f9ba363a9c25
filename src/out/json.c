/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/isotime.h"
#include "base/xalloc.h"
#include "out/jsontext.h"

/*
 * A column with its members' names ready to be put out, each after a comma:
 * `,"idle_ms":`. Endpoints have two.
 */
struct json_field {
	const struct column *column;
	size_t key_len;
	size_t port_len;
	char key[48];
	char port[48];
};

struct json_writer {
	size_t count;
	struct json_field fields[];
};

static const char *unit_of(enum value_type type)
{
	switch (type) {
	case TYPE_BYTES:
		return "_bytes";
	case TYPE_MS:
		return "_ms";
	case TYPE_US:
		return "_us";
	case TYPE_ENDPOINT:
		return "_address";
	default:
		return "";
	}
}

/* Companions that several columns share are written once. */
static void add_field(struct json_writer *w, const struct column *c)
{
	struct json_field *f = &w->fields[w->count];

	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->fields[i].column->key, c->key) == 0)
			return;
	f->column = c;
	f->key_len = (size_t)snprintf(
		f->key, sizeof(f->key), ",\"%s%s\":", c->key, unit_of(c->type));
	f->port_len = (size_t)snprintf(f->port, sizeof(f->port), ",\"%s_port\":", c->key);
	w->count++;
}

/* Adds a column of the table and the companions that follow it. */
static void add_with_companions(struct json_writer *w, const struct column *c)
{
	do
		add_field(w, c++);
	while (c < columns + columns_count && (c->flags & COLUMN_JSON_ONLY) != 0);
}

struct json_writer *json_writer_new(const struct column_list *list, bool record)
{
	struct json_writer *w =
		xcalloc(1, sizeof(*w) + columns_count * sizeof(w->fields[0]));

	if (list != NULL)
		for (size_t i = 0; i < list->count; i++)
			add_with_companions(w, list->at[i]);
	for (size_t i = 0; i < columns_count; i++)
		if ((columns[i].flags & COLUMN_FACT) != 0 ? record : list == NULL)
			add_field(w, &columns[i]);
	return w;
}

void json_writer_free(struct json_writer *w)
{
	free(w);
}

static void add_owners(struct strbuf *out, const struct row *row)
{
	const struct conn *c = row->conn;

	if (c->owner_count == 0) {
		strbuf_puts(out, "null");
		return;
	}
	for (size_t i = 0; i < c->owner_count; i++) {
		const struct conn_owner *o = &row->snap->owners[c->owner_first + i];

		strbuf_puts(out, i == 0 ? "[{\"pid\":" : ",{\"pid\":");
		json_add_uint(out, o->pid);
		strbuf_puts(out, ",\"fd\":");
		if (o->fd == OWNER_FD_UNKNOWN)
			strbuf_puts(out, "null");
		else
			json_add_uint(out, o->fd);
		strbuf_puts(out, ",\"process\":");
		json_add_known(out, snapshot_string(row->snap, o->process));
		strbuf_putc(out, '}');
	}
	strbuf_putc(out, ']');
}

static void add_value(struct strbuf *out, enum value_type type, const struct value *v,
	const struct row *row)
{
	switch (type) {
	case TYPE_TEXT:
	case TYPE_WORD:
		json_add_string(out, v->text);
		break;
	case TYPE_HEX:
		strbuf_printf(out, "\"%llx\"", (unsigned long long)v->number);
		break;
	case TYPE_BOOL:
		json_add_bool(out, v->number != 0);
		break;
	case TYPE_OWNERS:
		add_owners(out, row);
		break;
	default:
		json_add_int(out, v->number);
	}
}

static void add_endpoint(
	struct strbuf *out, const struct json_field *f, const struct value *v)
{
	char text[ADDR_TEXT_SIZE];

	strbuf_add(out, f->key, f->key_len);
	if (v->known) {
		addr_format(text, v->addr, v->text);
		json_add_string(out, text);
	} else {
		strbuf_add(out, "null", 4);
	}
	strbuf_add(out, f->port, f->port_len);
	if (v->known)
		json_add_int(out, v->number);
	else
		strbuf_add(out, "null", 4);
}

static void add_member(
	struct strbuf *out, const struct json_field *f, const struct row *row)
{
	const struct column *c = f->column;
	struct value v;

	column_value(c, row, &v);
	if (c->type == TYPE_ENDPOINT) {
		add_endpoint(out, f, &v);
		return;
	}
	if ((c->flags & COLUMN_IF_TRUE) != 0 &&
		(!v.known || (c->type == TYPE_BOOL && v.number == 0)))
		return;
	strbuf_add(out, f->key, f->key_len);
	if (v.known)
		add_value(out, c->type, &v, row);
	else
		strbuf_add(out, "null", 4);
}

static void add_row(
	const struct json_writer *w, struct strbuf *out, const struct row *row)
{
	size_t start = out->len;

	for (size_t i = 0; i < w->count; i++)
		add_member(out, &w->fields[i], row);
	if (out->len == start)
		strbuf_putc(out, '{');
	out->data[start] = '{'; /* the first member's comma */
	strbuf_putc(out, '}');
}

void json_add_system(struct strbuf *out, const struct system_info *system)
{
	const struct {
		const char *key;
		int64_t number;
	} members[] = {
		{ "{\"keepalive_time_ms\":", system->keepalive_time_ms },
		{ ",\"keepalive_intvl_ms\":", system->keepalive_intvl_ms },
		{ ",\"keepalive_probes\":", system->keepalive_probes },
		{ ",\"retries2\":", system->retries2 },
		{ ",\"rto_max_ms\":", system->rto_max_ms },
		{ ",\"probes_sent\":", system->probes_sent },
		{ ",\"aborted_on_timeout\":", system->aborted_on_timeout },
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		strbuf_puts(out, members[i].key);
		json_add_int_unless(out, members[i].number, SYSTEM_UNKNOWN);
	}
	strbuf_puts(out, ",\"source\":");
	json_add_known(out, system->source);
	if (system->windows)
		strbuf_puts(out, ",\"windows\":true");
	strbuf_putc(out, '}');
}

/* The policy by which the rows are judged: a replay takes it up. */
static void add_path(struct strbuf *out, const struct path_policy *path)
{
	strbuf_puts(out, ",\"path_idle_ms\":");
	json_add_int_unless(out, path->limit_ms, PATH_NONE);
	if (path->name[0] != '\0') {
		strbuf_puts(out, ",\"path_name\":");
		json_add_string(out, path->name);
	}
	if (path->data_only)
		strbuf_puts(out, ",\"path_data_only\":true");
}

void json_add_head(struct strbuf *out, const struct snapshot *snap)
{
	char time[ISOTIME_TEXT_SIZE];

	isotime_format(time, snap->time_ms);
	strbuf_printf(out, "{\"katop\":\"%s\",\"schema\":%d,\"time\":\"%s\",\"host\":",
		PACKAGE_VERSION, JSON_SCHEMA, time);
	json_add_known(out, snap->host);
	strbuf_puts(out, ",\"netns\":");
	if (snap->netns != 0)
		json_add_uint(out, snap->netns);
	else
		strbuf_puts(out, "null");
}

static void add_header(
	struct strbuf *out, const struct snapshot *snap, const struct path_policy *path)
{
	json_add_head(out, snap);
	strbuf_puts(out, ",\"hz\":");
	json_add_int_unless(out, snap->system.hz, SYSTEM_UNKNOWN);
	strbuf_puts(out, ",\"partial\":");
	json_add_bool(out, snap->partial);
	add_path(out, path);
	strbuf_puts(out, ",\"system\":");
	json_add_system(out, &snap->system);
	strbuf_puts(out, ",\"connections\":[\n");
}

void json_write_sample(const struct json_writer *w, struct sink *out,
	const struct table *t, const struct path_policy *path)
{
	struct outlook outlook;

	add_header(&out->text, t->snap, path);
	for (size_t i = 0; i < t->count && !out->failed; i++) {
		struct row row = table_row(t, i, path, &outlook);

		add_row(w, &out->text, &row);
		strbuf_puts(&out->text, i + 1 < t->count ? ",\n" : "\n");
		sink_relieve(out);
	}
	strbuf_puts(&out->text, "]}\n");
	sink_flush(out);
}
