# SPDX-License-Identifier: GPL-2.0-or-later
"""What the whole-program tests of Linux share: a namespace of their own, a reader of
sock_diag that owes nothing to katop, sockets in odd states, katop itself."""

import array
import calendar
import ctypes
import errno
import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

KATOP = os.environ.get("KATOP", "./katop")
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
PR_SET_DUMPABLE, PR_SET_NAME = 4, 15

STATES = ["", "established", "syn-sent", "syn-recv", "fin-wait-1", "fin-wait-2", "time-wait",
          "close", "close-wait", "last-ack", "listen", "closing"]


# Their capabilities close them to a katop that has none (cap_ptrace_access_check()).
CLOSED = "katop may not look into the processes of a user namespace"

left_out = []


def skip(why):
    """Nothing of this test can run here. Not after the first failure that is only noted."""
    print("SKIP: " + why, flush=True)
    sys.exit(77)


def leave_out(why):
    """A part of this test cannot run here: the others do, then end() tells."""
    print("SKIP: " + why, flush=True)
    left_out.append(why)


def fail(why):
    print("FAIL: " + why, flush=True)
    sys.exit(1)


def end(failed=False):
    """A failure counts more than what was left out; what was left out is no success."""
    sys.exit(1 if failed else 77 if left_out else 0)


def need_root(why):
    if LIBC is None:
        skip("not Linux")
    if os.geteuid() != 0:
        skip("needs root: " + why)


def enter_namespace():
    """A network namespace with nothing but loopback, for this process and its children."""
    if LIBC is None:
        skip("not Linux")
    flags = CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWNET | CLONE_NEWUSER
    uid, gid = os.geteuid(), os.getegid()
    if LIBC.unshare(flags) != 0:
        skip("no network namespace of our own: " + os.strerror(ctypes.get_errno()))
    if flags & CLONE_NEWUSER:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"),
                           ("gid_map", f"{gid} {gid} 1")):
            with open("/proc/self/" + name, "w", encoding="ascii") as f:
                f.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sh14x", b"lo", 1)  # IFF_UP
        fcntl.ioctl(s, 0x8914, request)  # SIOCSIFFLAGS


def enter_process_namespace():
    """Process ids and a /proc of our own. The caller goes on in a child process."""
    flags = 0x20000000 | 0x00020000  # CLONE_NEWPID, CLONE_NEWNS
    if LIBC.unshare(flags) != 0:
        skip("no process namespace of our own: " + os.strerror(ctypes.get_errno()))
    child = os.fork()
    if child > 0:
        status = os.waitpid(child, 0)[1]
        os._exit(os.waitstatus_to_exitcode(status) & 0xff)
    private = 1 << 18 | 1 << 14  # MS_PRIVATE, MS_REC
    if LIBC.mount(b"none", b"/", None, private, None) != 0 or \
            LIBC.mount(b"proc", b"/proc", b"proc", 0, None) != 0:
        skip("no /proc of our own: " + os.strerror(ctypes.get_errno()))


def public_katop():
    """A copy of katop that every user may run, and a directory to be removed."""
    where = tempfile.mkdtemp(prefix="katop-test-")
    os.chmod(where, 0o755)
    copy = os.path.join(where, "katop")
    shutil.copy(KATOP, copy)
    os.chmod(copy, 0o755)
    return copy, where


class Row:
    """One socket as sock_diag tells it, between two readings of the wall clock (ms)."""

    def __init__(self, payload, begun, ended):
        (self.family, self.state, self.timer, self.retrans, self.sport, self.dport, src, dst,
         self.interface, low, high, self.expires, self.rqueue, self.wqueue, self.uid,
         self.inode) = struct.unpack_from("=BBBBHH16s16sIIIIIIII", payload)
        self.sport, self.dport = socket.ntohs(self.sport), socket.ntohs(self.dport)
        size = 4 if self.family == socket.AF_INET else 16
        self.src = socket.inet_ntop(self.family, src[:size])
        self.dst = socket.inet_ntop(self.family, dst[:size])
        self.cookie = high << 32 | low
        self.begun, self.ended = begun, ended

    @property
    def is_mini(self):
        return self.timer == 3 or self.state == 6 or (self.state == 3 and self.inode == 0)

    @property
    def timer_name(self):
        """What the timer is, not what it is called (net/ipv4/inet_diag.c)."""
        if self.state == 3 and self.inode == 0:
            return "syn-recv"
        if self.state == 5 and (self.timer == 3 or (self.timer == 2 and self.inode == 0)):
            return "fin-wait"
        return ["none", "retransmit", "keepalive", "time-wait", "persist",
                "delayed-ack"][self.timer]


def raw_dump(states=0xffe):
    """All TCP sockets of this namespace: a list of Row."""
    rows = []
    for family in socket.AF_INET, socket.AF_INET6:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4) as nl:
            nl.bind((0, 0))
            body = struct.pack("=BBBBI48x", family, socket.IPPROTO_TCP, 0, 0, states)
            before = time.time() * 1000
            nl.send(struct.pack("=IHHII", 16 + len(body), 20, 0x301, 1, 0) + body)
            rows += receive(nl, before)
    return rows


def receive(nl, before):
    rows, more = [], True
    while more:
        data, at = nl.recv(65536), 0
        now = time.time() * 1000
        while at < len(data):
            length, kind = struct.unpack_from("=IH", data, at)
            if kind == 2:
                code = -struct.unpack_from("=i", data, at + 16)[0]
                if code != errno.ENOENT:
                    raise OSError(code, os.strerror(code))
            if kind in (2, 3):
                more = False
                break
            rows.append(Row(data[at + 16:at + length], before, now))
            at += (length + 3) & ~3
        before = now if not rows else before
    return rows


def katop(*args, env=None, status=0, user=None, group=None, path=None):
    """Runs katop; returns its output. Any other exit status than @status fails."""
    full = dict(os.environ, LC_ALL="C.UTF-8", **(env or {}))
    done = subprocess.run([path or KATOP, "--no-options", *args], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=full, check=False, timeout=120,
                          user=user, group=group, extra_groups=group and [])
    if done.returncode != status:
        fail(f"katop {' '.join(args)}: status {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode(), done.stderr.decode()


def sample(*args, **more):
    """The one sample of katop --json."""
    return json.loads(katop("--json", *args, **more)[0])


def documents(text):
    """The whole documents of several samples."""
    return [json.loads(part + "\n]}") for part in text.split("\n]}\n")[:-1]]


def wall_ms(text):
    """A document's time as milliseconds since 1970."""
    whole, part = text.rstrip("Z").split(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) * 1000 + int(part)


def wait_for(what, seconds=60):
    """Polls until what() is true."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            fail(f"waited in vain for {what.__doc__ or what}")
        time.sleep(0.02)


def wait_until_none(what, seconds=60):
    """Polls until what() yields nothing."""
    end = time.monotonic() + seconds
    while True:
        left = list(what())
        if not left:
            return
        if time.monotonic() > end:
            fail("waited in vain:\n" + "\n".join(left))
        time.sleep(0.02)


def drop_incoming(sock):
    """A black hole: the socket hears nothing from now on (BPF `ret #0`)."""
    code = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
    program = struct.pack("HP", 1, ctypes.addressof(code))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


def hear_again(sock):
    sock.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)


def listener(kind="v4", backlog=64):
    family = socket.AF_INET if kind == "v4" else socket.AF_INET6
    s = socket.socket(family, socket.SOCK_STREAM)
    if kind == "mapped":
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind(({"v4": "127.0.0.1", "v6": "::1", "mapped": "::"}[kind], 0))
    s.listen(backlog)
    return s


def pair(kind="v4", at=None):
    """Two connected sockets: the client, the server."""
    own = at is None
    at = at or listener(kind)
    host = {"v4": "127.0.0.1", "v6": "::1", "mapped": "::ffff:127.0.0.1"}[kind]
    client = socket.socket(socket.AF_INET if kind == "v4" else socket.AF_INET6)
    client.connect((host, at.getsockname()[1]))
    server = at.accept()[0]
    if own:
        at.close()
    return client, server


def keepalive(sock, idle=None, interval=None, count=None, user_timeout=None):
    for option, value in ((socket.TCP_KEEPIDLE, idle), (socket.TCP_KEEPINTVL, interval),
                          (socket.TCP_KEEPCNT, count),
                          (socket.TCP_USER_TIMEOUT, user_timeout)):
        if value is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def cookie(sock):
    """SO_COOKIE: what sock_diag calls it, too."""
    return struct.unpack("=Q", sock.getsockopt(socket.SOL_SOCKET, 57, 8))[0]


def fill(sock):
    """Writes until nothing more goes in."""
    sock.setblocking(False)
    try:
        while True:
            sock.send(b"x" * 65536)
    except BlockingIOError:
        pass


def set_name(name):
    """This process's comm, up to 15 bytes of anything but NUL."""
    LIBC.prctl(PR_SET_NAME, ctypes.c_char_p(name), 0, 0, 0)


def send_descriptor(over, sock):
    over.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                           array.array("i", [sock.fileno()]))])
