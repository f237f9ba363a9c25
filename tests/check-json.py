#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON and records as programs meet them: jq and json.loads read them, a replay says the
same byte for byte, a record of a replay is the record, damage is named."""

import json
import os
import shutil
import signal
import subprocess
import tempfile

import rig

HOSTILE = [b"a) S 1\n", b"\x1b[2J\x1b]0;x\x07", b"q\"\\u0000',{", b"\xc2\x9b31m\xff\xfe",
           "größe-日本".encode()]

faults = []


def check(what, told, right):
    if told != right:
        faults.append(f"{what}: {told!r:.400}, not {right!r:.400}")


def hold(name):
    """A process of that name with a connection of its own."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        rig.set_name(name)
        ends = rig.pair()
        rig.keepalive(ends[0], 60, 5, 3)
        os.write(write, b"x")
        signal.pause()
    os.read(read, 1)
    return child


def sockets():
    """Connections of many kinds: what is returned keeps them open."""
    held = [rig.pair(kind) for kind in ("v4", "v6", "mapped", "v4", "v6")]
    rig.keepalive(held[0][0], 3, 2, 4, 9000)
    rig.keepalive(held[1][0])
    rig.drop_incoming(held[3][0])
    held[3][1].send(b"never acknowledged")
    rig.fill(held[4][0])
    held += [rig.listener("v4"), rig.listener("v6")]
    done = rig.pair()
    done[0].close()
    done[1].close()
    return held


def run(*args, stdin=None):
    """katop's output as bytes; the status must be 0."""
    done = subprocess.run([rig.KATOP, "--no-options", *args], input=stdin, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        rig.fail(f"katop {args}: status {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def documents():
    text = run("--json", "-a")
    told = json.loads(text)
    lines = text.decode().splitlines()
    check("lines", len(lines), len(told["connections"]) + 2)
    check("last line", lines[-1], "]}")
    check("header", lines[0].startswith('{"katop":"') and lines[0].endswith("["), True)
    for line in lines[1:-1]:
        json.loads(line.rstrip(","))
    bad = [c for c in text.decode() if c != "\n" and not c.isprintable()]
    check("control characters", bad, [])
    if shutil.which("jq") is None:
        rig.leave_out("no jq to read it")
    else:
        jq = subprocess.run(["jq", "-r", ".connections[].process"], input=text,
                            stdout=subprocess.PIPE, check=True).stdout.decode()
        right = [c["process"] or "null" for c in told["connections"]]
        check("jq", jq.splitlines(), right)
    two = run("--json", "-n", "2", "-d", "0.1").decode()
    check("documents", two.count('{"katop":'), 2)
    first, end = json.JSONDecoder().raw_decode(two)
    second = json.loads(two[end:])
    check("time moves", second["time"] > first["time"], True)


def chosen():
    told = json.loads(run("--json", "-o", "pid,next,local"))
    for row in told["connections"]:
        row.pop("owner_unknown", None)
        check("members", list(row), ["pid", "owners", "next_ms", "next_latest_ms",
                                     "local_address", "local_port"])


def replays(where):
    record, again = os.path.join(where, "a b.katop"), os.path.join(where, "again")
    live = run("--json", "-a", "-n", "3", "-d", "0.2", "--path-idle", "aws-alb",
               "-w", record)
    check("replay", run("--json", "-a", "-r", record, "-w", again), live)
    with open(record, "rb") as f:
        text = f.read()
    with open(again, "rb") as f:
        check("record of a replay", f.read(), text)
    check("replay of a pipe", run("--json", "-a", "-r", "-", stdin=text), live)
    for form in ("--list", "--check", "--settings"):
        done = subprocess.run([rig.KATOP, "--no-options", form, "-a", "-r", record],
                              stdout=subprocess.PIPE, check=False)
        bad = [c for c in done.stdout.decode() if c != "\n" and not c.isprintable()]
        check(form + " of a replay", bad, [])
        check(form + " status", done.returncode in ((0, 1) if form == "--check" else (0,)),
              True)
    head = live.split(b"\n", 1)[0]
    check("the path is recorded", b'"path_idle_ms":60000,"path_name":"aws-alb",'
          b'"path_data_only":true' in head, True)
    other = json.JSONDecoder().raw_decode(
        run("--json", "-r", record, "--path-idle", "none").decode())[0]
    check("the command line's path", other["path_idle_ms"], None)
    return text


def filtered(where):
    record = os.path.join(where, "few")
    run("--json", "-w", record, "state established")
    told = json.loads(run("--json", "-a", "-r", record))
    check("states", {row["state"] for row in told["connections"]}, {"established"})


def refused(text, *says):
    """Status 2 and an error that says where."""
    done = subprocess.run([rig.KATOP, "--no-options", "--list", "-r", "-"], input=text,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    check("status", done.returncode, 2)
    for words in says:
        check(f"{words} in {done.stderr}", words in done.stderr.decode(), True)


def damage(text):
    samples = text.split(b"\n]}\n")
    two = len(samples[0]) + len(samples[1]) + 8
    for cut in (two, two + 1, two + 99, len(text) - 3):
        told = run("--json", "-r", "-", stdin=text[:cut]).decode()
        check(f"cut at {cut}", told.count('{"katop":'), 2)
    refused(b"", "empty")
    refused(text[:200], "standard input", "line 1")
    refused(text[:len(samples[0]) - 9], "no whole sample")
    lines = text.split(b"\n")
    refused(b"\n".join(lines[:2] + [b"{]"] + lines[3:]), "line 3")
    refused(b"\n".join(lines[:2] + [lines[2][:40]] + lines[3:]), "line 3")
    refused(os.urandom(4096) + b"\n", "line 1")
    refused(b"\n".join(lines[:1] + [lines[1].replace(b'"uid":', b'"uid":-1')] + lines[2:]),
            "line 2: uid is not a whole number")


def main():
    rig.enter_namespace()
    held = sockets()
    children = [hold(name) for name in HOSTILE]
    try:
        with tempfile.TemporaryDirectory(prefix="katop-test-") as where:
            documents()
            chosen()
            text = replays(where)
            filtered(where)
            damage(text)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    del held
    if faults:
        rig.fail("\n".join(faults))
    rig.end()


main()
