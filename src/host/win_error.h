/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Windows says of a failure, by name. */
#ifndef KATOP_HOST_WIN_ERROR_H
#define KATOP_HOST_WIN_ERROR_H

#include <stddef.h>

#include "base/error.h"

/*
 * Writes "access is denied (ERROR_ACCESS_DENIED)" for a code of GetLastError() or
 * WSAGetLastError(), "error 1234" for one without a name here. Returns @out.
 */
const char *win_error_text(char *out, size_t size, unsigned long code);

#define WIN_ERROR_SIZE 128

#endif
