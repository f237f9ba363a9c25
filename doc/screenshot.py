#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws the README's pictures: real screens of katop, from the record doc/demo.katop.

usage: doc/screenshot.py KATOP OUTPUT-FOLDER    (needs tmux)

Each picture is the live view's own output in a terminal, captured with its colours and
written as SVG. doc/demo.katop was recorded in private network namespaces: some services
with idle connections, and one whose peer vanished.
"""
import html
import os
import re
import subprocess
import sys
import time

DOC = os.path.dirname(os.path.abspath(__file__))
RECORD = os.path.join(DOC, "demo.katop")
CELL, LINE, SIZE = 8.4, 17, 14
BACK, FORE = "#16181d", "#d4d7dd"
PALETTE = ["#3b4048", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2",
           "#c8ccd4", "#5c6370", "#ff7b86", "#b5e890", "#ffd68a", "#82c4ff", "#dd9bf2",
           "#7fd6e0", "#ffffff"]

# name, columns, rows, keys typed once the first sample is shown
PICTURES = [
    ("katop", 92, 19, ["F5"] + ["]"] * 5),
    ("detail", 92, 24, ["F5"] + ["]"] * 5 + ["Home", "Enter"]),
]


class Terminal:
    """katop's live view of the record in a terminal of its own."""

    def __init__(self, katop, width, height):
        self.socket = "katop-picture-%d" % os.getpid()
        environment = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm-256color")
        for name in ("TMUX", "NO_COLOR"):
            environment.pop(name, None)
        subprocess.run(
            ["tmux", "-L", self.socket, "-f", "/dev/null", "new-session", "-d",
             "-x", str(width), "-y", str(height),
             "%s --no-options --replay %s" % (katop, RECORD)],
            check=True, env=environment)
        self.tmux("set", "status", "off")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-L", self.socket, *arguments], check=True,
                              stdout=subprocess.PIPE).stdout.decode("utf-8")

    def settled(self):
        """The screen once it has stopped changing."""
        last = None
        for _ in range(100):
            time.sleep(0.1)
            now = self.tmux("capture-pane", "-e", "-p", "-N")
            if now == last and "katop" in now:
                return now
            last = now
        raise SystemExit("screenshot: the screen does not come to rest")

    def type(self, keys):
        for key in keys:
            self.settled()
            self.tmux("send-keys", key)
        return self.settled()

    def close(self):
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], check=False)


def colour(code):
    """An entry of the 256-colour palette as #rrggbb."""
    if code < 16:
        return PALETTE[code]
    if code >= 232:
        level = 8 + (code - 232) * 10
        return "#%02x%02x%02x" % (level, level, level)
    code -= 16
    steps = [0, 95, 135, 175, 215, 255]
    return "#%02x%02x%02x" % (steps[code // 36], steps[code // 6 % 6], steps[code % 6])


class Style:
    def __init__(self):
        self.fore, self.back = None, None
        self.bold = self.dim = self.reverse = self.under = False

    def apply(self, codes):
        codes = [int(c) for c in codes.split(";") if c] or [0]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.__init__()
            elif code in (38, 48):
                codes.pop(0)
                value = colour(codes.pop(0))
                self.fore, self.back = ((value, self.back) if code == 38
                                        else (self.fore, value))
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.fore = PALETTE[code - 30 if code < 90 else code - 82]
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.back = PALETTE[code - 40 if code < 100 else code - 92]
            else:
                switch = {1: ("bold", 1), 2: ("dim", 1), 4: ("under", 1), 7: ("reverse", 1),
                          22: ("bold", 0), 24: ("under", 0), 27: ("reverse", 0)}.get(code)
                if switch:
                    setattr(self, switch[0], bool(switch[1]))
                self.fore = None if code == 39 else self.fore
                self.back = None if code == 49 else self.back

    def colours(self):
        fore, back = self.fore or FORE, self.back or BACK
        return (back, fore) if self.reverse else (fore, back)


def spans(line, style):
    """(text, fore, back, bold, dim) runs of one captured line."""
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        escape = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if escape:
            style.apply(escape[1])
        elif part:
            fore, back = style.colours()
            yield part, fore, back, style.bold, style.dim


def svg(screen, columns, rows):
    width, height = columns * CELL + 24, rows * LINE + 24
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'viewBox="0 0 %d %d">' % (width, height, width, height),
           '<rect width="100%%" height="100%%" rx="8" fill="%s"/>' % BACK,
           '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" '
           'font-size="%d" xml:space="preserve">' % SIZE]
    style = Style()
    for row, line in enumerate(screen.split("\n")[:rows]):
        x = 0
        for text, fore, back, bold, dim in spans(line, style):
            left, top = 12 + x * CELL, 12 + row * LINE
            if back != BACK:
                out.append('<rect x="%.1f" y="%.1f" width="%.1f" height="%d" fill="%s"/>' % (
                    left, top, len(text) * CELL, LINE, back))
            if text.strip():
                out.append('<text x="%.1f" y="%.1f" textLength="%.1f" fill="%s"%s%s>%s'
                           '</text>' % (
                               left, top + SIZE - 1, len(text) * CELL, fore,
                               ' font-weight="bold"' if bold else "",
                               ' opacity="0.6"' if dim else "", html.escape(text)))
            x += len(text)
    return "\n".join(out + ["</g>", "</svg>", ""])


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    for name, columns, rows, keys in PICTURES:
        terminal = Terminal(os.path.abspath(sys.argv[1]), columns, rows)
        try:
            screen = terminal.type(keys)
        finally:
            terminal.close()
        with open(os.path.join(sys.argv[2], name + ".svg"), "w", encoding="utf-8") as file:
            file.write(svg(screen, columns, rows))


main()
