/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/columns.h"

#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "collect/needs.h"
#include "table/column_get.h"

/* What a verdict is made of. */
#define NEEDS_OUTLOOK (COLLECT_INFO | COLLECT_SETTINGS | COLLECT_LOCAL)

static const char *const verdict_words[] = { "stalled", "probing", "lost", "off", "late",
	"kept", "ok", "local", "unknown", NULL };
static const char *const state_words[] = { "established", "syn-sent", "syn-recv",
	"fin-wait-1", "fin-wait-2", "time-wait", "close", "close-wait", "last-ack",
	"listen", "closing", NULL };
static const char *const keepalive_words[] = { "on", "off", "unknown", NULL };
static const char *const timer_words[] = { "keepalive", "retransmit", "time-wait",
	"persist", "fin-wait", "syn-recv", "delayed-ack", "none", NULL };
static const char *const settings_words[] = { "socket", "inferred", "system", NULL };
static const char *const owner_unknown_words[] = { "other-user", "kernel", "orphan",
	"minisocket", "not-found", NULL };

/* clang-format off */
#define OWNER_COMPANIONS                                                                 \
	{ "owners", "", "every process that holds it", TYPE_OWNERS,                    \
		COLUMN_JSON_ONLY, COLLECT_OWNER, 0, 0, NULL, get_owners },               \
	{ "owner_unknown", "", "why no owner is named", TYPE_WORD,                     \
		COLUMN_JSON_ONLY | COLUMN_IF_TRUE, COLLECT_OWNER, 0, 0,                  \
		owner_unknown_words, get_owner_unknown }
/* clang-format on */

const struct column columns[] = {
	{ "verdict", "VERDICT", "whether it will be dropped while idle", TYPE_WORD,
		COLUMN_DEFAULT | COLUMN_LEFT | COLUMN_ESSENTIAL, NEEDS_OUTLOOK, 11, 0,
		verdict_words, get_verdict },
	{ "at_risk", "RISK", "the verdict calls for action", TYPE_BOOL,
		COLUMN_LEFT | COLUMN_MOST_FIRST, NEEDS_OUTLOOK, 5, 0, NULL, get_at_risk },
	{ "state", "STATE", "TCP state", TYPE_WORD, COLUMN_DEFAULT | COLUMN_LEFT, 0, 10,
		3, state_words, get_state },
	{ "local", "LOCAL", "local address and port", TYPE_ENDPOINT,
		COLUMN_DEFAULT | COLUMN_LEFT, 0, 18, 4, NULL, get_local },
	{ "peer", "PEER", "peer address and port", TYPE_ENDPOINT,
		COLUMN_DEFAULT | COLUMN_LEFT | COLUMN_ESSENTIAL, 0, 18, 0, NULL,
		get_peer },
	{ "process", "PROCESS", "process that holds it (the lowest pid)", TYPE_TEXT,
		COLUMN_DEFAULT | COLUMN_LEFT | COLUMN_ESSENTIAL, COLLECT_OWNER, 8, 0,
		NULL, get_process },
	OWNER_COMPANIONS,
	{ "pid", "PID", "lowest process id that holds it", TYPE_ID, 0, COLLECT_OWNER, 7,
		0, NULL, get_pid },
	OWNER_COMPANIONS,
	{ "fd", "FD", "descriptor in that process", TYPE_ID, 0, COLLECT_OWNER, 4, 0, NULL,
		get_fd },
	OWNER_COMPANIONS,
	{ "user", "USER", "user it belongs to", TYPE_TEXT, COLUMN_LEFT, COLLECT_USER, 8,
		0, NULL, get_user },
	{ "uid", "UID", "user id it belongs to", TYPE_ID, 0, 0, 5, 0, NULL, get_uid },
	{ "keepalive", "KA", "keepalive is on, off, or hidden by another timer",
		TYPE_BOOL, COLUMN_DEFAULT | COLUMN_LEFT, COLLECT_SETTINGS, 3, 1,
		keepalive_words, get_keepalive },
	{ "idle", "IDLE", "time since anything was accepted from the peer", TYPE_MS,
		COLUMN_DEFAULT | COLUMN_ESSENTIAL | COLUMN_MOST_FIRST, COLLECT_INFO, 6, 0,
		NULL, get_idle },
	{ "timer", "TIMER", "timer that runs in the kernel", TYPE_WORD, COLUMN_LEFT, 0,
		11, 0, timer_words, get_timer },
	{ "expires", "EXPIRES", "time until that timer fires", TYPE_MS, 0, 0, 7, 0, NULL,
		get_expires },
	{ "due", "", "the timer has run out and not fired yet", TYPE_BOOL,
		COLUMN_JSON_ONLY | COLUMN_IF_TRUE, 0, 0, 0, NULL, get_due },
	{ "next", "NEXT", "time until the next keepalive probe really leaves", TYPE_MS,
		COLUMN_DEFAULT, COLLECT_INFO | COLLECT_SETTINGS, 6, 5, NULL, get_next },
	{ "next_latest", "", "the same at the latest", TYPE_MS, COLUMN_JSON_ONLY,
		COLLECT_INFO | COLLECT_SETTINGS, 0, 0, NULL, get_next_latest },
	{ "probes", "PROBES", "keepalive probes without an answer, of how many",
		TYPE_RATIO, COLUMN_DEFAULT | COLUMN_MOST_FIRST,
		COLLECT_INFO | COLLECT_SETTINGS, 6, 2, NULL, get_probes },
	{ "deadline", "GIVES UP",
		"time until the kernel gives up if the peer stays silent", TYPE_MS,
		COLUMN_DEFAULT, COLLECT_INFO | COLLECT_SETTINGS, 8, 6, NULL,
		get_deadline },
	{ "deadline_earliest", "", "the same at the earliest", TYPE_MS, COLUMN_JSON_ONLY,
		COLLECT_INFO | COLLECT_SETTINGS, 0, 0, NULL, get_deadline_earliest },
	{ "deadline_latest", "", "the same at the latest", TYPE_MS, COLUMN_JSON_ONLY,
		COLLECT_INFO | COLLECT_SETTINGS, 0, 0, NULL, get_deadline_latest },
	{ "deadline_approximate", "", "the deadline is an estimate", TYPE_BOOL,
		COLUMN_JSON_ONLY, COLLECT_INFO | COLLECT_SETTINGS, 0, 0, NULL,
		get_deadline_approximate },
	{ "keepidle", "KEEPIDLE", "silence before the first probe, in effect", TYPE_MS, 0,
		COLLECT_INFO | COLLECT_SETTINGS, 8, 0, NULL, get_keepidle },
	{ "keepintvl", "KEEPINTVL", "time between unanswered probes, in effect", TYPE_MS,
		0, COLLECT_INFO | COLLECT_SETTINGS, 9, 0, NULL, get_keepintvl },
	{ "keepcnt", "KEEPCNT", "unanswered probes before giving up, in effect",
		TYPE_NUMBER, 0, COLLECT_INFO | COLLECT_SETTINGS, 7, 0, NULL,
		get_keepcnt },
	{ "user_timeout", "USERTMO", "TCP_USER_TIMEOUT in effect, 0 when not set",
		TYPE_MS, 0, COLLECT_INFO | COLLECT_SETTINGS, 7, 0, NULL,
		get_user_timeout },
	{ "settings", "SETTINGS",
		"source of the settings: socket, inferred, system (assumed)", TYPE_WORD,
		COLUMN_LEFT, COLLECT_INFO | COLLECT_SETTINGS, 8, 0, settings_words,
		get_settings },
	{ "retransmits", "RETRANS", "retransmissions or window probes without an answer",
		TYPE_NUMBER, COLUMN_MOST_FIRST, 0, 7, 0, NULL, get_retransmits },
	{ "rto", "RTO", "retransmission timeout", TYPE_MS, COLUMN_MOST_FIRST,
		COLLECT_INFO, 6, 0, NULL, get_rto },
	{ "rtt", "RTT", "smoothed round trip", TYPE_US, COLUMN_MOST_FIRST, COLLECT_INFO,
		6, 0, NULL, get_rtt },
	{ "send_queue", "SENDQ", "bytes not yet acknowledged", TYPE_BYTES,
		COLUMN_MOST_FIRST, 0, 6, 0, NULL, get_send_queue },
	{ "recv_queue", "RECVQ", "bytes not yet read by the owner", TYPE_BYTES,
		COLUMN_MOST_FIRST, 0, 6, 0, NULL, get_recv_queue },
	{ "sent", "SENT", "bytes sent and acknowledged", TYPE_BYTES, COLUMN_MOST_FIRST,
		COLLECT_INFO, 8, 0, NULL, get_sent },
	{ "received", "RECEIVED", "bytes received", TYPE_BYTES, COLUMN_MOST_FIRST,
		COLLECT_INFO, 8, 0, NULL, get_received },
	{ "last_sent", "LASTSENT", "time since data was sent", TYPE_MS, COLUMN_MOST_FIRST,
		COLLECT_INFO, 8, 0, NULL, get_last_sent },
	{ "last_received", "LASTRECV", "time since data was received", TYPE_MS,
		COLUMN_MOST_FIRST, COLLECT_INFO, 8, 0, NULL, get_last_received },
	{ "last_ack", "LASTACK", "time since an ACK was received", TYPE_MS,
		COLUMN_MOST_FIRST, COLLECT_INFO, 7, 0, NULL, get_last_ack },
	{ "segs_in", "SEGSIN", "segments received", TYPE_NUMBER, COLUMN_MOST_FIRST,
		COLLECT_INFO, 7, 0, NULL, get_segs_in },
	{ "segs_out", "SEGSOUT", "segments sent", TYPE_NUMBER, COLUMN_MOST_FIRST,
		COLLECT_INFO, 7, 0, NULL, get_segs_out },
	{ "inode", "INODE", "inode of the socket", TYPE_ID, 0, 0, 8, 0, NULL, get_inode },
	{ "cookie", "COOKIE", "the kernel's identity of the socket, hexadecimal",
		TYPE_HEX, 0, 0, 6, 0, NULL, get_cookie },
	{ "cgroup", "CGROUP", "control group of the socket", TYPE_TEXT, COLUMN_LEFT,
		COLLECT_CGROUP, 12, 0, NULL, get_cgroup },
	{ "mark", "MARK", "firewall mark (needs CAP_NET_ADMIN)", TYPE_ID, 0, COLLECT_MARK,
		6, 0, NULL, get_mark },
	{ "dev", "DEV", "interface it is bound to", TYPE_TEXT, COLUMN_LEFT, 0, 6, 0, NULL,
		get_dev },

	/* facts for records: with them a replay rebuilds struct conn */
	{ "peer_is_local", "", "the peer is on this system", TYPE_BOOL, COLUMN_FACT,
		COLLECT_LOCAL, 0, 0, NULL, get_peer_is_local },
	{ "ka_expires", "", "time until the hidden keepalive timer fires", TYPE_MS,
		COLUMN_FACT, COLLECT_SETTINGS, 0, 0, NULL, get_ka_expires },
	{ "last_oow_ack", "", "time since an out-of-window segment was answered", TYPE_MS,
		COLUMN_FACT, COLLECT_SETTINGS, 0, 0, NULL, get_last_oow_ack },
	{ "last_peer_probe", "", "time since a probe of the peer's was noticed", TYPE_MS,
		COLUMN_FACT, COLLECT_INFO, 0, 0, NULL, get_last_peer_probe },
	{ "peer_period", "", "time between the peer's probes", TYPE_MS, COLUMN_FACT,
		COLLECT_INFO, 0, 0, NULL, get_peer_period },
	{ "backoff", "", "doublings of the retransmission timeout", TYPE_NUMBER,
		COLUMN_FACT, COLLECT_INFO, 0, 0, NULL, get_backoff },
	{ "minisocket", "", "a TIME-WAIT or request socket", TYPE_BOOL,
		COLUMN_FACT | COLUMN_IF_TRUE, 0, 0, 0, NULL, get_minisocket },
	{ "peer_never_probed", "", "no probe of the peer's has ever come", TYPE_BOOL,
		COLUMN_FACT | COLUMN_IF_TRUE, COLLECT_SETTINGS, 0, 0, NULL,
		get_peer_never_probed },
};

const size_t columns_count = sizeof(columns) / sizeof(columns[0]);

static char fold(char c)
{
	return c == '-' ? '_' : text_lower(c);
}

static bool is_key(const char *typed, const char *key)
{
	while (*typed != '\0' && fold(*typed) == *key)
		typed++, key++;
	return *typed == '\0' && *key == '\0';
}

const struct column *column_find(const char *key)
{
	for (size_t i = 0; i < columns_count; i++)
		if (column_is_choosable(&columns[i]) && is_key(key, columns[i].key))
			return &columns[i];
	return NULL;
}

static const char *choosable_key(const void *context, size_t i)
{
	(void)context;
	return column_is_choosable(&columns[i]) ? columns[i].key : NULL;
}

const char *column_suggest(const char *typed)
{
	return suggest_nearest(typed, columns_count, choosable_key, NULL);
}
