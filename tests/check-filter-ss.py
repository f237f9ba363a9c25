#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The filter beside ss's own: random expressions in a private namespace, the same rows."""
import os
import random
import shutil
import socket
import subprocess

import rig

KATOP = os.environ["KATOP"]
ROUNDS = int(os.environ.get("KATOP_ROUNDS", "150"))
SEED = int(os.environ.get("KATOP_SEED", "20261121"))
ADDRESSES4 = ["10.0.0.1", "10.0.0.2", "10.1.0.1", "192.0.2.7"]
ADDRESSES6 = ["2001:db8::1", "2001:db8::5", "2001:db9::1"]
PORTS = [22, 443, 1024, 8080]
PORT4 = 5432
HOSTS = ["10.0.0.1", "10.0.0.0/8", "10.0.0.0/24", "10.1.0.0/16:443", "10.0.0.1:22",
         ":443", "*:1024", "192.0.2.7", "[2001:db8::1]", "[2001:db8::/32]",
         "[2001:db8::5]:443", "10.0.0.0/8:*", "10/8"]
STATES = ["established", "listening", "fin-wait-2", "close-wait", "time-wait",
          "connected", "synchronized", "bucket", "big", "all"]
EXCLUDED = ["syn-sent", "close", "last-ack"]  # ss takes an empty set of states for all


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def make_addresses():
    for address in ADDRESSES4:
        subprocess.check_call(["ip", "addr", "add", address + "/32", "dev", "lo"])
    for address in ADDRESSES6:
        subprocess.check_call(["ip", "addr", "add", address + "/128", "dev", "lo", "nodad"])


def listen():
    listeners = {}
    for port in PORTS:
        sock = socket.socket(socket.AF_INET6)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind(("::", port))
        listeners[port] = sock
    sock = socket.socket()
    sock.bind(("10.0.0.1", PORT4))
    listeners[PORT4] = sock
    for sock in listeners.values():
        sock.listen()
    return listeners


def connect(dice, port):
    kind = dice.choice(["4", "4", "mapped"] if port == PORT4 else ["4", "4", "mapped", "6"])
    addresses = ADDRESSES6 if kind == "6" else ADDRESSES4
    prefix = "::ffff:" if kind == "mapped" else ""
    client = socket.socket(socket.AF_INET if kind == "4" else socket.AF_INET6)
    to = "10.0.0.1" if port == PORT4 else dice.choice(addresses)
    client.bind((prefix + dice.choice(addresses), 0))
    client.connect((prefix + to, port))
    return client


def make_sockets(dice):
    listeners = listen()
    kept = list(listeners.values())
    for index in range(40):
        port = dice.choice(PORTS + [PORT4])
        client = connect(dice, port)
        server, _ = listeners[port].accept()
        if index % 7 == 0:  # FIN-WAIT-2 and CLOSE-WAIT
            client.shutdown(socket.SHUT_WR)
        elif index % 7 == 1:  # TIME-WAIT, for a minute
            server.close()
            client.recv(1)
            client.close()
            continue
        kept += [client, server]
    return kept


def term(dice):
    if dice.random() < 0.4:
        op = dice.choice([" ", " = ", " == ", " eq "])
        return dice.choice(["src", "dst"]) + op + dice.choice(HOSTS)
    op = dice.choice([" = ", " ", " == ", " eq ", " != ", " ne ", " > ", " gt ", " >= ",
                      " ge ", " geq ", " < ", " lt ", " <= ", " le ", " leq "])
    port = dice.choice(PORTS + [PORT4, 30000, 45000])
    return dice.choice(["sport", "dport"]) + op + dice.choice(["", ":"]) + str(port)


def expression(dice, depth):
    """In full parentheses: ss's parser lets and and or bind alike."""
    chance = dice.random()
    if depth == 0 or chance < 0.3:
        return term(dice)
    if chance < 0.45:
        return dice.choice(["not ", "! "]) + "( " + expression(dice, depth - 1) + " )"
    glue = dice.choice([" and ", " or ", " && ", " || ", " & ", " | ", " "])
    return ("( " + expression(dice, depth - 1) + " )" + glue +
            "( " + expression(dice, depth - 1) + " )")


def states(dice):
    words = []
    if dice.random() < 0.5:
        for _ in range(dice.randint(1, 3)):
            words += ["state", dice.choice(STATES)]
        if dice.random() < 0.4:
            words += ["exclude", dice.choice(EXCLUDED)]
    return words


def plain(endpoint):
    """ss writes * for :: where a socket serves both families."""
    return endpoint.replace("[::]:", "*:") if endpoint.startswith("[::]:") else endpoint


def rows_of(result, local_at):
    if result.returncode != 0:
        return result.stderr.strip()
    rows = [line.split() for line in result.stdout.splitlines()]
    # ss leaves the state out where only one can be: addresses alone are compared
    return sorted((plain(row[at]), plain(row[at + 1]))
                  for row in rows for at in [local_at if row[0].isalpha() or "-" in row[0]
                                             else local_at - 1])


def compare(dice):
    """1: the same rows, 0: none with either, -1: different."""
    words = states(dice)
    text = "( " + expression(dice, dice.randint(0, 3)) + " )"
    theirs = rows_of(run("ss", "-tnaH", *words, text), 3)
    ours = rows_of(run(KATOP, "--no-options", "-laH", "-o", "state,local,peer",
                       " ".join(words + [text])), 1)
    if theirs == ours and not isinstance(ours, str):
        return 1 if ours else 0
    print("FAIL:", " ".join(words), text)
    for name, mine, other in (("ss", theirs, ours), ("katop", ours, theirs)):
        print("  only", name + ":",
              mine if isinstance(mine, str) or isinstance(other, str)
              else sorted(set(mine) - set(other)))
    return -1


def main():
    for tool in ("ss", "ip"):
        if shutil.which(tool) is None:
            rig.skip(f"{tool}(8) is not installed")
    rig.need_root("ports below 1024")
    rig.enter_namespace()
    if not os.path.exists("/proc/net/if_inet6"):
        rig.skip("this kernel has no IPv6")
    dice = random.Random(SEED)
    make_addresses()
    kept = make_sockets(dice)
    results = [compare(dice) for _ in range(ROUNDS)]
    print("%d expressions: %d gave the same rows, %d none, %d others (seed %d, %d sockets)"
          % (ROUNDS, results.count(1), results.count(0), results.count(-1), SEED,
             len(kept)))
    rig.end(results.count(-1) > 0 or results.count(1) <= ROUNDS // 3)


main()
