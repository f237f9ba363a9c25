#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who holds a connection, or why nobody can be named: hostile names, shared and moving
descriptors, other users, orphans, sockets in flight."""

import json
import os
import resource
import shutil
import signal
import socket
import subprocess

import rig

NOBODY = 65534
MOST_OWNERS = 65535

# what a process calls itself, and what katop may make of it
HOSTILE = [
    (b"a) S 1\n", "a) S 1?"),
    (b"\x1b[2J\x1b]0;x\x07", "?[2J?]0;x?"),
    (b"q\"\\u0000',{", "q\"\\u0000',{"),
    (b"\xc2\x9b31m\xff\xfe", "?31m??"),
    (b"\xe2\x80\xaetxt", "?txt"),
    ("größe-日本".encode(), "größe-日本"),
]

faults = []


def check(what, told, right):
    if told != right:
        faults.append(f"{what}: {told!r}, not {right!r}")


def hold(name=None, user=None):
    """A process that holds both ends of a connection: its id and the client's cookie."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        if name is not None:
            rig.set_name(name)
        if user is not None:
            os.setuid(user)
            rig.LIBC.prctl(rig.PR_SET_DUMPABLE, 1, 0, 0, 0)  # its /proc is its own
        ends = rig.pair()
        os.write(write, b"%d" % rig.cookie(ends[0]))
        signal.pause()
    told = os.read(read, 64)
    return child, int(told)


def rows(*args, **more):
    told = rig.sample("-a", *args, **more)
    return {int(row["cookie"], 16): row for row in told["connections"]}


def names():
    held = [(hold(name), right) for name, right in HOSTILE]
    told = rows()
    for (child, cookie), right in held:
        check("process", told[cookie]["process"], right)
        check("pid", told[cookie]["pid"], child)
    text = rig.katop("--list", "-a", "-o", "process,pid")[0]
    bad = [c for c in text if c != "\n" and not c.isprintable()]
    check("control characters in text", bad, [])
    check("lines", len(text.splitlines()), len(told) + 1)
    for (child, _), _ in held:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def shared():
    """Held by three processes, and twice by one of them."""
    client, server = rig.pair()
    again = os.dup(client.fileno())
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)
    row = rows()[rig.cookie(client)]
    right = [(pid, fd) for pid in sorted([os.getpid(), *children])
             for fd in sorted([client.fileno(), again])]
    check("owners", [(o["pid"], o["fd"]) for o in row["owners"]], right)
    check("first", (row["pid"], row["fd"]), right[0])
    text = rig.katop("--list", "-H", "-o", "pid,fd", f"sport = :{row['local_port']}")[0]
    check("first in text", tuple(map(int, text.split())), right[0])
    text = rig.katop("--list", "-H", "-o", "fd", f"pid {children[1]}")[0]
    check("found by its last owner", len(text.splitlines()), 2)
    os.close(again)
    client.close()
    row = rows()[rig.cookie(server)]
    check("others", len(row["owners"]), 3)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def crowded():
    """More descriptors than a connection may name: the first are named."""
    client, server = rig.pair()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    each = min(limit[1] - 100, 30000)
    children, (read, write) = [], os.pipe()
    for _ in range(MOST_OWNERS // each + 1):
        child = os.fork()
        if child == 0:
            for _ in range(each):
                os.dup(client.fileno())
            os.write(write, b"x")
            signal.pause()
        children.append(child)
    for _ in children:
        os.read(read, 1)
    row = rows()[rig.cookie(client)]
    check("most owners", len(row["owners"]), MOST_OWNERS)
    check("first of many", (row["pid"], row["fd"]), (os.getpid(), client.fileno()))
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    for end in (client, server):
        end.close()
    os.close(read)
    os.close(write)


def nobodys():
    client, server = rig.pair()
    orphan = rig.cookie(client)
    rig.drop_incoming(server)
    client.send(b"x")
    client.close()
    closed, other = rig.pair()
    waiting = rig.cookie(closed)
    closed.close()
    other.close()
    flying, end = rig.pair()
    flight = rig.cookie(flying)
    here, there = socket.socketpair()
    rig.send_descriptor(here, flying)
    flying.close()
    told = rows()
    for cookie, why in ((orphan, "orphan"), (waiting, "minisocket"), (flight, "not-found")):
        check("owner_unknown", told[cookie].get("owner_unknown"), why)
        check("owners", told[cookie]["owners"], None)
        check("process", told[cookie]["process"], None)
    check("user of a minisocket", told[waiting]["uid"], None)
    for s in (server, end, here, there):
        s.close()


def other_users():
    """An ordinary user is told once what is hidden, and how it would not be."""
    theirs, hidden = hold()
    own, seen = hold(b"mine", NOBODY)
    copy, where = rig.public_katop()
    told = rows(user=NOBODY, path=copy)
    check("owner_unknown", told[hidden].get("owner_unknown"), "other-user")
    check("owners", told[hidden]["owners"], None)
    check("uid", told[hidden]["uid"], 0)
    check("own", (told[seen]["process"], told[seen]["pid"]), ("mine", own))
    check("timer", told[hidden]["timer"], "none")
    text, said = rig.katop("--list", "-n", "3", "-d", "0.1", user=NOBODY, path=copy)
    check("samples", text.count("VERDICT"), 3)
    check("notes", len(said.splitlines()), 1)
    check("the cure", "root" in said, True)
    check("root's notes", rig.katop("--list")[1], "")
    shutil.rmtree(where)
    for child in (theirs, own):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def read_sample(stream):
    lines = []
    while not lines or lines[-1] != "]}\n":
        line = stream.readline()
        if not line:
            rig.fail("katop ended early")
        lines.append(line)
    return {int(row["cookie"], 16): row for row in json.loads("".join(lines))["connections"]}


def repeated():
    """A connection that comes between two samples is found, as is a moved descriptor."""
    with subprocess.Popen([rig.KATOP, "--no-options", "--json", "-d", "0.2"],
                          stdout=subprocess.PIPE, text=True) as run:
        read_sample(run.stdout)
        child, cookie = hold(b"late")
        for _ in range(100):
            row = read_sample(run.stdout).get(cookie)
            if row is not None and row["process"] is not None:
                break
        check("late", row and (row["process"], row["pid"]), ("late", child))
        run.kill()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def main():
    rig.need_root(rig.CLOSED)
    rig.enter_namespace()
    rig.enter_process_namespace()
    for part in (names, shared, crowded, nobodys, other_users, repeated):
        part()
    if faults:
        rig.fail("\n".join(faults))
    print("owners agree")


main()
