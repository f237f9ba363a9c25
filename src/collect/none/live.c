/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A system whose connections katop cannot read. It still replays. */
#include "config.h"
#include "collect/collect.h"

#include <stddef.h>

static struct collector *none_open(const struct collect_options *options, struct error *e)
{
	(void)options;
	error_set(e, "this system's connections cannot be read: katop knows Linux and "
		     "Windows (--replay=FILE shows what was recorded on one of them)");
	return NULL;
}

static int none_read(struct collector *c, const struct collect_request *request,
	struct snapshot *snap, struct error *e)
{
	(void)c, (void)request, (void)snap;
	return error_set(e, "this system's connections cannot be read");
}

static void none_close(struct collector *c)
{
	(void)c;
}

const struct collector_ops collect_live = {
	.name = "live",
	.open = none_open,
	.read = none_read,
	.close = none_close,
};
