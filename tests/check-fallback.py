#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where sock_diag is refused, /proc/net/tcp tells what it knows, and one line says so."""

import ctypes
import errno
import json
import os
import platform
import shutil
import struct
import subprocess
import tempfile

import rig

SOCKET_CALL = {"x86_64": 41, "aarch64": 198, "riscv64": 198, "ppc64le": 326, "s390x": 359}
TICK_MS = 10

faults = []
kept = []


def check(what, told, right):
    if told != right:
        faults.append(f"{what}: {told!r}, not {right!r}")


def refuse(code):
    """In the child: socket(..., NETLINK_SOCK_DIAG) fails from now on (seccomp)."""
    number = SOCKET_CALL.get(platform.machine())

    def install():
        steps = [(0x20, 0, 0, 0), (0x15, 0, 5, number),       # the call
                 (0x20, 0, 0, 16), (0x15, 0, 3, 16),          # AF_NETLINK
                 (0x20, 0, 0, 32), (0x15, 0, 1, 4),           # NETLINK_SOCK_DIAG
                 (0x06, 0, 0, 0x50000 | code), (0x06, 0, 0, 0x7fff0000)]
        code_bytes = ctypes.create_string_buffer(
            b"".join(struct.pack("HBBI", *step) for step in steps))
        program = ctypes.create_string_buffer(
            struct.pack("HP", len(steps), ctypes.addressof(code_bytes)))
        rig.LIBC.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
        if rig.LIBC.prctl(22, 2, program, 0, 0) != 0:  # PR_SET_SECCOMP
            raise OSError(ctypes.get_errno(), "no seccomp filters")

    return install


def run(*args, code=errno.EPERM, root=None):
    env = dict(os.environ, LC_ALL="C.UTF-8")
    if root:
        env["KATOP_PROC"] = root
    done = subprocess.run([rig.KATOP, "--no-options", *args], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=env, check=False, text=True,
                          preexec_fn=refuse(code), timeout=120)
    return done


def need_seccomp():
    """What prctl() says of a filter that is not there tells whether there are any."""
    rig.LIBC.prctl(22, 2, None, 0, 0)  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
    if ctypes.get_errno() != errno.EFAULT:
        rig.skip("no seccomp filters: " + os.strerror(ctypes.get_errno()))


def set_up():
    for kind in "v4", "v6", "mapped":
        kept.extend(rig.pair(kind))
        client, server = rig.pair(kind)
        rig.keepalive(client, 3000)
        kept.extend([client, server])
        client, server = rig.pair(kind)
        rig.drop_incoming(server)
        client.send(b"abc")
        kept.extend([client, server])
        client, server = rig.pair(kind)
        rig.drop_incoming(server)
        rig.keepalive(client, 1, 100, 9)
        kept.extend([client, server])
        kept.append(rig.listener(kind))
    client, server = rig.pair()
    client.close()
    server.close()


def settled():
    """the first probes to stay unanswered"""
    return sum(row.timer == 2 and row.retrans == 1 for row in rig.raw_dump()) == 3


def key(row):
    return (row["local_address"], row["local_port"], row["peer_address"], row["peer_port"])


def same_facts(row, raw):
    check("state", row["state"], rig.STATES[raw.state])
    check("timer", row["timer"], raw.timer_name)
    check("inode", row["inode"], raw.inode or None)
    if raw.timer_name == "keepalive":
        check("probes", row["probes"], raw.retrans)
    if raw.timer == 2 and abs(row["expires_ms"] - raw.expires) > 5000:
        faults.append(f"expires {row['expires_ms']}, sock_diag says {raw.expires}")
    if not raw.is_mini and rig.STATES[raw.state] != "listen":
        check("queues", (row["recv_queue_bytes"], row["send_queue_bytes"]),
              (raw.rqueue, raw.wqueue))
    check("ages", (row["last_ack_ms"], row["segs_in"]), (None, None))
    if raw.inode:
        check("pid", row["pid"], os.getpid())


def real():
    before = {(r.src, r.sport, r.dst, r.dport): r for r in rig.raw_dump()}
    done = run("--json", "-a", "-n", "2", "-d", "0.1")
    check("status", done.returncode, 0)
    lines = done.stderr.splitlines()
    check("lines on standard error", len(lines), 1)
    check("its words", [word in done.stderr for word in (
        "/proc/net/tcp", "sock_diag", "Operation not permitted")], [True] * 3)
    rows = json.loads(done.stdout[:done.stdout.index("]}\n") + 2])["connections"]
    check("rows", sorted(map(key, rows)), sorted(before))
    for row in rows:
        if key(row) in before:
            same_facts(row, before[key(row)])
    check("the cure", "modprobe" in run("--list", code=errno.ENOENT).stderr, True)
    v4 = run("--list", "-H", "-4", "-o", "local", "state established").stdout.splitlines()
    check("-4", (len(v4), any("[" in line for line in v4)), (8, False))


def made_up():
    """A tree of the test's own: its rows, its settings, its owners."""
    root = tempfile.mkdtemp(prefix="katop-test-")
    for name in ("net", "sys/net/ipv4", "7/fd"):
        os.makedirs(os.path.join(root, name))
    for name, text in (
            ("net/tcp", "  sl  local_address rem_address   st\n"
             "   0: 0100000A:01BB 0200000A:C001 01 00000000:00000000 02:0000{0:04X} 00000000"
             "   77        2 4242 2 0000000000000000 20 4 30 10 -1\n".format(500)),
            ("sys/net/ipv4/tcp_keepalive_time", "333\n"), ("7/comm", "made\x1bup\n")):
        with open(os.path.join(root, name), "w", encoding="utf-8") as f:
            f.write(text)
    os.symlink("socket:[4242]", os.path.join(root, "7/fd/12"))
    told = json.loads(run("--json", root=root).stdout)
    check("rows", len(told["connections"]), 1)
    row = told["connections"][0]
    expected = ("10.0.0.1", 443, "10.0.0.2", 49153) if struct.pack("=H", 1)[0] else None
    check("addresses", key(row), expected or key(row))
    check("facts", (row["timer"], row["expires_ms"] <= 500 * TICK_MS, row["probes"],
                    row["uid"], row["keepalive"]), ("keepalive", True, 2, 77, True))
    check("owner", row["owners"], [{"pid": 7, "fd": 12, "process": "made?up"}])
    check("settings", (told["system"]["keepalive_time_ms"],
                       told["system"]["keepalive_probes"]), (333000, None))
    os.remove(os.path.join(root, "net/tcp"))
    done = run("--list", root=root)
    check("status without anything", (done.returncode, done.stdout), (2, ""))
    check("words without anything", len(done.stderr.splitlines()), 1)
    check("its cause", "sock_diag: Operation not permitted" in done.stderr, True)
    shutil.rmtree(root)


def main():
    if platform.machine() not in SOCKET_CALL:
        rig.skip("the number of socket(2) is not known for " + platform.machine())
    rig.need_root(rig.CLOSED)
    rig.enter_namespace()
    need_seccomp()
    set_up()
    rig.wait_for(settled)
    real()
    made_up()
    if faults:
        rig.fail("\n".join(faults))
    print("the fallback agrees")


main()
