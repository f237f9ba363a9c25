/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/describe.h"

#include <string.h>

#include "model/explain_words.h"
#include "model/path.h"
#include "out/wrap.h"
#include "table/columns.h"

/* Adds @text in @width cells and two blanks. */
static void put_padded(struct strbuf *out, const char *text, size_t width)
{
	size_t len = strlen(text);

	strbuf_puts(out, text);
	strbuf_fill(out, ' ', (len < width ? width - len : 0) + 2);
}

static void widen(size_t *width, const char *text)
{
	size_t len = strlen(text);

	if (*width < len)
		*width = len;
}

void describe_columns(struct strbuf *out)
{
	size_t key = 0, title = 0;

	for (size_t i = 0; i < columns_count; i++)
		if (column_is_choosable(&columns[i])) {
			widen(&key, columns[i].key);
			widen(&title, columns[i].title);
		}
	for (size_t i = 0; i < columns_count; i++) {
		if (!column_is_choosable(&columns[i]))
			continue;
		put_padded(out, columns[i].key, key);
		put_padded(out, columns[i].title, title);
		strbuf_puts(out, columns[i].help);
		strbuf_putc(out, '\n');
	}
}

void describe_paths(struct strbuf *out)
{
	const struct path_device *d;
	char limit[WORDS_SPAN_SIZE];
	size_t name = strlen("NAME");

	for (size_t i = 0; (d = path_device(i)) != NULL; i++)
		widen(&name, d->name);
	put_padded(out, "NAME", name);
	strbuf_puts(out, "FORGETS AFTER  DEVICE, WHAT IT DOES THEN, SOURCE\n");
	for (size_t i = 0; (d = path_device(i)) != NULL; i++) {
		put_padded(out, d->name, name);
		put_padded(
			out, words_setting(limit, d->limit_ms), strlen("FORGETS AFTER"));
		strbuf_printf(out, "%s; %s; %s\n", d->device, d->then, d->source);
		if (d->data_only) {
			strbuf_fill(out, ' ', name + strlen("FORGETS AFTER") + 4);
			strbuf_puts(out, "(counts data only: keepalive does not help)\n");
		}
	}
	wrap_add(out, "", 0, WRAP_WIDTH,
		"Also any duration (90, 5m, 1h30m), or none where no path forgets. The "
		"default is 240 s, the shortest default among the large clouds' layer-4 "
		"balancers and NAT gateways.");
}
