#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""While a duplicate is held the owner's FIN waits for it, and with SO_LINGER the last
close waits for the peer. Neither may be felt: a thousand closes under peeking without a
pause, and lingering owners whose peer does not answer."""

import os
import socket
import struct
import subprocess
import threading
import time

import rig

PEEK = os.path.join(os.environ.get("KATOP_BUILDDIR", "."), "tests", "peek")
CLOSES, BATCH = 1200, 20
PAUSE_S = 0.001
BOUND_MS = 5
ROUNDS = 8  # a busy machine delays the one run and not the other
LINGER_S = 30


class Peeker:
    """Reads the settings of our sockets over and over."""

    def __init__(self, sockets):
        self.process = subprocess.Popen([PEEK], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, encoding="ascii")
        for sock in sockets:
            inode = os.fstat(sock.fileno()).st_ino
            self.process.stdin.write(f"{os.getpid()} {sock.fileno()} {inode}\n")
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def stop(self):
        """Rounds, sockets read, the longest round in ms."""
        out = self.process.communicate()[0]
        if self.process.returncode != 0:
            rig.fail(f"{PEEK}: status {self.process.returncode}")
        return [int(word) for word in out.split()]


def close_all(pairs, delays):
    for client, server in pairs:
        time.sleep(PAUSE_S)
        begun = time.monotonic()
        client.close()
        server.recv(1)
        delays.append((time.monotonic() - begun) * 1000)
        server.close()


def closes(at, peeked):
    """The delay of each FIN, sorted, ms: under peeking, or beside peeking elsewhere."""
    delays, read = [], 0
    others = [rig.pair("v4", at) for _ in range(BATCH)]
    while len(delays) < CLOSES:
        pairs = [rig.pair("v4", at) for _ in range(BATCH)]
        peeker = Peeker([client for client, _ in (pairs if peeked else others)])
        close_all(pairs, delays)
        read += peeker.stop()[1]
    for client, server in others:
        client.close()
        server.close()
    if read < 10 * CLOSES:
        rig.fail(f"hardly peeked: {read} sockets read")
    return sorted(delays)


def fin_delay():
    at = rig.listener(backlog=4 * BATCH)
    calmest = float("inf")
    for _ in range(ROUNDS):
        control = closes(at, False)[CLOSES * 99 // 100]
        calmest = min(calmest, control)
        peeked = closes(at, True)[CLOSES * 99 // 100]
        print(f"FIN delay, 99 of 100: {peeked:.2f} ms under peeking, {control:.2f} without")
        if peeked <= control + BOUND_MS:
            return
    if calmest > BOUND_MS:
        rig.skip(f"too busy to tell {BOUND_MS} ms: without peeking, too, one FIN in a hundred "
                 f"took {calmest:.1f} ms at best")
    rig.fail("peeking delays the FIN")


class Lingerer:
    """An owner that closes a socket with SO_LINGER whose peer does not answer."""

    def __init__(self):
        self.client, self.server = rig.pair()
        rig.drop_incoming(self.server)
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               struct.pack("ii", 1, LINGER_S))
        self.client.send(b"unheard")
        self.took = None
        self.thread = threading.Thread(target=self.close)

    def close(self):
        begun = time.monotonic()
        self.client.close()
        self.took = time.monotonic() - begun


def linger_once():
    """True when the duplicate's close was the last one, which is what is at stake."""
    lingerer = Lingerer()
    peeker = Peeker([lingerer.client])
    time.sleep(0.01)  # well into the reading
    lingerer.thread.start()
    lingerer.thread.join(1)
    was_last = lingerer.took is not None
    begun = time.monotonic()
    _, read, worst_ms = peeker.stop()
    ended = time.monotonic() - begun
    rig.hear_again(lingerer.server)
    lingerer.thread.join()
    lingerer.server.close()
    if read == 0:
        rig.fail("the lingering socket was not read")
    if worst_ms > LINGER_S * 1000 / 2 or ended > LINGER_S / 2:
        rig.fail(f"blocked for {worst_ms} ms, and {ended:.1f} s at the end")
    return was_last


def linger():
    hits = tries = 0
    while hits < 3 and tries < 60:
        tries += 1
        hits += linger_once()
    print(f"the last close of a lingering socket was ours {hits} times in {tries}")
    if not hits:
        rig.fail("never met the last close of a lingering socket")


def main():
    rig.need_root(rig.CLOSED)
    rig.enter_namespace()
    if not os.path.exists(PEEK):
        rig.fail(PEEK + " is not built")
    fin_delay()
    linger()


main()
