#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The settings of other processes' sockets, read by pidfd_getfd: exact for every
connection whose owner may be read, never claimed for the others."""

import os
import re
import shutil
import socket
import subprocess

import rig
import settings_rig

NOBODY = 65534
ENV = {"KATOP_BPF": "never"}


def access(**more):
    """The line on settings that --settings prints, unfolded."""
    text = rig.katop("--settings", env=ENV, **more)[0]
    found = re.search(r"^settings +(.*(?:\n {8,}.*)*)", text, re.M)
    return re.sub(r"\s+", " ", found[1]) if found else ""


def as_root(expected, unowned):
    told = rig.sample("-a", env=ENV)
    settings_rig.expect_none("as root", settings_rig.compare(told, expected))
    rows = settings_rig.rows_by_cookie(told)
    for cookie in unowned:
        if rows[cookie]["settings"] not in ("system", None):
            rig.fail(f"an ownerless socket's settings are {rows[cookie]['settings']}")
    for row in told["connections"]:
        if row["settings"] == "socket" and row["state"] not in ("established", "close-wait"):
            rig.fail(f"a socket in {row['state']} was duplicated")


def half_closed(kept):
    """close-wait is read, too; fin-wait-2 is left alone."""
    client, server = rig.pair()
    rig.keepalive(client, 777)
    rig.keepalive(server, 888)
    client.shutdown(socket.SHUT_WR)
    kept += [client, server]
    rows = settings_rig.rows_by_cookie(rig.sample(env=ENV))
    settings_rig.expect_none("close-wait", list(settings_rig.differences(
        rows[rig.cookie(server)], settings_rig.settings_of(server))))
    if rows[rig.cookie(client)]["settings"] == "socket":
        rig.fail("fin-wait-2 was duplicated")


def as_nobody(expected):
    """Own processes exactly, where the system lets us; never the others'."""
    path, where = rig.public_katop()
    try:
        told = rig.sample(env=ENV, user=NOBODY, group=NOBODY, path=path)
        line = access(user=NOBODY, group=NOBODY, path=path)
    finally:
        shutil.rmtree(where)
    own = {c: f for c, f in expected.items() if f["uid"] == NOBODY}
    rows = settings_rig.rows_by_cookie(told)
    if any(rows[c]["settings"] == "socket" for c in expected if c not in own):
        rig.fail("nobody read another user's socket")
    # Yama may forbid it even on one's own; then the reason is told
    if "Operation not permitted" in line:
        if "ptrace" not in line:
            rig.fail("no cure in: " + line)
        print("refused here:", line)
        return
    settings_rig.expect_none("as nobody", settings_rig.compare(told, own))
    if f"{len(own)} of " not in line:
        rig.fail(f"--settings does not count {len(own)}: {line}")


def left_alone(expected):
    told = rig.sample("--no-peek", env=ENV)
    if any(row["settings"] == "socket" for row in told["connections"]):
        rig.fail("--no-peek read a socket")
    if not set(expected) <= set(settings_rig.rows_by_cookie(told)):
        rig.fail("--no-peek loses connections")


def changed(kept):
    """In repeated sampling a change is seen: at once where the timer tells."""
    client, server = rig.pair()
    kept += [client, server]
    cookie = f"{rig.cookie(client):x}"
    command = [rig.KATOP, "--no-options", "--json", "-d", "0.1", "-n", "600",
               f"sport = :{client.getsockname()[1]}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8",
                          env=dict(os.environ, **ENV)) as process:
        seen = None
        for line in process.stdout:
            if f'"{cookie}"' not in line:
                continue
            if seen is None:
                seen = "off"
                rig.keepalive(client, 44, 5, 6)
            if '"keepalive":true' in line:
                seen = line
                break
        process.kill()
    for part in '"keepidle_ms":44000', '"keepintvl_ms":5000', '"settings":"socket"':
        if part not in seen:
            rig.fail(f"after the change: no {part} in {seen}")


def main():
    settings_rig.need_root()
    rig.enter_namespace()
    expected, kept = settings_rig.start_holders()
    settings_rig.add_hidden(expected, kept)
    unowned = settings_rig.add_unowned(kept)
    as_root(expected, unowned)
    half_closed(kept)
    as_nobody(expected)
    left_alone(expected)
    changed(kept)
    print(f"{len(expected)} sockets agree: {access()}")


main()
