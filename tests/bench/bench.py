#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""make bench: katop beside ss, netstat, lsof and the bare dump, in the same run.

Everything runs in a private network namespace. The machine may be noisy: the runs of two
programs alternate, and medians and their ratios are printed. Times are wall-clock
milliseconds unless said otherwise. Nothing here passes or fails; a bound that is missed is
marked. usage: bench.py [SECTION]... (small, listing, settings, live
or its parts refresh, keys, quiet and steady; growth, replay)
"""
import ctypes
import fcntl
import os
import pty
import random
import re
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

BUILD = os.environ.get("KATOP_BUILDDIR", os.getcwd())
KATOP = os.environ.get("KATOP", os.path.join(BUILD, "katop"))
HOLD = os.path.join(BUILD, "tests/bench/hold")
RUN = os.path.join(BUILD, "tests/bench/run")
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
        out = subprocess.run([RUN] + command, env=env, stdout=subprocess.PIPE, check=True)
        wall_us, cpu_us, self.peak_kib, self.status = map(int, out.stdout.split())
        self.wall = wall_us / 1000
        self.cpu = cpu_us / 1000


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


def say(title, text):
    print("%-52s %s" % (title, text), flush=True)


def judged(value, bound):
    return "%.2f%s" % (value, "" if value <= bound else "  MISSED, bound %.2f" % bound)


def paired(title, ours, theirs, bound, rounds=5):
    """Prints the ratio of the medians of alternating runs."""
    if shutil.which(theirs[0]) is None:
        print("%-52s not installed: %s" % (title, theirs[0]))
        return
    runs = alternate([("ours", ours, None), ("theirs", theirs, None)], rounds)
    ours_ms, theirs_ms = walls(runs, "ours"), walls(runs, "theirs")
    print("%-52s %8.1f / %8.1f ms = %s  (CPU %.0f / %.0f ms)" % (
        title, ours_ms, theirs_ms, judged(ours_ms / theirs_ms, bound),
        cpus(runs, "ours"), cpus(runs, "theirs")))


def bare_ms(info, repeat=9, pause_ms=0):
    """Median CPU milliseconds of a receive-and-discard dump."""
    command = [BARE] + (["info"] if info else []) + [str(repeat), str(pause_ms)]
    return bare_median(command)


def walk_ms(repeat=3):
    """Median CPU milliseconds of a walk over every process's descriptors."""
    return bare_median([BARE, "owners", str(repeat)])


def bare_median(command):
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
        beside_the_bare_dump(plain, judge)


def beside_the_bare_dump(plain, judge):
    base, with_info, walk = bare_ms(False), bare_ms(True), walk_ms()
    runs = alternate([("plain", LIST + ["-o", plain], None),
                      ("judge", LIST + ["-o", judge], None),
                      ("default", LIST, None)], 5)
    say("the bare dump; with tcp_info; a walk of the owners",
        "%8.1f; %.1f; %.1f ms CPU" % (base, with_info, walk))
    for name, against in (("plain", base), ("judge", with_info), ("default", with_info)):
        say("katop --list, %s columns" % name, "%8.1f ms CPU = %.2f bare dumps" % (
            cpus(runs, name), cpus(runs, name) / against))
    bound = 2.2 * with_info + walk
    say("default columns / (2.2 bare dumps and a walk)", "%8.1f / %8.1f ms CPU = %s" % (
        cpus(runs, "default"), bound, judged(cpus(runs, "default") / bound, 1.0)))


def settings():
    print("\n== %d connections: settings of each socket" % ROWS)
    # any other order asks for verdicts, which ask for the settings
    by_local = LIST + ["-s", "local", "-o", "state,local,peer,last_ack"]
    values = "+keepidle,+keepintvl,+keepcnt,+user_timeout"
    never, always = {"KATOP_BPF": "never"}, {"KATOP_BPF": "always"}
    with Held(ROWS):
        with_info = bare_ms(True)
        runs = alternate([
            ("plain", by_local, None),
            ("owners", by_local + ["-o", "+process"], never),
            ("bpf", by_local + ["-o", values + ",+process"], always),
            ("pidfd", by_local + ["-o", values + ",+process"], never)], 5)
        extra = cpus(runs, "bpf") - cpus(runs, "plain")
        say("settings and owners by BPF, beyond the listing",
            "%8.1f ms CPU = %s bare dumps (%.1f ms)" % (
                extra, judged(extra / with_info, 1.5), with_info))
        each = (cpus(runs, "pidfd") - cpus(runs, "owners")) * 1000 / ROWS
        say("settings by pidfd_getfd, beyond the owners", "%8s us CPU a socket" % (
            judged(each, 8)))
        paired("katop --list -o all / ss -tnoipe", LIST + ["-o", "all"],
               ["ss", "-tnoipe"], 0.12, 3)


class Live:
    """katop in a terminal of its own, 100 by 30, for the time of a with block."""

    def __init__(self, *options):
        self.options = list(options)

    def __enter__(self):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
            os.execv(KATOP, [KATOP, "--no-options"] + self.options)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        return self

    def __exit__(self, *unused):
        self.write(b"q")
        while self.output(1):
            pass
        os.close(self.terminal)
        os.waitpid(self.pid, 0)

    def write(self, keys):
        try:
            os.write(self.terminal, keys)
        except OSError:
            pass

    def output(self, seconds):
        """What the terminal is sent next; b"" when nothing came, or it ended."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self.terminal, 65536)
        except OSError:
            return b""

    def watch(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.output(left)

    def cpu_ms(self):
        """CPU time of all its threads, by the scheduler's own clock."""
        total = 0
        for task in os.listdir("/proc/%d/task" % self.pid):
            with open("/proc/%d/task/%s/schedstat" % (self.pid, task)) as stat:
                total += int(stat.read().split()[0])
        return total / 1e6

    def memory_kib(self):
        with open("/proc/%d/status" % self.pid) as status:
            lines = dict(line.split(":", 1) for line in status)
        return int(lines["VmRSS"].split()[0]), int(lines["VmHWM"].split()[0])

    def latency_ms(self, key, answer):
        """From a key to the first output that carries @answer."""
        while self.output(0):
            pass
        seen, start = b"", time.monotonic()
        self.write(key)
        while answer not in seen and time.monotonic() < start + 2:
            seen += self.output(2)
        return (time.monotonic() - start) * 1000


def refresh():
    seconds = 30
    with Held(ROWS):
        with Live("-d", "1") as katop:
            katop.watch(6)
            bare = subprocess.Popen([BARE, "info", str(seconds), "1000"],
                                    stdout=subprocess.PIPE)
            before, start = katop.cpu_ms(), time.monotonic()
            katop.watch(seconds)
            each = (katop.cpu_ms() - before) / (time.monotonic() - start)
            peak = katop.memory_kib()[1]
            lines = bare.communicate()[0].decode().splitlines()
        base = median([int(line.split()[0]) / 1000 for line in lines])
        say("a refresh of %d, owners shown / the bare dump" % ROWS,
            "%8.1f / %8.1f ms CPU = %s" % (
                each, base, judged(each / base, 1.8)))
        say("peak memory of the live view", "%8.0f bytes a connection" % (
            peak * 1024 / ROWS))


def quiet():
    seconds = 60
    with Held(1000), Live("-d", "1") as katop:
        katop.watch(3)
        bare = subprocess.Popen([BARE, "info", str(seconds), "1000"],
                                stdout=subprocess.PIPE)
        before, start = katop.cpu_ms(), time.monotonic()
        katop.watch(seconds)
        share = (katop.cpu_ms() - before) / (time.monotonic() - start) / 10
        lines = bare.communicate()[0].decode().splitlines()
    base = sum(int(line.split()[0]) for line in lines) / seconds / 10000
    say("1,000 connections at 1 s, over 60 s",
        "%8s %% of a core (the bare dump %.2f)" % (judged(share, 1), base))


def echo_ms(terminal):
    """What the machine takes to wake a sleeping program: cat in a terminal."""
    start = time.monotonic()
    os.write(terminal, b"\n")
    seen = b""
    while seen.count(b"\n") < 2:
        seen += os.read(terminal, 4096)
    return (time.monotonic() - start) * 1000


def percentile(values, percent):
    return sorted(values)[len(values) * percent // 100 - 1]


def keys():
    chance = random.Random(1)
    waits, echoes = [], []
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("cat", ["cat"])
    with Held(ROWS), Live("-d", "1") as katop:
        katop.watch(4)
        for i in range(500):
            # the row that the cursor moves to is drawn anew, its address with it
            key = b"\x1bOB" if i // 20 % 2 == 0 else b"\x1bOA"
            waits.append(katop.latency_ms(key, b"127.0.0."))
            katop.watch(chance.uniform(0.05, 0.15))
            echoes.append(echo_ms(terminal))
    os.close(terminal)
    os.waitpid(pid, 0)
    say("500 keys during samples of %d: 99 %% within" % ROWS,
        "%8s ms (median %.1f, worst %.1f; cat beside it %.1f)" % (
            judged(percentile(waits, 99), 50), median(waits), max(waits),
            percentile(echoes, 99)))


def steady():
    samples = int(os.environ.get("KATOP_BENCH_SAMPLES", "1000"))
    with Held(ROWS), Live("-d", "0.1", "-n", str(samples)) as katop:
        katop.watch(10)
        first, peak = katop.memory_kib(), 0
        try:
            while True:
                katop.watch(1)
                last, peak = katop.memory_kib()
        except (OSError, KeyError):
            pass
        say("memory over %d samples" % samples,
            "%8d KiB after 10 s, %d at the end, peak %d" % (first[0], last, peak))


def live():
    print("\n== the live view, 100x30")
    refresh()
    keys()
    quiet()
    steady()


def growth():
    print("\n== growth: katop --list, default columns")
    for rows in (100, 1000, 10000, 100000):
        with Held(rows):
            run = alternate([("katop", LIST, None)], 5)
            bare = bare_ms(True)
        say("%d connections" % rows, "%8.1f ms, %.1f ms CPU, bare dump %.1f ms, %.1f MiB"
            % (walls(run, "katop"), cpus(run, "katop"), bare,
               median([r.peak_kib for r in run["katop"]]) / 1024))


def write_record(path, rows):
    """One sample of a record, made by katop of 100 connections and then repeated."""
    small = path + ".small"
    with Held(100):
        Run([KATOP, "--no-options", "--list", "-w", small])
    with open(small) as made:
        lines = made.read().splitlines()
    os.unlink(small)
    patterns = [line.rstrip(",") for line in lines[1:-1]]
    with open(path, "w") as out:
        out.write(lines[0] + "\n")
        for i in range(rows):
            row = re.sub(r'"cookie":"[0-9a-f]+"', '"cookie":"%x"' % (i + 1),
                         patterns[i % len(patterns)])
            out.write(row + (",\n" if i + 1 < rows else "\n"))
        out.write(lines[-1] + "\n")


def replay():
    print("\n== a record replayed, default columns")
    with tempfile.TemporaryDirectory() as folder:
        for rows in (100000, 1000000):
            path = os.path.join(folder, "record")
            write_record(path, rows)
            run = alternate([("katop", LIST + ["-r", path], None)],
                            3 if rows <= 100000 else 1)
            peak = median([r.peak_kib for r in run["katop"]])
            say("%d connections" % rows,
                "%8.0f ms, %.2f us CPU and %.0f bytes a connection" % (
                    walls(run, "katop"), cpus(run, "katop") * 1000 / rows,
                    peak * 1024 / rows))


SECTIONS = {"small": small, "listing": listing, "settings": settings, "live": live,
            "refresh": refresh, "keys": keys, "quiet": quiet, "steady": steady,
            "growth": growth, "replay": replay}
EVERY = ("small", "listing", "settings", "live", "growth", "replay")


def main():
    os.environ.pop("COLUMNS", None)
    print("%s, %d cores, %d connections" % (
        os.uname().release, os.cpu_count(), ROWS))
    for name in sys.argv[1:] or EVERY:
        if name not in SECTIONS:
            raise SystemExit("bench: no section '%s' (%s)" % (name, ", ".join(SECTIONS)))
        # the last one's sockets linger in TIME-WAIT, where each dump meets them
        enter_private_namespace()
        with Held(2):
            pass
        SECTIONS[name]()


if __name__ == "__main__":
    main()
