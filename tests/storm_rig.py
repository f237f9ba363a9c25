# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of katop beside a log of which connections there were, and when."""

import bisect
import calendar
import collections
import re
import time

HEADER_TIME = re.compile(rb'"time":"(\d+-\d+-\d+T\d+:\d+:\d+)\.(\d+)Z"')
COOKIE = re.compile(rb'^\{.*"cookie":"([0-9a-f]+)"', re.M)

# When a socket was about to be opened, open, about to be closed, gone: Unix milliseconds.
Life = collections.namedtuple("Life", "about open closing gone")
FOR_EVER = float("inf")


def documents(chunks):
    """The samples of a stream of JSON: (Unix milliseconds, list of cookies) each."""
    rest = b""
    for chunk in chunks:
        parts = (rest + chunk).split(b"\n]}\n")
        rest = parts.pop()
        for text in parts:
            seconds, fraction = HEADER_TIME.search(text[:1000]).groups()
            when = calendar.timegm(time.strptime(seconds.decode(), "%Y-%m-%dT%H:%M:%S"))
            yield when * 1000 + int(fraction), [int(c, 16) for c in COOKIE.findall(text)]


class Verdict:
    """Holds samples against what is known: those that `stay` all the time, and afterwards
    the log of the others. A sample stands for the time from the one before, whose reading
    was over then, to its own: a dump is not atomic."""

    def __init__(self, stay, begun_ms):
        self.stay = set(stay)
        self.begins, self.times, self.others = [begun_ms], [], []
        self.rows = self.doubled = self.missed = 0
        self.missed_twice, self.missing = 0, set()
        self.never_there, self.too_early, self.too_late, self.lively_missed = 0, 0, 0, 0
        self.lively = 0
        self.latest = 0.0

    def take(self, when, cookies):
        there = set(cookies)
        missing = self.stay - there
        self.rows += len(cookies)
        self.doubled += len(cookies) - len(there)
        self.missed += len(missing)
        self.missed_twice += len(missing & self.missing)
        self.missing = missing
        self.times.append(when)
        self.begins.append(when)
        self.others.append(there - self.stay)

    def hold_against(self, log):
        """@log: {cookie: Life} of all that did not stay."""
        for i, there in enumerate(self.others):
            self.lively += len(there)
            for cookie in there:
                self.judge_row(log.get(cookie), self.begins[i], self.times[i])
        for cookie, life in log.items():
            first = bisect.bisect_left(self.begins, life.open)
            end = bisect.bisect_left(self.times, life.closing)
            self.lively_missed += sum(cookie not in self.others[i]
                                      for i in range(first, end))

    def judge_row(self, life, begin, when):
        if life is None:
            self.never_there += 1
        elif life.about >= when + 1:  # times of samples are cut to the millisecond
            self.too_early += 1
        elif life.gone < begin:
            self.too_late += 1
        else:
            self.latest = max(self.latest, when - life.gone)

    @property
    def untrue(self):
        return self.never_there + self.too_early + self.too_late

    def __str__(self):
        return (f"{len(self.times)} samples, {self.rows} rows ({self.lively} of the lively):"
                f" {self.doubled} doubled; {self.never_there} that never were,"
                f" {self.too_early} before and {self.too_late} after their time (gone for"
                f" {self.latest:.0f} ms at most when their sample was complete);"
                f" missed {self.missed} of those that stay, {self.missed_twice} of them"
                f" twice running, {self.lively_missed} of the lively")
