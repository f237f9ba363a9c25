/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading an options file, the same on every system. */
#include "config.h"
#include "host/host.h"

#include <errno.h>
#include <string.h>

#include "base/strbuf.h"

#define OPTIONS_FILE_MOST (64 * 1024)

static char *read_all(FILE *file, const char *path, size_t *size, struct error *e)
{
	struct strbuf text = { 0 };
	size_t n;

	do {
		n = fread(strbuf_reserve(&text, 4096), 1, 4096, file);
		text.len += n;
	} while (n > 0 && text.len <= OPTIONS_FILE_MOST);
	if (ferror(file) || text.len > OPTIONS_FILE_MOST) {
		error_set(e, "cannot read '%.300s': %s", path,
			ferror(file) ? strerror(errno) : "longer than 64 KiB");
		strbuf_clear(&text);
		return NULL;
	}
	text.data[text.len] = '\0';
	*size = text.len;
	return text.data;
}

char *host_read_file(const char *path, size_t *size, struct error *e)
{
	FILE *file;
	char *text;

	errno = 0;
	file = host_open(path, "rb", e);
	if (file == NULL) {
		/* another user's home (su, sudo) is none of ours */
		if (errno == ENOENT || errno == ENOTDIR || errno == EACCES)
			e->text[0] = '\0';
		return NULL;
	}
	text = read_all(file, path, size, e);
	fclose(file);
	return text;
}
