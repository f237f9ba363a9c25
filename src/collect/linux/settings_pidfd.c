/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "collect/linux/settings_pidfd.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/host.h"

/* One number on every architecture that Linux 5.6 runs on. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

#define OPEN_PROCESSES 64
#define OWNERS_TRIED   4

/* A process kept open for the length of a batch; pid 0 is a free place. */
struct open_process {
	uint32_t pid;
	int pidfd;
	int error; /* of the first refusal: its other sockets are not tried */
};

struct batch {
	struct open_process processes[OPEN_PROCESSES];
	struct settings_cache *cache;
	struct pidfd_outcome *out;
	int64_t now_ms;
};

static struct open_process *open_process(struct batch *b, uint32_t pid)
{
	struct open_process *p = &b->processes[pid % OPEN_PROCESSES];

	if (p->pid == pid)
		return p;
	if (p->pid && p->pidfd >= 0)
		close(p->pidfd);
	p->pid = pid;
	p->pidfd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	p->error = p->pidfd < 0 ? errno : 0;
	return p;
}

static void *close_waiting(void *fd)
{
	close((int)(intptr_t)fd);
	return NULL;
}

/*
 * The last close of a socket with SO_LINGER waits for its peer, O_NONBLOCK or not
 * (inet_release(), net/ipv4/af_inet.c; tcp_close() passes it over only for a process that
 * exits). Ours is the last when the owner closes meanwhile: a thread waits in our place,
 * and the end of katop ends it.
 */
static void close_apart(int fd)
{
	pthread_attr_t attr;
	pthread_t thread;
	int failed = EAGAIN;

	if (pthread_attr_init(&attr) == 0) {
		pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
		pthread_attr_setstacksize(&attr, 64 * 1024);
		failed = pthread_create(
			&thread, &attr, close_waiting, (void *)(intptr_t)fd);
		pthread_attr_destroy(&attr);
	}
	if (failed)
		close(fd);
}

static int get_int(int fd, int level, int name, uint32_t *value)
{
	int read = 0;
	socklen_t len = sizeof(read);

	if (getsockopt(fd, level, name, &read, &len) || len != sizeof(read) || read < 0)
		return -1;
	*value = (uint32_t)read;
	return 0;
}

/* The system's values may be larger than a connection's (settings_fill.c). */
static uint32_t ms_of(uint32_t seconds)
{
	return seconds < UINT32_MAX / 1000 ? seconds * 1000 : UINT32_MAX;
}

/* getsockopt() tells what is in effect: the system's value where none was set. */
static int ask_socket(int fd, struct socket_settings *s)
{
	uint32_t on, idle_s, intvl_s, count, user_timeout_ms;

	if (get_int(fd, SOL_SOCKET, SO_KEEPALIVE, &on) ||
		get_int(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s) ||
		get_int(fd, IPPROTO_TCP, TCP_KEEPINTVL, &intvl_s) ||
		get_int(fd, IPPROTO_TCP, TCP_KEEPCNT, &count) ||
		get_int(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms))
		return -1;
	s->keepidle_ms = ms_of(idle_s);
	s->keepintvl_ms = ms_of(intvl_s);
	s->keepcnt = count < UINT8_MAX ? (uint8_t)count : UINT8_MAX;
	s->user_timeout_ms = user_timeout_ms;
	s->flags = on ? SETTING_KEEPALIVE_ON : 0;
	return 0;
}

/* The descriptor number may have been reused since the owners were found: the inode. */
static bool is_socket_of(int fd, const struct conn *c)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode) &&
	       (uint32_t)st.st_ino == c->inode;
}

/* Returns 0, or the errno of the refusal; ESTALE when it is another socket by now. */
static int peek(int pidfd, int owner_fd, const struct conn *c, struct socket_settings *s)
{
	struct linger linger = { 0 };
	socklen_t len = sizeof(linger);
	int fd = (int)syscall(SYS_pidfd_getfd, pidfd, owner_fd, 0);
	int result = 0;

	if (fd < 0)
		return errno;
	if (!is_socket_of(fd, c) || ask_socket(fd, s))
		result = ESTALE;
	if (getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &len) == 0 && linger.l_onoff &&
		linger.l_linger > 0)
		close_apart(fd);
	else
		close(fd);
	return result;
}

/* 0 when it was read from @owner. */
static int peek_by_owner(
	struct batch *b, const struct conn *c, const struct conn_owner *owner)
{
	struct open_process *p = open_process(b, owner->pid);
	struct socket_settings s = { .cookie = c->id, .read_ms = b->now_ms };
	int error;

	if (p->error)
		return p->error;
	error = peek(p->pidfd, (int)owner->fd, c, &s);
	if (error == EPERM || error == EACCES || error == ENOSYS || error == ESRCH)
		p->error = error;
	if (error)
		return error;
	settings_cache_update(b->cache, &s);
	return 0;
}

static void peek_connection(
	struct batch *b, const struct snapshot *snap, const struct conn *c)
{
	bool refused = false;

	for (uint32_t i = 0; i < c->owner_count && i < OWNERS_TRIED; i++) {
		int error = peek_by_owner(b, c, &snap->owners[c->owner_first + i]);

		if (!error) {
			b->out->read++;
			return;
		}
		if (error != ESTALE && error != EBADF && error != ESRCH) {
			refused = true;
			b->out->error = error;
		}
	}
	if (refused)
		b->out->refused++;
	else
		b->out->gone++;
}

void settings_pidfd_read(const struct snapshot *snap, const uint32_t *wanted,
	size_t count, struct settings_cache *cache, struct pidfd_outcome *out)
{
	struct batch b = { .cache = cache, .out = out, .now_ms = clock_mono_ms() };
	sigset_t all, before;

	if (!count)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (size_t i = 0; i < count; i++)
		peek_connection(&b, snap, &snap->conns[wanted[i]]);
	for (size_t i = 0; i < OPEN_PROCESSES; i++)
		if (b.processes[i].pid && b.processes[i].pidfd >= 0)
			close(b.processes[i].pidfd);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Yama's scope, 0 where there is none. */
static int yama_scope(void)
{
	char digit = '0';
	int fd = open("/proc/sys/kernel/yama/ptrace_scope", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (read(fd, &digit, 1) != 1)
			digit = '0';
		close(fd);
	}
	return digit - '0';
}

const char *settings_pidfd_cure(int error)
{
	if (error == ENOSYS)
		return "needs Linux 5.6, and a container that allows pidfd_getfd";
	if (error == EMFILE || error == ENFILE)
		return "raise ulimit -n";
	if (error != EPERM && error != EACCES)
		return "";
	if (yama_scope() >= 3)
		return "kernel.yama.ptrace_scope is 3: nobody may";
	if (yama_scope() > 0)
		return "kernel.yama.ptrace_scope is set: run as root or give "
		       "cap_sys_ptrace";
	return "run as root or give cap_sys_ptrace";
}
