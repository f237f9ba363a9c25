/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live collector of Linux: who is asked for what, in what order. */
#include "config.h"
#include "collect/collect.h"

#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "collect/linux/diag_dump.h"
#include "collect/linux/local_addr.h"
#include "collect/linux/names.h"
#include "collect/linux/settings.h"
#include "collect/linux/system.h"
#include "host/host.h"

struct collector {
	struct diag_channel *diag;
	struct settings_reader *settings;
	struct local_addrs locals;
	struct names interfaces;
};

/* One sample under way. */
struct sampling {
	struct collector *collector;
	const struct collect_request *request;
	struct snapshot *snap;
};

static void look_up_interface(void *context, uint64_t key, char *out)
{
	char name[IF_NAMESIZE];

	(void)context;
	if (if_indextoname((unsigned)key, name) != NULL)
		text_make_harmless(out, NAME_SIZE, name, strlen(name));
	else
		snprintf(out, NAME_SIZE, "%u", (unsigned)key);
}

static void complete_row(void *context, struct conn *c, const struct diag_extra *x)
{
	struct sampling *s = context;
	struct collector *live = s->collector;

	if (x->interface != 0)
		c->dev = names_get(&live->interfaces, x->interface, &s->snap->strings);
	if (s->request->needs & COLLECT_LOCAL)
		local_addrs_place(&live->locals, c);
}

static struct collector *live_open(const struct collect_options *options, struct error *e)
{
	struct collector *c = xcalloc(1, sizeof(*c));
	int why;

	host_raise();
	c->diag = diag_open(&why, e);
	c->settings = settings_open(options);
	host_lower();
	if (c->diag == NULL) {
		settings_close(c->settings);
		free(c);
		return NULL;
	}
	names_init(&c->interfaces, look_up_interface, NULL);
	return c;
}

static int sample(struct sampling *s, struct error *e)
{
	struct diag_sink sink = { .row = complete_row, .context = s };
	struct collector *c = s->collector;
	int why;

	system_read(&s->snap->system);
	system_identify(s->snap);
	names_reset(&c->interfaces);
	names_begin_sample(&c->interfaces);
	if (s->request->needs & COLLECT_LOCAL)
		local_addrs_read(&c->locals);
	if (diag_dump(c->diag, s->request, &sink, s->snap, &why, e) != 0)
		return -1;
	snprintf(s->snap->access.connections, sizeof(s->snap->access.connections),
		"sock_diag");
	if (s->request->needs & COLLECT_SETTINGS)
		settings_apply(c->settings, s->request, s->snap);
	return 1;
}

static int live_read(struct collector *c, const struct collect_request *request,
	struct snapshot *snap, struct error *e)
{
	struct sampling s = { .collector = c, .request = request, .snap = snap };
	int rc;

	snapshot_reset(snap);
	host_raise();
	rc = sample(&s, e);
	host_lower();
	return rc;
}

static void live_close(struct collector *c)
{
	diag_close(c->diag);
	settings_close(c->settings);
	local_addrs_clear(&c->locals);
	names_clear(&c->interfaces);
	free(c);
}

const struct collector_ops collect_live = {
	.name = "live",
	.open = live_open,
	.read = live_read,
	.close = live_close,
};
