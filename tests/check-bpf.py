#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The settings and owners of all sockets by BPF iterators: exact, the same as by
pidfd_getfd, also for sockets without an owner; and what happens where they are refused."""

import ctypes
import errno
import os
import platform
import re
import shutil
import struct
import subprocess
import sys

import rig
import settings_rig

BPF = {"KATOP_BPF": "always"}
PEEK = {"KATOP_BPF": "never"}
# sys_admin stands for bpf and perfmon in the kernel
WITHOUT_BPF = ["setpriv", "--bounding-set", "-bpf,-perfmon,-sys_admin", "--inh-caps",
               "-bpf,-perfmon,-sys_admin", "--"]
WITHOUT_PTRACE = ["setpriv", "--bounding-set", "-sys_ptrace,-dac_read_search",
                  "--inh-caps", "-sys_ptrace,-dac_read_search", "--"]
PIDFD_GETFD = 438


def access(env, command=(), preexec=None):
    done = subprocess.run([*command, rig.KATOP, "--no-options", "--settings"],
                          stdout=subprocess.PIPE, env=dict(os.environ, **env), check=True,
                          timeout=60, preexec_fn=preexec)
    found = re.search(r"^settings +(.*(?:\n {8,}.*)*)", done.stdout.decode(), re.M)
    return re.sub(r"\s+", " ", found[1]) if found else ""


def may_load():
    """0, or why the kernel takes no program from us that traces, here `return 0`."""
    number = {"x86_64": 321, "aarch64": 280, "riscv64": 280, "ppc64le": 361, "s390x": 351}
    if platform.machine() not in number:
        rig.skip("the number of bpf(2) is not known for " + platform.machine())
    steps = ctypes.create_string_buffer(struct.pack("=BBhiBBhi", 0xb7, 0, 0, 0, 0x95, 0, 0, 0))
    licence = ctypes.create_string_buffer(b"GPL")
    request = struct.pack("=IIQQ96x", 5, 2, ctypes.addressof(steps),  # a tracepoint's
                          ctypes.addressof(licence))
    made = rig.LIBC.syscall(number[platform.machine()], 5, request, len(request))
    if made < 0:
        return ctypes.get_errno()
    os.close(made)
    return 0


def need_bpf():
    """What is missing is the system's to say: that katop's own programs fail is a failure."""
    with open(os.path.join(os.environ["KATOP_BUILDDIR"], "config.h"), encoding="ascii") as f:
        if "#define HAVE_BPF 1" not in f.read():
            rig.skip("built without BPF")
    if not os.path.exists("/sys/kernel/btf/vmlinux"):
        rig.skip("this kernel has no BTF")
    release = re.match(r"(\d+)\.(\d+)", platform.release())
    if (int(release[1]), int(release[2])) < (5, 11):
        rig.skip("Linux 5.11 is needed, not " + platform.release())
    why = may_load()
    if why:
        rig.skip("the kernel refuses BPF here: " + os.strerror(why))
    line = access(BPF)
    if "BPF iterators" not in line:
        rig.fail("the kernel takes programs, but not katop's: " + line)


def exact(expected, unowned):
    told = rig.sample("-a", env=BPF)
    settings_rig.expect_none("by BPF", settings_rig.compare(told, {**expected, **unowned}))
    for row in told["connections"]:
        if row["state"] == "listen" and row["settings"] is not None:
            rig.fail("a listener's settings are told")


def both_agree():
    """Where pidfd_getfd can read a socket the two ways say the same."""
    by_peek = settings_rig.rows_by_cookie(rig.sample(env=PEEK))
    by_bpf = settings_rig.rows_by_cookie(rig.sample(env=BPF))
    names = ["keepalive", "keepidle_ms", "keepintvl_ms", "keepcnt", "user_timeout_ms",
             "owners", "settings"]
    read = [c for c, row in by_peek.items() if row["settings"] == "socket"]
    if len(read) < 40 or set(by_peek) != set(by_bpf):
        rig.fail(f"{len(read)} read by pidfd_getfd; {len(by_peek)}, {len(by_bpf)} rows")
    settings_rig.expect_none("the two ways", [
        f"{c:x} {n}: {by_peek[c][n]} by pidfd_getfd, {by_bpf[c][n]} by BPF"
        for c in read for n in names if by_peek[c][n] != by_bpf[c][n]])
    return len(read)


def refused(expected):
    """Without the capabilities: pidfd_getfd instead, and the reason."""
    done = subprocess.run([*WITHOUT_BPF, rig.KATOP, "--no-options", "--json"],
                          stdout=subprocess.PIPE, env=dict(os.environ, **BPF), check=True,
                          timeout=60)
    told = rig.json.loads(done.stdout)
    settings_rig.expect_none("refused", settings_rig.compare(told, expected))
    line = access(BPF, WITHOUT_BPF)
    if "BPF refused" not in line or "Operation not permitted" not in line or \
            "pidfd_getfd" not in line:
        rig.fail("the reason is not told: " + line)


def refuse_getfd():
    """In the child: pidfd_getfd() fails from now on, as a container's seccomp has it."""
    steps = [(0x20, 0, 0, 0), (0x15, 0, 1, PIDFD_GETFD), (0x06, 0, 0, 0x50000 | errno.EPERM),
             (0x06, 0, 0, 0x7fff0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *s) for s in steps))
    program = ctypes.create_string_buffer(
        struct.pack("HP", len(steps), ctypes.addressof(code)))
    rig.LIBC.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    if rig.LIBC.prctl(22, 2, program, 0, 0) != 0:  # PR_SET_SECCOMP
        os._exit(77)


def instead(expected):
    """Few sockets, which pidfd_getfd may not read: BPF does, and no cure is needed."""
    done = subprocess.run([*WITHOUT_PTRACE, rig.KATOP, "--no-options", "--json"],
                          stdout=subprocess.PIPE, check=True, timeout=60)
    rows = settings_rig.rows_by_cookie(rig.json.loads(done.stdout))
    for cookie, facts in expected.items():
        if rows[cookie]["owner_unknown"] != "other-user":
            rig.fail(f"{cookie:x} is not hidden from one without ptrace")
        told = {name: fact for name, fact in facts.items() if name != "pid"}
        settings_rig.expect_none("hidden owners",
                                 list(settings_rig.differences(rows[cookie], told)))
    line = access({}, preexec=refuse_getfd)
    if not line.startswith("BPF iterators") or "refused" in line:
        rig.fail("BPF does not replace pidfd_getfd: " + line)


def apart():
    """Another namespace's sockets do not get in, nor do its settings count here."""
    if os.fork() == 0:
        rig.enter_namespace()
        told = rig.sample("-a", env=BPF)
        if told["connections"]:
            rig.fail("sockets of another namespace")
        client, server = rig.pair()
        rig.keepalive(client, 5, 6, 7)
        rows = settings_rig.rows_by_cookie(rig.sample(env=BPF))
        settings_rig.expect_none("another namespace", list(settings_rig.differences(
            rows[rig.cookie(client)], dict(settings_rig.settings_of(client),
                                           pid=os.getpid(), fd=client.fileno()))))
        # a change of the system's value holds for sockets that have none of their own
        with open("/proc/sys/net/ipv4/tcp_keepalive_time", "w", encoding="ascii") as f:
            f.write("4321")
        rows = settings_rig.rows_by_cookie(rig.sample(env=BPF))
        if rows[rig.cookie(server)]["keepidle_ms"] != 4321000:
            rig.fail("the namespace's keepidle is not what a socket without its own has")
        # more milliseconds than 32 bits hold
        with open("/proc/sys/net/ipv4/tcp_keepalive_time", "w", encoding="ascii") as f:
            f.write("5000000")
        for env in BPF, PEEK:
            rows = settings_rig.rows_by_cookie(rig.sample(env=env))
            if rows[rig.cookie(server)]["keepidle_ms"] != 0xffffffff:
                rig.fail(f"{env}: 5000000 s are {rows[rig.cookie(server)]['keepidle_ms']} ms")
        sys.stdout.flush()
        os._exit(0)
    if os.waitstatus_to_exitcode(os.wait()[1]) != 0:
        sys.exit(1)


def repeated(expected):
    """The programs stay loaded while privileges go."""
    out = rig.katop("--json", "-d", "0.3", "-n", "4", env=BPF)[0]
    samples = rig.documents(out)
    if len(samples) != 4:
        rig.fail(f"{len(samples)} samples")
    for told in samples:
        settings_rig.expect_none("repeated", settings_rig.compare(told, expected))


def main():
    settings_rig.need_root()
    if shutil.which("setpriv") is None:
        rig.skip("setpriv not found")
    need_bpf()
    apart()
    rig.enter_namespace()
    expected, kept = settings_rig.start_holders()
    settings_rig.add_hidden(expected, kept)
    unowned = settings_rig.add_unowned(kept)
    exact(expected, unowned)
    count = both_agree()
    refused(expected)
    instead(expected)
    repeated(expected)
    print(f"{count} sockets agree both ways: {access(BPF)}")


main()
