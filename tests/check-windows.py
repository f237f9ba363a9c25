#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""katop.exe under Wine: the listing, JSON, --check, filters, owners."""

import json
import os
import shutil
import socket
import subprocess

import rig
from wine import HELPER, RUNNER, Wine, has, same, until

# No Windows tells these of a connection: null, never 0.
NEVER_TOLD = ["idle_ms", "timer", "expires_ms", "next_ms", "probes", "deadline_ms", "keepalive",
              "keepidle_ms", "keepintvl_ms", "keepcnt", "user_timeout_ms", "settings",
              "retransmits", "rto_ms", "rtt_us", "send_queue_bytes", "recv_queue_bytes",
              "sent_bytes", "received_bytes", "last_sent_ms", "last_received_ms",
              "last_ack_ms", "segs_in", "segs_out", "inode", "uid", "mark"]


def pair(family, address):
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind((address, 0))
    listener.listen()
    client = socket.create_connection(listener.getsockname()[:2])
    return listener, client, listener.accept()[0]


def key(row):
    return (row["state"], row["local_address"], row["local_port"], row["peer_address"],
            row["peer_port"])


def kernel_rows():
    """What sock_diag tells of the same sockets. A listener's peer has no address there."""
    return sorted((rig.STATES[r.state], r.src, r.sport, r.dst, r.dport)
                  for r in rig.raw_dump() if r.state != rig.STATES.index("time-wait"))


def check_rows(wine):
    sample = wine.sample()
    same("the rows", sorted(key(r) for r in sample["connections"]
                            if r["state"] != "time-wait"), kernel_rows())
    for row in sample["connections"]:
        for name in NEVER_TOLD:
            if row.get(name, 0) is not None:
                rig.fail(f"{name} is {row.get(name, 'missing')}, not null: {row}")
        verdict = "local" if row["state"] == "established" else None
        same("a loopback's verdict", (row["verdict"], row["at_risk"]), (verdict, False))
    same("windows", sample["system"]["windows"], True)
    same("hz", sample["hz"], None)
    same("partial", sample["partial"], False)
    ids = [r["cookie"] for r in sample["connections"]]
    again = [r["cookie"] for r in wine.sample()["connections"]]
    same("the identities", sorted(again), sorted(ids))
    same("unique identities", len(set(ids)), len(ids))


def check_states(wine, v4):
    """Half-closed on both sides."""
    v4[1].shutdown(socket.SHUT_WR)
    rows = {(r["local_port"], r["state"]) for r in wine.sample()["connections"]}
    port = v4[0].getsockname()[1]
    has("the states", rows, (v4[1].getsockname()[1], "fin-wait-2"), (port, "close-wait"),
        (port, "listen"))


def check_filters(wine, v4, v6):
    port, port6 = v4[0].getsockname()[1], v6[0].getsockname()[1]

    def count(*words):
        return len(json.loads(wine.katop("--json", *words))["connections"])

    same("both ends", count(f"sport = :{port} or dport = :{port}"), 2)
    same("a listener by its state", count(f"state listening sport = :{port}"), 1)
    same("a prefix", count("dst 127.0.0.0/8"), 2)
    same("an IPv6 address", count(f"dst = [::1]:{port6}"), 1)
    same("-6", {r["local_address"] for r in wine.sample("-6")["connections"]}, {"::1"})
    same("-4", {r["local_address"] for r in wine.sample("-4")["connections"]},
         {"127.0.0.1"})
    same("the unknown compared", count("idle > 0") + count("not idle > 0"), 0)
    same("the unknown asked for", count("keepalive unknown"), 4)
    same("non-ASCII in a filter", count("process ~ äö☃"), 0)
    has("an error", wine.complaint("-l", "process ~ ä☃ bogus"),
        "\n  process ~ ä☃ bogus\n               ^")
    text = wine.katop("-l", "-a", "-s", "-local", "-o", "state,local,peer,keepalive")
    same("unknown in text", {line.split()[-1] for line in text.splitlines()[1:]},
         {"unknown", "-"})


def check_owners(wine):
    """Names that a terminal, a shell and a code page would stumble over."""
    listener = socket.create_server(("127.0.0.1", 0))
    port, held = listener.getsockname()[1], []
    for name in "plain.exe", "ünï ☃ 你好.exe", "a'b;c$(d)%PATH%.exe":
        path = wine.path(name)[0]
        shutil.copy(HELPER, path)
        pid = wine.hold(path, port)
        held.append(listener.accept()[0])
        rows = [r for r in wine.sample(f"dport = :{port}")["connections"]
                if r["owners"] and r["owners"][0]["pid"] == pid]
        same(f"connections of {name}", len(rows), 1)
        same("its owner", rows[0]["owners"], [{"pid": pid, "fd": None, "process": name}])
        has("its user", str(rows[0]["user"]), os.environ.get("USER", "root"))
        same("by name", [r["cookie"] for r in wine.sample(f"process ~ '{name[:3]}'"
                                                          if "'" not in name[:3] else
                                                          "process ~ b;c")["connections"]],
             [rows[0]["cookie"]])
    same("an owner outside Wine", {r["owner_unknown"] for r in wine.sample(
        f"sport = :{port} and state established")["connections"]}, {"not-found"})
    for connection in held:
        connection.close()

    def none_left():
        """The helpers' connections are gone."""
        return not wine.sample(f"dport = :{port} and state established")["connections"]
    until(none_left)


def far_peer():
    """A connection to an address that is not of this system: through a cable into a
    namespace of a child, which ends with this process."""
    child_reads, parent_writes = os.pipe()
    parent_reads, child_writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(parent_writes)
        rig.LIBC.unshare(rig.CLONE_NEWNET)
        os.write(child_writes, b"1")
        os.read(child_reads, 1)
        link("addr", "add", "192.0.2.2/24", "dev", "far")
        link("link", "set", "far", "up")
        listener = socket.create_server(("192.0.2.2", 5432))
        listener.settimeout(60)
        os.write(child_writes, b"2")
        accepted = listener.accept()
        os.read(child_reads, 1)
        accepted[0].close()
        os._exit(0)
    os.read(parent_reads, 1)
    link("link", "add", "near", "type", "veth", "peer", "name", "far")
    link("link", "set", "far", "netns", str(child))
    link("addr", "add", "192.0.2.1/24", "dev", "near")
    link("link", "set", "near", "up")
    os.write(parent_writes, b"1")
    os.read(parent_reads, 1)
    return socket.create_connection(("192.0.2.2", 5432)), parent_writes


def link(*words):
    subprocess.run(["ip", *words], check=True)


def check_check(wine):
    """Nothing can be judged but what is local: never a false 0."""
    has("--check without a row", wine.complaint("--check", "dst 192.0.2.2"),
        "found no connection to judge")
    wine.katop("--check", status=0)  # the loopback's connections are local
    connection, keeper = far_peer()
    rows = wine.sample("dst 192.0.2.2")["connections"]
    same("a far peer", [(r["verdict"], r["at_risk"]) for r in rows], [("unknown", False)])
    has("--check of a far peer", wine.complaint("--check", "dst 192.0.2.2"),
        "could judge no connection")
    connection.close()
    os.close(keeper)


def check_errors(wine):
    has("no console", wine.complaint(), "--list")
    has("an unknown column", wine.complaint("-l", "-o", "statee"), "state")
    has("a full disk", wine.complaint("-l", "-w", "Z:\\dev\\full"), "katop: ")
    has("no such folder", wine.complaint("-l", "-w", "C:\\none\\x"), "none")
    has("a folder", wine.complaint("-l", "-r", "C:\\windows"), "folder")
    has("--version", wine.katop("--version"), "katop")
    has("--help", wine.katop("--help"), "--path-idle")


def check_closed_pipe(wine):
    """There is no SIGPIPE: the reason is said."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([RUNNER, rig.KATOP, "--no-options", "-j"], env=wine.env,
                          stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    same("the status", done.returncode, 2)
    has("the message", done.stderr.decode(), "standard output: Broken pipe")


def main():
    wine = Wine()
    v4, v6 = pair(socket.AF_INET, "127.0.0.1"), pair(socket.AF_INET6, "::1")
    check_rows(wine)
    check_filters(wine, v4, v6)
    check_check(wine)
    check_owners(wine)
    check_errors(wine)
    check_closed_pipe(wine)
    check_states(wine, v4)


if __name__ == "__main__":
    main()
