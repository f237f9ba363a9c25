/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "out/parameters.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SYSCTL_FILE "/etc/sysctl.d/60-keepalive.conf"
#define TCPIP	    "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters"

/* What both systems' first two settings mean. */
#define MEANING_TIME                                                                     \
	"How long a connection is silent before the first probe, and between probes as " \
	"long as they are answered."
#define MEANING_INTVL "The time from a probe that is not answered to the next."

/*
 * The ranges of the socket options are MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL and
 * MAX_TCP_KEEPCNT of include/net/tcp.h; tcp_keepalive_probes is a u8 since Linux 5.13.
 * The sysctls also take 0 and less, which no one wants: probes without pause, or none
 * before the connection is given up.
 */
static const struct parameter linux_parameters[] = {
	{
		.key = "keepalive_time",
		.name = "net.ipv4.tcp_keepalive_time",
		.unit = UNIT_SECONDS,
		.least = 1,
		.standard = 7200,
		.meaning = MEANING_TIME,
		.suggested = 120,
		.application = "setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, ...): 1 to "
			       "32767 s",
	},
	{
		.key = "keepalive_intvl",
		.name = "net.ipv4.tcp_keepalive_intvl",
		.unit = UNIT_SECONDS,
		.least = 1,
		.standard = 75,
		.meaning = MEANING_INTVL,
		.suggested = 30,
		.application = "setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, ...): 1 to "
			       "32767 s",
	},
	{
		.key = "keepalive_probes",
		.name = "net.ipv4.tcp_keepalive_probes",
		.unit = UNIT_COUNT,
		.least = 1,
		.most = 255,
		.standard = 9,
		.meaning = "How many probes stay without an answer before the kernel "
			   "gives the connection up.",
		.suggested = 4,
		.application = "setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, ...): 1 to 127",
	},
};

static const struct parameter windows_parameters[] = {
	{
		.key = "keepalive_time",
		.name = "KeepAliveTime",
		.unit = UNIT_MS,
		.least = 1,
		.most = UINT32_MAX,
		.standard = 7200000,
		.meaning = MEANING_TIME,
		.suggested = 120000,
		.application =
			"WSAIoctl(s, SIO_KEEPALIVE_VALS, ...) in ms; since Windows "
			"10 1709 setsockopt(s, IPPROTO_TCP, TCP_KEEPIDLE, ...) in s",
	},
	{
		.key = "keepalive_intvl",
		.name = "KeepAliveInterval",
		.unit = UNIT_MS,
		.least = 1,
		.most = UINT32_MAX,
		.standard = 1000,
		.meaning = MEANING_INTVL,
		.suggested = 1000,
		.application =
			"WSAIoctl(s, SIO_KEEPALIVE_VALS, ...) in ms; since Windows "
			"10 1709 setsockopt(s, IPPROTO_TCP, TCP_KEEPINTVL, ...) in "
			"s",
	},
	{
		.key = "keepalive_probes",
		.name = "keepalive probes",
		.unit = UNIT_COUNT,
		.least = 10,
		.most = 10,
		.standard = 10,
		.meaning = "How many probes stay without an answer before Windows gives "
			   "the connection up: 10, fixed since Vista.",
		.application = "since Windows 10 1703 setsockopt(s, IPPROTO_TCP, "
			       "TCP_KEEPCNT, ...)",
	},
	{
		.key = "retries2",
		.name = "TcpMaxDataRetransmissions",
		.unit = UNIT_COUNT,
		.least = 0,
		.most = UINT32_MAX,
		.standard = 5,
		.meaning = "How often unacknowledged data is sent again, each time after "
			   "twice the time, before the connection is given up. It "
			   "counted keepalive probes, too, before Vista.",
		.suggested = 5,
		.application = "setsockopt(s, IPPROTO_TCP, TCP_MAXRT, ...) in s",
	},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct parameter *parameter_at(const struct system_info *system, size_t i)
{
	if (system->windows)
		return i < COUNT(windows_parameters) ? &windows_parameters[i] : NULL;
	return i < COUNT(linux_parameters) ? &linux_parameters[i] : NULL;
}

int64_t parameter_value(const struct parameter *p, const struct system_info *system)
{
	const struct {
		const char *key;
		int64_t value;
	} values[] = {
		{ "keepalive_time", system->keepalive_time_ms },
		{ "keepalive_intvl", system->keepalive_intvl_ms },
		{ "keepalive_probes", system->keepalive_probes },
		{ "retries2", system->retries2 },
	};

	for (size_t i = 0; i < COUNT(values); i++)
		if (strcmp(values[i].key, p->key) == 0) {
			int64_t value = values[i].value;

			return p->unit == UNIT_SECONDS && value != SYSTEM_UNKNOWN
				       ? value / 1000
				       : value;
		}
	return SYSTEM_UNKNOWN;
}

int64_t parameter_most(const struct parameter *p, const struct system_info *system)
{
	if (p->most != 0)
		return p->most;
	return INT32_MAX / (system->hz > 0 ? system->hz : 1000);
}

void parameter_source(const struct parameter *p, const struct system_info *system,
	char *out, size_t size)
{
	const char *last = strrchr(p->name, '.');

	if (system->source[0] == '\0')
		out[0] = '\0';
	else if (p->least == p->most)
		snprintf(out, size, "the same on every Windows since Vista");
	else
		snprintf(out, size, "%s%c%s", system->source,
			system->windows ? '\\' : '/', last != NULL ? last + 1 : p->name);
}

static void put(char *out, size_t size, const char *head, const char *name,
	const char *middle, int64_t value, const char *tail)
{
	snprintf(out, size, "%s%s%s%" PRId64 "%s", head, name, middle, value, tail);
}

void parameter_command_now(const struct parameter *p, const struct system_info *system,
	int64_t value, char *out, size_t size)
{
	out[0] = '\0';
	if (p->suggested != 0 && !system->windows)
		put(out, size, "sysctl -w ", p->name, "=", value, "");
}

void parameter_command_permanent(const struct parameter *p,
	const struct system_info *system, int64_t value, char *out, size_t size)
{
	out[0] = '\0';
	if (p->suggested == 0)
		return;
	if (system->windows)
		put(out, size, "reg add \"" TCPIP "\" /v ", p->name, " /t REG_DWORD /d ",
			value, " /f");
	else
		put(out, size, "echo '", p->name, " = ", value, "' >>" SYSCTL_FILE);
}

int64_t parameter_suggestion(const struct parameter *p, const struct path_policy *path)
{
	int64_t half = path->limit_ms / (p->unit == UNIT_SECONDS ? 2000 : 2);

	if (strcmp(p->key, "keepalive_time") != 0 || half < 1 || half >= p->standard)
		return p->suggested;
	return half;
}
