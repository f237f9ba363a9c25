/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/windows/owner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "collect/needs.h"
#include "collect/windows/process.h"

/* The kernel's own process; it has no image that could be asked for. */
#define SYSTEM_PID 4

/* A process that cannot be opened may have been replaced under the same pid unseen: its
 * name is looked up again after this time. */
#define DENIED_AGE_MS 10000

/* What is known of a process. `started` tells it from a later one with its pid. The
 * string indexes are those of the present sample, once `seen`. */
struct owner {
	uint32_t pid;
	enum process_access access;
	uint64_t started;
	int64_t looked_up_ms;
	char *process;
	char *user; /* NULL: not asked yet */
	uint32_t process_string;
	uint32_t user_string;
	bool seen;
};

struct owners {
	const struct win_api *api;
	struct snapshot *snap;
	unsigned needs;
	int64_t now_ms;
	struct owner *list; /* sorted by pid */
	size_t count;
	size_t cap;
};

struct owners *owners_new(const struct win_api *api)
{
	struct owners *o = xcalloc(1, sizeof(*o));

	o->api = api;
	return o;
}

static void forget(struct owner *owner)
{
	free(owner->process);
	free(owner->user);
	owner->process = owner->user = NULL;
}

void owners_free(struct owners *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < o->count; i++)
		forget(&o->list[i]);
	free(o->list);
	free(o);
}

void owners_begin(struct owners *o, struct snapshot *snap, unsigned needs, int64_t now_ms)
{
	o->snap = snap;
	o->needs = needs;
	o->now_ms = now_ms;
	for (size_t i = 0; i < o->count; i++)
		o->list[i].seen = false;
}

/* The entry of @pid, a new one with `process` NULL if there was none. */
static struct owner *entry_of(struct owners *o, uint32_t pid)
{
	size_t low = 0, high = o->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (o->list[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < o->count && o->list[low].pid == pid)
		return &o->list[low];
	o->list = xgrow(o->list, &o->cap, o->count + 1, sizeof(*o->list));
	memmove(&o->list[low + 1], &o->list[low], (o->count - low) * sizeof(*o->list));
	o->count++;
	o->list[low] = (struct owner){ .pid = pid };
	return &o->list[low];
}

static void ask_user(struct owners *o, struct owner *owner, HANDLE process)
{
	char name[PROCESS_NAME_SIZE];

	if (owner->user != NULL || !(o->needs & COLLECT_USER))
		return;
	process_user(o->api, process, name, sizeof(name));
	owner->user = xstrdup(name);
}

static void ask_opened(struct owners *o, struct owner *owner, HANDLE process)
{
	char name[PROCESS_NAME_SIZE];
	uint64_t started = process_started(o->api, process);

	if (owner->process == NULL || owner->access != PROCESS_OPENED ||
		owner->started != started) {
		forget(owner);
		if (!process_image(o->api, process, name, sizeof(name)))
			process_listed_name(o->api, owner->pid, name, sizeof(name));
		owner->process = xstrdup(name);
	}
	owner->started = started;
	ask_user(o, owner, process);
}

static void ask_denied(struct owners *o, struct owner *owner)
{
	char name[PROCESS_NAME_SIZE];

	if (owner->process != NULL && owner->access == PROCESS_DENIED &&
		o->now_ms - owner->looked_up_ms < DENIED_AGE_MS)
		return;
	forget(owner);
	if (!process_listed_name(o->api, owner->pid, name, sizeof(name)) &&
		owner->pid == SYSTEM_PID)
		snprintf(name, sizeof(name), "System");
	owner->process = xstrdup(name);
	owner->looked_up_ms = o->now_ms;
}

/* Once a sample: learns what is new, gives the names their place in the sample. */
static void refresh(struct owners *o, struct owner *owner)
{
	HANDLE process;
	enum process_access access = process_open(o->api, owner->pid, &process);

	if (access == PROCESS_OPENED) {
		ask_opened(o, owner, process);
		o->api->close_handle(process);
	} else if (access == PROCESS_DENIED) {
		ask_denied(o, owner);
	} else {
		forget(owner);
	}
	owner->access = access;
	owner->seen = true;
	owner->process_string = owner->user_string = 0;
	if (owner->process != NULL)
		owner->process_string = strtab_add(&o->snap->strings, owner->process);
	if (owner->user != NULL)
		owner->user_string = strtab_add(&o->snap->strings, owner->user);
}

void owners_place(struct owners *o, struct conn *c, uint32_t pid)
{
	struct owner *owner;

	c->minisocket = c->state == STATE_TIME_WAIT || c->state == STATE_SYN_RECV;
	if (!(o->needs & (COLLECT_OWNER | COLLECT_USER)))
		return;
	if (pid == 0) {
		c->owner_unknown = c->minisocket ? OWNER_MINISOCKET : OWNER_NOT_FOUND;
		return;
	}
	owner = entry_of(o, pid);
	if (!owner->seen)
		refresh(o, owner);
	if (owner->access == PROCESS_GONE) {
		/* the table keeps the pid of a process that has ended */
		c->owner_unknown = OWNER_ORPHAN;
		return;
	}
	c->user = owner->user_string;
	c->owner_count = 1;
	c->owner_first =
		snapshot_add_owner(o->snap, (struct conn_owner){ .pid = pid,
						    .fd = OWNER_FD_UNKNOWN,
						    .process = owner->process_string });
}

void owners_end(struct owners *o)
{
	struct access_info *access = &o->snap->access;
	size_t kept = 0, hidden = 0;

	for (size_t i = 0; i < o->count; i++) {
		struct owner *owner = &o->list[i];

		if (!owner->seen) {
			forget(owner);
			continue;
		}
		hidden += owner->access == PROCESS_DENIED && owner->pid != SYSTEM_PID;
		o->list[kept++] = *owner;
	}
	o->count = kept;
	if (!(o->needs & COLLECT_OWNER))
		access->owners[0] = '\0';
	else if (hidden == 0)
		snprintf(access->owners, sizeof(access->owners), "all processes");
	else
		snprintf(access->owners, sizeof(access->owners),
			"the users of %zu processes are hidden (run katop as "
			"administrator)",
			hidden);
}
