/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closing a connection from outside: SOCK_DESTROY, Linux 4.5. */
#include "config.h"
#include "act/act.h"

#include <cap-ng.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "collect/linux/netlink.h"
#include "host/host.h"

#define BUFFER_SIZE 1024

/* In force, or asleep until host_raise(). */
static bool is_capable(void)
{
	capng_clear(CAPNG_SELECT_BOTH);
	return capng_get_caps_process() == 0 &&
	       (capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_ADMIN) ||
		       capng_have_capability(CAPNG_PERMITTED, CAP_NET_ADMIN));
}

static int refuse(struct error *e)
{
	return error_set(e, "closing a connection needs the capability net_admin: run "
			    "katop as root, or setcap cap_net_admin+p on it");
}

int act_may_close(struct error *e)
{
	return is_capable() ? 0 : refuse(e);
}

/*
 * tcp_diag_destroy() looks the socket up by addresses, ports and interface
 * (inet_diag_find_one_icsk()), then compares the cookie: another connection that has
 * taken the same addresses is left alone.
 */
static void put_identity(
	const struct conn *c, unsigned interface, struct inet_diag_sockid *id)
{
	id->idiag_if = interface;
	id->idiag_sport = htons(c->local_port);
	id->idiag_dport = htons(c->peer_port);
	memcpy(id->idiag_src, c->local.bytes, c->local.family == 6 ? 16 : 4);
	memcpy(id->idiag_dst, c->peer.bytes, c->peer.family == 6 ? 16 : 4);
	id->idiag_cookie[0] = (uint32_t)c->id;
	id->idiag_cookie[1] = (uint32_t)(c->id >> 32);
}

static int ask(struct mnl_socket *nl, const struct conn *c, unsigned interface)
{
	uint64_t buf[BUFFER_SIZE / sizeof(uint64_t)];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct inet_diag_req_v2 *req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));
	ssize_t got;

	nlh->nlmsg_type = SOCK_DESTROY;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = 1;
	req->sdiag_family = c->local.family == 6 ? AF_INET6 : AF_INET;
	req->sdiag_protocol = IPPROTO_TCP;
	put_identity(c, interface, &req->id);
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return -1;
	got = netlink_receive(nl, buf, sizeof(buf));
	if (got < 0)
		return -1;
	switch (mnl_cb_run(buf, (size_t)got, 1, mnl_socket_get_portid(nl), NULL, NULL)) {
	case MNL_CB_STOP:
		return 0;
	case MNL_CB_ERROR:
		return -1;
	default: /* no answer to this request */
		errno = EBADMSG;
		return -1;
	}
}

/* 0, or errno. */
static int destroy_at(const struct conn *c, unsigned interface)
{
	struct mnl_socket *nl = netlink_open(NETLINK_SOCK_DIAG);
	int why = 0;

	if (nl == NULL)
		return errno;
	if (ask(nl, c, interface) < 0)
		why = errno;
	mnl_socket_close(nl);
	return why;
}

/* A socket bound to an interface is found on that interface only; its cookie makes sure
 * that trying them all hits no other. */
static int destroy(const struct conn *c)
{
	int why = destroy_at(c, 0);
	struct if_nameindex *all = why == ENOENT && c->dev != 0 ? if_nameindex() : NULL;

	for (size_t i = 0; all != NULL && all[i].if_index != 0 && why == ENOENT; i++)
		why = destroy_at(c, all[i].if_index);
	if (all != NULL)
		if_freenameindex(all);
	return why;
}

static enum act_result explain(int why, struct error *e)
{
	switch (why) {
	case 0:
		return ACT_DONE;
	case ENOENT:
	case ESTALE:
		return ACT_GONE;
	case EPERM:
	case EACCES:
		refuse(e);
		break;
	case EOPNOTSUPP:
	case EINVAL:
		error_set(e, "this kernel cannot close another process's connection: it "
			     "was built without CONFIG_INET_DIAG_DESTROY");
		break;
	default:
		error_set(
			e, "the kernel did not close the connection: %s", strerror(why));
	}
	return ACT_FAILED;
}

enum act_result act_close(const struct conn *c, struct error *e)
{
	int why;

	/* An id that /proc/net/tcp made up (proc_tcp.c) would fit no socket, and what is
	 * alive would pass for gone. */
	if (!conn_has(c, HAVE_COOKIE)) {
		error_set(e, "closing a connection needs sock_diag, which is missing or "
			     "refused here (--settings says why)");
		return ACT_FAILED;
	}
	host_raise();
	why = destroy(c);
	host_lower();
	return explain(why, e);
}
