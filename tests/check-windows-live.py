#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""katop.exe in a console: the live view under Wine, in tmux."""

import atexit
import glob
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

import rig
from rig import fail
from wine import HELPER, RUNNER, Wine, has, same, until


class Console:
    """A terminal in which katop.exe runs; a shell says its status after it."""

    def __init__(self, wine, *args):
        self.wine = wine
        place = tempfile.mkdtemp(dir=wine.where)
        self.tmux = ["tmux", "-S", os.path.join(place, "tmux"), "-f", "/dev/null"]
        command = " ".join(f"'{a}'" for a in [RUNNER, rig.KATOP, "--no-options", *args])
        env = dict(wine.env, LC_ALL="C.UTF-8")
        env.pop("TMUX", None)
        atexit.register(self.end)
        subprocess.run([*self.tmux, "-u", "new-session", "-d", "-x", "80", "-y", "24",
                        f"{command}; echo status $?; exec cat"], env=env, check=True)

    def screen(self):
        return subprocess.run([*self.tmux, "capture-pane", "-p"], check=True,
                              stdout=subprocess.PIPE).stdout.decode()

    def keys(self, *keys):
        subprocess.run([*self.tmux, "send-keys", *keys], check=True)

    def leave(self):
        """Esc, as Wine understands it; what follows at once it takes for part of it."""
        self.keys("-H", "1b", "1b")
        time.sleep(1)

    def wait(self, pattern, present=True):
        """The screen once the pattern is there, or gone."""
        seen = [""]

        def there():
            seen[0] = self.screen()
            return (re.search(pattern, seen[0], re.M) is not None) == present
        try:
            until(there)
        except SystemExit:
            print(f"{'no' if present else 'still'} {pattern!r} on:\n{seen[0]}")
            raise
        return seen[0]

    def press_until(self, key, pattern):
        """For a key after an Esc, which may swallow it: again after some seconds."""
        end, again = time.monotonic() + 60, 0
        while not re.search(pattern, self.screen(), re.M):
            if time.monotonic() > end:
                fail(f"{key} brings no {pattern!r}:\n{self.screen()}")
            if time.monotonic() > again:
                self.keys(key)
                again = time.monotonic() + 5
            time.sleep(0.1)

    def end(self):
        subprocess.run([*self.tmux, "kill-server"], check=False,
                       stderr=subprocess.DEVNULL)


def wait_ports(console, what, test):
    """Waits until test(ports) holds."""
    def holds():
        return test(ports(console.screen()))
    try:
        until(holds)
    except SystemExit:
        print(f"{what}: {ports(console.screen())} on:\n{console.screen()}")
        raise


def ports(screen):
    return re.findall(r"^\S+ .*?:(\d+) +(?:127\.0\.0\.1|\[?::1|0\.0\.0\.0|\*)", screen, re.M)


def check_table(console, port):
    console.wait(r"^VERDICT")
    console.wait(rf":{port}\b")
    console.wait(r"F1Help.*Quit")
    # the age of the sample counts on between samples
    console.wait(r"sample 2s old, every 10s")
    console.wait(r"sample 3s old, every 10s")


def check_panes(console):
    console.keys("h")
    console.wait(r"Keys .*Verdicts")
    console.keys("h")
    console.wait(r"Keys .*Verdicts", present=False)
    console.keys("F2")
    console.wait(r"[Cc]olumns")
    console.leave()
    console.wait(r"^VERDICT")


def check_sort(console):
    console.press_until("F6", r"Sort by ")
    console.keys("Down", "Down", "Down", "Down", "Enter")
    console.wait(r"^VERDICT +LOCAL.")
    wait_ports(console, "by local port", lambda p: p and p == sorted(p, key=int))
    console.keys("I")
    wait_ports(console, "reversed", lambda p: p and p == sorted(p, key=int, reverse=True))


def check_filter(console, port):
    console.keys("F4")
    console.wait(r"^Filter:")
    console.keys("-l", f"dport = :{port} bogus")
    console.wait(r"unknown word")
    for _ in " bogus":
        console.keys("BSpace")
    console.keys("Enter")
    console.wait(rf"Filter dport = :{port}")
    wait_ports(console, "filtered", lambda p: len(p) == 1 and p != [str(port)])


def check_resize(wine, console):
    subprocess.run([*console.tmux, "resize-window", "-x", "100", "-y", "30"], check=True)
    # tmux's own change of size does not reach Wine
    wine.run(HELPER, "resize", "100", "30")

    def wide():
        """The key line is in the last of 30 lines."""
        lines = console.screen().split("\n")
        return len(lines) >= 30 and "F1Help" in lines[29]
    until(wide)


def check_detail(console):
    console.keys("Enter")
    console.wait(r"Keepalive: unknown|not known|unknown")
    console.leave()
    console.wait(r"^VERDICT")


def check_close(console):
    """Wine accepts the order and does nothing: that is what is said."""
    console.press_until("k", r"Close this connection\?")
    console.keys("y")
    console.wait(r"connection is still there")


def check_saving(wine, console):
    console.press_until("W", r"[Ss]aved|saved")
    files = glob.glob(wine.path("users/*/AppData/Roaming/katop/*")[0])
    same("the files of options", [os.path.basename(f) for f in files], ["options"])
    with open(files[0], encoding="utf-8") as f:
        has("the options", f.read(), "sort=-local", "delay=10")


def check_end(wine, key, status):
    console = Console(wine, "-a")
    console.wait(r"^VERDICT")
    console.keys(key)
    screen = console.wait(r"^status \d+")
    same("the status", re.search(r"^status (\d+)", screen, re.M).group(1), status)
    # a line typed now is echoed: the terminal is as it was
    console.keys("-l", "echoed")
    console.wait(r"^echoed")
    console.end()


def main():
    if shutil.which("tmux") is None:
        rig.skip("tmux not found")
    wine = Wine()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    client = socket.create_connection(("127.0.0.1", port))
    peer = listener.accept()[0]
    console = Console(wine, "-a", "-d", "10")
    check_table(console, port)
    check_panes(console)
    check_sort(console)
    check_filter(console, port)
    check_detail(console)
    check_close(console)
    check_saving(wine, console)
    check_resize(wine, console)
    console.keys("q")
    console.wait(r"^status 0")
    console.end()
    check_end(wine, "q", "0")
    # STATUS_CONTROL_C_EXIT, of which a shell sees 8 bits
    check_end(wine, "C-c", "58")
    client.close()
    peer.close()


if __name__ == "__main__":
    main()
