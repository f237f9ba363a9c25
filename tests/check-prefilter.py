#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the kernel leaves out is what the filter would have left out: random expressions
over sockets that rest give the same rows with the kernel's help and without."""

import random
import socket

import rig

EXPRESSIONS = 200

random.seed(20260131)
kept = []
ports = []


def set_up():
    for kind in "v4", "v6", "mapped":
        at = rig.listener(kind)
        kept.append(at)
        ports.append(at.getsockname()[1])
        for i in range(4):
            ends = rig.pair(kind, at)
            if i == 1:
                ends[0].shutdown(socket.SHUT_WR)
            if i == 2:
                rig.keepalive(ends[0], 3000)
            kept.extend(ends)
            ports.append(ends[0].getsockname()[1])
    for address in "127.0.0.9", "127.1.2.3":
        at = socket.socket()
        at.bind((address, 0))
        at.listen()
        client = socket.socket()
        client.bind(("127.0.0.77", 0))
        client.connect(at.getsockname())
        kept.extend([at, client, at.accept()[0]])
        ports.append(at.getsockname()[1])


def port():
    kind = random.random()
    if kind < 0.7:
        return random.choice(ports) + random.choice([0, 0, 0, 1, -1])
    return random.choice([0, 1, 22, 32768, 65535])


def host():
    return random.choice([
        "127.0.0.1", "127.0.0.0/8", "127.0.0.9", "127.1.0.0/16", "0.0.0.0/0", "10.0.0.0/8",
        "127.0.0.77", "127.0.0.64/26", "[::1]", "[::]/0", "[::ffff:127.0.0.1]",
        "[::ffff:127.0.0.0]/104", "[2001:db8::]/32"])


def term():
    kind = random.randrange(6)
    compare = random.choice(["=", "!=", ">=", "<=", "<", ">", "=="])
    if kind == 0:
        return f"{random.choice(['sport', 'dport'])} {compare} :{port()}"
    if kind == 1:
        return f"{random.choice(['src', 'dst'])} {host()}"
    if kind == 2:
        name = host()
        if "/" not in name:
            name += f":{port()}"
        return f"{random.choice(['src', 'dst'])} = {name}"
    if kind == 3:
        return "state " + random.choice(
            ["established", "listen", "close-wait", "fin-wait-2", "all", "connected", "big"])
    if kind == 4:
        return "exclude " + random.choice(["established", "listening", "close-wait"])
    return random.choice(["keepalive on", "keepalive off", "uid 0", "process ~ python", "probes = 0"])


def expression(depth=0):
    kind = random.random()
    if depth > 2 or kind < 0.35:
        return term()
    if kind < 0.75:
        return f"{expression(depth + 1)} {random.choice(['and ', '', '&& '])}" \
               f"{expression(depth + 1)}"
    if kind < 0.9:
        return f"( {expression(depth + 1)} or {expression(depth + 1)} )"
    return f"not ( {expression(depth + 1)} )"


def rows(options, text, env):
    out = rig.katop("--list", "-H", *options, "-o", "state,local,peer,inode", "--", text,
                    env=env)[0]
    return sorted(out.splitlines())


def main():
    rig.enter_namespace()
    set_up()
    told = some = 0
    for i in range(EXPRESSIONS):
        text = expression()
        options = random.choice([["-a"], ["-a"], [], ["-4"], ["-a", "-6"]])
        helped = rows(options, text, {})
        alone = rows(options, text, {"KATOP_NO_PREFILTER": "1"})
        if helped != alone:
            rig.fail(f"{options} {text}\n" + "\n".join(
                sorted(set(helped) ^ set(alone))))
        told += len(helped)
        some += 0 < len(helped) < len(kept)
    print(f"{EXPRESSIONS} expressions, {told} rows; {some} took some and left some")
    if some < EXPRESSIONS // 4:
        rig.fail("the expressions do not tell much")


main()
