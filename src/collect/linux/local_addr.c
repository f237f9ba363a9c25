/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/local_addr.h"

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <time.h>

#include "collect/linux/netlink.h"

#define BUFFER_SIZE (32 * 1024)
#define TRIES	    3

/* On point-to-point links IFA_ADDRESS is the other end and IFA_LOCAL ours
 * (inet_fill_ifaddr(), net/ipv4/devinet.c); IPv6 sends IFA_LOCAL only there. */
static int on_address(const struct nlmsghdr *nlh, void *context)
{
	const struct ifaddrmsg *m = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *found = NULL;
	unsigned family;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*m) ||
		(m->ifa_family != AF_INET && m->ifa_family != AF_INET6))
		return MNL_CB_OK;
	family = m->ifa_family == AF_INET6 ? 6 : 4;
	mnl_attr_for_each(attr, nlh, sizeof(*m))
	{
		unsigned type = mnl_attr_get_type(attr);

		if (mnl_attr_get_payload_len(attr) != (family == 6 ? 16 : 4))
			continue;
		if (type == IFA_LOCAL || (type == IFA_ADDRESS && found == NULL))
			found = attr;
	}
	if (found != NULL)
		local_addrs_add(context, family, mnl_attr_get_payload(found));
	return MNL_CB_OK;
}

static int dump(struct mnl_socket *nl, struct local_addrs *a)
{
	uint64_t buf[BUFFER_SIZE / sizeof(uint64_t)];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));
	unsigned seq = (unsigned)time(NULL);
	int rc = MNL_CB_OK;

	nlh->nlmsg_type = RTM_GETADDR;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = seq;
	m->ifa_family = AF_UNSPEC;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		return -1;
	while (rc > MNL_CB_STOP) {
		ssize_t got = netlink_receive(nl, buf, sizeof(buf));

		if (got < 0)
			return -1;
		rc = mnl_cb_run(
			buf, (size_t)got, seq, mnl_socket_get_portid(nl), on_address, a);
	}
	return rc;
}

/* One try; an address that comes or goes meanwhile breaks it (NLM_F_DUMP_INTR). */
static void read_once(struct local_addrs *a)
{
	struct mnl_socket *nl = netlink_open(NETLINK_ROUTE);

	a->count = 0;
	if (nl == NULL)
		return;
	a->known = dump(nl, a) == MNL_CB_STOP;
	mnl_socket_close(nl);
}

void local_addrs_read(struct local_addrs *a)
{
	a->known = false;
	for (int i = 0; i < TRIES && !a->known; i++)
		read_once(a);
	local_addrs_sort(a);
}
