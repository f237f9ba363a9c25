/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "host/signals.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

#include <windows.h>

/* Windows ends the program when the handler of these returns, in any case after 5 s. */
#define END_BY_SYSTEM_MS 5000

/* Handlers are given nothing to find these by; a console's handler runs in a thread of
 * its own. */
static volatile LONG end_signal;
static void (*wake_call)(void);
static void (*rescue_call)(void);

static BOOL WINAPI on_console_event(DWORD event)
{
	int signal = event == CTRL_C_EVENT	 ? SIGINT
		     : event == CTRL_BREAK_EVENT ? SIGBREAK
						 : SIGTERM;

	InterlockedExchange(&end_signal, signal);
	wake_call();
	/* the loop ends the program meanwhile */
	if (signal == SIGTERM)
		Sleep(END_BY_SYSTEM_MS);
	return TRUE;
}

static LONG WINAPI on_exception(EXCEPTION_POINTERS *exception)
{
	(void)exception;
	rescue_call();
	return EXCEPTION_CONTINUE_SEARCH;
}

static void on_abort(int number)
{
	(void)number;
	rescue_call();
}

void signals_catch(void (*wake)(void), void (*rescue)(void))
{
	wake_call = wake;
	rescue_call = rescue;
	SetConsoleCtrlHandler(on_console_event, TRUE);
	SetUnhandledExceptionFilter(on_exception);
	signal(SIGABRT, on_abort);
}

int signals_end_wanted(void)
{
	return (int)end_signal;
}

/* A Windows console stops no program. */
bool signals_stop_wanted(void)
{
	return false;
}

void signals_stop(void)
{
}

/* What a parent sees of a program that Ctrl-C ended. */
_Noreturn void signals_die_by(int signal)
{
	(void)signal;
	exit((int)STATUS_CONTROL_C_EXIT);
}

int signals_of_hangup(void)
{
	return SIGTERM;
}

void signals_block_in_thread(void)
{
}
