/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses of this network namespace. */
#ifndef KATOP_COLLECT_LINUX_LOCAL_ADDR_H
#define KATOP_COLLECT_LINUX_LOCAL_ADDR_H

#include "model/local_addrs.h"

/* Reads them anew from the kernel (RTM_GETADDR). */
void local_addrs_read(struct local_addrs *a);

#endif
