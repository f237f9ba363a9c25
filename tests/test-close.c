/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closing connections, in a network namespace of the test's own: the right one, or none.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act/act.h"
#include "host/host.h"

void host_raise(void)
{
}

void host_lower(void)
{
}

static int enter_namespace(void **state)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	(void)state;
	if (unshare(CLONE_NEWNET) != 0) {
		print_message("SKIP: no network namespace: %s\n", strerror(errno));
		_exit(77);
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo) != 0)
		return -1;
	return close(fd);
}

/* Two ends of a connection over @family, the first bound to @dev if that is not NULL. */
static void make_pair(int family, const char *dev, int ends[2])
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in four = { .sin_family = AF_INET,
		.sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	struct sockaddr *at = family == AF_INET6 ? (void *)&six : (void *)&four;
	socklen_t size = family == AF_INET6 ? sizeof(six) : sizeof(four);
	int listener = socket(family, SOCK_STREAM, 0);

	assert_int_equal(bind(listener, at, size), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, at, &size), 0);
	ends[0] = socket(family, SOCK_STREAM, 0);
	if (dev != NULL)
		assert_int_equal(setsockopt(ends[0], SOL_SOCKET, SO_BINDTODEVICE, dev,
					 (socklen_t)strlen(dev)),
			0);
	assert_int_equal(connect(ends[0], at, size), 0);
	ends[1] = accept(listener, NULL, NULL);
	assert_true(ends[1] >= 0);
	close(listener);
}

static struct addr address_of(const struct sockaddr_storage *s, uint16_t *port)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)s;
	const struct sockaddr_in *four = (const struct sockaddr_in *)s;

	*port = ntohs(s->ss_family == AF_INET6 ? six->sin6_port : four->sin_port);
	return s->ss_family == AF_INET6 ? addr_from_bytes(6, &six->sin6_addr)
					: addr_from_bytes(4, &four->sin_addr);
}

static struct conn identity(int fd)
{
	struct sockaddr_storage local, peer;
	socklen_t local_size = sizeof(local), peer_size = sizeof(peer), size;
	struct conn c = { .state = STATE_ESTABLISHED, .have = HAVE_COOKIE };

	size = sizeof(c.id);
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &c.id, &size), 0);
	assert_int_equal(getsockname(fd, (void *)&local, &local_size), 0);
	assert_int_equal(getpeername(fd, (void *)&peer, &peer_size), 0);
	c.local = address_of(&local, &c.local_port);
	c.peer = address_of(&peer, &c.peer_port);
	return c;
}

static void expect_alive(const int ends[2])
{
	char byte = 'x';

	assert_int_equal(send(ends[0], &byte, 1, MSG_NOSIGNAL), 1);
	assert_int_equal(recv(ends[1], &byte, 1, 0), 1);
}

static void close_one(int family, const char *dev)
{
	struct conn c;
	struct error e;
	char byte;
	int ends[2];

	make_pair(family, dev, ends);
	c = identity(ends[0]);
	c.dev = dev != NULL;
	assert_int_equal(act_may_close(&e), 0);
	assert_int_equal(act_close(&c, &e), ACT_DONE);
	assert_int_equal(recv(ends[0], &byte, 1, 0), -1);
	assert_int_equal(errno, ECONNABORTED);
	assert_int_equal(act_close(&c, &e), ACT_GONE);
	close(ends[0]);
	close(ends[1]);
}

static void test_close(void **state)
{
	(void)state;
	close_one(AF_INET, NULL);
	close_one(AF_INET6, NULL);
	close_one(AF_INET, "lo");
}

/* The same addresses and ports, yet another connection. */
static void test_never_another(void **state)
{
	struct conn c;
	struct error e;
	int ends[2];

	(void)state;
	make_pair(AF_INET, NULL, ends);
	c = identity(ends[0]);
	c.id += 4096;
	assert_int_equal(act_close(&c, &e), ACT_GONE);
	expect_alive(ends);
	close(ends[0]);
	close(ends[1]);
}

/* What has no identity of the kernel's is not told to be gone. */
static void test_made_up_identity(void **state)
{
	struct error e = { .text = "" };
	struct conn c;
	int ends[2];

	(void)state;
	make_pair(AF_INET, NULL, ends);
	c = identity(ends[0]);
	c.have = 0;
	assert_int_equal(act_close(&c, &e), ACT_FAILED);
	assert_non_null(strstr(e.text, "sock_diag"));
	expect_alive(ends);
	close(ends[0]);
	close(ends[1]);
}

static void test_not_allowed(void **state)
{
	struct conn c;
	struct error e = { .text = "" };
	int ends[2], status;
	pid_t child;

	(void)state;
	make_pair(AF_INET, NULL, ends);
	c = identity(ends[0]);
	child = fork();
	if (child == 0) {
		if (setuid(65534) != 0)
			_exit(1);
		if (act_may_close(&e) != -1 || strstr(e.text, "root") == NULL)
			_exit(2);
		e.text[0] = '\0';
		if (act_close(&c, &e) != ACT_FAILED || strstr(e.text, "root") == NULL)
			_exit(3);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	expect_alive(ends);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close),
		cmocka_unit_test(test_never_another),
		cmocka_unit_test(test_made_up_identity),
		cmocka_unit_test(test_not_allowed),
	};

	return cmocka_run_group_tests(tests, enter_namespace, NULL);
}
