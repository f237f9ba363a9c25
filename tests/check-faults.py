#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What fails around katop must not fail it: the right answer, a sample marked partial, or
one clear line and status 2; never a crash, a hang, a torn record, a spoilt terminal."""

import fcntl
import json
import os
import pty
import resource
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time

import rig

PRELOAD = os.path.join(os.environ.get("KATOP_BUILDDIR", "."), "tests/faults/preload.so")
PAIRS = 12
PATIENCE = 60

failures = []
held = []


def expect(what, true, told=""):
    if not true:
        failures.append(what)
        print(f"FAIL: {what} {told}", flush=True)


def environment(faults, **more):
    full = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm-256color", KATOP_BPF="never",
                LD_PRELOAD=PRELOAD, KATOP_FAULTS=faults)
    full.update(more)
    for name in "COLUMNS", "NO_COLOR":
        full.pop(name, None)
    return full


class Run:
    """One run under @faults: status (negative for a signal), out, err."""

    def __init__(self, faults, *args, stdout=subprocess.PIPE, stdin=b"", files=None,
                 **more):
        def limit():
            if files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        self.name = f"katop {' '.join(args)} under '{faults}'"
        try:
            done = subprocess.run([rig.KATOP, "--no-options", *args], stdout=stdout,
                                  stderr=subprocess.PIPE, input=stdin, check=False,
                                  env=environment(faults, **more), timeout=PATIENCE,
                                  preexec_fn=limit)
        except subprocess.TimeoutExpired:
            expect(self.name, False, "hangs")
            self.status, self.out, self.err = None, "", ""
            return
        self.status = done.returncode
        self.out = (done.stdout or b"").decode()
        self.err = done.stderr.decode()

    def expect(self, what, true):
        expect(f"{self.name}: {what}", true, f"{self.status} {self.err!r}")

    def samples(self):
        """The whole documents; what is cut short claims nothing."""
        decoder, at, found = json.JSONDecoder(), 0, []
        while at < len(self.out):
            try:
                document, at = decoder.raw_decode(self.out, at)
            except ValueError:
                break
            found.append(document)
            at += 1
        return found

    def fails_clearly(self, *words):
        """Status 2 and one line."""
        self.expect("status 2", self.status == 2)
        self.expect("one line", self.err.startswith("katop: ") and
                    self.err.count("\n") == 1)
        for word in words:
            self.expect(f"says {word!r}", word in self.err)


def key(row):
    return (row["local_address"], row["local_port"], row["peer_address"],
            row["peer_port"], row["state"])


def truth():
    return {(r.src, r.sport, r.dst, r.dport, rig.STATES[r.state]) for r in rig.raw_dump()}


def set_up():
    for kind in "v4", "v6", "mapped":
        at = rig.listener(kind)
        held.append(at)
        for i in range(PAIRS):
            client, server = rig.pair(kind, at)
            if i % 2:
                rig.keepalive(client, 3000, 30, 4)
            held.extend([client, server])


def spread(count, points):
    """Numbers from 1 to @count, the ends among them."""
    return sorted({1 + i * (count - 1) // (points - 1) for i in range(points)})


def counts(where, *args, **more):
    """How often a run calls what can fail."""
    path = os.path.join(where, "counts")
    Run("", *args, KATOP_FAULTS_COUNT=path, **more).expect("status", True)
    with open(path, encoding="ascii") as f:
        return {name: int(n) for name, n in (line.split() for line in f)}


def one(faults, *args):
    """The sample of a run that must succeed."""
    run = Run(faults, "--json", "-a", *args)
    run.expect("status 0", run.status == 0)
    samples = run.samples()
    run.expect("one sample", len(samples) == 1)
    return run, samples[0] if samples else {"partial": None, "connections": []}


def passing_faults():
    """What passes leaves no trace."""
    right = truth()
    for faults in ("diag.recv@1=ENOBUFS", "diag.recv@2=ENOBUFS", "diag.recv@1-5=EINTR",
                   "diag.recv@1=INTR", "diag.recv@1=REFUSE", "diag.recv@1=LIE",
                   "diag.recv@2=LIE", "diag.recv@1=CUT", "diag.recv@1=FOREIGN",
                   "diag.recv@1=EAGAIN", "diag.send@1=ENOBUFS", "route.recv@1=EINTR",
                   "route.recv@1=INTR", "route.recv@1=LIE", "route.socket@1=EMFILE",
                   "thread@1-=EAGAIN"):
        run, told = one(faults)
        run.expect("not partial", told["partial"] is False)
        run.expect("all rows", {key(row) for row in told["connections"]} == right)
        run.expect("no word", run.err == "")
        run.expect("ages", all(row["last_ack_ms"] is not None for row in
                               told["connections"] if row["state"] == "established"))


def lasting_faults():
    """What lasts is told: partial, poorer, or unknown."""
    right = truth()
    for what in "ENOBUFS", "INTR", "REFUSE", "LIE", "CUT", "FOREIGN", "EAGAIN":
        run, told = one(f"diag.recv@1-={what}")
        run.expect("partial", told["partial"] is True)
        run.expect("says so", "cut this sample short" in run.err and
                   run.err.count("\n") == 1)
        run.expect("no made-up rows", {key(r) for r in told["connections"]} <= right)
    run, told = one("diag.recv@1-=ATTR")
    run.expect("all rows", {key(row) for row in told["connections"]} == right)
    run.expect("no made-up ages", all(row["last_ack_ms"] is None and row["rtt_us"] is None
                                      for row in told["connections"]))
    for faults in ("route.socket@1-=EMFILE", "route.recv@1-=EIO", "route.recv@1-=LIE",
                   "route.recv@1-=INTR"):
        run, told = one(faults)
        run.expect("all rows", {key(row) for row in told["connections"]} == right)
    run = Run("diag.recv@1-=ENOBUFS", "--check")
    run.expect("never a false 0", run.status in (1, 2))


def refusals():
    """Without sock_diag /proc/net/tcp answers, without both nothing does."""
    right = truth()
    for faults, words in (("diag.socket@1-=EMFILE", "Too many open files"),
                          ("diag.socket@1=EPERM", "Operation not permitted"),
                          ("diag.socket@1=EAFNOSUPPORT", "Address family"),
                          ("diag.send@1-=ENOENT", "modprobe tcp_diag"),
                          ("diag.send@1-=EPERM", "Operation not permitted"),
                          ("diag.recv@1-=ENOBUFS,diag.socket@2-=EMFILE", "Too many")):
        run, told = one(faults)
        run.expect("all rows", {key(row) for row in told["connections"]} == right)
        run.expect("says so", words in run.err and run.err.count("\n") == 1)
    # once when opened, once for each sample; the third is whole again
    run = Run("diag.socket@1-3=EMFILE", "--json", "-a", "-n", "3", "-d", "0.1")
    run.expect("status", run.status == 0)
    run.expect("sock_diag is found again", [
        any(row["last_ack_ms"] is not None for row in told["connections"])
        for told in run.samples()] == [False, False, True])
    run = Run("diag.socket@1-=EPERM,open@1-=EMFILE", "--list")
    run.fails_clearly("Operation not permitted", "Too many open files")


def exhausted(run, right, least):
    """What a run without memory may end like."""
    run.expect("no crash", run.status in least)
    run.expect("one line at most", run.err.count("\n") <= 1)
    if run.status == 2:
        run.fails_clearly()
    for told in run.samples() if right else ():
        run.expect("all rows", told["partial"] or
                   {key(row) for row in told["connections"]} == right)


def exhaustion(where, record):
    """Memory ends at every stage of a run: one line, and no document that lies."""
    json_args = ["--json", "-a"]
    for args, right, more in ((json_args, truth(), {}),
                              (json_args, truth(), {"KATOP_BPF": "always"}),
                              (["--list", "-o", "all", "idle", "<", "1h"], None, {}),
                              ([*json_args, "-r", record], truth(), {}),
                              (["--check", "-r", record], None, {})):
        made = counts(where, *args, **more)
        for n in spread(made["own.alloc"], 12):
            exhausted(Run(f"own.alloc@{n}=ENOMEM", *args, **more), right, (0, 2))
        for n in spread(made["other.alloc"], 8):
            exhausted(Run(f"other.alloc@{n}-=ENOMEM", *args, **more), right, (0, 1, 2))
    for n in 1, 10, 30:
        Run(f"own.alloc@{n}-=ENOMEM", "--list").fails_clearly("out of memory")


def no_descriptors():
    """RLIMIT_NOFILE: poorer by the step, then one line."""
    right = truth()
    for files in range(3, 12):
        run = Run("", "--json", "-a", files=files)
        if run.status == 127:  # the dynamic linker had none
            continue
        if run.status != 0:
            run.fails_clearly("Too many open files")
            continue
        run.expect("all rows", [{key(row) for row in told["connections"]} for told in
                                run.samples()] == [right])
        run.expect("one line at most", run.err.count("\n") <= 1)


def owners(told):
    return {row["cookie"]: {(o["pid"], o["fd"], o["process"]) for o in row["owners"]}
            for row in told["connections"] if row["owners"]}


def vanishing(where):
    """Processes and descriptors go away while they are looked at."""
    args = ["--no-peek"]
    right = owners(one("", *args)[1])
    expect("owners to lose", len(right) > PAIRS)
    made = counts(where, "--json", "-a", *args)
    faults = [f"readlink@{n}={what}" for n in spread(made["readlink"], 8)
              for what in ("ENOENT", "ESRCH", "EACCES")]
    faults += [f"open@{n}={what}" for n in spread(made["open"], 16)
               for what in ("ENOENT", "EACCES")]
    faults += [f"open@{n}-=EMFILE" for n in spread(made["open"], 6)]
    faults += [f"read@{n}={what}" for n in spread(made["read"], 12)
               for what in ("NONE", "ESRCH")]
    for fault in faults:
        run, told = one(fault, *args)
        for cookie, found in owners(told).items():
            nameless = {(pid, fd, None) for pid, fd, _ in right.get(cookie, ())}
            run.expect("owners that are true", found <= right.get(cookie, set()) | nameless)
        run.expect("all rows", len(told["connections"]) == len(truth()))
        run.expect("why an owner is unknown", all(
            row["owners"] or row["owner_unknown"] for row in told["connections"]))


def replayed(path):
    run = Run("", "--json", "-a", "-r", path)
    run.expect("a record to replay", run.status == 0)
    return run.samples()


def small_disk(where):
    """A file system of some kilobytes; the mount namespace is our own."""
    disk = os.path.join(where, "disk")
    os.mkdir(disk)
    if rig.LIBC.mount(b"none", disk.encode(), b"tmpfs", 0, b"size=256k") != 0:
        rig.skip("no file system of our own")
    return disk


def full_disk(disk):
    with open("/dev/full", "wb") as full:
        for args in ["--list"], ["--json", "-a"], ["--settings"], ["--help"]:
            Run("", *args, stdout=full).fails_clearly("standard output", "No space left")
    Run("", "--list", "-w", "/dev/full").fails_clearly("/dev/full", "No space left")
    path = os.path.join(disk, "record")
    Run("", "--json", "-a", "-d", "0.1", "-n", "100", "-w", path).fails_clearly(
        path, "No space left")
    samples = replayed(path)
    expect("whole samples of a full disk", samples and all(
        len(told["connections"]) == len(truth()) for told in samples))
    os.remove(path)


def closed_pipe(where):
    """A reader that leaves ends it as a signal does; the record keeps whole samples."""
    path = os.path.join(where, "piped")
    with subprocess.Popen([rig.KATOP, "--no-options", "--json", "-a", "-d", "0.1", "-w",
                           path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=environment("")) as run:
        run.stdout.readline()
        run.stdout.close()
        expect("a closed pipe", run.wait(PATIENCE) == -signal.SIGPIPE, run.returncode)
    expect("the record of a closed pipe", len(replayed(path)) >= 1)
    fifo = os.path.join(where, "fifo")
    os.mkfifo(fifo)
    with subprocess.Popen([rig.KATOP, "--no-options", "--list", "-d", "0.1", "-w", fifo],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          env=environment("")) as run:
        with open(fifo, "rb") as reader:
            reader.readline()
        expect("a record's reader that leaves", run.wait(PATIENCE) == -signal.SIGPIPE,
               run.returncode)


def cut_records(record):
    with open(record, "rb") as f:
        text = f.read()
    ends = [i + 3 for i in range(len(text)) if text.startswith(b"\n]}", i)]
    for cut in (*spread(len(text) - ends[0], 7), ends[1] - ends[0] - 1,
                ends[1] - ends[0], ends[1] - ends[0] + 1):
        cut += ends[0]
        whole = sum(end <= cut for end in ends)
        run = Run("", "--json", "-a", "-r", "-", stdin=text[:cut])
        run.expect(f"{whole} whole samples at {cut}", run.status == 0 and
                   len(run.samples()) == whole)
    Run("", "--list", "-r", "-", stdin=text[:ends[0] - 1]).fails_clearly("whole sample")


def jumping_clock(where):
    right = truth()
    path = os.path.join(where, "jumped")
    for clock in "clock.wall", "clock.mono":
        for seconds in 7200, -7200:
            begun = time.monotonic()
            run = Run(f"{clock}@5-={seconds}", "--json", "-a", "-d", "0.1", "-n", "8",
                      "-w", path)
            took = time.monotonic() - begun
            told = run.samples()
            run.expect("status", run.status == 0 and run.err == "")
            run.expect("samples", len(told) == 8)
            run.expect(f"at its pace, not in {took:.2f} s", took >= 0.4)
            for sample in told:
                run.expect("all rows", {key(r) for r in sample["connections"]} == right)
                run.expect("ages", clock == "clock.mono" or all(
                    (row["last_ack_ms"] or 0) < 600000 for row in sample["connections"]))
            run.expect("the record", len(replayed(path)) == 8)


class View:
    """The live view in a terminal of its own, until it ends."""

    def __init__(self, faults, *args, keys=b""):
        self.name = f"live view {' '.join(args)} under '{faults}'"
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        before = termios.tcgetattr(slave)
        run = subprocess.Popen([rig.KATOP, "--no-options", "-d", "0.1", *args],
                               stdin=slave, stdout=slave, stderr=slave,
                               start_new_session=True, env=environment(faults))
        self.out = self.read(master, run, keys)
        self.status = run.returncode
        self.expect("modes of the terminal", termios.tcgetattr(slave) == before)
        if b"\x1b[?1049h" in self.out:
            after = self.out[self.out.rindex(b"\x1b[?1049h"):]
            self.expect("the screen from before", b"\x1b[?1049l" in after)
            self.expect("the cursor", after.rfind(b"\x1b[?25l") < after.rfind(b"\x1b[?25h")
                        or b"\x1b[?25l" not in after)
            self.expect("the mouse", b"\x1b[?1000h" not in after or b"\x1b[?1000l" in after)
        os.close(master)
        os.close(slave)

    def read(self, master, run, keys):
        out, end = b"", time.monotonic() + PATIENCE
        while run.poll() is None or select.select([master], [], [], 0)[0]:
            if select.select([master], [], [], 0.05)[0]:
                out += os.read(master, 65536)
            if keys and b"127.0.0.1" in out:
                os.write(master, keys)
                keys = b""
            if time.monotonic() > end:
                run.kill()
                run.wait()
                self.expect("an end", False)
        return out

    def expect(self, what, true):
        expect(f"{self.name}: {what}", true, f"{getattr(self, 'status', '')} "
               f"{getattr(self, 'out', b'')[-300:]!r}")

    def fails_clearly(self, words):
        self.expect("status 2", self.status == 2)
        last = self.out.rsplit(b"\x1b", 1)[-1]
        self.expect(f"says {words}", last.count(b"katop: ") == 1 and words in last)


def live(where, disk):
    for faults in ("", "clock.wall@9-=7200", "clock.wall@9-=-7200", "clock.mono@30-=7200",
                   "clock.mono@30-=-7200", "diag.recv@4-=ENOBUFS", "diag.recv@4-=LIE",
                   "route.recv@1-=EIO"):
        view = View(faults, "-n", "5")
        view.expect("status 0", view.status == 0)
        view.expect("a screen", b"\x1b[?1049h" in view.out)
    view = View("diag.socket@1=EPERM", "-n", "8", keys=b"ky")
    view.expect("no word of a close", b"closing a connection needs sock_diag" in view.out)
    path = os.path.join(where, "counts")
    os.environ["KATOP_FAULTS_COUNT"] = path
    View("", "-n", "2")
    del os.environ["KATOP_FAULTS_COUNT"]
    with open(path, encoding="ascii") as f:
        made = {name: int(n) for name, n in (line.split() for line in f)}
    for n in spread(made["own.alloc"], 10):
        View(f"own.alloc@{n}-=ENOMEM").fails_clearly(b"out of memory")
    # ncurses exits or crashes where it forgets to look: the terminal is restored then, too
    for n in spread(made["other.alloc"], 6):
        View(f"other.alloc@{n}=ENOMEM", "-n", "2")
    View("thread@1=EAGAIN").fails_clearly(b"thread")
    record = os.path.join(disk, "live")
    View("", "-n", "20", "-w", record).fails_clearly(b"No space left")
    expect("whole samples of a full disk, live", len(replayed(record)) >= 1)


def main():
    if not os.path.exists(PRELOAD):
        rig.skip("no shim to preload (sanitizers insist on being loaded first)")
    rig.need_root(rig.CLOSED)
    rig.enter_namespace()
    rig.enter_process_namespace()
    set_up()
    with tempfile.TemporaryDirectory(prefix="katop-test-") as where:
        disk = small_disk(where)
        record = os.path.join(where, "record")
        Run("", "--list", "-a", "-n", "3", "-d", "0.1", "-w", record).expect("status", True)
        steps = (passing_faults, lasting_faults, refusals, no_descriptors,
                 lambda: exhaustion(where, record), lambda: vanishing(where),
                 lambda: full_disk(disk), lambda: closed_pipe(where),
                 lambda: cut_records(record), lambda: jumping_clock(where),
                 lambda: live(where, disk))
        for step in steps:
            step()
        rig.LIBC.umount2(disk.encode(), 2)
    if failures:
        rig.fail(f"{len(failures)} failures")


main()
