#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""make bench: katop beside ss, netstat, lsof and the bare dump, in the same run.

Everything runs in a private network namespace. The machine may be noisy: the runs of two
programs alternate, and medians and their ratios are printed. Times are wall-clock
milliseconds unless said otherwise. Nothing here passes or fails; a bound that is missed is
marked. usage: bench.py [SECTION]... (small, listing, settings, live, replay)
"""
import ctypes
import os
import shutil
import statistics
import subprocess
import sys
import time

BUILD = os.environ.get("KATOP_BUILDDIR", os.getcwd())
KATOP = os.environ.get("KATOP", os.path.join(BUILD, "katop"))
HOLD = os.path.join(BUILD, "tests/bench/hold")
BARE = os.path.join(BUILD, "tests/bench/bare")
ROWS = int(os.environ.get("KATOP_BENCH_ROWS", "100000"))
LIST = [KATOP, "--no-options", "--list"]
CLONE_NEWNET = 0x40000000


def enter_private_namespace():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        print("SKIP: a private network namespace needs root")
        sys.exit(77)


class Held:
    """Connections held open for the time of a with block."""

    def __init__(self, rows):
        self.rows = rows

    def __enter__(self):
        self.process = subprocess.Popen(
            [HOLD, str(self.rows)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.process.stdout.readline().strip() != b"ready":
            raise SystemExit("bench: the connections could not be opened")
        return self

    def __exit__(self, *unused):
        self.process.stdin.close()
        self.process.wait()


class Run:
    """One run of a command: wall and CPU milliseconds, peak memory in KiB."""

    def __init__(self, command, environment=None):
        env = dict(os.environ, **(environment or {}))
        with open(os.devnull, "wb") as null:
            start = time.monotonic()
            process = subprocess.Popen(command, stdout=null, stderr=null,
                                       stdin=subprocess.DEVNULL, env=env)
            _, self.status, usage = os.wait4(process.pid, 0)
            self.wall = (time.monotonic() - start) * 1000
        process.returncode = 0
        self.cpu = (usage.ru_utime + usage.ru_stime) * 1000
        self.peak_kib = usage.ru_maxrss


def median(values):
    return statistics.median(values)


def alternate(commands, rounds):
    """Runs each command @rounds times in turn; returns {name: [Run]}."""
    runs = {name: [] for name, _, _ in commands}
    for _ in range(rounds):
        for name, command, environment in commands:
            runs[name].append(Run(command, environment))
    return runs


def walls(runs, name):
    return median([r.wall for r in runs[name]])


def cpus(runs, name):
    return median([r.cpu for r in runs[name]])


def judged(value, bound):
    return "%.2f%s" % (value, "" if value <= bound else "  MISSED, bound %.2f" % bound)


def paired(title, ours, theirs, bound, rounds=5):
    """Prints the ratio of the medians of alternating runs."""
    if shutil.which(theirs[0]) is None:
        print("%-52s not installed: %s" % (title, theirs[0]))
        return
    runs = alternate([("ours", ours, None), ("theirs", theirs, None)], rounds)
    ours_ms, theirs_ms = walls(runs, "ours"), walls(runs, "theirs")
    print("%-52s %8.1f / %8.1f ms = %s" % (
        title, ours_ms, theirs_ms, judged(ours_ms / theirs_ms, bound)))


def bare_ms(info, repeat=9):
    """Median CPU milliseconds of a receive-and-discard dump."""
    command = [BARE] + (["info"] if info else []) + [str(repeat)]
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
    return median([int(line.split()[0]) / 1000 for line in out.splitlines()])


def small():
    print("\n== 20 connections: start to end")
    with Held(20):
        paired("katop --list / ss -tno", LIST, ["ss", "-tno"], 1.5, rounds=41)


def memory(title, columns, empty, bound):
    runs = [Run(LIST + ["-o", columns]).peak_kib for _ in range(3)]
    each = (median(runs) - empty) * 1024 / ROWS
    print("%-52s %8.0f bytes a connection%s" % (
        title, each, "" if each <= bound else "  MISSED, bound %d" % bound))


def listing():
    print("\n== %d connections: one listing" % ROWS)
    empty = median([Run(LIST).peak_kib for _ in range(3)])
    plain = "state,local,peer,timer,expires"
    judge = plain + ",next,probes,deadline,verdict"
    owners = plain + ",process,pid"
    with Held(ROWS):
        paired("state,local,peer,timer,expires / ss -tno", LIST + ["-o", plain],
               ["ss", "-tno"], 1.0)
        paired("with next,probes,deadline,verdict / ss -tnoi", LIST + ["-o", judge],
               ["ss", "-tnoi"], 0.5)
        paired("with owners / ss -tnop", LIST + ["-o", owners], ["ss", "-tnop"], 0.15, 3)
        paired("with owners / lsof -nP -iTCP", LIST + ["-o", owners],
               ["lsof", "-nP", "-iTCP"], 0.25, 3)
        paired("with owners / netstat -tnop", LIST + ["-o", owners],
               ["netstat", "-tnop"], 1.0, 1)
        memory("peak memory, no owners", plain + ",verdict,next,deadline", empty, 320)
        memory("peak memory, with owners", "verdict,peer,process", empty, 420)
        base = bare_ms(False)
        with_info = bare_ms(True)
        print("%-52s %8.1f ms CPU; with tcp_info %.1f ms" % (
            "the bare dump", base, with_info))
        runs = alternate([("plain", LIST + ["-o", plain], None),
                          ("judge", LIST + ["-o", judge], None),
                          ("default", LIST, None)], 5)
        for name, against in (("plain", base), ("judge", with_info),
                              ("default", with_info)):
            print("%-52s %8.1f ms CPU = %.2f bare dumps" % (
                "katop --list, %s columns" % name, cpus(runs, name),
                cpus(runs, name) / against))


def settings():
    print("\n== %d connections: settings of each socket" % ROWS)
    every = LIST + ["-o", "state,local,peer,keepidle,keepintvl,keepcnt,user_timeout"]
    plain = LIST + ["-o", "state,local,peer"]
    with Held(ROWS):
        with_info = bare_ms(True)
        runs = alternate([
            ("plain", plain, None),
            ("owners", LIST + ["-o", "state,local,peer,process"], {"KATOP_BPF": "never"}),
            ("bpf", every + ["-o", "+process"], {"KATOP_BPF": "always"}),
            ("pidfd", every, {"KATOP_BPF": "never"}),
            ("all", LIST + ["-o", "all"], None)], 5)
        extra = walls(runs, "bpf") - walls(runs, "plain")
        print("%-52s %8.1f ms = %s bare dumps" % (
            "settings and owners by BPF, beyond the listing", extra,
            judged(extra / with_info, 1.5)))
        each = (walls(runs, "pidfd") - walls(runs, "owners")) * 1000 / ROWS
        print("%-52s %8s us a socket" % ("settings by pidfd_getfd", judged(each, 8)))
        paired("katop --list -o all / ss -tnoipe", LIST + ["-o", "all"],
               ["ss", "-tnoipe"], 0.12, 3)


SECTIONS = {"small": small, "listing": listing, "settings": settings}


def main():
    enter_private_namespace()
    os.environ.pop("COLUMNS", None)
    print("%s, %d cores, %d connections" % (
        os.uname().release, os.cpu_count(), ROWS))
    with Held(2):
        pass
    for name in sys.argv[1:] or SECTIONS:
        if name not in SECTIONS:
            raise SystemExit("bench: no section '%s' (%s)" % (name, ", ".join(SECTIONS)))
        SECTIONS[name]()


if __name__ == "__main__":
    main()
