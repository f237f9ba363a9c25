#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""make storm: katop at 5 Hz among 100,000 connections of which thousands come and go.

First katop --json is held against the log of who opened and closed what; then the live
view's keys are timed. Figures are printed; untrue and doubled rows fail, and so does a
connection that stays but is overlooked twice running.
usage: storm.py [SECONDS [CONNECTIONS A SECOND]]
"""
import os
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import bench
import storm_rig

STORM = os.path.join(bench.BUILD, "tests/bench/storm")
LIVELY = 4000
STAY = bench.ROWS - LIVELY


class Storm:
    """The connections, for the time of a with block."""

    def __init__(self, rate, folder):
        self.path = os.path.join(folder, "log")
        self.process = subprocess.Popen(
            [STORM, str(STAY), str(LIVELY), str(rate), self.path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def wait(self, word):
        if self.process.stdout.readline().strip() != word:
            raise SystemExit("storm: the connections could not be opened")

    def logs(self, numbers):
        """{cookie: Life} of some processes."""
        lives = {}
        for number in numbers:
            with open("%s.%d" % (self.path, number), "rb") as f:
                for cookie, *times in struct.iter_unpack("=Q4q", f.read()):
                    about, opened, closing, gone = (ns / 1e6 for ns in times)
                    lives[cookie] = storm_rig.Life(
                        about, opened, closing or storm_rig.FOR_EVER,
                        gone or storm_rig.FOR_EVER)
        return lives

    def stayers(self):
        number = 1
        while os.path.exists("%s.%d" % (self.path, number)):
            number += 1
        return self.logs(range(1, number))

    def calm(self):
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        self.wait(b"done")
        return self.logs([0])

    def __enter__(self):
        self.wait(b"ready")
        return self

    def __exit__(self, *unused):
        self.process.stdin.close()
        self.process.wait()


class Watcher:
    """CPU and memory of a process while it runs, once a second."""

    def __init__(self, pid):
        self.pid, self.start, self.cpu = pid, time.monotonic(), 0
        self.first_kib = self.last_kib = self.peak_kib = 0
        self.due = self.start + 5

    def look(self):
        if time.monotonic() < self.due:
            return
        self.due = time.monotonic() + 1
        with open("/proc/%d/status" % self.pid) as status:
            lines = dict(line.split(":", 1) for line in status)
        self.last_kib = int(lines["VmRSS"].split()[0])
        self.peak_kib = int(lines["VmHWM"].split()[0])
        self.first_kib = self.first_kib or self.last_kib
        with open("/proc/%d/stat" % self.pid) as stat:
            ticks = stat.read().rsplit(")", 1)[1].split()[11:13]
        self.cpu = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
        self.seconds = time.monotonic() - self.start

    def __str__(self):
        return "%.0f %% of a core; %d KiB after 5 s, %d at the end, peak %d" % (
            100 * self.cpu / self.seconds, self.first_kib, self.last_kib, self.peak_kib)


def watch_truth(storm, seconds):
    verdict = storm_rig.Verdict(storm.stayers(), time.time() * 1000)
    katop = subprocess.Popen(
        [bench.KATOP, "--no-options", "--json", "-d", "0.2", "-o", "state,cookie"],
        stdout=subprocess.PIPE)
    watcher, end = Watcher(katop.pid), time.monotonic() + seconds
    chunks = iter(lambda: os.read(katop.stdout.fileno(), 1 << 20), b"")
    for when, cookies in storm_rig.documents(chunks):
        verdict.take(when, cookies)
        watcher.look()
        if time.monotonic() > end:
            break
    katop.terminate()
    katop.stdout.close()
    katop.wait()
    print("katop --json -d 0.2: %s" % watcher, flush=True)
    return verdict


def say_waits(title, waits):
    waits.sort()
    print("%-44s 99 %% within %s ms (%d keys, median %.1f, worst %.1f)" % (
        title, bench.judged(waits[len(waits) * 99 // 100 - 1], 50), len(waits),
        statistics.median(waits), waits[-1]), flush=True)


def watch_keys(seconds):
    """Each answer is one that no sample brings by itself: the help and its end; the line
    of keys that comes back with the rows that a filter was applied to."""
    plain, filling, chance = [], [], random.Random(1)
    with bench.Live("-d", "0.2") as katop:
        katop.watch(4)
        watcher, end = Watcher(katop.pid), time.monotonic() + seconds
        while time.monotonic() < end:
            plain.append(katop.latency_ms(b"h", b"assumed"))
            katop.watch(chance.uniform(0.02, 0.2))
            plain.append(katop.latency_ms(b"h", b"127.0.0."))
            katop.watch(chance.uniform(0.02, 0.2))
            if len(plain) % 10 == 0:
                katop.write(b"\\pid 1")
                katop.watch(chance.uniform(0.02, 0.2))
                filling.append(katop.latency_ms(b"\r", b"Freeze"))
                katop.write(b"\\\x15")
                katop.watch(chance.uniform(0.02, 0.2))
                filling.append(katop.latency_ms(b"\r", b"Freeze"))
                katop.watch(chance.uniform(0.02, 0.2))
            watcher.look()
    print("the live view at 0.2 s: %s" % watcher)
    say_waits("a key, live view at 0.2 s:", plain)
    say_waits("one that filters all rows anew:", filling)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    rate = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    bench.enter_private_namespace()
    with tempfile.TemporaryDirectory() as folder, Storm(rate, folder) as storm:
        begun = time.monotonic()
        verdict = watch_truth(storm, seconds)
        watch_keys(seconds)
        span = time.monotonic() - begun
        log = storm.calm()
    verdict.hold_against(log)
    print("%d connections stay, %d come and go; %.0f opened and closed a second" % (
        STAY, LIVELY, len(log) / 2 / span))
    print(verdict)
    return 1 if verdict.doubled or verdict.untrue or verdict.missed_twice else 0


if __name__ == "__main__":
    sys.exit(main())
