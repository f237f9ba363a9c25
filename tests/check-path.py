#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A real path that forgets: client, NAT and server in three network namespaces, where the
one in the middle forgets a connection that is silent for six seconds."""

import errno
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

import rig

LIMIT = "6s"
SERVER = "10.99.2.2"
PORT = 7007
PR_SET_PDEATHSIG = 1
BOTH = ({"KATOP_BPF": "never"}, {})

RULES = """
table ip path {
	chain forward {
		type filter hook forward priority 0; policy drop;
		ct state established,related accept
		ct state new tcp flags & (fin | syn | rst | ack) == syn accept
	}
	chain hide {
		type nat hook postrouting priority 100;
		oifname "right" masquerade
	}
}
"""


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def in_namespace(what):
    """A child in a network namespace of its own, in which what() runs once told to."""
    ready, told = os.pipe()
    go, start = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(start)
        os.close(ready)
        rig.LIBC.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)
        rig.enter_namespace()
        os.write(told, b"x")
        os.read(go, 1)
        what(told)
        rig.fail("a namespace's process came to an end")
    os.close(told)
    os.close(go)
    wait_for_word(ready, pid)

    def begin():
        os.write(start, b"x")
        wait_for_word(ready, pid)

    return pid, begin


def wait_for_word(pipe, pid):
    """Should the process at the other end have come to its end, so do we."""
    if not os.read(pipe, 1):
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xff)


def run(*command, within=None, text=None, needs=None):
    """@needs: what the command asks of the kernel that not every one has."""
    prefix = ["nsenter", "-t", str(within), "-n", "--"] if within else []
    done = subprocess.run([*prefix, *command], input=text, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", check=False)
    if done.returncode == 0:
        return
    if needs and re.search("[Nn]ot supported|Unknown device type|No such file", done.stdout):
        rig.skip(f"this kernel has no {needs}: {done.stdout.strip()}")
    rig.fail(f"{' '.join(command)}: {done.stdout.strip()}")


def forget(told):
    """The middle: what it forgets, and when."""
    write("/proc/sys/net/ipv4/ip_forward", "1")
    run("nft", "-f", "-", text=RULES, needs="nftables with NAT")
    try:
        write("/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established", LIMIT[:-1])
        write("/proc/sys/net/netfilter/nf_conntrack_tcp_loose", "0")
    except FileNotFoundError as e:
        rig.skip(f"this kernel has no connection tracking: {e}")
    os.write(told, b"x")
    signal.pause()


def serve_one(sock):
    """Echoes; K asks for keepalive at this end."""
    while True:
        data = sock.recv(100)
        if not data:
            break
        if data == b"K":
            rig.keepalive(sock, 2, 1, 5)
        sock.send(data)
    os._exit(0)


def serve(told):
    with socket.socket() as at:
        at.bind(("0.0.0.0", PORT))
        at.listen(16)
        os.write(told, b"x")
        while True:
            sock = at.accept()[0]
            if os.fork() == 0:
                rig.LIBC.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)
                serve_one(sock)
            sock.close()


def join(left, left_address, right, right_address, pids):
    """Two ends of a wire: (name, address) in the namespaces of @pids; None is ours."""
    us, them = pids
    run("ip", "link", "add", left, "type", "veth", "peer", "name", right, "netns", str(them),
        within=us, needs="veth")
    for name, address, pid in ((left, left_address, us), (right, right_address, them)):
        run("ip", "address", "add", address + "/24", "dev", name, within=pid)
        run("ip", "link", "set", name, "up", within=pid)


def build():
    """Returns the processes that keep the namespaces."""
    middle, begin_middle = in_namespace(forget)
    server, begin_server = in_namespace(serve)
    join("out", "10.99.1.2", "left", "10.99.1.1", (None, middle))
    join("right", "10.99.2.1", "in", SERVER, (middle, server))
    run("ip", "route", "add", "default", "via", "10.99.1.1")
    run("ip", "route", "add", "default", "via", "10.99.2.1", within=server)
    begin_middle()
    begin_server()
    return middle, server


class Client:
    """One connection through the path."""

    def __init__(self, idle=None, kept_by_server=False):
        self.sock = socket.socket()
        self.sock.settimeout(20)
        self.sock.connect((SERVER, PORT))
        self.talk(b"K" if kept_by_server else b"hello")
        if idle:
            rig.keepalive(self.sock, idle, 1, 3)
        self.cookie = f"{rig.cookie(self.sock):x}"
        self.quiet_since = time.monotonic()

    def talk(self, text):
        self.sock.send(text)
        if self.sock.recv(100) != text:
            rig.fail("the server answers otherwise")

    def quiet(self):
        return time.monotonic() - self.quiet_since


def rows(*args, env=None):
    told = rig.sample("--path-idle", LIMIT, *args, env=env)
    return {row["cookie"]: row for row in told["connections"]}


def verdict(client, env=None):
    return rows(env=env)[client.cookie]["verdict"]


def last_verdict(client, env):
    """Of several samples: the peer's probes show in the counters only."""
    out = rig.katop("--json", "--path-idle", LIMIT, "-d", "0.5", "-n", "12", env=env)[0]
    found = re.findall(rf'"verdict":"([a-z]+)".*"cookie":"{client.cookie}"', out)
    return found[-1]


def expect(what, got, *wanted):
    if got not in wanted:
        rig.fail(f"{what}: {got}, not {' or '.join(map(str, wanted))}")


def starting_s():
    """How long it takes at present to start two programs: 0.05 s if nothing else runs."""
    begun = time.monotonic()
    for _ in range(2):
        subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.monotonic() - begun


def early(off, late, good, kept):
    """Before anything is forgotten. Returns whether there was time enough to ask twice."""
    for env in BOTH:
        found = rows(env=env)
        if off.quiet() > 4:
            return False
        expect("keepalive off", found[off.cookie]["verdict"], "off")
        expect("keepidle 10", found[late.cookie]["verdict"], "late")
        expect("keepidle 2", found[good.cookie]["verdict"], "ok")
        expect("settings", found[late.cookie]["settings"], "socket")
    return True


def forgotten(off, late, good, kept):
    def lost():
        """verdict lost"""
        time.sleep(0.2)
        return verdict(off) == "lost"

    rig.wait_for(lost)
    if off.quiet() < 5.9:
        rig.fail(f"lost after {off.quiet():.1f} s")
    expect("keepalive off beyond the limit", verdict(off, BOTH[0]), "lost")
    expect("keepidle 2", verdict(good), "ok")
    expect("kept by the server, by BPF", verdict(kept), *kept_verdicts())
    expect("kept by the server, by the counters", last_verdict(kept, BOTH[0]), "kept")


def kept_verdicts():
    """In one sample BPF alone sees the server's probes."""
    text = rig.katop("--settings", env={"KATOP_BPF": "always"})[0]
    return ("kept",) if "BPF iterators" in text else ("kept", "lost", "off")


def hangs(off):
    """The next write is not answered, and katop sees it retransmitted."""
    while off.quiet() < 7.5:
        time.sleep(0.1)
    off.sock.send(b"anyone?")

    def retransmitted():
        """a write that nobody answers"""
        row = rows()[off.cookie]
        return row["timer"] == "retransmit" and row["retransmits"] >= 2

    rig.wait_for(retransmitted)
    off.sock.settimeout(0.5)
    try:
        rig.fail(f"answered: {off.sock.recv(100)}")
    except TimeoutError:
        pass


def dies(late):
    """Its first probe comes too late and is not answered either."""
    late.sock.settimeout(60)
    try:
        rig.fail(f"still alive: {late.sock.recv(100)}")
    except OSError as e:
        expect("the end", errno.errorcode[e.errno], "ETIMEDOUT")


def check(status):
    out = rig.katop("--check", "--path-idle", LIMIT, status=status)[0]
    if status == 1 and "keepalive" not in out.lower():
        rig.fail("--check gives no advice: " + out)


def close(client):
    """At once and without a trace: a RST that nobody hears."""
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.sock.close()


def main():
    rig.need_root("three network namespaces")
    for tool in ("ip", "nft", "nsenter"):
        if shutil.which(tool) is None:
            rig.skip(tool + " not found")
    rig.enter_namespace()
    children = build()
    try:
        for _ in range(5):
            clients = Client(), Client(10), Client(2), Client(kept_by_server=True)
            if early(*clients):
                break
            took, others = clients[0].quiet(), starting_s()
            if others < 1:
                rig.fail(f"a sample took {took:.1f} s, where two programs start in {others:.2f}")
        else:
            rig.skip("too busy to sample before the path forgets: it took "
                     f"{took:.1f} s, and the start of two programs {others:.1f}")
        off, late, good, kept = clients
        forgotten(*clients)
        check(1)
        hangs(off)
        dies(late)
        for client in good, kept:
            if client.quiet() < 7:
                rig.fail("not silent for long enough to tell")
            client.talk(b"still there?")
        close(off)
        close(late)
        rig.wait_for(lambda: len(rows("state established")) >= 2)
        check(0)
    finally:
        for pid in children:
            os.kill(pid, 9)
    print("off and late connections are lost, the others live")


main()
