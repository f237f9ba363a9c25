/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/state.h"

#include <string.h>

#include "base/text.h"

static const struct {
	const char *title;
	const char *name;
} states[STATE_COUNT] = {
	[STATE_UNKNOWN] = { "UNKNOWN", "unknown" },
	[STATE_ESTABLISHED] = { "ESTAB", "established" },
	[STATE_SYN_SENT] = { "SYN-SENT", "syn-sent" },
	[STATE_SYN_RECV] = { "SYN-RECV", "syn-recv" },
	[STATE_FIN_WAIT_1] = { "FIN-WAIT-1", "fin-wait-1" },
	[STATE_FIN_WAIT_2] = { "FIN-WAIT-2", "fin-wait-2" },
	[STATE_TIME_WAIT] = { "TIME-WAIT", "time-wait" },
	[STATE_CLOSE] = { "UNCONN", "close" },
	[STATE_CLOSE_WAIT] = { "CLOSE-WAIT", "close-wait" },
	[STATE_LAST_ACK] = { "LAST-ACK", "last-ack" },
	[STATE_LISTEN] = { "LISTEN", "listen" },
	[STATE_CLOSING] = { "CLOSING", "closing" },
};

#define BIT(s) STATE_BIT(STATE_##s)

/* misc/ss.c of iproute2: the groups leave out what their names say. */
static const struct {
	const char *word;
	uint32_t states;
} words[] = {
	{ "established", BIT(ESTABLISHED) },
	{ "syn-sent", BIT(SYN_SENT) },
	{ "syn-recv", BIT(SYN_RECV) },
	{ "fin-wait-1", BIT(FIN_WAIT_1) },
	{ "fin-wait-2", BIT(FIN_WAIT_2) },
	{ "time-wait", BIT(TIME_WAIT) },
	{ "close", BIT(CLOSE) },
	{ "close-wait", BIT(CLOSE_WAIT) },
	{ "last-ack", BIT(LAST_ACK) },
	{ "listen", BIT(LISTEN) },
	{ "closing", BIT(CLOSING) },
	{ "all", STATES_ALL },
	{ "connected", STATES_ALL & ~(BIT(CLOSE) | BIT(LISTEN)) },
	{ "synchronized", STATES_ALL & ~(BIT(CLOSE) | BIT(LISTEN) | BIT(SYN_SENT)) },
	{ "bucket", BIT(SYN_RECV) | BIT(TIME_WAIT) },
	{ "big", STATES_ALL & ~(BIT(SYN_RECV) | BIT(TIME_WAIT)) },
	{ "estab", BIT(ESTABLISHED) },
	{ "listening", BIT(LISTEN) },
	{ "closed", BIT(CLOSE) },
	{ "unconnected", BIT(CLOSE) },
	{ "unconn", BIT(CLOSE) },
	{ "syn-rcv", BIT(SYN_RECV) },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static size_t index_of(enum tcp_state state)
{
	return (unsigned)state < STATE_COUNT ? (size_t)state : (size_t)STATE_UNKNOWN;
}

const char *state_title(enum tcp_state state)
{
	return states[index_of(state)].title;
}

const char *state_name(enum tcp_state state)
{
	return states[index_of(state)].name;
}

static int same(const char *word, const char *typed, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (word[i] == '\0' || text_lower(typed[i]) != word[i])
			return 0;
	return word[len] == '\0';
}

uint32_t states_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < WORDS; i++)
		if (same(words[i].word, name, len))
			return words[i].states;
	return 0;
}

const char *states_word(size_t i)
{
	return i < WORDS ? words[i].word : NULL;
}
