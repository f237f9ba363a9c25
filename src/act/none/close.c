/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "act/act.h"

int act_may_close(struct error *e)
{
	return error_set(e, "connections cannot be closed on this system");
}

enum act_result act_close(const struct conn *c, struct error *e)
{
	(void)c;
	act_may_close(e);
	return ACT_FAILED;
}
