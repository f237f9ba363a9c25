/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/local_addrs.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

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

void local_addrs_add(struct local_addrs *a, unsigned family, const void *bytes)
{
	struct addr address = addr_from_bytes(family, bytes);

	a->list = xgrow(a->list, &a->cap, a->count + 1, sizeof(*a->list));
	a->list[a->count++] = pack(&address);
}

void local_addrs_sort(struct local_addrs *a)
{
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
