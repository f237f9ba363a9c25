/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults on demand, preloaded before katop. KATOP_FAULTS is a list like
 *
 *     diag.recv@2=ENOBUFS,own.alloc@17=ENOMEM,clock.wall@5-=+3600
 *
 * CALL@FIRST=WHAT strikes that call alone, CALL@FIRST-LAST=WHAT all up to the last and
 * CALL@FIRST-=WHAT all from there on. Calls:
 *
 *     diag.socket route.socket diag.send diag.recv route.recv
 *     open read readlink write thread     with an errno, NONE for nothing read
 *     own.alloc other.alloc               by katop, by libraries but libc: ENOMEM
 *     clock.wall clock.mono               seconds that it is off, four calls in eight
 *
 * What is received may also be LIE (a length of 2 GiB), CUT (eight bytes short), INTR
 * (NLM_F_DUMP_INTR), REFUSE (NLMSG_ERROR behind the first message), ATTR (an attribute
 * longer than its message), FOREIGN (answers to another's question). KATOP_FAULTS_COUNT
 * names a file for the number of calls that were made.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOST_FDS     1024

enum call {
	DIAG_SOCKET,
	ROUTE_SOCKET,
	DIAG_SEND,
	DIAG_RECV,
	ROUTE_RECV,
	OPEN,
	READ,
	READLINK,
	WRITE,
	THREAD,
	OWN_ALLOC,
	OTHER_ALLOC,
	CLOCK_WALL,
	CLOCK_MONO,
	CALLS
};

static const char *const call_names[CALLS] = { "diag.socket", "route.socket", "diag.send",
	"diag.recv", "route.recv", "open", "read", "readlink", "write", "thread",
	"own.alloc", "other.alloc", "clock.wall", "clock.mono" };

enum special { LIE = 1000000, CUT, INTR, REFUSE, ATTR, FOREIGN, NONE };

static const struct {
	const char *name;
	long what;
} whats[] = { { "ENOBUFS", ENOBUFS }, { "EINTR", EINTR }, { "ENOENT", ENOENT },
	{ "EPERM", EPERM }, { "EACCES", EACCES }, { "EMFILE", EMFILE },
	{ "ESRCH", ESRCH }, { "ENOMEM", ENOMEM }, { "ENOSPC", ENOSPC },
	{ "EAGAIN", EAGAIN }, { "EAFNOSUPPORT", EAFNOSUPPORT }, { "EIO", EIO },
	{ "LIE", LIE }, { "CUT", CUT }, { "INTR", INTR }, { "REFUSE", REFUSE },
	{ "ATTR", ATTR }, { "FOREIGN", FOREIGN }, { "NONE", NONE } };

static struct {
	long first, last, what;
} faults[CALLS];
static atomic_long counts[CALLS];
static unsigned char bus_of[MOST_FDS]; /* protocol + 1 of netlink sockets */
static const char *own_start, *own_end;

/* The definition that this one hides. */
#define NEXT(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

/* What strikes this call; 0 for nothing. */
static long strikes(enum call call)
{
	long n = atomic_fetch_add(&counts[call], 1) + 1;

	return faults[call].first > 0 && n >= faults[call].first && n <= faults[call].last
		       ? faults[call].what
		       : 0;
}

static long what_of(const char *text, size_t len)
{
	for (size_t i = 0; i < COUNT(whats); i++)
		if (strlen(whats[i].name) == len &&
			strncmp(whats[i].name, text, len) == 0)
			return whats[i].what;
	return strtol(text, NULL, 10);
}

static void learn(const char *text)
{
	for (size_t i = 0; i < CALLS; i++) {
		size_t len = strlen(call_names[i]);
		char *end;

		if (strncmp(text, call_names[i], len) != 0 || text[len] != '@')
			continue;
		faults[i].first = faults[i].last = strtol(text + len + 1, &end, 10);
		if (*end == '-') {
			faults[i].last = strtol(end + 1, &end, 10);
			if (faults[i].last == 0)
				faults[i].last = 1L << 40;
		}
		if (*end == '=')
			faults[i].what = what_of(end + 1, strcspn(end + 1, ","));
		return;
	}
	_exit(99);
}

/* katop's own code, as the headers of the program say. */
static void find_own_code(void)
{
	const ElfW(Phdr) *headers = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	const char *base = NULL;

	for (size_t i = 0; i < getauxval(AT_PHNUM); i++)
		if (headers[i].p_type == PT_PHDR)
			base = (const char *)headers - headers[i].p_vaddr;
	for (size_t i = 0; i < getauxval(AT_PHNUM); i++)
		if (headers[i].p_type == PT_LOAD)
			own_end = base + headers[i].p_vaddr + headers[i].p_memsz;
	own_start = base;
}

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("KATOP_FAULTS");

	find_own_code();
	for (; text != NULL && *text != '\0'; text += strcspn(text, ",")) {
		text += *text == ',';
		learn(text);
	}
}

__attribute__((destructor)) static void finish(void)
{
	const char *path = getenv("KATOP_FAULTS_COUNT");
	FILE *file = path != NULL ? fopen(path, "we") : NULL;

	if (file == NULL)
		return;
	for (size_t i = 0; i < CALLS; i++)
		fprintf(file, "%s %ld\n", call_names[i], atomic_load(&counts[i]));
	fclose(file);
}

/* True, with errno, when an errno strikes. */
static bool fails(enum call call)
{
	long what = strikes(call);

	if (what == 0 || what >= LIE)
		return false;
	errno = (int)what;
	return true;
}

int socket(int domain, int type, int protocol)
{
	bool netlink = domain == AF_NETLINK;
	int fd;

	if (netlink && fails(protocol == NETLINK_ROUTE ? ROUTE_SOCKET : DIAG_SOCKET))
		return -1;
	fd = NEXT(socket)(domain, type, protocol);
	if (fd >= 0 && fd < MOST_FDS)
		bus_of[fd] = netlink ? (unsigned char)(protocol + 1) : 0;
	return fd;
}

static unsigned bus(int fd)
{
	return fd >= 0 && fd < MOST_FDS ? bus_of[fd] : 0;
}

ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *to,
	socklen_t to_len)
{
	if (bus(fd) == NETLINK_SOCK_DIAG + 1 && fails(DIAG_SEND))
		return -1;
	return NEXT(sendto)(fd, buf, len, flags, to, to_len);
}

/* Room for an error behind the first message, or in its place. */
static ssize_t refuse(char *buf, ssize_t len)
{
	struct nlmsghdr *first = (struct nlmsghdr *)buf, *nlh = first;
	struct nlmsgerr error = { .error = -ENOBUFS };
	size_t at = NLMSG_ALIGN(first->nlmsg_len);

	if (at + NLMSG_SPACE(sizeof(error)) <= (size_t)len)
		nlh = (struct nlmsghdr *)(buf + at);
	*nlh = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(sizeof(error)),
		.nlmsg_type = NLMSG_ERROR,
		.nlmsg_seq = first->nlmsg_seq,
		.nlmsg_pid = first->nlmsg_pid };
	memcpy(NLMSG_DATA(nlh), &error, sizeof(error));
	return (char *)nlh - buf + NLMSG_SPACE(sizeof(error));
}

/* Attributes of each message claim to be longer than it is. */
static void lengthen_attributes(char *buf, size_t len)
{
	const size_t base = NLMSG_SPACE(sizeof(struct inet_diag_msg));
	size_t step;

	for (size_t at = 0; at + NLMSG_HDRLEN <= len; at += step) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)(buf + at);

		step = NLMSG_ALIGN(nlh->nlmsg_len);
		if (nlh->nlmsg_len >= base + sizeof(struct nlattr))
			((struct nlattr *)(buf + at + base))->nla_len = 0xffff;
	}
}

static ssize_t spoil(long what, char *buf, ssize_t len)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;

	switch (what) {
	case LIE:
		nlh->nlmsg_len = 0x80000010U;
		return len;
	case CUT:
		return len - 8;
	case INTR:
		nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
		return len;
	case REFUSE:
		return refuse(buf, len);
	case ATTR:
		lengthen_attributes(buf, (size_t)len);
		return len;
	case FOREIGN:
		nlh->nlmsg_seq += 5;
		return len;
	default:
		return len;
	}
}

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	unsigned from = bus(fd);
	long what = 0;
	ssize_t got;

	if (from != 0)
		what = strikes(from == NETLINK_ROUTE + 1 ? ROUTE_RECV : DIAG_RECV);
	if (what > 0 && what < LIE) {
		errno = (int)what;
		return -1;
	}
	got = NEXT(recvmsg)(fd, msg, flags);
	return got > 16 ? spoil(what, msg->msg_iov[0].iov_base, got) : got;
}

static int mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, int) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	int mode;

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return fails(OPEN) ? -1 : NEXT(open)(path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	va_list args;
	int mode;

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return fails(OPEN) ? -1 : NEXT(openat)(dir, path, flags, mode);
}

ssize_t read(int fd, void *buf, size_t len)
{
	long what = strikes(READ);

	if (what == NONE)
		return 0;
	if (what > 0) {
		errno = (int)what;
		return -1;
	}
	return NEXT(read)(fd, buf, len);
}

ssize_t readlinkat(int dir, const char *path, char *buf, size_t size)
{
	return fails(READLINK) ? -1 : NEXT(readlinkat)(dir, path, buf, size);
}

/* What a build with _FORTIFY_SOURCE calls. */
ssize_t __readlinkat_chk(int dir, const char *path, char *buf, size_t size, size_t room);
ssize_t __readlinkat_chk(int dir, const char *path, char *buf, size_t size, size_t room)
{
	return readlinkat(dir, path, buf, size < room ? size : room);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	return fails(WRITE) ? -1 : NEXT(write)(fd, buf, len);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *),
	void *context)
{
	long what = strikes(THREAD);

	return what > 0 ? (int)what : NEXT(pthread_create)(thread, attr, start, context);
}

int clock_gettime(clockid_t id, struct timespec *t)
{
	int rc = NEXT(clock_gettime)(id, t);
	enum call call = id == CLOCK_REALTIME ? CLOCK_WALL : CLOCK_MONO;

	if ((id == CLOCK_REALTIME || id == CLOCK_MONOTONIC) && rc == 0) {
		long off = strikes(call);

		t->tv_sec += atomic_load(&counts[call]) & 4 ? off : 0;
	}
	return rc;
}

#ifdef __GLIBC__
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

/* The C library does not survive it everywhere: glibc 2.36 crashes in getpwuid_r(). */
static bool is_of_libc(const void *caller)
{
	Dl_info info;

	return dladdr(caller, &info) == 0 || info.dli_fname == NULL ||
	       strstr(info.dli_fname, "/libc.so") != NULL ||
	       strstr(info.dli_fname, "/ld-") != NULL;
}

static bool exhausted(const void *caller)
{
	const char *at = caller;

	if (at >= own_start && at < own_end)
		return fails(OWN_ALLOC);
	return !is_of_libc(caller) && fails(OTHER_ALLOC);
}

void *malloc(size_t size)
{
	return exhausted(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return exhausted(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return exhausted(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}
#endif
