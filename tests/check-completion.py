#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Types into real bash, zsh and fish, presses Tab, and looks at what would be run."""

import os
import pty
import select
import shutil
import signal
import subprocess
import tempfile
import time

import rig

TOP = os.path.abspath(os.environ.get("KATOP_SRCDIR", os.path.join(os.path.dirname(__file__), "..")))
KATOP = os.environ.get("KATOP", os.path.join(TOP, "build", "katop"))
PATIENCE = 60

# What is typed after "katop ", and the words that katop must then be given.
CASES = [
    ("--list-c\t", ["--list-columns"]),
    ("--path\taws-nl\t", ["--path-idle=aws-nlb"]),
    ("--sort=-exp\t", ["--sort=-expires"]),
    ("--sort -exp\t", ["--sort", "-expires"]),
    ("-o verdict,coo\t", ["-o", "verdict,cookie"]),
    ("--columns=verdict,+coo\t", ["--columns=verdict,+cookie"]),
    ("-la --color nev\t", ["-la", "--color", "never"]),
    ("state time-w\t", ["state", "time-wait"]),
    ("--list keepalive unk\t", ["--list", "keepalive", "unknown"]),
    ("idle gt 5m and not verd\t eq lat\t",
     ["idle", "gt", "5m", "and", "not", "verdict", "eq", "late"]),
    ("--replay nigh\t", ["--replay", "night one.json"]),
    ("--replay=nigh\t", ["--replay=night one.json"]),
    ("'idle > 5m and retr\t", ["idle > 5m and retransmits"]),
]

# A katop that completes as the real one and otherwise only says how it was called.
STAND_IN = """#!/bin/sh
if [ "$1" = --complete ]; then exec "$KATOP_REAL" "$@"; fi
for word; do printf '%s\\n' "$word"; done >"$KATOP_SAID.new"
mv "$KATOP_SAID.new" "$KATOP_SAID"
"""


class Shell:
    """A shell on a pseudo terminal of its own, in a home of its own."""

    def __init__(self, home, command, startup):
        self.said = os.path.join(home, "said")
        for name, text in startup.items():
            path = os.path.join(home, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        environment = {
            "HOME": home, "ZDOTDIR": home, "TERM": "xterm", "LANG": "C.UTF-8",
            "PATH": home + "/bin:" + os.environ["PATH"], "KATOP_REAL": KATOP,
            "KATOP_SAID": self.said, "XDG_CONFIG_HOME": home + "/.config",
            "XDG_DATA_HOME": home + "/.local/share", "HISTFILE": "/dev/null",
        }
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execvpe(command[0], command, environment)
        self.screen = b""

    def drain(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if ready:
            try:
                self.screen += os.read(self.fd, 65536)
            except OSError:
                pass
        return bool(ready)

    def wait_for(self, mark):
        end = time.monotonic() + PATIENCE
        while mark not in self.screen:
            if time.monotonic() > end:
                raise TimeoutError(f"no {mark!r} on the screen")
            self.drain(0.2)

    def type(self, text):
        """Types, line by line of Tabs, and returns the words that were run."""
        if os.path.exists(self.said):
            os.unlink(self.said)
        os.write(self.fd, text.encode())
        end = time.monotonic() + PATIENCE
        while not os.path.exists(self.said):
            if time.monotonic() > end:
                raise TimeoutError("nothing was run")
            self.drain(0.05)
        with open(self.said, encoding="utf-8") as f:
            return f.read().split("\n")[:-1]

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def shells():
    """name, command line, startup files."""
    bash = os.path.join(TOP, "completion", "bash", "katop")
    zsh = os.path.join(TOP, "completion", "zsh")
    fish = os.path.join(TOP, "completion", "fish", "katop.fish")
    return [
        ("bash", ["bash", "--noprofile", "--rcfile", "rc", "-i"],
         {"rc": f". '{bash}'\nbind 'set bell-style none'\nPS1='ready> '\n"}),
        ("zsh", ["zsh", "-i"],
         {".zshrc": f"fpath=('{zsh}' $fpath)\nautoload -Uz compinit\ncompinit -u -D\n"
                    "setopt no_beep\nunset zle_bracketed_paste\nPS1='ready> '\n"}),
        ("fish", ["fish", "-i"],
         {".config/fish/config.fish":
          f"source '{fish}'\nset -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n"
          "function fish_prompt; echo -n 'ready> '; end\n"}),
    ]


def prepare(home):
    os.mkdir(os.path.join(home, "bin"))
    stand_in = os.path.join(home, "bin", "katop")
    with open(stand_in, "w", encoding="utf-8") as f:
        f.write(STAND_IN)
    os.chmod(stand_in, 0o755)
    with open(os.path.join(home, "night one.json"), "w", encoding="utf-8"):
        pass


def check_shell(name, command, startup):
    failed = 0
    home = tempfile.mkdtemp(prefix="katop-completion-")
    prepare(home)
    shell = Shell(home, command, startup)
    try:
        shell.wait_for(b"ready> ")
        for typed, wanted in CASES:
            try:
                said = shell.type("katop " + typed + "\n")
            except TimeoutError as e:
                said = [f"({e})"]
                os.write(shell.fd, b"\x03")
            if said != wanted:
                failed += 1
                print(f"FAIL: {name}: {typed!r} gave {said}, not {wanted}")
                print(repr(shell.screen[-400:]))
    finally:
        shell.end()
        shutil.rmtree(home, ignore_errors=True)
    if failed == 0:
        print(f"ok: {name}: {len(CASES)} lines")
    return failed


def main():
    failed = 0
    if subprocess.run([KATOP, "--complete", "0"], stdout=subprocess.DEVNULL,
                      stderr=subprocess.DEVNULL, check=False).returncode != 0:
        rig.fail(f"{KATOP} --complete does not work")
    for name, command, startup in shells():
        if shutil.which(name):
            failed += check_shell(name, command, startup)
        else:
            rig.leave_out(name + " is not installed")
    rig.end(failed)


main()
