/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Windows tells of one process. */
#ifndef KATOP_COLLECT_WINDOWS_PROCESS_H
#define KATOP_COLLECT_WINDOWS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collect/windows/win_api.h"

/* MAX_PATH UTF-16 units as UTF-8. */
#define PROCESS_NAME_SIZE 784

enum process_access {
	PROCESS_OPENED,
	PROCESS_DENIED, /* it is there, and not to be asked */
	PROCESS_GONE,
};

/* Opens @pid for questions. *@handle is to be closed after PROCESS_OPENED. */
enum process_access process_open(const struct win_api *api, uint32_t pid, HANDLE *handle);

/* When it was started, a FILETIME; 0 when that is not told. */
uint64_t process_started(const struct win_api *api, HANDLE process);

/* The last part of its image's path, harmless UTF-8. False and "" when not told. */
bool process_image(const struct win_api *api, HANDLE process, char *out, size_t size);

/* The same from the list of all processes, which is there for everyone. */
bool process_listed_name(const struct win_api *api, uint32_t pid, char *out, size_t size);

/* The account it runs as: the name alone when it is one of this system or built in, else
 * DOMAIN\name. False and "" when not told. */
bool process_user(const struct win_api *api, HANDLE process, char *out, size_t size);

#endif
