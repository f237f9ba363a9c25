#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What an ordinary user's katop learns of other users' settings by watching their timers:
assumed until the timer has fired, then exact, never a wrong value called inferred."""

import os
import random
import shutil
import subprocess
import tempfile
import time

import rig

NOBODY = 65534
SAMPLES, DELAY_S = 56, 0.5
NAMES = ("keepidle_ms", "keepintvl_ms", "keepcnt", "user_timeout_ms")


class Watched:
    """One connection of another user: its settings, when they are on, whether it talks."""

    def __init__(self, idle, interval, late=False, talks=False):
        self.client, self.server = rig.pair()
        self.truth = {"keepidle_ms": idle * 1000, "keepintvl_ms": interval * 1000,
                      "keepcnt": 7, "user_timeout_ms": 0}
        self.cookie = f"{rig.cookie(self.client):x}"
        self.late, self.talks = late, talks
        self.on_at = None
        self.learned = {}
        self.firings = 0
        if not late:
            self.turn_on()

    def turn_on(self):
        rig.keepalive(self.client, self.truth["keepidle_ms"] // 1000,
                      self.truth["keepintvl_ms"] // 1000, 7)
        self.on_at = time.monotonic()

    def __str__(self):
        return (f"idle {self.truth['keepidle_ms']} intvl {self.truth['keepintvl_ms']}"
                f"{' late' * self.late}{' talking' * self.talks}")


def connections():
    watched = [Watched(idle, intvl) for idle in (2, 3, 4) for intvl in (2, 3, 4)]
    watched += [Watched(2, 3, late=True), Watched(4, 2, late=True), Watched(3, 1, late=True)]
    watched += [Watched(3, 2, talks=True), Watched(4, 1, talks=True)]
    random.shuffle(watched)
    return watched


def carry_on(watched, process):
    """The connections' life while katop looks on."""
    begun = time.monotonic()
    said = 0
    while process.poll() is None:
        passed = time.monotonic() - begun
        for one in watched:
            if one.late and one.on_at is None and passed > 4.2:
                one.turn_on()
        # pauses that differ, so that the timer meets many silences
        if passed > said * 1.3 + (said % 7) * 0.9:
            said += 1
            for one in watched:
                if one.talks:
                    one.server.send(b"x")
                    one.client.recv(10)
        time.sleep(0.02)
        if passed > 180:
            process.kill()
            rig.fail("katop does not come to an end")


def look(path, where, watched):
    """The samples, and those of the record of them."""
    record = os.path.join(where, "record")
    with open(os.path.join(where, "out"), "w+", encoding="utf-8") as out:
        with subprocess.Popen(
                [path, "--no-options", "--json", "-d", str(DELAY_S), "-n", str(SAMPLES),
                 "-w", record], stdout=out, user=NOBODY, group=NOBODY,
                extra_groups=[]) as process:
            carry_on(watched, process)
        if process.returncode != 0:
            rig.fail(f"katop: status {process.returncode}")
        out.seek(0)
        live = rig.documents(out.read())
    return live, rig.documents(rig.katop("--json", "-r", record)[0])


def judge_row(one, row):
    """A wrong statement, or None. Notes what has been learned."""
    if row["settings"] == "socket":
        return "nobody read a socket of root's"
    if row["settings"] != "inferred":
        return None
    for name in NAMES:
        if row[name] not in (None, one.truth[name]):
            return f"{name} {row[name]} is called inferred"
    for name in NAMES:
        if row[name] is not None:
            one.learned.setdefault(name, one.firings)
    return None


def count_firings(one, row, before):
    """The timer has fired when its expiry moved."""
    if row["timer"] != "keepalive" or row["expires_ms"] is None:
        return None
    expiry = row["at"] + row["expires_ms"]
    if before is not None and expiry - before > 500:
        one.firings += 1
    return expiry


def judge(watched, samples):
    faults, statements = [], 0
    for one in watched:
        expiry = None
        for number, told in enumerate(samples):
            row = next((r for r in told["connections"] if r["cookie"] == one.cookie), None)
            if row is None:
                faults.append(f"{one}: no row")
                break
            row["at"] = rig.wall_ms(told["time"])
            expiry = count_firings(one, row, expiry)
            fault = judge_row(one, row)
            if fault:
                faults.append(f"{one}, sample {number}: {fault}: {row}")
            if row["settings"] == "inferred" and one.firings == 0:
                faults.append(f"{one}, sample {number}: inferred before any firing")
            statements += row["settings"] == "inferred"
    return faults, statements


def judge_learning(watched):
    """What must be known in the end: keepidle unless keepintvl hides it, keepintvl where
    the connection is silent."""
    for one in watched:
        if one.truth["keepintvl_ms"] < one.truth["keepidle_ms"] or one.talks:
            if "keepidle_ms" not in one.learned:
                yield f"{one}: keepidle was not learned in {one.firings} firings"
        if not one.talks and "keepintvl_ms" not in one.learned:
            yield f"{one}: keepintvl was not learned in {one.firings} firings"


def statements_of(samples):
    return [[(r["cookie"], r["settings"], *(r[n] for n in NAMES))
             for r in told["connections"]] for told in samples]


def main():
    rig.need_root("watches root's connections as nobody")
    rig.enter_namespace()
    path, where = rig.public_katop()
    scratch = tempfile.mkdtemp(prefix="katop-test-")
    os.chmod(scratch, 0o777)
    try:
        watched = connections()
        live, replayed = look(path, scratch, watched)
    finally:
        shutil.rmtree(where)
        shutil.rmtree(scratch)
    first = {row["cookie"]: row for row in live[0]["connections"]}
    faults = [f"{one}: at first {first[one.cookie]['settings']}" for one in watched
              if first[one.cookie]["settings"] not in ("system", None)]
    wrong, statements = judge(watched, live)
    faults += wrong
    if statements_of(live) != statements_of(replayed):
        faults.append("the record tells otherwise")
    faults += judge_learning(watched)
    if faults:
        rig.fail("\n".join(faults))
    for name in NAMES[:2]:
        known = [one.learned[name] for one in watched if name in one.learned]
        print(f"{name}: of {len(known)} of {len(watched)}, after {min(known)} to "
              f"{max(known)} firings")
    print(f"{statements} statements, none wrong")


main()
