/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two iterators: the settings of every TCP socket of the reader's network namespace
 * (Linux 5.9), and all descriptors that hold a socket with a cookie, with the settings
 * of that (5.11).
 *
 * The structures name only what is read here. libbpf moves each access to where the
 * running kernel has the field, by the kernel's own type information (CO-RE). It looks
 * through all types of the kernel for each structure that an access starts from: a
 * millisecond each, so that they are few.
 */
#include <stdbool.h>
#include <stdint.h>

/* bpf_helpers.h leaves these to the includer. */
typedef uint8_t __u8;
typedef uint16_t __u16;
typedef uint32_t __u32;
typedef uint64_t __u64;
typedef int32_t __s32;
typedef int64_t __s64;
typedef uint16_t __be16;
typedef uint32_t __be32;
typedef uint32_t __wsum;

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "katop_bpf.h"

/* include/net/tcp_states.h */
#define TCP_CLOSE  7
#define TCP_LISTEN 10

char LICENSE[] SEC("license") = "GPL";

/* Whether the reader of katop_owners wants the settings, too: they are far apart. */
volatile bool with_settings;

enum sock_flags { SOCK_KEEPOPEN = 3 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct seq_file;
struct file;

struct sock_common {
	volatile unsigned char skc_state;
	struct {
		int64_t counter;
	} skc_cookie;
	unsigned long skc_flags; /* sk_flags, enum sock_flags */
};

struct hlist_node {
	struct hlist_node *next;
	struct hlist_node **pprev;
};

struct timer_list {
	struct hlist_node entry;
	unsigned long expires;
};

struct sock {
	struct sock_common __sk_common;
	struct timer_list sk_timer;
};

struct inet_sock {
	struct sock sk;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	struct timer_list icsk_keepalive_timer;
	uint32_t icsk_user_timeout;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	uint32_t last_oow_ack_time;
	unsigned int keepalive_time;
	unsigned int keepalive_intvl;
	uint8_t keepalive_probes;
};

struct socket {
	struct sock *sk;
};

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
};

#pragma clang attribute pop

/* The contexts are the kernel's promise: pointers in this order, eight bytes each. */
struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	uint32_t fd __attribute__((aligned(8)));
	struct file *file;
};

static __always_inline uint64_t cookie_of(struct tcp_sock *tp)
{
	return tp->inet_conn.icsk_inet.sk.__sk_common.skc_cookie.counter;
}

/*
 * The keepalive timer is sk->sk_timer up to 6.18; later kernels (and some stable ones)
 * gave that one to retransmission and brought icsk_keepalive_timer.
 */
static __always_inline void read_keepalive_timer(
	struct tcp_sock *tp, uint32_t now, struct katop_settings_record *r)
{
	struct hlist_node **pending;
	uint32_t expires;

	if (bpf_core_field_exists(tp->inet_conn.icsk_keepalive_timer)) {
		pending = tp->inet_conn.icsk_keepalive_timer.entry.pprev;
		expires = (uint32_t)tp->inet_conn.icsk_keepalive_timer.expires;
	} else {
		pending = tp->inet_conn.icsk_inet.sk.sk_timer.entry.pprev;
		expires = (uint32_t)tp->inet_conn.icsk_inet.sk.sk_timer.expires;
	}
	if (!pending)
		return;
	r->flags |= KATOP_KEEPALIVE_PENDING;
	r->ka_left_ticks = (int32_t)(expires - now);
}

static __always_inline void read_settings(
	struct tcp_sock *tp, struct katop_settings_record *r)
{
	struct sock_common *skc = &tp->inet_conn.icsk_inet.sk.__sk_common;
	uint32_t oow = tp->last_oow_ack_time, now;

	/* The clock comes last: what it is compared with may be written meanwhile. */
	now = (uint32_t)bpf_jiffies64();
	if (skc->skc_state == TCP_LISTEN || skc->skc_state == TCP_CLOSE)
		return;
	r->flags = KATOP_HAS_SETTINGS;
	r->keepidle_ticks = tp->keepalive_time;
	r->keepintvl_ticks = tp->keepalive_intvl;
	r->keepcnt = tp->keepalive_probes;
	r->user_timeout_ms = tp->inet_conn.icsk_user_timeout;
	if (skc->skc_flags & (1UL << SOCK_KEEPOPEN))
		r->flags |= KATOP_KEEPALIVE_ON;
	read_keepalive_timer(tp, now, r);
	if (oow) {
		r->flags |= KATOP_OOW_ACK;
		r->oow_age_ticks = now - oow;
	}
}

SEC("iter/tcp")
int katop_settings(struct bpf_iter__tcp *ctx)
{
	struct katop_settings_record r = { 0 };
	struct sock_common *skc = ctx->sk_common;
	struct tcp_sock *tp;

	if (!skc)
		return 0;
	/* NULL for what is not a full socket: TIME-WAIT and requests. */
	tp = bpf_skc_to_tcp_sock(skc);
	if (!tp)
		return 0;
	r.cookie = cookie_of(tp);
	if (!r.cookie)
		return 0;
	read_settings(tp, &r);
	if (r.flags)
		bpf_seq_write(ctx->meta->seq, &r, sizeof(r));
	return 0;
}

SEC("iter/task_file")
int katop_owners(struct bpf_iter__task_file *ctx)
{
	struct katop_owner_record r = { 0 };
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket *sock;
	struct tcp_sock *tp;
	struct sock *sk;

	/* A thread with a descriptor table of its own is not what /proc/PID/fd shows. */
	if (!task || !file || task->pid != task->tgid)
		return 0;
	sock = bpf_sock_from_file(file);
	if (!sock)
		return 0;
	sk = sock->sk;
	if (!sk)
		return 0;
	/* The reader knows the wanted ones' cookies; to ask for more costs cache misses.
	 */
	r.settings.cookie = cookie_of((struct tcp_sock *)sk);
	if (!r.settings.cookie)
		return 0;
	if (with_settings) {
		tp = bpf_skc_to_tcp_sock(sk);
		if (!tp)
			return 0;
		read_settings(tp, &r.settings);
	}
	r.pid = task->tgid;
	r.fd = ctx->fd;
	/* Byte by byte: a locked-down kernel refuses bpf_probe_read_kernel(). */
#pragma unroll
	for (int i = 0; i < 16; i++)
		r.comm[i] = task->comm[i];
	bpf_seq_write(ctx->meta->seq, &r, sizeof(r));
	return 0;
}
