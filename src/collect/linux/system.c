/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/system.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "collect/linux/proc.h"

#define NETSTAT_SIZE (32 * 1024)

/* The ceiling of kernels that have no tcp_rto_max_ms (TCP_RTO_MAX, include/net/tcp.h). */
#define RTO_MAX_MS 120000

/* A sysctl of net.ipv4 times @unit; SYSTEM_UNKNOWN with errno when it cannot be read. */
static int64_t sysctl(const char *name, int64_t unit)
{
	char path[96], text[32], *end;
	long long value;

	snprintf(path, sizeof(path), "sys/net/ipv4/%s", name);
	if (proc_read(path, text, sizeof(text)) < 0)
		return SYSTEM_UNKNOWN;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || errno != 0 || value < 0 || value > INT64_MAX / unit) {
		errno = EINVAL;
		return SYSTEM_UNKNOWN;
	}
	return value * unit;
}

static int64_t read_rto_max(const struct system_info *s)
{
	int64_t ms = sysctl("tcp_rto_max_ms", 1);

	if (ms == SYSTEM_UNKNOWN && errno == ENOENT && s->retries2 != SYSTEM_UNKNOWN)
		return RTO_MAX_MS;
	return ms;
}

/* The coarse clock advances by ticks, so that its resolution tells their rate. */
static int64_t read_hz(void)
{
	struct timespec tick;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) != 0 || tick.tv_sec != 0 ||
		tick.tv_nsec <= 0)
		return SYSTEM_UNKNOWN;
	return (1000000000 + tick.tv_nsec / 2) / tick.tv_nsec;
}

/* The next word of a line: false at its end. */
static bool next_word(const char **p, const char **word, size_t *len)
{
	*p += strspn(*p, " ");
	*word = *p;
	*len = strcspn(*p, " \n");
	*p += *len;
	return *len > 0;
}

static int64_t count_at(const char *titles, const char *values, const char *name)
{
	const char *title, *value;
	size_t title_len, value_len;

	while (next_word(&titles, &title, &title_len) &&
		next_word(&values, &value, &value_len)) {
		if (title_len == strlen(name) && memcmp(title, name, title_len) == 0)
			return strtoll(value, NULL, 10);
	}
	return SYSTEM_UNKNOWN;
}

int64_t system_counter(const char *netstat, const char *group, const char *name)
{
	const char *titles, *values;
	size_t len = strlen(group);

	for (titles = netstat; titles != NULL && *titles != '\0'; titles = values) {
		values = strchr(titles, '\n');
		if (values == NULL)
			break;
		values++;
		if (strncmp(titles, group, len) == 0 && strncmp(values, group, len) == 0)
			return count_at(titles, values, name);
	}
	return SYSTEM_UNKNOWN;
}

static void read_counters(struct system_info *s)
{
	char *text = malloc(NETSTAT_SIZE);

	if (text != NULL && proc_read("net/netstat", text, NETSTAT_SIZE) > 0) {
		s->probes_sent = system_counter(text, "TcpExt:", "TCPKeepAlive");
		s->aborted_on_timeout =
			system_counter(text, "TcpExt:", "TCPAbortOnTimeout");
	}
	free(text);
}

void system_read(struct system_info *s)
{
	system_info_init(s);
	s->keepalive_time_ms = sysctl("tcp_keepalive_time", 1000);
	s->keepalive_intvl_ms = sysctl("tcp_keepalive_intvl", 1000);
	s->keepalive_probes = sysctl("tcp_keepalive_probes", 1);
	s->retries2 = sysctl("tcp_retries2", 1);
	s->rto_max_ms = read_rto_max(s);
	s->hz = read_hz();
	snprintf(s->source, sizeof(s->source), "%.40s/sys/net/ipv4", proc_root());
	read_counters(s);
}

void system_identify(struct snapshot *snap)
{
	char path[PROC_PATH_SIZE], host[256] = "";
	struct stat st;

	if (gethostname(host, sizeof(host) - 1) == 0)
		text_make_harmless(snap->host, sizeof(snap->host), host, strlen(host));
	snprintf(path, sizeof(path), "%.480s/self/ns/net", proc_root());
	if (stat(path, &st) == 0)
		snap->netns = st.st_ino;
}
