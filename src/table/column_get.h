/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The getters that the column table names: what each column says of a row. */
#ifndef KATOP_TABLE_COLUMN_GET_H
#define KATOP_TABLE_COLUMN_GET_H

#include "table/columns.h"

/* Fills a zeroed @out, which stays unknown where the fact is. */
#define COLUMN_GETTER(name) void get_##name(const struct row *row, struct value *out)

COLUMN_GETTER(verdict);
COLUMN_GETTER(at_risk);
COLUMN_GETTER(state);
COLUMN_GETTER(local);
COLUMN_GETTER(peer);
COLUMN_GETTER(process);
COLUMN_GETTER(pid);
COLUMN_GETTER(fd);
COLUMN_GETTER(owners);
COLUMN_GETTER(owner_unknown);
COLUMN_GETTER(user);
COLUMN_GETTER(uid);
COLUMN_GETTER(keepalive);
COLUMN_GETTER(idle);
COLUMN_GETTER(timer);
COLUMN_GETTER(expires);
COLUMN_GETTER(due);
COLUMN_GETTER(next);
COLUMN_GETTER(next_latest);
COLUMN_GETTER(probes);
COLUMN_GETTER(deadline);
COLUMN_GETTER(deadline_earliest);
COLUMN_GETTER(deadline_latest);
COLUMN_GETTER(deadline_approximate);
COLUMN_GETTER(keepidle);
COLUMN_GETTER(keepintvl);
COLUMN_GETTER(keepcnt);
COLUMN_GETTER(user_timeout);
COLUMN_GETTER(settings);
COLUMN_GETTER(retransmits);
COLUMN_GETTER(rto);
COLUMN_GETTER(rtt);
COLUMN_GETTER(send_queue);
COLUMN_GETTER(recv_queue);
COLUMN_GETTER(sent);
COLUMN_GETTER(received);
COLUMN_GETTER(last_sent);
COLUMN_GETTER(last_received);
COLUMN_GETTER(last_ack);
COLUMN_GETTER(segs_in);
COLUMN_GETTER(segs_out);
COLUMN_GETTER(inode);
COLUMN_GETTER(cookie);
COLUMN_GETTER(cgroup);
COLUMN_GETTER(mark);
COLUMN_GETTER(dev);

/* Facts for records. */
COLUMN_GETTER(peer_is_local);
COLUMN_GETTER(ka_expires);
COLUMN_GETTER(last_oow_ack);
COLUMN_GETTER(last_peer_probe);
COLUMN_GETTER(peer_period);
COLUMN_GETTER(backoff);
COLUMN_GETTER(minisocket);
COLUMN_GETTER(peer_never_probed);

#endif
