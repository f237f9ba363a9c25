/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live collector of Linux: who is asked for what, in what order. */
#include "config.h"
#include "collect/collect.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "collect/linux/cgroup.h"
#include "collect/linux/diag_dump.h"
#include "collect/linux/local_addr.h"
#include "collect/linux/names.h"
#include "collect/linux/owner.h"
#include "collect/linux/proc_tcp.h"
#include "collect/linux/settings.h"
#include "collect/linux/system.h"
#include "collect/linux/user.h"
#include "host/host.h"

/* `diag` is NULL while sock_diag is missing or refused, for `refused`. */
struct collector {
	struct diag_channel *diag;
	int refused;
	bool repeat;
	struct settings_reader *settings;
	struct owner_finder *owners;
	struct local_addrs locals;
	struct cgroup_tree cgroup_tree;
	struct names interfaces;
	struct names users;
	struct names cgroups;
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

/* The rows come by the hundred thousand: what they need at once is at hand. */
static void complete_row(void *context, struct conn *c, const struct diag_extra *x)
{
	struct sampling *s = context;
	struct collector *live = s->collector;

	if (x->interface != 0)
		c->dev = names_get(&live->interfaces, x->interface, &s->snap->strings);
	if (x->cgroup != 0 && (s->request->needs & COLLECT_CGROUP))
		c->cgroup = names_get(&live->cgroups, x->cgroup, &s->snap->strings);
	if (s->request->needs & COLLECT_LOCAL)
		local_addrs_place(&live->locals, c);
}

static struct collector *live_open(const struct collect_options *options, struct error *e)
{
	struct collector *c = xcalloc(1, sizeof(*c));

	c->repeat = options->repeat;
	host_raise();
	c->diag = diag_open(&c->refused, e);
	c->settings = settings_open(options);
	host_lower();
	c->owners = owner_open(c->settings);
	names_init(&c->interfaces, look_up_interface, NULL);
	names_init(&c->users, user_lookup, NULL);
	names_init(&c->cgroups, cgroup_lookup, &c->cgroup_tree);
	return c;
}

static void live_close(struct collector *c)
{
	diag_close(c->diag);
	settings_close(c->settings);
	owner_close(c->owners);
	local_addrs_clear(&c->locals);
	cgroup_clear(&c->cgroup_tree);
	names_clear(&c->interfaces);
	names_clear(&c->users);
	names_clear(&c->cgroups);
	free(c);
}

/* Interfaces are renamed; users and cgroups are not, for as long as this runs. */
static void begin(struct sampling *s)
{
	struct collector *c = s->collector;

	snapshot_reset(s->snap);
	names_reset(&c->interfaces);
	names_begin_sample(&c->interfaces);
	names_begin_sample(&c->users);
	names_begin_sample(&c->cgroups);
	cgroup_begin_sample(&c->cgroup_tree);
}

static void say_fallback(const struct collector *c, struct snapshot *snap)
{
	snap->access.poorer = true;
	snprintf(snap->access.connections, sizeof(snap->access.connections),
		"read from /proc/net/tcp without ages and counters, as sock_diag says: "
		"%s%s",
		strerror(c->refused), c->refused == ENOENT ? " (modprobe tcp_diag)" : "");
}

static int fall_back(struct sampling *s, const struct diag_sink *sink, struct error *e)
{
	struct error also;

	say_fallback(s->collector, s->snap);
	if (proc_tcp_dump(s->request, sink, s->snap, &also) == 0)
		return 0;
	return error_set(e, "cannot read the connections: sock_diag: %s; %s",
		strerror(s->collector->refused), also.text);
}

/* A want that may be over by the next sample, unlike a missing module or a refusal. */
static bool may_pass(int why)
{
	return why == EMFILE || why == ENFILE || why == ENOBUFS || why == ENOMEM;
}

static int dump(struct sampling *s, struct error *e)
{
	struct diag_sink sink = { .row = complete_row, .context = s };
	struct collector *c = s->collector;

	if (c->diag == NULL && may_pass(c->refused))
		c->diag = diag_open(&c->refused, e);
	if (c->diag == NULL)
		return fall_back(s, &sink, e);
	if (diag_dump(c->diag, s->request, &sink, s->snap, &c->refused, e) == 0) {
		snprintf(s->snap->access.connections, sizeof(s->snap->access.connections),
			"sock_diag");
		if (!c->repeat)
			diag_relax(c->diag);
		return 0;
	}
	diag_close(c->diag);
	c->diag = NULL;
	begin(s);
	return fall_back(s, &sink, e);
}

static void name_users(struct sampling *s)
{
	for (size_t i = 0; i < s->snap->count; i++) {
		struct conn *c = &s->snap->conns[i];

		if (conn_has(c, HAVE_UID))
			c->user = names_get(
				&s->collector->users, c->uid, &s->snap->strings);
	}
}

static int sample(struct sampling *s, struct error *e)
{
	struct collector *c = s->collector;
	unsigned needs = s->request->needs;
	bool by_owner = false;

	begin(s);
	if (needs & COLLECT_LOCAL)
		local_addrs_read(&c->locals);
	if (dump(s, e) != 0)
		return -1;
	system_read(&s->snap->system);
	system_identify(s->snap);
	host_describe_privileges(
		s->snap->access.privileges, sizeof(s->snap->access.privileges));
	if (needs & COLLECT_SETTINGS)
		by_owner = settings_begin(c->settings, s->request, s->snap);
	if ((needs & COLLECT_OWNER) || by_owner)
		owner_find(c->owners, needs & COLLECT_FIRST_OWNER, s->snap);
	else if (needs & COLLECT_SETTINGS)
		owner_explain(s->snap);
	if (needs & COLLECT_SETTINGS)
		settings_apply(c->settings, s->snap);
	return 1;
}

/* The tests ask for everything, to see that the filter alone picks the same rows. */
static void widen(struct collect_request *request)
{
	if (host_env("KATOP_NO_PREFILTER") != NULL)
		request->where = (struct prefilter){ .states = STATES_ALL,
			.families = FAMILY_ANY };
}

static int live_read(struct collector *c, const struct collect_request *wished,
	struct snapshot *snap, struct error *e)
{
	struct collect_request request = *wished;
	struct sampling s = { .collector = c, .request = &request, .snap = snap };
	int rc;

	widen(&request);
	host_raise();
	rc = sample(&s, e);
	host_lower();
	/* The name service's modules are not ours: they get no privilege. */
	if (rc == 1 && (request.needs & COLLECT_USER))
		name_users(&s);
	return rc;
}

const struct collector_ops collect_live = {
	.name = "live",
	.open = live_open,
	.read = live_read,
	.close = live_close,
};
