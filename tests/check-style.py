#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""House style that a machine can see: licence lines, lengths, forbidden calls."""

import json
import os
import re
import shutil
import subprocess

import rig

TOP = os.path.abspath(
    os.environ.get("KATOP_SRCDIR", os.path.join(os.path.dirname(__file__), "..")))
ROOMS = ["src", "tests", "contrib", "completion", "doc", "debian", ".ci"]
TOP_FILES = ["configure.ac", "Makefile.am", "bootstrap.sh"]
CODE = (".c", ".h")
SCRIPTS = (".sh", ".py", ".inc", ".am", ".ac", ".1", ".7")

LINE = 90
WITH_TRAILER = 100  # a comment behind code may stick out
FUNCTION = {"src": 50, "tests": 60}
FILE = {"src": 400, "tests": 900}

FORBIDDEN = re.compile(
    r"\b(atoi|atol|atof|strcpy|strcat|sprintf|vsprintf|strtok|gets|alloca|rand|srand"
    r"|inet_ntoa|tmpnam|mktemp)\s*\(")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b(?!.*#\d)")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
TRAILER = re.compile(r"\s*/\*.*$")
STRING = re.compile(r'"(?:\\.|[^"\\\n])*"')

complaints = []


def complain(path, line, text):
    complaints.append(f"{os.path.relpath(path, TOP)}:{line}: {text}")


def room_of(path):
    return os.path.relpath(path, TOP).split(os.sep)[0]


def files():
    for name in TOP_FILES:
        yield os.path.join(TOP, name)
    for room in ROOMS:
        for where, dirs, names in os.walk(os.path.join(TOP, room)):
            dirs[:] = [d for d in dirs if d not in ("golden", "data", "seeds", "__pycache__")]
            for name in names:
                if name.endswith(CODE + SCRIPTS) or room == ".ci":
                    yield os.path.join(where, name)


def too_wide(line):
    wide = line.expandtabs(8)
    return len(TRAILER.sub("", wide)) > LINE or len(wide) > WITH_TRAILER


def check_text(path, text):
    if "SPDX-License-Identifier: GPL-2.0-or-later" not in "\n".join(
            text.split("\n")[:3]) and "SPDX-License-Identifier: GPL-2.0" not in text[:200]:
        complain(path, 1, "no SPDX line")
    if text and not text.endswith("\n"):
        complain(path, text.count("\n") + 1, "no newline at the end")
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            complain(path, number, "blanks at the end of the line")
        if UNFINISHED.search(line) and path != os.path.abspath(__file__):
            complain(path, number, "something unfinished without an issue number")
        if path.endswith(CODE) and too_wide(line):
            complain(path, number, f"{len(line.expandtabs(8))} columns wide")
        if path.endswith(CODE) and re.match(r" {8}", line):
            complain(path, number, "indented by blanks")


def check_code(path, text):
    bare = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), text)
    bare = STRING.sub('""', bare)
    room = room_of(path)
    lines = text.count("\n")
    if lines > FILE.get(room, 900):
        complain(path, lines, f"a file of {lines} lines holds two ideas")
    for number, line in enumerate(bare.split("\n"), 1):
        if room == "src" and FORBIDDEN.search(line):
            complain(path, number, f"never {FORBIDDEN.search(line).group(1)}()")
        if re.match(r"typedef (struct|enum|union)\b", line) and "/bpf/" not in path:
            complain(path, number, "struct tags, no typedefs")


def check_functions(paths):
    if not shutil.which("ctags"):
        rig.leave_out("no ctags to measure functions")
        return
    command = ["ctags", "--output-format=json", "--fields=+ne", "--kinds-C=f",
               "--languages=C", "-f", "-"]
    done = subprocess.run(command + paths, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=False)
    if not done.stdout.startswith("{"):
        rig.leave_out("this ctags writes no JSON to measure functions by")
        return
    for line in done.stdout.splitlines():
        tag = json.loads(line)
        length = tag.get("end", 0) - tag["line"] + 1
        limit = FUNCTION.get(room_of(tag["path"]), 60)
        if length > limit:
            complain(tag["path"], tag["line"],
                     f"{tag['name']}() is {length} lines long, more than {limit}")


def main():
    code = []
    for path in files():
        path = os.path.abspath(path)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        check_text(path, text)
        if path.endswith(CODE):
            check_code(path, text)
            code.append(path)
    check_functions(code)
    for line in complaints:
        print(line)
    rig.end(complaints)


main()
