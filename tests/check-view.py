#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The live view in a real terminal (tmux), over real connections in a namespace of their
own: countdowns, a black hole, closing, signals, stops, resizes, pastes."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import rig

TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT = 4, 5, 6


class Terminal:
    """A shell in a tmux of its own."""

    def __init__(self, width=80, height=24, term="tmux-256color", locale="C.UTF-8"):
        self.home = tempfile.mkdtemp(prefix="katop-view-")
        self.socket = os.path.join(self.home, "tmux")
        conf = os.path.join(self.home, "conf")
        with open(conf, "w", encoding="ascii") as f:
            f.write(f"set -g default-terminal {term}\nset -s escape-time 0\n")
        env = dict(os.environ, LC_ALL=locale, HOME=self.home, PS1="$ ", ENV="")
        for name in ("TMUX", "NO_COLOR", "XDG_CONFIG_HOME", "COLUMNS", "LINES"):
            env.pop(name, None)
        subprocess.run(["tmux", "-u", "-S", self.socket, "-f", conf, "new-session", "-d",
                        "-x", str(width), "-y", str(height), "/bin/sh"],
                       env=env, check=True)
        self.tmux("set", "-g", "remain-on-exit", "on")
        self.wait("[#$] ?$|[#$] *\n")
        # a shell gives its whole line up when a child dies of SIGINT
        self.line("trap : INT; echo rea\\dy")
        self.wait("ready")

    def tmux(self, *args):
        return subprocess.run(["tmux", "-S", self.socket, *args], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT
                              ).stdout.decode()

    def text(self):
        return self.tmux("capture-pane", "-p")

    def ask(self, what):
        return self.tmux("display-message", "-p", "#{" + what + "}").strip()

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def line(self, text):
        self.tmux("send-keys", "-l", text)
        self.keys("Enter")

    def wait(self, pattern, seconds=60, gone=False):
        end = time.monotonic() + seconds
        while bool(re.search(pattern, self.text())) == gone:
            if time.monotonic() > end:
                rig.fail(f"{'still' if gone else 'no'} {pattern!r} in\n{self.text()}")
            time.sleep(0.05)

    def start(self, *args):
        """Starts katop; stty and the status are told before and after."""
        command = " ".join([rig.KATOP, "--no-options", *args])
        self.line("clear; stty -a | sed s/^/A:/; " + command +
                  "; echo status=$?; stty -a | sed s/^/B:/; echo end-of-run")
        self.wait("F1.?Help|q.?Quit|Esc")

    def pid(self):
        shell = self.ask("pane_pid")
        found = subprocess.run(["pgrep", "-P", shell, "-x", "katop"], check=False,
                               stdout=subprocess.PIPE).stdout.split()
        return int(found[0]) if found else 0

    def check_end(self, status):
        """katop ended so, and left the terminal as it was."""
        self.wait("end-of-run\n")
        text = self.tmux("capture-pane", "-p", "-J", "-S", "-200")
        if not re.search(rf"^status={status}$", text, re.M):
            rig.fail(f"not status {status} but\n{text}")
        before = re.findall("^A:(.*)", text, re.M)
        after = re.findall("^B:(.*)", text, re.M)
        if not after or before[-len(after):] != after:
            rig.fail(f"stty was {before} and is {after}")
        modes = [self.ask(what) for what in
                 ("alternate_on", "cursor_flag", "mouse_any_flag", "keypad_flag",
                  "keypad_cursor_flag")]
        if modes != ["0", "1", "0", "0", "0"]:
            rig.fail(f"alternate screen, cursor, mouse, keypad left as {modes}")
        self.line("clear")
        self.tmux("clear-history")

    def close(self):
        self.tmux("kill-server")
        shutil.rmtree(self.home, ignore_errors=True)


def pair(idle=0, interval=1, count=3):
    """A connection within the namespace: client, server."""
    with rig.listener() as waiting:
        client = socket.create_connection(waiting.getsockname())
        server, _ = waiting.accept()
    if idle:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in ((TCP_KEEPIDLE, idle), (TCP_KEEPINTVL, interval),
                              (TCP_KEEPCNT, count)):
            client.setsockopt(socket.IPPROTO_TCP, option, value)
    return client, server


def port_of(sock):
    return sock.getsockname()[1]


def check_countdown(term):
    """It moves without a new sample."""
    client, server = pair(idle=3000)
    term.start("-d", "3600", f"sport = :{port_of(client)}")
    seen = set()

    def moves():
        """a countdown that moves"""
        seen.update(re.findall(r" (49m\d+s)", term.text()))
        return len(seen) >= 3
    rig.wait_for(moves)
    term.keys("q")
    term.check_end(0)
    client.close()
    server.close()


def check_black_hole(term):
    """probing 1/3, 2/3, 3/3, gave up."""
    client, server = pair(idle=2, interval=2)
    term.start("-d", "0.2", f"sport = :{port_of(client)}")
    term.wait("127.0.0.1")
    rig.drop_incoming(client)
    for probes in 1, 2, 3:
        term.wait(f"probing {probes}/3")
    term.wait("keepalive gave up after 3/3 probes")
    term.wait("No TCP connections in this network namespace")
    term.keys("q")
    term.check_end(0)
    client.close()
    server.close()


def check_close(term):
    """F9 closes the one that is named."""
    one, one_server = pair()
    other, other_server = pair()
    term.start(f"sport = :{port_of(one)} or sport = :{port_of(other)}", "-s", "local")
    term.wait("2 of ")
    ports = sorted([port_of(one), port_of(other)])
    chosen, kept = one, other
    term.keys("Home" if ports[0] == port_of(one) else "Down")
    term.keys("k")
    term.wait(f"from 127.0.0.1:{port_of(chosen)} ")
    term.keys("n")
    term.wait("Close this connection", gone=True)
    term.keys("F9")
    term.wait(f"from 127.0.0.1:{port_of(chosen)} ")
    term.keys("y")
    term.wait("1 of ")
    chosen.settimeout(20)
    try:
        chosen.recv(1)
        rig.fail("the closed connection reads on")
    except ConnectionAbortedError:
        pass
    kept.send(b"x")
    other_server.settimeout(20)
    if other_server.recv(1) != b"x":
        rig.fail("the other connection does not live")
    term.keys("q")
    term.check_end(0)
    term.start("--readonly")
    term.keys("k")
    term.wait("readonly")
    term.keys("q")
    term.check_end(0)
    for s in one, one_server, other, other_server:
        s.close()


def check_filter_sort_search(term):
    pairs = [pair() for _ in range(3)]
    ports = [port_of(client) for client, _ in pairs]
    term.start("-a")
    term.keys("F4")
    term.line(f"sport = :{ports[0]} or sport = :{ports[1]}")
    term.wait("2 of ")
    term.keys("F4", "C-u")
    term.tmux("send-keys", "-l", "idel > 1")
    term.wait("did you mean")
    term.keys("Escape")
    term.wait("F1.?Help")
    term.keys("F6", "Down", "Down", "Down", "Down", "Enter")
    term.wait("LOCAL.?\u25b2")
    term.keys("I")
    term.wait("LOCAL.?\u25bc")
    term.keys("F2")
    term.wait("Columns")
    term.keys("Escape")
    term.keys("/")
    term.tmux("send-keys", "-l", str(ports[1]))
    term.keys("Enter", "Enter")
    term.wait(f"127.0.0.1:{ports[1]} ")
    term.keys("Escape")
    term.keys("q")
    term.check_end(0)
    for client, server in pairs:
        client.close()
        server.close()


def check_detail_tells_all(term):
    """What the listing knows is not unknown in the detail pane."""
    client, server = pair()
    expression = f"sport = :{port_of(client)}"
    row = rig.sample("-o", "cgroup,cookie", expression)["connections"][0]
    term.start(f"'{expression}'")
    term.wait("1 of ")
    term.keys("Enter", "End")
    term.wait(f"cookie +{row['cookie']}")
    term.wait("cgroup +" + re.escape((row["cgroup"] or "-")[:30]))
    term.keys("q")
    term.check_end(0)
    client.close()
    server.close()


def check_freeze(term):
    """A frozen view samples nothing; when it goes on, it shows what there is now."""
    term.start("-d", "3600")
    term.wait("Filter none")
    term.keys("Z", "a")
    term.wait("F5 goes on")
    client, server = pair()
    term.keys("F5")
    term.wait(f":{port_of(client)} ")
    term.keys("q")
    term.check_end(0)
    client.close()
    server.close()


def check_replay(term):
    """Both ends of a record are told, and each step is seen."""
    record = os.path.join(term.home, "record")
    rig.katop("--list", "-a", "-d", "0.1", "-n", "3", "-w", record)
    term.start("--replay", record)
    term.wait("katop .* END .*replay of")
    term.keys("Z", "]")
    term.wait("The end of the record")
    last = term.text().split("\n")[0]
    term.keys("[")
    term.wait("katop .* PAUSED .*replay of")
    if term.text().split("\n")[0].split()[-1] == last.split()[-1]:
        rig.fail("the step back is not to be seen: " + last)
    term.keys("[", "[")
    term.wait("The first sample of the record")
    term.keys("q")
    term.check_end(0)


def check_paste(term):
    """What is pasted commands nothing."""
    client, server = pair()
    term.start(f"sport = :{port_of(client)}")
    term.wait("1 of ")
    term.tmux("set-buffer", "kyq\nky")
    term.tmux("paste-buffer", "-p")
    term.keys("F4", "C-u")  # comes behind the paste, and finds all as it was
    term.wait("Filter:")
    term.tmux("set-buffer", "idle > 1s")
    term.tmux("paste-buffer", "-p")
    term.wait("Filter: idle > 1s")
    term.keys("Escape")
    term.wait("F1.?Help")
    term.keys("q")
    term.check_end(0)
    client.send(b"x")
    client.close()
    server.close()


def is_described(name):
    """Whether terminfo knows the terminal; otherwise it is left out."""
    if subprocess.run(["infocmp", name], check=False, stdout=subprocess.DEVNULL,
                      stderr=subprocess.DEVNULL).returncode == 0:
        return True
    rig.leave_out(f"terminfo does not know {name}")
    return False


def check_mouse():
    """Clicks as xterm reports them: a header, a row twice, the key line."""
    if not is_described("xterm-256color"):
        return
    client, server = pair()
    term = Terminal()
    term.line("TERM=xterm-256color; export TERM")

    def click(x, y):
        for end in "Mm":
            term.tmux("send-keys", "-l", f"\033[<0;{x};{y}{end}")
    term.start(f"sport = :{port_of(client)}")
    term.wait("1 of ")
    if term.ask("mouse_any_flag") != "1":
        rig.fail("no mouse")
    click(22, 7)
    term.wait("PEER\u25b2")
    click(22, 8)
    click(22, 8)
    term.wait("Settings in effect")
    term.keys("Escape")
    term.wait("Settings in effect", gone=True)
    click(2, 24)
    term.wait("this help")
    term.keys("Escape")
    term.wait("1 of ")
    term.keys("q")
    term.check_end(0)
    term.start("--no-mouse")
    if term.ask("mouse_any_flag") != "0":
        rig.fail("--no-mouse, and the mouse is taken")
    term.keys("q")
    term.check_end(0)
    term.close()
    client.close()
    server.close()


def check_signals(term):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT,
                   signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS):
        term.start()
        os.kill(term.pid(), number)
        term.check_end(128 + number)
    term.start()
    term.keys("C-c")
    term.check_end(130)


def check_stop(term):
    """^Z and a TSTP from outside: the terminal as it was, and back again."""
    for stop in (lambda: term.keys("C-z"),
                 lambda: os.kill(term.pid(), signal.SIGTSTP)):
        term.line("set -m; clear")
        term.start()
        stop()
        term.wait("status=148")
        if [term.ask("alternate_on"), term.ask("cursor_flag")] != ["0", "1"]:
            rig.fail("stopped, and the terminal is not as it was")
        term.wait("end-of-run\n")
        if states(term.pid()) != {"T"}:
            rig.fail(f"stopped, and it works on: {states(term.pid())}")
        term.line("clear; fg; echo again=$?")
        term.wait("q.?Quit")
        term.keys("q")
        term.wait("again=0")
        term.line("clear; set +m")


def states(pid):
    """Of all its threads: T for one that is stopped."""
    found = set()
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/stat", encoding="ascii", errors="replace") as f:
            found.add(f.read().rsplit(")", 1)[1].split()[0])
    return found


def check_resize(term):
    term.start()
    for width, height in ((1, 1), (200, 60), (2, 1), (40, 10), (1, 50), (300, 2)) * 5:
        term.tmux("resize-window", "-x", str(width), "-y", str(height))
        term.keys("Down", "h", "Escape")
    term.tmux("resize-window", "-x", "80", "-y", "24")
    tty = term.ask("pane_tty")

    def settled():
        """the terminal's old size"""
        return subprocess.run(["stty", "-F", tty, "size"], check=False,
                              stdout=subprocess.PIPE).stdout == b"24 80\n"
    rig.wait_for(settled)
    term.keys("Escape", "Escape")
    term.wait("F1Help")
    term.keys("h")
    term.wait("F10 q")
    term.keys("Escape")
    term.wait("F1Help")
    term.keys("q")
    term.check_end(0)


def check_kinds_of_terminals():
    for name, locale in (("xterm", "C.UTF-8"), ("linux", "C.UTF-8"), ("vt100", "C"),
                         ("screen-256color", "C")):
        if not is_described(name):
            continue
        term = Terminal(locale=locale)
        term.line(f"TERM={name}; export TERM")
        term.start()
        term.wait("Verdicts")
        if locale == "C" and not term.text().isascii():
            rig.fail("LANG=C, and it writes\n" + term.text())
        term.keys("q")
        term.check_end(0)
        term.line("TERM=nonsense; clear; " + rig.KATOP + " --no-options; echo s=$?")
        term.wait("s=2")
        term.wait("katop: .*nonsense.*--list")
        term.close()


def check_vanished_terminal():
    """The terminal goes away: so does katop, by SIGHUP, and soon."""
    term = Terminal()
    term.start()
    pid = term.pid()
    term.close()
    rig.wait_for(lambda: not os.path.exists(f"/proc/{pid}"), 20)


def check_no_terminal():
    done = subprocess.run([rig.KATOP, "--no-options"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 2 or done.stdout or b"--list" not in done.stderr:
        rig.fail(f"no terminal: {done}")


def main():
    if shutil.which("tmux") is None:
        rig.skip("tmux is not installed")
    rig.need_root(rig.CLOSED)
    rig.enter_namespace()
    check_no_terminal()
    term = Terminal()
    try:
        check_countdown(term)
        check_black_hole(term)
        check_close(term)
        check_filter_sort_search(term)
        check_detail_tells_all(term)
        check_freeze(term)
        check_replay(term)
        check_paste(term)
        check_signals(term)
        check_stop(term)
        check_resize(term)
    finally:
        term.close()
    check_mouse()
    check_kinds_of_terminals()
    check_vanished_terminal()
    rig.end()


main()
