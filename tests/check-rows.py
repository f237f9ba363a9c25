#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Some 60 real connections in every odd state: each row of katop agrees with what was set
up, and with what sock_diag says just before and just after."""

import os
import random
import socket
import time

import rig

TOLERANCE_MS = 20
ATTEMPTS = 20  # a busy machine may stop katop just where it reads the clock

TCP_LINGER2 = 8

random.seed(20260131)
kept = []  # sockets that live until the end
expected = {}  # cookie -> what the row must say


def expect(sock, **facts):
    """Facts of a socket that this process goes on holding."""
    kept.append(sock)
    expected[rig.cookie(sock)] = dict(
        facts, inode=os.fstat(sock.fileno()).st_ino,
        owner=(os.getpid(), sock.fileno()))


def expect_orphan(cookie, **facts):
    expected[cookie] = dict(facts, inode=None, owner=None)


def established():
    for i in range(6):
        for end in rig.pair(["v4", "v6", "mapped"][i % 3]):
            expect(end, state="established", timer="none", keepalive=False)
    for i in range(12):
        client, server = rig.pair(["v4", "v6", "mapped"][i % 3])
        if i < 3:
            rig.keepalive(client)
        else:
            rig.keepalive(client, random.randint(30, 30000), random.randint(30, 30000),
                          random.randint(1, 127), random.choice([None, 0, 60000]))
        expect(client, state="established", timer="keepalive", keepalive=True, probes=0)
        expect(server, state="established", timer="none", keepalive=False)


def unread_data():
    client, server = rig.pair()
    client.send(b"hello")
    expect(server, state="established", recv_queue_bytes=5)
    expect(client, state="established")


def half_closed():
    for i in range(3):
        client, server = rig.pair(["v4", "v6", "mapped"][i])
        if i:
            rig.keepalive(client, 500)
            rig.keepalive(server, 600)
        client.shutdown(socket.SHUT_WR)
        timer = "keepalive" if i else "none"
        expect(client, state="fin-wait-2", timer=timer, keepalive=bool(i))
        expect(server, state="close-wait", timer=timer, keepalive=bool(i))


def orphans():
    for linger, mini in ((90, False), (120, False), (None, True)):
        client, server = rig.pair()
        if linger:
            client.setsockopt(socket.IPPROTO_TCP, TCP_LINGER2, linger)
        cookie = rig.cookie(client)
        client.close()
        expect_orphan(cookie, state="fin-wait-2", timer="fin-wait", keepalive=None,
                      probes=None, owner_unknown="minisocket" if mini else "orphan")
        expect(server, state="close-wait", timer="none", keepalive=False)
    for kind in "v4", "v6":
        client, server = rig.pair(kind)
        cookie = rig.cookie(client)
        rig.drop_incoming(server)
        client.send(b"lost")
        client.close()
        expect_orphan(cookie, state="fin-wait-1", timer="retransmit", keepalive=None,
                      owner_unknown="orphan")
        expect(server, state="established", timer="none")


def time_wait():
    for kind in "v4", "v6", "mapped":
        client, server = rig.pair(kind)
        cookie = rig.cookie(client)
        client.close()
        server.close()
        expect_orphan(cookie, state="time-wait", timer="time-wait", keepalive=None,
                      probes=None, uid=None, send_queue_bytes=None, last_ack_ms=None,
                      owner_unknown="minisocket")


def black_holes():
    for i in range(4):
        client, server = rig.pair(["v4", "v6"][i % 2])
        if i % 2:
            rig.keepalive(client, 500)
        rig.drop_incoming(server)
        client.send(b"x" * (i + 1))
        expect(client, state="established", timer="retransmit", send_queue_bytes=i + 1)
        expect(server, state="established", timer="none")


def zero_windows():
    for kind in "v4", "v6":
        at = rig.listener(kind)
        at.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client, server = rig.pair(kind, at)
        at.close()
        rig.fill(client)
        expect(client, state="established", timer="persist")
        expect(server, state="established")


def unanswered():
    """One probe is out and stays so: the next is a minute away."""
    for kind in "v4", "v6", "mapped":
        client, server = rig.pair(kind)
        rig.drop_incoming(server)
        rig.keepalive(client, 1, 60, 9)
        expect(client, state="established", timer="keepalive", keepalive=True, probes=1)
        expect(server, state="established", timer="none")


def handshakes():
    deaf = rig.listener()
    rig.drop_incoming(deaf)
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(deaf.getsockname())
    expect(client, state="syn-sent", timer="retransmit", last_ack_ms=None)
    expect(deaf, state="listen", timer="none")
    full = rig.listener(backlog=9)
    client = socket.socket()
    client.setblocking(False)
    client.bind(("127.0.0.1", 0))
    rig.drop_incoming(client)
    client.connect_ex(full.getsockname())
    expect(client, state="syn-sent", timer="retransmit")
    # the half-open one has no socket whose cookie we could ask
    expected[("syn-recv", full.getsockname()[1])] = dict(
        state="syn-recv", timer="syn-recv", uid=None, inode=None, owner=None,
        owner_unknown="minisocket", recv_queue_bytes=None,
        peer_port=client.getsockname()[1])
    waiting = socket.create_connection(full.getsockname())
    expect(waiting, state="established")
    expected[("established", full.getsockname()[1])] = dict(
        state="established", keepalive=False, inode=None, owner=None,
        owner_unknown="orphan", peer_port=waiting.getsockname()[1])
    expect(full, state="listen", timer="none", keepalive=None, peer_port=0,
           recv_queue_bytes=1, send_queue_bytes=9, last_ack_ms=None)


def listeners():
    expect(rig.listener("v6", 7), state="listen", local_address="::1", send_queue_bytes=7)
    expect(rig.listener("mapped", 8), state="listen", local_address="::", peer_address="::")


def cgroup():
    """This process's path in the cgroup2 tree, None where that is not mounted."""
    with open("/proc/mounts", encoding="utf-8") as f:
        if not any(line.split()[2] == "cgroup2" for line in f):
            return None
    with open("/proc/self/cgroup", encoding="utf-8") as f:
        return next((line.strip()[3:] for line in f if line.startswith("0::")), None)


def bound():
    """An interface, a mark, a control group."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    at = rig.listener()
    facts = {"dev": "lo", "mark": 0x1234, "cgroup": cgroup()}
    client.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, 0x1234)
    client.connect(at.getsockname())
    expect(client, state="established", **facts)
    expect(at.accept()[0], state="established", dev=None)
    expect(at, state="listen", dev=None)


def key_of(row):
    if row.cookie in expected:
        return row.cookie
    return (rig.STATES[row.state], row.sport)


def unsettled():
    """Sockets that are not yet in the state that they were set up for."""
    rows = {key_of(row): row for row in rig.raw_dump()}
    for key, facts in expected.items():
        row = rows.get(key)
        if row is None:
            yield f"{facts}: not there"
        elif rig.STATES[row.state] != facts["state"]:
            yield f"{facts}: {rig.STATES[row.state]}"
        elif row.timer_name != facts.get("timer", row.timer_name):
            yield f"{facts}: timer {row.timer_name}"
        elif facts.get("probes") and row.retrans != facts["probes"]:
            yield f"{facts}: {row.retrans} probes"


def compare_setup(row, key):
    """Differences from what was set up."""
    for name, value in expected[key].items():
        if name == "owner":
            owners = row["owners"] or []
            if [(o["pid"], o["fd"]) for o in owners] != ([value] if value else []):
                yield f"owners {owners}, not {value}"
        elif name == "keepalive" and row["timer"] in ("retransmit", "persist"):
            continue
        elif row[name] != value:
            yield f"{name} {row[name]}, not {value}"


def instants(raw):
    """When the timer fires, by one reading of sock_diag: a span."""
    return raw.begun + raw.expires, raw.ended + raw.expires


def compare_expiry(row, before, after, sampled):
    if before.timer == 0 or before.timer != after.timer:
        return
    spans = instants(before) + instants(after)
    fires = sampled + row["expires_ms"]
    if not min(spans) - TOLERANCE_MS <= fires <= max(spans) + TOLERANCE_MS:
        yield f"fires {fires - min(spans):.0f} ms into {max(spans) - min(spans):.0f}"


def compare_raw(row, before, after):
    """Differences from what sock_diag said before and after, where both agree."""
    for name, of in (("state", lambda r: rig.STATES[r.state]),
                     ("local_address", lambda r: r.src), ("local_port", lambda r: r.sport),
                     ("peer_address", lambda r: r.dst), ("peer_port", lambda r: r.dport),
                     ("timer", lambda r: r.timer_name),
                     ("cookie", lambda r: f"{r.cookie:x}"),
                     ("inode", lambda r: r.inode or None),
                     ("recv_queue_bytes", lambda r: None if r.is_mini else r.rqueue),
                     ("send_queue_bytes", lambda r: None if r.is_mini else r.wqueue),
                     ("retransmits", lambda r: r.retrans if r.timer == 1 else None),
                     ("probes", lambda r: r.retrans if r.timer_name == "keepalive" else None)):
        told = of(before)
        if told != of(after) or (name == "retransmits" and told is None):
            continue
        if row[name] != told:
            yield f"{name} {row[name]}, sock_diag says {told}"


def attempt():
    before = {row.cookie: row for row in rig.raw_dump()}
    told = rig.sample("-a")
    after = {row.cookie: row for row in rig.raw_dump()}
    rows = {int(row["cookie"], 16): row for row in told["connections"]}
    sampled = rig.wall_ms(told["time"])
    faults = []
    if len(rows) != len(told["connections"]):
        faults.append("a cookie twice")
    if set(rows) != set(before):
        faults.append(f"{len(rows)} rows, sock_diag has {len(before)}")
    for cookie, row in rows.items():
        if cookie not in before or cookie not in after:
            continue
        key = key_of(before[cookie])
        differences = list(compare_raw(row, before[cookie], after[cookie]))
        differences += compare_expiry(row, before[cookie], after[cookie], sampled)
        if key in expected:
            differences += compare_setup(row, key)
        faults += [f"{row['state']} {row['local_address']}:{row['local_port']} "
                   f"{row['peer_port']}: {d}" for d in differences]
    return faults, len(rows)


def main():
    rig.need_root(rig.CLOSED)
    rig.enter_namespace()
    for set_up in (established, unread_data, half_closed, orphans, time_wait, black_holes,
                   zero_windows, unanswered, handshakes, listeners, bound):
        set_up()
    rig.wait_until_none(unsettled)
    for _ in range(ATTEMPTS):
        faults, count = attempt()
        if not faults:
            print(f"{count} rows agree")
            return
        print("\n".join(faults) + "\n--")
        time.sleep(0.1)
    rig.fail("rows disagree")


main()
