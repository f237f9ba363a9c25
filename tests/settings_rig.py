# SPDX-License-Identifier: GPL-2.0-or-later
"""Forty connections of four processes of three users, with settings at random, and what
each must show: shared by the tests of the ways to read them."""

import json
import os
import random
import socket

import rig

USERS = (0, 65534, 4711, 4711)
EACH = 10


def settings_of(sock):
    """As the socket itself says: what is in effect."""
    def tcp(option):
        return sock.getsockopt(socket.IPPROTO_TCP, option)

    return {
        "keepalive": bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)),
        "keepidle_ms": tcp(socket.TCP_KEEPIDLE) * 1000,
        "keepintvl_ms": tcp(socket.TCP_KEEPINTVL) * 1000,
        "keepcnt": tcp(socket.TCP_KEEPCNT),
        "user_timeout_ms": tcp(socket.TCP_USER_TIMEOUT),
    }


def set_at_random(sock, random_source):
    """Some of the settings, or none: also without keepalive on."""
    for option, low, high in ((socket.TCP_KEEPIDLE, 1, 32767),
                              (socket.TCP_KEEPINTVL, 1, 32767),
                              (socket.TCP_KEEPCNT, 1, 127),
                              (socket.TCP_USER_TIMEOUT, 0, 600000)):
        if random_source.random() < 0.6:
            sock.setsockopt(socket.IPPROTO_TCP, option, random_source.randint(low, high))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, random_source.random() < 0.6)


def hold(number, user, port, seed, report, stop):
    """One process: its connections, what they are, and then it waits."""
    source = random.Random(seed + number)
    held = []
    rig.set_name(b"holder%d" % number)
    if user:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        # as after execve(): a process that changed its user is closed to it
        rig.LIBC.prctl(rig.PR_SET_DUMPABLE, 1, 0, 0, 0)
    for _ in range(EACH):
        sock = socket.socket()
        sock.connect(("127.0.0.1", port))
        set_at_random(sock, source)
        held.append(sock)
    told = {rig.cookie(sock): dict(settings_of(sock), uid=user, pid=os.getpid(),
                                   fd=sock.fileno()) for sock in held}
    os.write(report, json.dumps(told).encode() + b"\n")
    os.read(stop, 1)
    os._exit(0)


def start_holders():
    """What the forty sockets must show, by cookie; the processes; who keeps them alive."""
    at = rig.listener(backlog=2 * EACH * len(USERS))
    seed = random.randrange(1 << 30)
    print("seed", seed)
    expected, kept = {}, [at]
    for number, user in enumerate(USERS):
        report, write_end = os.pipe()
        read_end, stop = os.pipe()
        if os.fork() == 0:
            os.close(stop)
            port = at.getsockname()[1]
            for other in kept:
                if isinstance(other, int):
                    os.close(other)
                else:
                    other.close()
            hold(number, user, port, seed, write_end, read_end)
        os.close(write_end)
        os.close(read_end)
        with os.fdopen(report, encoding="ascii") as file:
            expected.update({int(k): v for k, v in json.loads(file.readline()).items()})
        kept.append(stop)
        kept += [at.accept()[0] for _ in range(EACH)]
    return expected, kept


def add_hidden(expected, kept):
    """Keepalive behind the retransmission and the zero window timers."""
    client, server = rig.pair()
    rig.keepalive(client, 3600, 70, 5, 900000)
    rig.drop_incoming(server)
    client.send(b"unheard")
    at = rig.listener()
    at.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    full, reader = rig.pair("v4", at)
    rig.keepalive(full, 1800, 60, 4)
    rig.fill(full)
    kept += [client, server, full, reader, at]
    for sock in client, full:
        expected[rig.cookie(sock)] = dict(settings_of(sock), uid=os.getuid(),
                                          pid=os.getpid(), fd=sock.fileno())
    timers = {rig.cookie(client): 1, rig.cookie(full): 4}

    def hidden():
        """the timers that hide keepalive"""
        rig.fill(full)  # what was under way when it was full has left room
        rows = {row.cookie: row.timer for row in rig.raw_dump()}
        return all(rows.get(cookie) == timer for cookie, timer in timers.items())

    rig.wait_for(hidden)


def add_unowned(kept):
    """Cookies of established and closing sockets that no process holds, and what they
    have: one that nobody has accepted inherits its listener's settings."""
    at = rig.listener()
    rig.keepalive(at, 123, 45, 6)
    waiting = socket.create_connection(at.getsockname())
    client, server = rig.pair()
    rig.keepalive(client, 321, 54, 7)
    told = dict(settings_of(client))
    orphan = rig.cookie(client)
    rig.drop_incoming(server)
    client.send(b"lost")
    client.close()
    kept += [at, waiting, server]
    inherited = next(row.cookie for row in rig.raw_dump()
                     if row.sport == at.getsockname()[1] and row.state == 1)
    return {inherited: settings_of(at), orphan: told}


def rows_by_cookie(told):
    return {int(row["cookie"], 16): row for row in told["connections"]}


def differences(row, facts, source="socket"):
    """What a row says otherwise."""
    if row is None:
        yield "no row"
        return
    if row["settings"] != source:
        yield f"settings {row['settings']}, not {source}"
    for name in ("keepalive", "keepidle_ms", "keepintvl_ms", "keepcnt", "user_timeout_ms"):
        if row[name] != facts[name]:
            yield f"{name} {row[name]}, not {facts[name]}"
    owners = [(o["pid"], o["fd"]) for o in row["owners"] or []]
    if "pid" in facts and owners != [(facts["pid"], facts["fd"])]:
        yield f"owners {owners}, not {facts['pid']}, {facts['fd']}"


def compare(told, expected):
    """All differences, worded."""
    rows = rows_by_cookie(told)
    return [f"{cookie:x}: {d}" for cookie, facts in expected.items()
            for d in differences(rows.get(cookie), facts)]


def expect_none(what, faults):
    if faults:
        rig.fail(what + ":\n" + "\n".join(faults))


def need_root():
    rig.need_root("processes of several users")
