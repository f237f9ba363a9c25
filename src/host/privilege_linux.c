/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linux capabilities: what a mode does not need is dropped, the rest sleeps. */
#include "config.h"
#include "host/host.h"

#include <cap-ng.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Since Linux 5.8 and 5.9; older headers do not name them. */
#ifndef CAP_PERFMON
#define CAP_PERFMON 38
#endif
#ifndef CAP_BPF
#define CAP_BPF 39
#endif

static const struct {
	unsigned capability;
	unsigned privilege;
} kept_for[] = {
	{ CAP_NET_ADMIN, PRIVILEGE_DUMP | PRIVILEGE_CLOSE },
	{ CAP_SYS_PTRACE, PRIVILEGE_OWNERS | PRIVILEGE_SETTINGS },
	{ CAP_DAC_READ_SEARCH, PRIVILEGE_OWNERS },
	{ CAP_BPF, PRIVILEGE_BPF },
	{ CAP_PERFMON, PRIVILEGE_BPF_LOAD },
};

#define KEPT_FOR (sizeof(kept_for) / sizeof(kept_for[0]))

/*
 * libcap-ng keeps its state per thread and reads the kernel's anew after
 * capng_clear(): each call here begins with what is true now.
 */
static bool load(void)
{
	capng_clear(CAPNG_SELECT_BOTH);
	return capng_get_caps_process() == 0;
}

/*
 * ncurses asks only whether the user ids differ before it follows these
 * (_nc_env_access()), which file capabilities do not change.
 */
static void clean_environment(void)
{
	static const char *const followed[] = { "TERMINFO", "TERMINFO_DIRS", "TERMCAP",
		"TERMPATH", "NCURSES_TRACE" };

	for (size_t i = 0; i < sizeof(followed) / sizeof(followed[0]); i++)
		unsetenv(followed[i]);
}

/* A setuid program becomes one with capabilities: the ids are the user's again. */
static void shed_setuid(void)
{
	if (geteuid() == getuid() && getegid() == getgid())
		return;
	prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	if (setresgid(getgid(), getgid(), getgid()) != 0 ||
		setresuid(getuid(), getuid(), getuid()) != 0)
		abort();
	prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
}

void host_guard(void)
{
	if (getauxval(AT_SECURE) == 0)
		return;
	clean_environment();
	shed_setuid();
	host_lower();
}

int host_drop_privileges(unsigned keep, struct error *e)
{
	bool permitted[KEPT_FOR];

	if (!load())
		return error_set(e, "cannot read this process's capabilities: %s",
			strerror(errno));
	for (size_t i = 0; i < KEPT_FOR; i++)
		permitted[i] =
			capng_have_capability(CAPNG_PERMITTED, kept_for[i].capability);
	capng_clear(CAPNG_SELECT_CAPS);
	for (size_t i = 0; i < KEPT_FOR; i++)
		if (permitted[i] && (kept_for[i].privilege & keep))
			capng_update(CAPNG_ADD, CAPNG_PERMITTED, kept_for[i].capability);
	if (capng_apply(CAPNG_SELECT_CAPS) != 0)
		return error_set(e, "cannot give up capabilities: %s", strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return error_set(e, "cannot set no_new_privs: %s", strerror(errno));
	return 0;
}

static void effective(bool raise)
{
	if (!load())
		return;
	for (unsigned c = 0; c <= CAP_LAST_CAP; c++)
		if (capng_have_capability(CAPNG_PERMITTED, c))
			capng_update(raise ? CAPNG_ADD : CAPNG_DROP, CAPNG_EFFECTIVE, c);
	capng_apply(CAPNG_SELECT_CAPS);
}

void host_raise(void)
{
	int saved = errno;

	effective(true);
	errno = saved;
}

void host_lower(void)
{
	int saved = errno;

	effective(false);
	errno = saved;
}

void host_describe_privileges(char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	if (!load())
		return;
	for (unsigned c = 0; c <= CAP_LAST_CAP && used < size; c++)
		if (capng_have_capability(CAPNG_PERMITTED, c))
			used += (size_t)snprintf(out + used, size - used, "%s%s",
				used > 0 ? ", " : "capabilities: ",
				capng_capability_to_name(c));
	if (used == 0)
		used = (size_t)snprintf(out, size, "no capabilities");
	if (used < size && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		snprintf(out + used, size - used, "; no_new_privs");
}
