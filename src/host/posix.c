/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/*
 * A descriptor below 3 that the parent closed would be taken by the next file opened, and
 * messages would be written into it. What stands there instead fails as a closed one
 * does: output that nobody gets is no success.
 */
static void open_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open(
				"/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void host_init(void)
{
	open_standard_descriptors();
	signal(SIGPIPE, SIG_DFL);
	setlocale(LC_CTYPE, "");
	host_guard();
}

static int64_t clock_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_mono_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

int64_t clock_wall_ms(void)
{
	return clock_ms(CLOCK_REALTIME);
}

void clock_sleep_ms(int64_t ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	if (ms > 0)
		nanosleep(&t, NULL);
}

/* A thread of SCHED_BATCH preempts none when it is woken (kernel/sched/fair.c). Where
 * there is no such policy it is not missed. */
void host_stand_back(void)
{
#ifdef SCHED_BATCH
	const struct sched_param none = { 0 };

	pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);
#endif
}

const char *host_env(const char *name)
{
#ifdef HAVE_SECURE_GETENV
	return secure_getenv(name);
#else
	return getuid() == geteuid() && getgid() == getegid() ? getenv(name) : NULL;
#endif
}

bool host_is_terminal(FILE *stream)
{
	return isatty(fileno(stream));
}

bool host_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int host_terminal_width(void)
{
	const char *columns = host_env("COLUMNS");
	struct winsize size;
	long n = columns != NULL ? strtol(columns, NULL, 10) : 0;

	if (n > 0 && n <= 10000)
		return (int)n;
	if (!host_is_terminal(stdout))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		return size.ws_col;
	return 0;
}

int host_write_errno(void)
{
	return errno;
}

FILE *host_open(const char *path, const char *mode, struct error *e)
{
	bool writes = mode[0] == 'w';
	FILE *file;
	struct stat st;
	int saved;

	file = fopen(path, writes ? "wbe" : "rbe");
	saved = errno;
	if (file == NULL) {
		error_set(e, "cannot %s '%.300s': %s", writes ? "write" : "read", path,
			strerror(saved));
		errno = saved;
		return NULL;
	}
	if (fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(file);
		error_set(e, "cannot read '%.300s': %s", path, strerror(EISDIR));
		errno = EISDIR;
		return NULL;
	}
	return file;
}

/* Makes the folders above @path; what is there already is fine. */
static void make_folders(const char *path)
{
	char folder[PATH_MAX];

	if (strlen(path) >= sizeof(folder))
		return;
	memcpy(folder, path, strlen(path) + 1);
	for (char *p = strchr(folder + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		mkdir(folder, 0700);
		*p = '/';
	}
}

static int write_whole(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, text, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		text += n;
		size -= (size_t)n;
	}
	return fsync(fd);
}

int host_replace_file(const char *path, const char *text, size_t size, struct error *e)
{
	char real[PATH_MAX], temporary[PATH_MAX + 8];
	int fd, saved;

	/* a link to the user's dotfiles stays a link */
	if (realpath(path, real) == NULL) {
		make_folders(path);
		snprintf(real, sizeof(real), "%s", path);
	}
	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", real);
	fd = mkstemp(temporary);
	if (fd < 0)
		return error_set(e, "cannot write '%.300s': %s", path, strerror(errno));
	if (write_whole(fd, text, size) == 0 && fchmod(fd, 0644) == 0 &&
		rename(temporary, real) == 0) {
		close(fd);
		return 0;
	}
	saved = errno;
	close(fd);
	unlink(temporary);
	return error_set(e, "cannot write '%.300s': %s", path, strerror(saved));
}

void host_system_options(char *path, size_t size)
{
	snprintf(path, size, "%s/katop.conf", SYSCONFDIR);
}

void host_user_options(char *path, size_t size)
{
	const char *config = host_env("XDG_CONFIG_HOME");
	const char *home = host_env("HOME");

	path[0] = '\0';
	if (config != NULL && config[0] == '/')
		snprintf(path, size, "%s/katop/options", config);
	else if (home != NULL && home[0] == '/')
		snprintf(path, size, "%s/.config/katop/options", home);
}

long host_service_port(const char *name)
{
	const struct servent *service = getservbyname(name, "tcp");

	return service != NULL ? ntohs((uint16_t)service->s_port) : -1;
}

long host_user_id(const char *name)
{
	const struct passwd *user = getpwnam(name);

	return user != NULL ? (long)user->pw_uid : -1;
}
