# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of katop.exe share: a network namespace and a Wine of their own."""

import atexit
import json
import os
import shutil
import subprocess
import tempfile
import time

import rig
from rig import fail

RUNNER = os.path.join(os.environ.get("KATOP_SRCDIR", "."), "contrib", "wine-run.sh")
HELPER = os.path.join(os.environ.get("KATOP_BUILDDIR", "."), "tests", "windows-helper.exe")
TCPIP = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"


class Wine:
    """A prefix whose wineserver runs in this test's network namespace."""

    def __init__(self):
        if shutil.which("wine") is None:
            rig.skip("wine not found")
        rig.enter_namespace()
        self.where = tempfile.mkdtemp(prefix="katop-test-")
        self.prefix = os.path.join(self.where, "prefix")
        self.env = dict(os.environ, KATOP_WINEPREFIX=self.prefix)
        self.started = []
        atexit.register(self.end)
        subprocess.run([RUNNER, "--clone", self.prefix], check=True)
        # Wine's services inherit the pipes of the program that starts them and end
        # a while after the last one: one that waits keeps them up, without a pipe
        with open(os.path.join(self.where, "log"), "wb") as log:
            self.started.append(subprocess.Popen(
                [RUNNER, "cmd", "/k", "echo up"], env=self.env, stdin=subprocess.PIPE,
                stdout=log, stderr=log))
            until(lambda: os.path.getsize(log.name) > 0)

    def end(self):
        subprocess.run([RUNNER, "--end"], env=self.env, check=False)
        for process in self.started:
            process.wait()
        shutil.rmtree(self.where, ignore_errors=True)

    def path(self, name):
        """A path on drive C, as this system and as Windows name it."""
        return (os.path.join(self.prefix, "drive_c", name), "C:\\" + name)

    def run(self, program, *args, status=0, stdin=None, env=None):
        """Runs a program; its output and its messages as bytes."""
        done = subprocess.run([RUNNER, program, *args], env=dict(self.env, **(env or {})),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                              timeout=120, **({"input": stdin} if stdin is not None else
                                              {"stdin": subprocess.DEVNULL}))
        if status is not None and done.returncode != status:
            fail(f"{program} {args}: status {done.returncode}, not {status}: "
                 f"{done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout, done.stderr

    def katop(self, *args, **more):
        """Runs katop.exe; its output as text."""
        return self.run(rig.KATOP, "--no-options", *args, **more)[0].decode("utf-8")

    def complaint(self, *args, status=2):
        """The one line that katop.exe ends with."""
        text = self.run(rig.KATOP, "--no-options", *args, status=status)[1].decode("utf-8")
        if not text.startswith("katop: "):
            fail(f"katop {args} says: {text!r}")
        return text

    def sample(self, *args):
        return json.loads(self.katop("--json", "--all", *args))

    def hold(self, program, port):
        """Starts a program that holds a connection to @port; its pid within Wine."""
        process = subprocess.Popen([RUNNER, program, "hold", str(port)], env=self.env,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.started.append(process)
        words = process.stdout.readline().decode().split()
        if words[:1] != ["connected"]:
            fail(f"{program}: {words}")
        return int(words[1])

    def set_registry(self, name, number):
        self.run("reg", "add", TCPIP, "/v", name, "/t", "REG_DWORD", "/d", str(number), "/f")


def same(what, is_, expected):
    if is_ != expected:
        fail(f"{what} is {is_!r}, not {expected!r}")


def has(what, text, *parts):
    for part in parts:
        if part not in text:
            fail(f"{what} lacks {part!r}:\n{text}")


def until(what, seconds=60):
    """The first true value of what(), which is asked again and again."""
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > end:
            fail(f"waited in vain: {what.__doc__}")
        time.sleep(0.1)
