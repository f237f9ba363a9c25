/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/settings.h"

#include "out/json.h"
#include "out/jsontext.h"
#include "out/parameters.h"
#include "out/wire.h"

/* A member `"key_ms":` (without _ms for counts) with the value in milliseconds. */
static void add_value(
	struct strbuf *out, const struct parameter *p, const char *key, int64_t value)
{
	strbuf_printf(out, ",\"%s%s\":", key, p->unit == UNIT_COUNT ? "" : "_ms");
	if (value != SYSTEM_UNKNOWN && p->unit == UNIT_SECONDS)
		value *= 1000;
	json_add_int_unless(out, value, SYSTEM_UNKNOWN);
}

static void add_text(struct strbuf *out, const char *key, const char *text)
{
	strbuf_printf(out, ",\"%s\":", key);
	json_add_known(out, text);
}

static void add_parameter(struct strbuf *out, const struct parameter *p,
	const struct system_info *system, const struct path_policy *path)
{
	char text[256];
	int64_t suggestion = parameter_suggestion(p, path);

	strbuf_puts(out, "{\"key\":");
	json_add_string(out, p->key);
	add_text(out, "name", p->name);
	add_value(out, p, "value", parameter_value(p, system));
	add_value(out, p, "default", p->standard);
	add_value(out, p, "least", p->least);
	add_value(out, p, "most", parameter_most(p, system));
	parameter_source(p, system, text, sizeof(text));
	add_text(out, "source", text);
	add_text(out, "meaning", p->meaning);
	parameter_command_now(p, system, suggestion, text, sizeof(text));
	add_text(out, "change_now", text);
	parameter_command_permanent(p, system, suggestion, text, sizeof(text));
	add_text(out, "change_permanently", text);
	add_text(out, "application", p->application);
	strbuf_putc(out, '}');
}

static void add_cost(struct strbuf *out, const struct table *t)
{
	struct wire_cost w = wire_cost_of(t);

	strbuf_puts(out, "{\"connections\":");
	json_add_uint(out, w.connections);
	strbuf_puts(out, ",\"period_ms\":");
	json_add_int_unless(out, w.period_ms, SYSTEM_UNKNOWN);
	strbuf_printf(out,
		",\"packets\":2,\"least_packet_bytes\":%d,\"most_packet_bytes\":%d",
		WIRE_LEAST_BYTES, WIRE_MOST_BYTES);
	strbuf_puts(out, ",\"least_bytes_hourly\":");
	json_add_int_unless(out, w.least_bytes_hourly, SYSTEM_UNKNOWN);
	strbuf_puts(out, ",\"most_bytes_hourly\":");
	json_add_int_unless(out, w.most_bytes_hourly, SYSTEM_UNKNOWN);
	strbuf_putc(out, '}');
}

static void add_access(struct strbuf *out, const struct access_info *a)
{
	strbuf_puts(out, "{\"connections\":");
	json_add_known(out, a->connections);
	add_text(out, "owners", a->owners);
	add_text(out, "settings", a->settings);
	add_text(out, "privileges", a->privileges);
	strbuf_putc(out, '}');
}

void settings_write_json(
	struct strbuf *out, const struct table *t, const struct path_policy *path)
{
	const struct parameter *p;

	json_add_head(out, t->snap);
	strbuf_puts(out, ",\"system\":");
	json_add_system(out, &t->snap->system);
	strbuf_puts(out, ",\"parameters\":[");
	for (size_t i = 0; (p = parameter_at(&t->snap->system, i)) != NULL; i++) {
		strbuf_puts(out, i > 0 ? ",\n" : "\n");
		add_parameter(out, p, &t->snap->system, path);
	}
	strbuf_puts(out, "\n],\"wire\":");
	add_cost(out, t);
	strbuf_puts(out, ",\"access\":");
	add_access(out, &t->snap->access);
	strbuf_puts(out, "}\n");
}
