/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "collect/linux/local_addr.h"

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/xalloc.h"

#define BUFFER_SIZE (32 * 1024)
#define TRIES	    3

static struct local_addr pack(const struct addr *a)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned char bytes[16];
	struct local_addr packed;

	memcpy(bytes, a->bytes, sizeof(bytes));
	if (a->family == 4) {
		memcpy(bytes, mapped, sizeof(mapped));
		memcpy(bytes + sizeof(mapped), a->bytes, 4);
	}
	memcpy(&packed.high, bytes, 8);
	memcpy(&packed.low, bytes + 8, 8);
	return packed;
}

static int compare(const void *left, const void *right)
{
	const struct local_addr *a = left, *b = right;
	int order = (a->high > b->high) - (a->high < b->high);

	return order != 0 ? order : (a->low > b->low) - (a->low < b->low);
}

static void add(struct local_addrs *a, unsigned family, const void *bytes)
{
	struct addr address = addr_from_bytes(family, bytes);

	a->list = xgrow(a->list, &a->cap, a->count + 1, sizeof(*a->list));
	a->list[a->count++] = pack(&address);
}

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
		add(context, family, mnl_attr_get_payload(found));
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
		ssize_t got = mnl_socket_recvfrom(nl, buf, sizeof(buf));

		if (got <= 0)
			return -1;
		rc = mnl_cb_run(
			buf, (size_t)got, seq, mnl_socket_get_portid(nl), on_address, a);
	}
	return rc;
}

/* One try; an address that comes or goes meanwhile breaks it (NLM_F_DUMP_INTR). */
static void read_once(struct local_addrs *a)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);

	a->count = 0;
	if (nl == NULL)
		return;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) == 0)
		a->known = dump(nl, a) == MNL_CB_STOP;
	mnl_socket_close(nl);
}

void local_addrs_read(struct local_addrs *a)
{
	a->known = false;
	for (int i = 0; i < TRIES && !a->known; i++)
		read_once(a);
	if (a->count > 1)
		qsort(a->list, a->count, sizeof(*a->list), compare);
}

void local_addrs_clear(struct local_addrs *a)
{
	free(a->list);
	*a = (struct local_addrs){ 0 };
}

static bool contains(const struct local_addrs *a, const struct addr *address)
{
	struct local_addr wanted = pack(address);
	size_t low = 0, high = a->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(&wanted, &a->list[middle]);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

void local_addrs_place(const struct local_addrs *a, struct conn *c)
{
	bool local;

	if (c->state == STATE_LISTEN || c->state == STATE_CLOSE)
		return;
	local = addr_is_loopback(&c->peer) || addr_equal(&c->peer, &c->local) ||
		contains(a, &c->peer);
	if (!local && !a->known)
		return;
	c->have |= HAVE_PEER_LOCAL;
	c->peer_is_local = local;
}
