#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that come and go while katop looks: each row was there, none twice, and
none is overlooked that stays."""

import os
import pickle
import random
import resource
import signal
import socket
import struct
import subprocess
import sys
import time

import rig
import storm_rig

ROWS, LIVELY, RATE, SECONDS = 1600, 400, 300, 5
AT_ONCE = struct.pack("ii", 1, 0)  # close by reset: no TIME-WAIT


def now_ms():
    return time.time() * 1000


def make_room():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    want = ROWS + LIVELY + 100
    if soft >= want:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (want, max(want, hard)))
    except (ValueError, PermissionError):
        rig.skip(f"{want} descriptors are needed, {hard} allowed (ulimit -Hn)")


class Lively:
    """Opens and closes, and keeps the log."""

    def __init__(self):
        self.at = rig.listener()
        self.log = {}
        self.pairs = [self.open() for _ in range(LIVELY // 2)]

    def open(self):
        about = now_ms()
        ends = rig.pair(at=self.at)
        return ends, [rig.cookie(end) for end in ends], about, now_ms()

    def close(self, pair):
        ends, cookies, about, opened = pair
        closing = now_ms()
        if random.random() < 0.9:
            ends[0].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        for end in ends:
            end.close()
        life = storm_rig.Life(about, opened, closing, now_ms())
        self.log.update((cookie, life) for cookie in cookies)

    def run(self, end):
        """Until the pipe @end is closed; the log."""
        begun, done = time.monotonic(), 0
        os.set_blocking(end, False)
        while True:
            try:
                if os.read(end, 1) == b"":
                    break
            except BlockingIOError:
                time.sleep(0.005)
            while done < (time.monotonic() - begun) * RATE:
                which = random.randrange(len(self.pairs))
                self.close(self.pairs[which])
                self.pairs[which] = self.open()
                done += 1
        for pair in self.pairs:
            self.close(pair)
        return self.log


def start_lively():
    """A process that is lively until `stop` is closed; then its log comes from `log`."""
    (end, stop), (log, out) = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(stop)
        os.close(log)
        lively = Lively()
        with os.fdopen(out, "wb") as f:
            f.write(b"!")
            f.flush()
            pickle.dump(lively.run(end), f)
        os._exit(0)
    os.close(end)
    os.close(out)
    if os.read(log, 1) != b"!":
        rig.fail("the lively could not be opened")
    return pid, stop, log


def watch(verdict):
    with subprocess.Popen([rig.KATOP, "--no-options", "--json", "-d", "0.2", "-o",
                           "state,cookie"], stdout=subprocess.PIPE,
                          env=dict(os.environ, LC_ALL="C.UTF-8")) as katop:
        end = time.monotonic() + SECONDS
        for when, cookies in storm_rig.documents(
                iter(lambda: os.read(katop.stdout.fileno(), 1 << 20), b"")):
            verdict.take(when, cookies)
            if time.monotonic() > end and len(verdict.times) >= 10:
                break
        katop.send_signal(signal.SIGTERM)
        katop.stdout.read()
    if katop.returncode != -signal.SIGTERM:
        rig.fail(f"katop ended with {katop.returncode}")


def main():
    rig.enter_namespace()
    make_room()
    at = rig.listener(backlog=512)
    keep = [end for _ in range(ROWS // 2) for end in rig.pair(at=at)]
    pid, stop, log = start_lively()
    verdict = storm_rig.Verdict(map(rig.cookie, keep), now_ms())
    watch(verdict)
    os.close(stop)
    with os.fdopen(log, "rb") as f:
        lives = pickle.load(f)
    os.waitpid(pid, 0)
    verdict.hold_against(lives)
    print(verdict)
    if verdict.doubled or verdict.untrue:
        rig.fail("rows that are not true")
    # a dump that is interrupted by others' closing may overlook one
    if verdict.missed_twice or verdict.missed * 1000 > verdict.rows:
        rig.fail("connections that stayed were overlooked")
    if verdict.lively * 1000 < verdict.rows or len(lives) < LIVELY:
        rig.fail("there was no storm")


if __name__ == "__main__":
    sys.exit(main())
