#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The live view in a real terminal (tmux), with real connections in a private namespace."""
import ctypes
import errno
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

KATOP = os.environ["KATOP"]
PATIENCE = 30
failures = []


def skip(why):
    print("SKIP:", why)
    sys.exit(77)


def expect(what, true):
    if not true:
        failures.append(what)
        print("FAIL:", what, flush=True)


def wait_for(what, condition, patience=PATIENCE):
    """Polls until @condition() is true; returns what it returned last."""
    deadline = time.monotonic() + patience
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            expect(what, False)
            return found
        time.sleep(0.05)


def enter_namespace():
    if os.geteuid() != 0:
        skip("a private network namespace needs root")
    for tool in ("tmux", "ip", "nft"):
        if shutil.which(tool) is None:
            skip(tool + " is not installed")
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000) != 0:
        skip("a private network namespace cannot be made")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


class Terminal:
    """A shell in a tmux of its own."""

    def __init__(self, folder, width=100, height=24):
        self.socket = "katop-live-%d" % os.getpid()
        self.folder = folder
        environment = {k: v for k, v in os.environ.items()
                       if k not in ("TMUX", "NO_COLOR", "COLUMNS", "LINES")}
        environment.update(HOME=folder, LC_ALL="C.UTF-8", PS1="ready> ", ENV="")
        self.environment = environment
        subprocess.run(["tmux", "-L", self.socket, "-f", "/dev/null", "new-session", "-d",
                        "-x", str(width), "-y", str(height),
                        "bash --norc --noprofile"],
                       check=True, env=environment)
        self.tmux("set", "-g", "default-terminal", "screen-256color")
        self.line("ulimit -c 0")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-L", self.socket, *arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=False).stdout.decode("utf-8", "replace")

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def line(self, text):
        self.tmux("send-keys", "-l", text)
        self.keys("Enter")

    def shows(self, pattern, patience=PATIENCE):
        """Waits for @pattern on the screen; returns the match."""
        return wait_for("the screen shows %r:\n%s" % (pattern, self.screen()),
                        lambda: re.search(pattern, self.screen()), patience)

    def flags(self):
        return self.tmux("display-message", "-p",
                         "#{alternate_on} #{cursor_flag} #{mouse_any_flag}").strip()

    def start(self, *options):
        """Starts katop in the shell; returns its process id."""
        self.keys("C-l")
        self.line("%s --no-options %s" % (KATOP, " ".join(options)))
        self.shows("F1 ?Help")
        return self.pid()

    def pid(self):
        shell = int(self.tmux("display-message", "-p", "#{pane_pid}"))
        return wait_for("katop runs", lambda: child_of(shell))

    def quit(self):
        self.keys("q")
        wait_for("q leaves", lambda: self.flags().startswith("0"))

    def close(self):
        self.tmux("kill-server")


def child_of(parent):
    with open("/proc/%d/task/%d/children" % (parent, parent), encoding="ascii") as file:
        children = file.read().split()
    return int(children[-1]) if children else 0


class Connections:
    """Client ends of connections over loopback; the servers' ends are kept open."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 7000))
        self.kept = []

    def open(self, keepalive=None):
        client = socket.create_connection(("127.0.0.1", 7000))
        self.kept.append(self.listener.accept()[0])
        if keepalive:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in zip((socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL,
                                      socket.TCP_KEEPCNT), keepalive):
                client.setsockopt(socket.IPPROTO_TCP, option, value)
        return client


def black_hole(port):
    rules = ("table inet hole {\n chain in {\n  type filter hook input priority 0\n"
             "  tcp sport %d drop\n  tcp dport %d drop\n }\n}\n" % (port, port))
    result = subprocess.run(["nft", "-f", "-"], input=rules.encode(), check=False)
    return result.returncode == 0


def port_of(client):
    return client.getsockname()[1]


def seconds(text):
    """4m59s, 59s, 9.9s as seconds."""
    total = 0.0
    for number, unit in re.findall(r"([\d.]+)(d|h|ms|m|s)", text):
        total += float(number) * {"d": 86400, "h": 3600, "m": 60, "s": 1, "ms": .001}[unit]
    return total


def countdown(terminal, connections):
    """NEXT moves each second although samples come each 1000 s."""
    client = connections.open((50, 10, 3))
    terminal.start("-d", "1000", "-o", "local,next", "sport = :%d" % port_of(client))
    pattern = r"127\.0\.0\.1:%d +(\S+)" % port_of(client)
    seen = []
    deadline = time.monotonic() + PATIENCE
    while len(seen) < 4 and time.monotonic() < deadline:
        found = re.search(pattern, terminal.screen())
        if found and (not seen or seen[-1] != found[1]):
            seen.append(found[1])
        time.sleep(0.1)
    values = [seconds(text) for text in seen]
    expect("the countdown moves: %r" % seen, len(seen) == 4)
    expect("by a second or so: %r" % seen,
           all(0 < a - b < 3 for a, b in zip(values, values[1:])))
    terminal.quit()
    client.close()


def closing(terminal, connections):
    """F9 closes the named one and no other."""
    clients = [connections.open((300, 10, 3)) for _ in range(3)]
    victim = clients[1]
    terminal.start("-d", "0.5", "-o", "local,peer,idle", "peer 127.0.0.1:7000")
    terminal.shows(r"127\.0\.0\.1:%d" % port_of(victim))
    terminal.keys("/")
    terminal.line("127.0.0.1:%d" % port_of(victim))
    terminal.keys("F9")
    terminal.shows(r"from 127\.0\.0\.1:%d to 127\.0\.0\.1:7000" % port_of(victim))
    terminal.keys("n")  # asks first: nothing happens
    terminal.keys("F9")
    terminal.shows("Close this connection")
    terminal.keys("y")
    readable = wait_for("the owner notices",
                        lambda: select.select([victim], [], [], 0)[0])
    if readable:
        try:
            victim.recv(1)
            expect("the owner's read fails", False)
        except OSError as error:
            expect("with ECONNABORTED: %r" % error, error.errno == errno.ECONNABORTED)
    for other in (clients[0], clients[2]):
        expect("no other is touched", not select.select([other], [], [], 0)[0])
    terminal.quit()
    terminal.start("--readonly", "-o", "local,peer", "peer 127.0.0.1:7000")
    terminal.keys("F9")
    terminal.shows("readonly")
    terminal.quit()
    for client in clients:
        client.close()


def asking(terminal, connections):
    """Filter, sort, columns by keys; a wrong filter is told while it is typed."""
    slow, fast = connections.open((5000, 10, 3)), connections.open((100, 10, 3))
    terminal.start("-o", "local,next,keepidle", "-d", "0.5", "dport = :7000")
    terminal.shows(str(port_of(slow)))
    terminal.keys("F4", "C-u")
    terminal.tmux("send-keys", "-l", "keepidle > 1h and sate")
    terminal.shows("state")  # the cure
    terminal.keys("C-u")
    terminal.line("keepidle > 1h and dport = :7000")
    terminal.shows(r"1 of \d+")
    expect("only the slow one", str(port_of(slow)) in terminal.screen() and
           str(port_of(fast)) not in terminal.screen())
    terminal.keys("F4", "C-u")
    terminal.line("dport = :7000")
    terminal.shows(str(port_of(fast)))
    terminal.keys("F6")
    terminal.shows("Sort by")
    terminal.keys("Escape")
    terminal.keys("F2")
    terminal.shows("Columns")
    terminal.keys("Escape")
    wait_for("Esc leaves", lambda: "Columns ─" not in terminal.screen())
    terminal.quit()
    slow.close()
    fast.close()


def giving_up(terminal, connections):
    """probing 1/3, 2/3, 3/3, then given up."""
    client = connections.open((3, 2, 3))
    terminal.start("-d", "0.3", "-o", "verdict,local,probes", "dport = :7000")
    terminal.shows(str(port_of(client)))
    if not black_hole(7000):
        skip("nftables does not work here")
    for step in ("1/3", "2/3", "3/3"):
        terminal.shows("probing " + step)
    terminal.shows("gave up after 3/3", 60)
    terminal.quit()
    client.close()
    subprocess.run(["nft", "flush", "ruleset"], check=False)


def stty(terminal, name):
    path = os.path.join(terminal.folder, name)
    terminal.line("stty -a > %s.new; mv %s.new %s" % (path, path, path))
    wait_for("stty answers", lambda: os.path.exists(path))
    with open(path, encoding="ascii") as file:
        text = file.read()
    os.unlink(path)
    return text


def signals(terminal):
    """Each signal leaves the terminal as it was and is told to the parent."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT,
                   signal.SIGSEGV, signal.SIGABRT):
        before = stty(terminal, "stty")
        pid = terminal.start("-d", "0.3")
        wait_for("the view is up", lambda: terminal.flags().startswith("1"))
        os.kill(pid, number)
        wait_for("%s ends it" % number.name, lambda: terminal.flags() == "0 1 0")
        terminal.line("echo status $?")
        found = terminal.shows(r"(?m)^status (\d+)")
        expect("%s: status %s" % (number.name, found and found[1]),
               found and int(found[1]) == 128 + number)
        expect("%s: stty" % number.name, stty(terminal, "stty") == before)
        terminal.keys("C-l")


def stopping(terminal):
    """^Z and SIGTSTP give the terminal back; fg takes it again."""
    before = stty(terminal, "stty")
    pid = terminal.start("-d", "0.3")
    for stop in ("key", "signal"):
        if stop == "key":
            terminal.keys("C-z")
        else:
            os.kill(pid, signal.SIGTSTP)
        wait_for("stopped by a " + stop, lambda: terminal.flags() == "0 1 0")
        wait_for("state T", lambda: process_state(pid) == "T")
        expect("stty while stopped", stty(terminal, "stty") == before)
        spent = cpu_ticks(pid)
        terminal.keys("C-l")
        terminal.line("fg")
        expect("no work while stopped", cpu_ticks(pid) - spent <= 1)
        wait_for("goes on", lambda: terminal.flags().startswith("1"))
        terminal.shows("F1 ?Help")
    terminal.quit()
    expect("stty at the end", stty(terminal, "stty") == before)


def process_state(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as file:
        return file.read().rsplit(")", 1)[1].split()[0]


def cpu_ticks(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def resizing(terminal):
    """A storm of sizes, down to 1x1, and back."""
    pid = terminal.start("-d", "0.2")
    for width, height in [(1, 1), (200, 60), (7, 3), (80, 1), (1, 24), (132, 43)] * 4:
        terminal.tmux("resize-window", "-x", str(width), "-y", str(height))
    terminal.tmux("resize-window", "-x", "80", "-y", "24")
    expect("survives", process_state(pid) in "SR")
    terminal.shows("F1 ?Help")
    terminal.shows("F1")
    terminal.quit()


def vanishing():
    """A terminal that goes away ends it, as a hangup does, and quickly."""
    master, slave = os.openpty()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        ctypes.CDLL(None).ioctl(slave, 0x540E, 0)  # TIOCSCTTY
        for fd in range(3):
            os.dup2(slave, fd)
        os.close(master)
        os.execve(KATOP, [KATOP, "--no-options", "-d", "0.2"],
                  dict(os.environ, TERM="xterm"))
    os.close(slave)
    seen = b""
    while b"VERDICT" not in seen and b"onnection" not in seen:
        if not select.select([master], [], [], PATIENCE)[0]:
            break
        seen += os.read(master, 65536)
    expect("it draws", len(seen) > 0)
    os.close(master)
    status = wait_for("it ends when the terminal vanishes", lambda: ended(pid))
    expect("by SIGHUP: %r" % (status,),
           status and os.WIFSIGNALED(status[1]) and os.WTERMSIG(status[1]) == signal.SIGHUP)


def ended(pid):
    found, status = os.waitpid(pid, os.WNOHANG)
    return (found, status) if found else None


def main():
    enter_namespace()
    connections = Connections()
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(folder)
        try:
            countdown(terminal, connections)
            closing(terminal, connections)
            asking(terminal, connections)
            giving_up(terminal, connections)
            signals(terminal)
            stopping(terminal)
            resizing(terminal)
        finally:
            terminal.close()
        vanishing()
    sys.exit(1 if failures else 0)


main()
