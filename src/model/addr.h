/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 and IPv6 addresses: bytes, text, prefixes. */
#ifndef KATOP_MODEL_ADDR_H
#define KATOP_MODEL_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest text: [ff02:...:255.255.255.255%interface15]:65535 and the NUL. */
#define ADDR_TEXT_SIZE 80

/*
 * An address in network byte order. `family` is 4 (the first four bytes count, the rest
 * are zero), 6, or 0 for none. A v4-mapped address is a 6.
 */
struct addr {
	uint8_t bytes[16];
	uint8_t family;
};

/* From the 4 or 16 bytes of the wire. @family is 4 or 6. */
struct addr addr_from_bytes(unsigned family, const void *bytes);

/*
 * Reads dotted IPv4 or RFC 4291 IPv6 (also with an IPv4 tail) from @len bytes, no zone,
 * no brackets. Returns 0, or -1 when it is no address.
 */
int addr_parse(const char *text, size_t len, struct addr *a);

/* RFC 5952 text into @out (ADDR_TEXT_SIZE); a nonempty @zone follows as %zone if the
 * address is an IPv6 link-local one. Returns the length. */
size_t addr_format(char *out, const struct addr *a, const char *zone);

/* address:port, [v6%zone]:port; port 0 is `*`. Returns the length. */
size_t addr_format_port(char *out, const struct addr *a, const char *zone, unsigned port);

/* The length of that text of an IPv4 address. */
size_t addr_v4_port_width(const struct addr *a, unsigned port);

/* 127/8, ::1 and v4-mapped 127/8. */
bool addr_is_loopback(const struct addr *a);
/* fe80::/10 and 169.254/16. */
bool addr_is_link_local(const struct addr *a);
/* ::ffff:0:0/96 */
bool addr_is_v4_mapped(const struct addr *a);

/* A v4-mapped address as the IPv4 address it carries; others unchanged. */
struct addr addr_unmap(const struct addr *a);

/* Total order: IPv4 (and v4-mapped, by the IPv4 address) before IPv6, then bytes. */
int addr_compare(const struct addr *a, const struct addr *b);

/* Same address; a v4-mapped one equals the IPv4 address it carries. */
bool addr_equal(const struct addr *a, const struct addr *b);

/* True when the first @prefix_len bits are equal; an IPv4 prefix also matches v4-mapped
 * addresses. @prefix_len is in bits of @prefix's family. */
bool addr_in_prefix(const struct addr *a, const struct addr *prefix, unsigned prefix_len);

#endif
