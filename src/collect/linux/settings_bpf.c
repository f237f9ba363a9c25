/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "collect/linux/settings_bpf.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "bpf/katop.skel.h"
#include "bpf/katop_bpf.h"
#include "host/host.h"

/* What one read() may bring: the kernel's seq_file buffers eight pages for an iterator.
 */
#define CHUNK_SIZE 32768

/* inode of the first process namespace, PROC_PID_INIT_INO, include/linux/proc_ns.h */
#define FIRST_PID_NAMESPACE 0xeffffffcU

struct settings_bpf {
	struct katop_bpf *skel;
	struct bpf_link *settings;
	struct bpf_link *owners;
	uint32_t hz;
};

/* Jiffies a second: the resolution of the coarse clock is one jiffy. */
static uint32_t kernel_hz(void)
{
	struct timespec tick;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) || tick.tv_sec ||
		tick.tv_nsec <= 0)
		return 1000;
	return (uint32_t)((1000000000L + tick.tv_nsec / 2) / tick.tv_nsec);
}

static uint32_t namespace_inode(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (uint32_t)st.st_ino : 0;
}

static int silent(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

static int attach(struct settings_bpf *b, unsigned programs)
{
	if (programs & BPF_SETTINGS) {
		b->settings =
			bpf_program__attach_iter(b->skel->progs.katop_settings, NULL);
		if (!b->settings)
			return -errno;
	}
	if (programs & BPF_OWNERS) {
		b->owners = bpf_program__attach_iter(b->skel->progs.katop_owners, NULL);
		if (!b->owners)
			return -errno;
	}
	return 0;
}

/* Returns 0 or a negative errno. */
static int load(struct settings_bpf *b, unsigned programs)
{
	int error;

	b->skel = katop_bpf__open();
	if (!b->skel)
		return -errno;
	bpf_program__set_autoload(b->skel->progs.katop_settings, programs & BPF_SETTINGS);
	bpf_program__set_autoload(b->skel->progs.katop_owners, programs & BPF_OWNERS);
	error = katop_bpf__load(b->skel);
	return error ? error : attach(b, programs);
}

static void unload(struct settings_bpf *b)
{
	bpf_link__destroy(b->settings);
	bpf_link__destroy(b->owners);
	katop_bpf__destroy(b->skel);
	b->skel = NULL;
	b->settings = b->owners = NULL;
}

static void say_why(int error, struct error *e)
{
	const char *cure = "";

	if (error == EPERM)
		cure = " (needs CAP_BPF and CAP_PERFMON)";
	else if (error == EACCES)
		cure = " (by the verifier or a security module)";
	else if (error == ENOENT || error == ESRCH || error == EINVAL)
		cure = " (needs Linux 5.9 with BTF)";
	error_set(e, "%s%s", strerror(error), cure);
}

struct settings_bpf *settings_bpf_open(unsigned programs, struct error *e)
{
	static const unsigned attempts[] = { BPF_SETTINGS | BPF_OWNERS, BPF_SETTINGS,
		BPF_OWNERS };
	struct settings_bpf *b = xcalloc(1, sizeof(*b));
	int error = -EINVAL;

	b->hz = kernel_hz();
	libbpf_set_print(silent);
	/* Process numbers are those of the first namespace; elsewhere they mislead. */
	if (namespace_inode("/proc/self/ns/pid") != FIRST_PID_NAMESPACE)
		programs &= ~(unsigned)BPF_OWNERS;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
		if ((attempts[i] & programs) != attempts[i])
			continue;
		error = load(b, attempts[i]);
		if (!error)
			return b;
		unload(b);
		/* EACCES may be the verifier's word on one of them (check_mem_access(),
		 * kernel/bpf/verifier.c). */
		if (error == -EPERM)
			break;
	}
	say_why(-error, e);
	free(b);
	return NULL;
}

unsigned settings_bpf_programs(const struct settings_bpf *b)
{
	return (b->settings ? BPF_SETTINGS : 0U) | (b->owners ? BPF_OWNERS : 0U);
}

typedef void record_fn(void *context, const void *record);

/* Hands every record of @size bytes to @take. Returns 0 or an errno. */
static int read_all(struct bpf_link *link, size_t size, record_fn *take, void *context)
{
	int fd = bpf_iter_create(bpf_link__fd(link));
	char *chunk;
	ssize_t got;

	if (fd < 0)
		return errno;
	chunk = xmalloc(CHUNK_SIZE);
	/* EAGAIN: a million objects went by without a word of ours; the next read goes
	 * on. */
	while ((got = read(fd, chunk, CHUNK_SIZE / size * size)) != 0) {
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			break;
		for (ssize_t at = 0; at + (ssize_t)size <= got; at += (ssize_t)size)
			take(context, chunk + at);
	}
	got = got < 0 ? errno : 0;
	free(chunk);
	close(fd);
	return (int)got;
}

/* When a reading began, and the kernel's jiffies a second. */
struct reading {
	int64_t now_ms;
	uint32_t hz;
};

static int64_t ticks_to_ms(const struct reading *at, int64_t ticks)
{
	return ticks * 1000 / at->hz;
}

static void enter(const struct reading *at, const struct katop_settings_record *r,
	struct socket_settings *s)
{
	s->read_ms = at->now_ms;
	s->keepidle_ms = (uint32_t)ticks_to_ms(at, r->keepidle_ticks);
	s->keepintvl_ms = (uint32_t)ticks_to_ms(at, r->keepintvl_ticks);
	s->keepcnt = r->keepcnt;
	s->user_timeout_ms = r->user_timeout_ms;
	s->flags = 0;
	if (r->flags & KATOP_KEEPALIVE_ON)
		s->flags |= SETTING_KEEPALIVE_ON;
	if (r->flags & KATOP_KEEPALIVE_PENDING)
		s->flags |= SETTING_KA_LEFT;
	if (r->flags & KATOP_OOW_ACK && ticks_to_ms(at, r->oow_age_ticks) <= UINT32_MAX)
		s->flags |= SETTING_OOW_AGE;
	if (!(r->flags & KATOP_OOW_ACK))
		s->flags |= SETTING_OOW_NEVER;
	s->ka_left_ms = (int32_t)ticks_to_ms(at, r->ka_left_ticks);
	s->oow_age_ms = (uint32_t)ticks_to_ms(at, r->oow_age_ticks);
}

struct socket_pass {
	struct reading at;
	struct settings_cache *cache;
	size_t next;
};

static void take_settings(void *context, const void *record)
{
	struct socket_pass *pass = context;
	const struct katop_settings_record *r = record;

	enter(&pass->at, r, settings_cache_add_next(pass->cache, r->cookie, &pass->next));
}

int settings_bpf_read(
	struct settings_bpf *b, struct settings_cache *cache, struct error *e)
{
	struct socket_pass pass = { { clock_mono_ms(), b->hz }, cache, 0 };
	int error = b->settings
			    ? read_all(b->settings, sizeof(struct katop_settings_record),
				      take_settings, &pass)
			    : ENOSYS;

	if (error)
		say_why(error, e);
	return error ? -1 : 0;
}

struct owner_pass {
	struct reading at;
	struct owner_map *map;
	const struct settings_room *room;
	uint32_t entered_pid;
};

/* Records come process by process, in the order of pid and descriptor. */
static void take_owner(void *context, const void *record)
{
	struct owner_pass *pass = context;
	const struct katop_owner_record *r = record;
	struct owner_slot *slot = owner_map_find(pass->map, r->settings.cookie);
	char name[3 * sizeof(r->comm)];
	uint32_t index;

	if (!slot)
		return;
	if (pass->entered_pid != r->pid) {
		text_make_harmless(
			name, sizeof(name), r->comm, strnlen(r->comm, sizeof(r->comm)));
		owner_map_add_process(pass->map, r->pid, name);
		pass->entered_pid = r->pid;
	}
	owner_map_add_holder(pass->map, slot, r->fd);
	index = r->settings.flags ? pass->room->entry_of[slot->tag] : 0;
	if (index)
		enter(&pass->at, &r->settings, &pass->room->cache->entries[index - 1]);
}

int settings_bpf_walk_owners(struct settings_bpf *b, struct owner_map *map,
	const struct settings_room *room, struct error *e)
{
	struct owner_pass pass = { { clock_mono_ms(), b->hz }, map, room, 0 };
	int error = ENOSYS;

	if (b->owners) {
		b->skel->bss->with_settings = room != NULL;
		error = read_all(
			b->owners, sizeof(struct katop_owner_record), take_owner, &pass);
	}
	if (!error)
		return 0;
	say_why(error, e);
	return -1;
}

void settings_bpf_close(struct settings_bpf *b)
{
	if (!b)
		return;
	unload(b);
	free(b);
}
