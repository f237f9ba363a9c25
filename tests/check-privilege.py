#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Least privilege: what a running katop keeps, and what file capabilities do not lend."""
import os
import re
import shutil
import stat
import subprocess
import tempfile
import time

import rig

KATOP = os.environ["KATOP"]
CAPS = "cap_net_admin,cap_sys_ptrace,cap_dac_read_search,cap_bpf,cap_perfmon"
BITS = {"net_admin": 12, "dac_read_search": 2, "sys_ptrace": 19, "perfmon": 38, "bpf": 39}
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
failures = []


def expect(what, true):
    if not true:
        failures.append(what)
        print("FAIL:", what)


def mask(names):
    return sum(1 << BITS[name] for name in names)


def threads(pid):
    """(permitted, effective, no_new_privs) of each thread."""
    found = []
    for task in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/status" % (pid, task), encoding="ascii") as file:
            text = file.read()
        found.append((int(re.search(r"CapPrm:\s*(\S+)", text)[1], 16),
                      int(re.search(r"CapEff:\s*(\S+)", text)[1], 16),
                      int(re.search(r"NoNewPrivs:\s*(\d)", text)[1])))
    return found


def between_samples(command):
    """Starts a repeating listing, waits for its first sample and looks at its threads."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        deadline = time.monotonic() + 20
        # the capabilities sleep again once the sample is read
        while time.monotonic() < deadline:
            found = threads(process.pid)
            if all(effective == 0 for _, effective, _ in found):
                break
            time.sleep(0.05)
        process.kill()
        process.communicate()
    return found


def keeps(what, command, names):
    for permitted, effective, no_new_privs in between_samples(command):
        expect("%s: permitted %x, not %x" % (what, permitted, mask(names)),
               permitted & ~mask(names) == 0)
        expect("%s: keeps what it needs: %x" % (what, permitted),
               permitted == mask(names))
        expect("%s: effective %x" % (what, effective), effective == 0)
        expect("%s: no_new_privs" % what, no_new_privs == 1)


def modes():
    base = [KATOP, "--no-options", "--list", "-a", "-d", "30"]
    keeps("--list", base, ["sys_ptrace", "dac_read_search", "bpf"])
    keeps("--no-peek", base + ["--no-peek"], ["sys_ptrace", "dac_read_search"])
    keeps("-o +mark", base + ["-o", "+mark"],
          ["net_admin", "sys_ptrace", "dac_read_search", "bpf"])
    nobody = between_samples(NOBODY + base)
    expect("nobody keeps nothing: %r" % nobody,
           all(p == 0 and n == 1 for p, _, n in nobody))


def run(command, **more):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, **more)


def write_secret(folder):
    """A record that only root may read, in a folder that all may enter."""
    os.chmod(folder, 0o755)
    secret = os.path.join(folder, "secret")
    with open(secret, "wb") as file:
        file.write(run([KATOP, "--json", "-a"]).stdout)
    os.chmod(secret, 0o600)
    return secret


def file_capabilities(folder, secret):
    katop = os.path.join(folder, "katop")
    shutil.copy(KATOP, katop)
    os.chmod(katop, 0o755)
    if run(["setcap", CAPS + "+ep", katop]).returncode != 0:
        rig.leave_out("setcap does not work on this file system")
        return
    keeps("file capabilities", NOBODY + [katop, "--no-options", "-l", "-a", "-d", "30"],
          ["sys_ptrace", "dac_read_search", "bpf"])
    result = run(NOBODY + [katop, "--no-options", "--list", "--replay", secret])
    expect("a replay of root's file: %r" % result,
           result.returncode == 2 and b"Permission denied" in result.stderr)
    result = run(NOBODY + [katop, "--no-options", "-l", "-w", os.path.join(folder, "new")])
    expect("a record in root's folder: %r" % result,
           result.returncode == 2 and b"Permission denied" in result.stderr)
    own = os.path.join(folder, "own", "katop")
    os.makedirs(own)
    with open(os.path.join(own, "options"), "w", encoding="ascii") as file:
        file.write("nonsense\n")
    environment = dict(os.environ, XDG_CONFIG_HOME=os.path.dirname(own),
                       KATOP_PROC="/nonexistent")
    result = run(NOBODY + [katop, "-l", "-a"], env=environment)
    expect("the environment is not believed: %r" % result, result.returncode == 0)
    result = run(NOBODY + [katop, "--no-options", "--settings"])
    expect("--settings tells what is in force: %r" % result.stdout[-400:],
           b"no_new_privs" in result.stdout and b"sys_ptrace" in result.stdout)


def setuid(folder, secret):
    katop = os.path.join(folder, "katop-suid")
    shutil.copy(KATOP, katop)
    os.chmod(katop, 0o755 | stat.S_ISUID)
    result = run(NOBODY + [katop, "--no-options", "--list", "--replay", secret])
    expect("setuid lends no files: %r" % result,
           result.returncode == 2 and b"Permission denied" in result.stderr)
    result = run(NOBODY + [katop, "--no-options", "--list"])
    expect("setuid lists: %r" % result, result.returncode == 0)


def main():
    rig.need_root("sets capabilities")
    for tool in ("setcap", "setpriv"):
        if shutil.which(tool) is None:
            rig.skip(tool + " is not installed")
    modes()
    with tempfile.TemporaryDirectory() as folder:
        secret = write_secret(folder)
        file_capabilities(folder, secret)
        setuid(folder, secret)
    rig.end(failures)


main()
