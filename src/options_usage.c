/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --help, from the table of options. */
#include "config.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

#define HELP_COLUMN 27
#define WIDTH	    80

static const char head[] =
	"usage: katop [OPTION]... [FILTER]\n"
	"\n"
	"Which TCP connections will be dropped while they are idle, when, and by whom.\n"
	"Without an option: the live view. The filter is ss's language over every "
	"column:\n"
	"katop --list 'idle > 5m and not keepalive on', katop dport = :5432.\n"
	"\n";

static const char tail[] =
	"\n"
	"Exit status: 0 done, 1 --check found risk, 2 anything else that failed.\n"
	"More: man katop, man katop-keepalive.\n";

/* Words of @help from HELP_COLUMN to WIDTH; the first line has begun already. */
static void wrap_help(const char *help, struct strbuf *out)
{
	size_t at = HELP_COLUMN;

	while (*help != '\0') {
		size_t len = strcspn(help, " ");

		if (at > HELP_COLUMN && at + 1 + len > WIDTH) {
			strbuf_putc(out, '\n');
			strbuf_fill(out, ' ', HELP_COLUMN);
			at = HELP_COLUMN;
		}
		if (at > HELP_COLUMN) {
			strbuf_putc(out, ' ');
			at++;
		}
		strbuf_add(out, help, len);
		at += len;
		help += len + (help[len] == ' ');
	}
	strbuf_putc(out, '\n');
}

static void usage_row(const struct option_info *info, struct strbuf *out)
{
	size_t start = out->len;

	if (info->letter != '\0')
		strbuf_printf(out, "  -%c, --%s", info->letter, info->name);
	else
		strbuf_printf(out, "      --%s", info->name);
	if (info->argument != NULL)
		strbuf_printf(out, "=%s", info->argument);
	if (out->len - start < HELP_COLUMN) {
		strbuf_fill(out, ' ', HELP_COLUMN - (out->len - start));
	} else {
		strbuf_putc(out, '\n');
		strbuf_fill(out, ' ', HELP_COLUMN);
	}
	wrap_help(info->help, out);
}

void options_usage(struct strbuf *out)
{
	const struct option_info *info;

	strbuf_puts(out, head);
	for (size_t i = 0; (info = options_info(i)) != NULL; i++)
		usage_row(info, out);
	strbuf_puts(out, tail);
}
