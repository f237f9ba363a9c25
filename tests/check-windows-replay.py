#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""katop.exe under Wine: records of Linux replayed, records made here, options files,
names of files beyond ASCII."""

import filecmp
import glob
import json
import os
import shutil
import socket
import subprocess

import rig
from wine import Wine, has, same

DATA = os.path.join(os.environ["KATOP_SRCDIR"], "tests", "data")
# What is made harmless when it is read is not written as it was.
CLEANED = ["view-hostile.json"]


def check_records_of_linux(wine):
    """Facts in, the same bytes out: what Linux wrote is what Windows writes of it."""
    here, there = wine.path("again.json")
    records = sorted(glob.glob(os.path.join(DATA, "view-*.json")))
    for record in records:
        wine.katop("-l", "-a", "-r", record, "-w", there)
        if os.path.basename(record) not in CLEANED and \
                not filecmp.cmp(record, here, shallow=False):
            rig.fail(f"{record} is not the same when recorded again")
    same("records were there", len(records) > 3, True)
    return records


def check_against_native(wine, records):
    """Beside this system's own katop, where one was built: every output."""
    native = os.path.join(os.environ["KATOP_SRCDIR"], "build", "katop")
    if not os.access(native, os.X_OK):
        rig.leave_out("no build/katop of this system to compare with")
        return
    for record in records:
        for args in (["-j", "-a"], ["-l", "-a", "-o", "all"], ["--check"],
                     ["--settings"], ["--settings", "-j"]):
            args = ["--no-options", "-r", record] + args
            ours = subprocess.run([native, *args], capture_output=True, check=False,
                                  env=dict(os.environ, LC_ALL="C.UTF-8"))
            theirs = wine.run(rig.KATOP, *args, status=ours.returncode)
            same(f"output of {args}", theirs[0], ours.stdout)
            same(f"messages of {args}", theirs[1], ours.stderr)


def check_standard_input(wine, record):
    """Line ends of Windows, and a ^Z, which ends no file."""
    with open(record, "rb") as f:
        text = f.read()
    expected = wine.katop("-j", "-a", "-r", record)
    same("a record with CR", wine.run(rig.KATOP, "--no-options", "-j", "-a", "-r", "-",
                                      stdin=text.replace(b"\n", b"\r\n"))[0].decode(), expected)
    cut, messages = wine.run(rig.KATOP, "--no-options", "-j", "-a", "-r", "-",
                             stdin=b"\x1a" + text, status=2)
    has("a ^Z", messages.decode(), "line 1")


def check_recording(wine):
    listener = socket.create_server(("127.0.0.1", 0))
    here, there = wine.path("ünï ☃ 记录.json")
    shown = wine.katop("-j", "-a", "-w", there)
    with open(here, encoding="utf-8") as f:
        record = json.load(f)
    port = listener.getsockname()[1]
    same("the recorded listener", [c["state"] for c in record["connections"]
                                   if c["local_port"] == port], ["listen"])
    again = wine.katop("-j", "-a", "-r", there)
    same("the replay", json.loads(again)["connections"], json.loads(shown)["connections"])
    same("windows", json.loads(again)["system"]["windows"], True)
    has("the replay's settings", wine.katop("--settings", "-r", there), "KeepAliveTime")
    has("a missing file", wine.complaint("-l", "-r", "C:\\ünï"), "ünï")


def check_options_files(wine):
    folder = wine.path("Users☃")
    os.makedirs(os.path.join(folder[0], "katop"))
    path = os.path.join(folder[0], "katop", "options")
    with open(path, "w", encoding="utf-8", newline="\r\n") as f:
        f.write("# mine\ncolumns=local,state\n")

    def header(program):
        out = wine.run("cmd", "/c", f"set APPDATA={folder[1]}& {program}")[0]
        return out.decode().splitlines()[0].split()
    program = "Z:" + rig.KATOP.replace("/", "\\")
    same("%APPDATA%\\katop\\options", header(program + " -l"), ["LOCAL", "STATE"])
    same("the command line", header(program + " -l -o peer"), ["PEER"])
    same("--no-options", header(program + " -l --no-options")[0], "VERDICT")
    shutil.rmtree(folder[0])


def main():
    wine = Wine()
    records = check_records_of_linux(wine)
    check_against_native(wine, records)
    check_standard_input(wine, records[-1])
    check_recording(wine)
    check_options_files(wine)
    rig.end()


if __name__ == "__main__":
    main()
