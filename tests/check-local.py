#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A peer is local when it is an address of this namespace, and only then."""

import os
import shutil
import socket
import subprocess

import rig

faults = []


def ip(*args):
    subprocess.run(["ip", *args], check=True)


def neighbour():
    """A process in a namespace behind a veth, which accepts whoever comes."""
    ready, tell = os.pipe()
    go, start = os.pipe()
    child = os.fork()
    if child == 0:
        rig.enter_namespace()
        os.write(tell, b"x")
        os.read(go, 1)
        ip("address", "add", "10.77.0.2/24", "dev", "b0")
        ip("address", "add", "fe80::2/64", "dev", "b0", "nodad")
        ip("link", "set", "b0", "up")
        at = socket.socket(socket.AF_INET6)
        at.bind(("::", 7700))
        at.listen()
        os.write(tell, b"x")
        held = []
        while True:
            held.append(at.accept()[0])
    os.read(ready, 1)
    ip("link", "add", "a0", "type", "veth", "peer", "name", "b0", "netns", str(child))
    ip("address", "add", "10.77.0.1/24", "dev", "a0")
    ip("address", "add", "10.77.0.9/24", "dev", "a0")
    ip("address", "add", "fe80::1/64", "dev", "a0", "nodad")
    ip("link", "set", "a0", "up")
    os.write(start, b"x")
    os.read(ready, 1)
    return child


def connected(family, source, target):
    """The client's end of a connection, once the interfaces let it be made."""
    made = []

    def try_it():
        """a connection to the other namespace"""
        s = socket.socket(family)
        s.settimeout(5)
        try:
            s.bind(source)
            s.connect(target)
        except OSError:
            s.close()
            return False
        made.append(s)
        return True

    rig.wait_for(try_it)
    return made[0]


def check(sock, rows, what, verdict_is_local, **facts):
    row = rows[rig.cookie(sock)]
    if (row["verdict"] == "local") != verdict_is_local:
        faults.append(f"{what}: verdict {row['verdict']}")
    for name, value in facts.items():
        if row[name] != value:
            faults.append(f"{what}: {name} {row[name]}, not {value}")


def main():
    rig.need_root("two network namespaces")
    if not shutil.which("ip"):
        rig.skip("no ip(8)")
    rig.enter_namespace()
    child = neighbour()
    try:
        zone = socket.if_nametoindex("a0")
        away = connected(socket.AF_INET, ("10.77.0.1", 0), ("10.77.0.2", 7700))
        link = connected(socket.AF_INET6, ("fe80::1", 0, 0, zone), ("fe80::2", 7700, 0, zone))
        at = socket.socket(socket.AF_INET6)
        at.bind(("::", 7701))
        at.listen()
        same = connected(socket.AF_INET, ("10.77.0.1", 0), ("10.77.0.1", 7701))
        other = connected(socket.AF_INET, ("10.77.0.9", 0), ("10.77.0.1", 7701))
        loop = connected(socket.AF_INET6, ("::1", 0), ("::1", 7701))
        accepted = [at.accept()[0] for _ in range(3)]
        rows = {int(row["cookie"], 16): row for row in rig.sample("-a")["connections"]}
        check(away, rows, "another namespace", False)
        check(link, rows, "link-local", False, dev="a0")
        check(same, rows, "our own address", True)
        check(other, rows, "another address of ours", True)
        check(loop, rows, "loopback", True)
        for s in accepted:
            check(s, rows, "v4-mapped and its like", True)
        text = rig.katop("--list", "-H", "-o", "local,peer", "dst", "[fe80::2]")[0].split()
        if text[1:] != ["[fe80::2%a0]:7700"] or not text[0].startswith("[fe80::1%a0]:"):
            faults.append(f"zones: {text}")
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    if faults:
        rig.fail("\n".join(faults))
    print("local is local")


main()
