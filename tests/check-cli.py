#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line as a script sees it: exit status, error lines, options files, pipes."""
import json
import os
import signal
import subprocess
import tempfile

import rig

KATOP = os.environ["KATOP"]
ZOO = os.path.join(os.environ["KATOP_SRCDIR"], "tests", "data", "view-zoo.json")
failures = []


def run(*arguments, env=None, stdin=None, **more):
    environment = {k: v for k, v in os.environ.items()
                   if k not in ("NO_COLOR", "COLUMNS", "XDG_CONFIG_HOME")}
    environment["HOME"] = "/nonexistent"
    environment.update(env or {})
    return subprocess.run([KATOP, *arguments], env=environment, timeout=60,
                          stdin=subprocess.DEVNULL if stdin is None else stdin,
                          stdout=more.pop("stdout", subprocess.PIPE),
                          stderr=subprocess.PIPE, **more)


def expect(what, true):
    if not true:
        failures.append(what)
        print("FAIL:", what)


def refuses(arguments, *says):
    """Status 2, one error line beginning with katop:, nothing on standard output."""
    result = run(*arguments)
    error = result.stderr.decode()
    name = "katop " + " ".join(arguments)
    expect("%s: status %d" % (name, result.returncode), result.returncode == 2)
    expect("%s: %r" % (name, error), error.startswith("katop: "))
    expect("%s: writes to stdout" % name, result.stdout == b"")
    for words in says:
        expect("%s says %r, not %r" % (name, error, words), words in error)
    return error


def errors():
    refuses([], "--list")  # no terminal
    refuses(["--lits"], "--list")
    refuses(["-t"], "leave it out")
    refuses(["-l", "-n"], "numeric is the default")
    refuses(["-l", "-p"], "-o +process")
    refuses(["-l", "-o", "sate"], "state")
    refuses(["-l", "-s", "pear"], "peer")
    refuses(["-l", "process", "/nonexistent", "nginx"], "quote the filter")  # $HOME
    refuses(["-l", "-d", "0.01"], "0.1 to 3600")
    refuses(["-l", "-n", "0"], "out of range")
    refuses(["-l", "--path-idle=aws-nlv"], "aws-nlb")
    refuses(["-l", "--path-idle=-5"])
    refuses(["-l", "-r", "/nonexistent"], "/nonexistent", "No such file")
    refuses(["-l", "-r", "/"], "directory")
    refuses(["-l", "-w", "/nonexistent/x"], "/nonexistent/x")
    refuses(["-l", "-w", "-"], "name a file")
    error = refuses(["-l", "dport = :99999"], "dport = :99999\n")
    lines = error.splitlines()
    expect("a caret under the place: %r" % error,
           len(lines) == 3 and lines[2].strip() == "^" and
           "99999" in lines[1] and
           lines[1].index("99999") - 1 <= lines[2].index("^") <= lines[1].index("99999"))
    refuses(["-l", "verdict", "lat"], "late")


def words():
    version = run("--version")
    expect("--version", version.returncode == 0 and b"katop 0." in version.stdout)
    usage = run("--help").stdout.decode()
    expect("--help fits 80 columns", max(map(len, usage.splitlines())) <= 80)
    keys = [line.split()[0] for line in run("--list-columns").stdout.decode().splitlines()]
    expect("--list-columns", "verdict" in keys and "user_timeout" in keys)
    expect("--path-idle=help", b"aws-nlb" in run("--path-idle=help").stdout)
    expect("-j with no connection",
           json.loads(run("--json", "peer 192.0.2.77").stdout)["connections"] == [])


def outputs():
    with open("/dev/full", "wb") as full:
        for arguments in (["-l"], ["-j"], ["--help"], ["--settings"]):
            result = run(*arguments, stdout=full)
            expect("%s >/dev/full" % arguments,
                   result.returncode == 2 and b"No space left" in result.stderr)
    result = run("-l", stdout=None, preexec_fn=lambda: os.close(1))
    expect("-l >&-: %d" % result.returncode, result.returncode == 2 and
           b"standard output" in result.stderr)
    read_end, write_end = os.pipe()
    os.close(read_end)
    result = run("--help", stdout=write_end,
                 preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN))
    os.close(write_end)
    expect("a closed pipe ends it by SIGPIPE: %d" % result.returncode,
           result.returncode == -signal.SIGPIPE)
    expect("no colour into a pipe", b"\x1b" not in run("-l", "-a").stdout)
    expect("--color=always", b"\x1b[" in run("-l", "-a", "--color=always").stdout)
    for value, coloured in (("1", False), ("", True)):
        master, slave = os.openpty()
        run("-l", "-a", env={"NO_COLOR": value}, stdout=slave)
        os.close(slave)
        expect("NO_COLOR=%s on a terminal" % value,
               (b"\x1b[" in os.read(master, 4096)) == coloured)
        os.close(master)
    titles = run("-l", "-a", env={"COLUMNS": "40"}).stdout.split(b"\n")[0].split()
    expect("COLUMNS counts in a pipe: %r" % titles,
           titles == [b"VERDICT", b"LOCAL", b"PEER", b"IDLE", b"PROCESS"])
    expect("-H: no titles", b"VERDICT" not in run("-l", "-H").stdout)


def options_file(folder):
    os.makedirs(os.path.join(folder, "katop"))
    path = os.path.join(folder, "katop", "options")

    def with_file(text, *arguments):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return run(*arguments, env={"XDG_CONFIG_HOME": folder})

    result = with_file("# display\ncolumns=peer,idle\n", "-l")
    expect("columns of the file: %r" % result.stdout, result.stdout.split() == [b"PEER", b"IDLE"]
           or result.stdout.startswith(b"PEER"))
    result = with_file("columns=peer\n", "-l", "-o", "+rtt")
    expect("the command line adds", result.stdout.split(b"\n")[0].split() == [b"PEER", b"RTT"])
    result = with_file("columns=peer\nlist\n", "-l")
    expect("a mode in the file: %r" % result.stderr,
           result.returncode == 2 and b"options: line 2" in result.stderr)
    result = with_file("nonsense\n", "-l", "--no-options")
    expect("--no-options", result.returncode == 0)
    result = with_file("nonsense\n", "--help")
    expect("--help works with a broken file", result.returncode == 0)
    result = with_file("delay=0.5\n", "-l")
    expect("a delay in the file repeats nothing", result.returncode == 0)


def sysconfdir():
    """Where this build looks for the system's file, None if that folder is not there."""
    values = {}
    with open(os.path.join(os.environ["KATOP_BUILDDIR"], "Makefile"), encoding="utf-8") as file:
        for line in file:
            name, equals, value = line.partition(" = ")
            if equals and name in ("prefix", "sysconfdir"):
                values[name] = value.strip()
    folder = values["sysconfdir"].replace("${prefix}", values["prefix"])
    return folder if os.path.isdir(folder) else None


def system_file(folder):
    """What the system forbids, no command line allows. In a mount namespace of its own."""
    place = sysconfdir()
    if os.geteuid() != 0 or place is None:
        rig.leave_out("the system's options file takes root and its folder")
        return
    script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
    for text, arguments, says in [
            ("no-peek\n", ["--settings"], b"--no-peek"),
            ("no-peek\n", ["--settings", "--no-options"], b"--no-peek"),
            ("nonsense\n", ["--list", "--no-options"], b"katop.conf: line 1"),
            ("nonsense\n", ["--help", "--no-options"], b"usage:")]:
        with open(os.path.join(folder, "katop.conf"), "w", encoding="utf-8") as file:
            file.write(text)
        result = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", folder, place,
                                 KATOP, *arguments], capture_output=True, timeout=60)
        expect("katop %s with %r in the system's file: %r" % (arguments, text, result),
               says in result.stdout + result.stderr)


def check_status():
    """1 tells of a risk, 0 of none, 2 that nothing could be judged."""
    for words, status in ((["-r", ZOO], 1), (["-r", ZOO, "verdict ok"], 0),
                          (["-r", ZOO, "verdict unknown"], 2), (["peer 192.0.2.77"], 2)):
        result = run("--check", *words)
        expect("--check %s: %r" % (words, result), result.returncode == status and
               result.stderr.startswith(b"katop: ") == (status == 2))


def states():
    """Those that only -a or their name brings."""
    for words, shown in (([], False), (["-a"], True), (["state listening"], True)):
        result = run("-l", "-H", "-o", "state", "-r", ZOO, *words)
        expect("-l %s: %r" % (words, result), (b"LISTEN" in result.stdout) == shown)


def main():
    errors()
    words()
    outputs()
    check_status()
    states()
    with tempfile.TemporaryDirectory() as folder:
        options_file(folder)
        system_file(folder)
    rig.end(failures)


main()
