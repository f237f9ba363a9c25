/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of users. The name service may be slow: each is asked for once. */
#ifndef KATOP_COLLECT_LINUX_USER_H
#define KATOP_COLLECT_LINUX_USER_H

#include <stdint.h>

/* A name_lookup (names.h): the user's name, or the number where it has none. */
void user_lookup(void *context, uint64_t uid, char *out);

#endif
