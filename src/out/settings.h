/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --settings: the system's keepalive parameters, and what katop may read here. */
#ifndef KATOP_OUT_SETTINGS_H
#define KATOP_OUT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/path.h"
#include "out/sink.h"
#include "table/table.h"

/*
 * Writes every parameter with value, default, source, range, meaning and how to change
 * it; the counters; what keepalive costs here; what may be read and why not more. @path
 * is what the examples suit. As one JSON object when @json, else as text wrapped at
 * @width cells (0: at 80).
 */
void settings_write(struct sink *out, const struct table *t,
	const struct path_policy *path, bool json, size_t width);

/* The two forms; use settings_write(). */
void settings_write_text(struct strbuf *out, const struct table *t,
	const struct path_policy *path, size_t width);
void settings_write_json(
	struct strbuf *out, const struct table *t, const struct path_policy *path);

#endif
