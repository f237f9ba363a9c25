/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as what the proc file system says. The first byte chooses: 4 and 6 a line of
 * net/tcp and tcp6, t the whole file, n net/netstat, s a sysctl, l the target of a
 * descriptor's link, c a process's name.
 */
#include "config.h"
#include "fuzz.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "collect/linux/owner_walk.h"
#include "collect/linux/proc.h"
#include "collect/linux/proc_tcp.h"
#include "collect/linux/system.h"
#include "host/host.h"

/* What every file holds. */
static const uint8_t *text;
static size_t text_len;

int64_t clock_mono_ms(void)
{
	return 1000;
}

int64_t clock_wall_ms(void)
{
	return 1700000000000;
}

const char *proc_root(void)
{
	return "/proc";
}

int proc_open(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	FUZZ_HOLDS(fd >= 0 && write(fd, text, text_len) == (ssize_t)text_len);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

ssize_t proc_read(const char *name, char *buf, size_t size)
{
	size_t len = text_len < size - 1 ? text_len : size - 1;

	(void)name;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return (ssize_t)len;
}

static void is_sound(const struct conn *c)
{
	FUZZ_HOLDS(c->state > STATE_UNKNOWN && c->state < STATE_COUNT);
	FUZZ_HOLDS(c->timer < TIMER_COUNT && c->id != 0);
}

static void read_line(unsigned family)
{
	struct conn c = { 0 };

	if (proc_tcp_parse((const char *)text, text_len, family, &c) == 0)
		is_sound(&c);
}

static void take_row(void *context, struct conn *c, const struct diag_extra *x)
{
	(void)context, (void)x;
	is_sound(c);
}

static void read_tables(void)
{
	struct collect_request request = { .needs = COLLECT_ALL,
		.where = { .states = ~0U, .families = FAMILY_ANY } };
	const struct diag_sink sink = { .row = take_row };
	struct snapshot snap = { 0 };
	struct error e;

	snapshot_reset(&snap);
	FUZZ_HOLDS(proc_tcp_dump(&request, &sink, &snap, &e) == 0);
	snapshot_clear(&snap);
}

static void read_system(void)
{
	struct system_info s;

	system_read(&s);
	FUZZ_HOLDS(s.keepalive_time_ms >= SYSTEM_UNKNOWN);
	FUZZ_HOLDS(s.keepalive_probes >= SYSTEM_UNKNOWN);
	FUZZ_HOLDS(s.probes_sent >= SYSTEM_UNKNOWN);
}

static void read_name(void)
{
	char name[64];
	size_t len = text_make_harmless(name, sizeof(name), (const char *)text, text_len);

	FUZZ_HOLDS(len < sizeof(name) && strlen(name) == len);
	FUZZ_HOLDS(text_is_harmless(name));
}

static void read_as(uint8_t kind)
{
	switch (kind) {
	case '4':
		read_line(4);
		break;
	case '6':
		read_line(6);
		break;
	case 't':
		read_tables();
		break;
	case 'n':
	case 's':
		read_system();
		break;
	case 'l':
		owner_inode_of_link((const char *)text, text_len);
		break;
	case 'c':
		read_name();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact;

	if (size == 0)
		return 0;
	/* exactly as long as it is, so that a reader of more is caught */
	exact = malloc(size > 1 ? size - 1 : 1);
	memcpy(exact, data + 1, size - 1);
	text = exact;
	text_len = size - 1;
	read_as(data[0]);
	free(exact);
	return 0;
}
