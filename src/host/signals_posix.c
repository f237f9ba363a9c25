/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "host/signals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static const int crashing[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS };

/* What a handler may touch. */
static volatile sig_atomic_t end_signal;
static volatile sig_atomic_t stop_noted;
static void (*wake_call)(void);
static void (*rescue_call)(void);

static void note_end(int signal)
{
	int saved = errno;

	end_signal = signal;
	wake_call();
	errno = saved;
}

static void note_stop(int signal)
{
	int saved = errno;

	(void)signal;
	stop_noted = 1;
	wake_call();
	errno = saved;
}

static void crash(int signal)
{
	rescue_call();
	/* SA_RESETHAND: the default action follows, core dump and status included */
	raise(signal);
}

static void handle(int signal, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigemptyset(&action.sa_mask);
	sigaction(signal, &action, NULL);
}

void signals_catch(void (*wake)(void), void (*rescue)(void))
{
	wake_call = wake;
	rescue_call = rescue;
	for (size_t i = 0; i < COUNT(ending); i++)
		handle(ending[i], note_end, 0);
	for (size_t i = 0; i < COUNT(crashing); i++)
		handle(crashing[i], crash, SA_RESETHAND | SA_NODEFER);
	handle(SIGTSTP, note_stop, 0);
}

int signals_end_wanted(void)
{
	return end_signal;
}

bool signals_stop_wanted(void)
{
	bool wanted = stop_noted != 0;

	stop_noted = 0;
	return wanted;
}

void signals_stop(void)
{
	handle(SIGTSTP, SIG_DFL, 0);
	/* the whole job stops, as a terminal's ^Z would do */
	kill(0, SIGTSTP);
	handle(SIGTSTP, note_stop, 0);
}

_Noreturn void signals_die_by(int signal)
{
	sigset_t set;

	handle(signal, SIG_DFL, 0);
	sigemptyset(&set);
	sigaddset(&set, signal);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(signal);
	_exit(128 + signal);
}

int signals_of_hangup(void)
{
	return SIGHUP;
}

void signals_block_in_thread(void)
{
	sigset_t all;

	/* faults stay deliverable: a crash in the thread must restore the terminal too */
	sigfillset(&all);
	for (size_t i = 0; i < COUNT(crashing); i++)
		sigdelset(&all, crashing[i]);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
}
