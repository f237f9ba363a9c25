#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual and the README say what the program says, no more and no less."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile

import rig

TOP = os.path.abspath(os.environ.get("KATOP_SRCDIR", os.path.join(os.path.dirname(__file__), "..")))
KATOP = os.environ.get("KATOP", os.path.join(TOP, "build", "katop"))

# What mandoc says of this machine rather than of the page.
NOT_THE_PAGE = ("outdated mandoc.db", "referenced manual not found", "mandoc.db")

failures = []


def fail(text):
    failures.append(text)
    print("FAIL: " + text)


def read(name):
    with open(os.path.join(TOP, name), encoding="utf-8") as f:
        return f.read()


def katop(*arguments):
    done = subprocess.run([KATOP, *arguments], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          text=True, check=False, timeout=60)
    if done.returncode != 0:
        fail(f"katop {' '.join(arguments)} ends with {done.returncode}")
    return done.stdout


def section(page, title):
    """The lines of a section of an mdoc page."""
    match = re.search(rf"^\.Sh {title}\n(.*?)(?=^\.Sh |\Z)", page, re.M | re.S)
    if not match:
        fail(f"no section {title}")
        return ""
    return match.group(1)


def compare(what, program, manual):
    for one in sorted(program - manual):
        fail(f"{what} {one}: not in the manual")
    for one in sorted(manual - program):
        fail(f"{what} {one}: in the manual only")


def options_of_help():
    found = set()
    for line in katop("--help").splitlines():
        match = re.match(r"  (?:-(\w), |    )--([a-z0-9-]+)(?:=(\w+))?", line)
        if match:
            found.add(match.groups(default=""))
    return found


def options_of_manual(page):
    found = set()
    for line in re.findall(r"^\.It Fl (.*)$", section(page, "DESCRIPTION"), re.M):
        words = line.replace(" Ns = Ns Ar ", "=").replace("Fl ", "")
        match = re.fullmatch(r"(?:(\w)(?: Ar (\w+))? , )?-([a-z0-9-]+)(?:=(\w+))?", words)
        if not match:
            fail(f"an option that cannot be read: {line}")
            continue
        letter, short_argument, name, argument = match.groups(default="")
        if letter and short_argument != argument:
            fail(f"--{name}: -{letter} has another argument")
        found.add((letter, name, argument))
    return found


def check_options(page):
    shown = lambda options: {f"-{l} --{n}={a}" for l, n, a in options}
    compare("option", shown(options_of_help()), shown(options_of_manual(page)))


def check_columns(page):
    program = set()
    for line in katop("--list-columns").splitlines():
        parts = re.split(r"\t|  +", line.strip(), maxsplit=2)
        program.add(" ".join(parts[:2]))
    manual = {f"{key} {title}" for key, title in re.findall(
        r"^\.It Cm (\S+) Pq (.*)$", section(page, "COLUMNS"), re.M)}
    compare("column", program, manual)


def check_json(page):
    """Every key of a document is a column's or stands in the manual."""
    document = json.loads(katop("--no-options", "-r", RECORD, "--json"))
    columns = {line.split()[0] for line in katop("--list-columns").splitlines()}
    keys = set(document) | set(document["system"])
    for connection in document["connections"]:
        keys |= set(connection)
    for key in sorted(keys):
        bare = re.sub(r"_(ms|us|bytes)$", "", key)
        if bare not in columns and not re.search(rf"\b{key}\b", page):
            fail(f"JSON key {key}: not in the manual")


def check_keys(page):
    """Every key that the help pane names stands in the manual."""
    helps = re.search(r"helps\[\] = \{(.*?)\n\};", read("src/view/keymap.c"), re.S).group(1)
    text = section(page, "LIVE VIEW").replace("\\&", "").replace("\\e", "\\\\")
    manual = {key for line in re.findall(r"^\.It (.*)$", text, re.M)
              for key in re.split(r"[ ,]+", line)}
    for keys in re.findall(r'\{ "([^"]+)", "', helps):
        for key in keys.split():
            if not key.startswith("\\x") and key not in manual:
                fail(f"key {key}: not in the manual")


def completions(*words):
    lines = katop("--complete", str(len(words) - 1), *words).splitlines()
    return {line.split("\t")[0] for line in lines if not line.startswith(":")}


def check_words(page):
    program = {word for word in completions("verdict", "eq", "")}
    manual = set(re.findall(r"^\.It Cm (\S+)$", section(page, "VERDICTS"), re.M)) - {"-"}
    compare("verdict", program, manual)
    for column in ("timer", "settings"):
        text = section(page, "COLUMNS")
        for word in completions(column, "eq", ""):
            if not re.search(rf"\b{word}\b", text):
                fail(f"{column} {word}: not in the manual")
    for word in completions("state", ""):
        if not re.search(rf"\b{word}\b", page):
            fail(f"state {word}: not in the manual")


def check_paths(page):
    program = completions("--path-idle", "") - {"none", "help"}
    table = section(page, "HOW LONG PATHS REMEMBER")
    manual = {name for name in re.findall(r"^\.It (\S+) Ta ", table, re.M)
              if name not in ("Em", "Ta")}
    compare("path", program, manual)
    sources = katop("--path-idle=help")
    for name, seconds in re.findall(r"^\.It ([a-z]\S+) Ta .*? Ta (\d+) s ", table, re.M):
        if not re.search(rf"^\s*{name}\s", sources, re.M):
            fail(f"path {name}: --path-idle=help does not list it")
        limit = katop("--no-options", "-r", RECORD, "-j", f"--path-idle={name}")
        if f'"path_idle_ms":{seconds}000' not in limit:
            fail(f"path {name}: not {seconds} s")


def check_lint(name):
    if not shutil.which("mandoc"):
        rig.leave_out("no mandoc to lint the pages")
        return
    done = subprocess.run(["mandoc", "-T", "lint", os.path.join(TOP, "doc", name)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    for line in done.stdout.splitlines():
        if not any(words in line for words in NOT_THE_PAGE):
            fail(line)


def check_groff(name):
    """Most readers see the page through groff: nothing may stick out."""
    if not shutil.which("groff"):
        rig.leave_out("no groff to set the pages")
        return
    done = subprocess.run(["groff", "-mdoc", "-Tutf8", "-ww", "-z", os.path.join(TOP, "doc", name)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    for line in done.stdout.splitlines():
        fail(line)


def shell_words(line):
    """The words of the first command of a shell line, without a comment."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|<>;&")
    lexer.whitespace_split = True
    words = []
    for word in lexer:
        if re.fullmatch(r"[|<>;&]+", word):
            break
        words.append(word)
    return words


def examples(text):
    """The katop commands that README and manuals show."""
    text = text.replace(r"\(aq", "'").replace(r"\(dq", '"').replace("\\e\n", "")
    for line in text.splitlines():
        match = re.match(r"(?:    |(?:\.Dl )?[$#] )(katop .*|katop)$", line)
        if match:
            yield match.group(1)


def check_example(line):
    if re.search(r" ~ ", re.sub(r"'[^']*'|\"[^\"]*\"", "", line)):
        fail(f"example: {line}: the shell makes the home folder of ~")
    words = shell_words(line)[1:]
    if not words or "Ar" in words:
        return
    for i, word in enumerate(words[:-1]):
        if word in ("-r", "--replay"):
            words[i + 1] = RECORD
        if word in ("-w", "--record"):
            words[i + 1] = os.devnull
        if word == "FILE":
            words[i] = RECORD
    if "FILE" in words:
        words[words.index("FILE")] = RECORD
    if not any(re.match(r"-[lj]|--(list|json|check|settings|path-idle=help)", w) for w in words):
        words.insert(0, "--list")
    if not any(w in ("-r", "--replay", "--settings") for w in words):
        words = ["-r", RECORD] + words
    if "-d" in words:
        words = ["-n", "1"] + words
    done = subprocess.run([KATOP, "--no-options", *words], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                          check=False, timeout=60)
    if done.returncode > 1 and "judge" not in done.stderr:
        fail(f"example: {line}: {done.stderr.strip()}")


def check_bootstrap(text):
    known = subprocess.run([os.path.join(TOP, "bootstrap.sh"), "help"], check=False,
                           stdout=subprocess.PIPE, text=True).stdout
    used = set(re.findall(r"\./bootstrap\.sh (\w+)", text))
    for command in sorted(used):
        if not re.search(rf"^  {command} ", known, re.M):
            fail(f"README: ./bootstrap.sh {command} is unknown")
    for command in ("run", "check"):
        if command not in used:
            fail(f"README does not name ./bootstrap.sh {command}")
    for link in re.findall(r"\]\(([^):#]+)\)", text):
        if not os.path.exists(os.path.join(TOP, link)):
            fail(f"README: {link} does not exist")


RECORD_TEXT = """{"katop":"0.1.0","schema":1,"time":"2026-01-31T12:00:00.123Z","host":"h",\
"netns":1,"hz":250,"partial":false,"path_idle_ms":240000,"system":{"keepalive_time_ms":7200000,\
"keepalive_intvl_ms":75000,"keepalive_probes":9},"connections":[
{"state":"established","local_address":"10.0.0.1","local_port":22,\
"peer_address":"192.0.2.1","peer_port":4000,"keepalive":false,"idle_ms":1000}
]}
"""
RECORD = ""


def main():
    global RECORD
    page = read("doc/katop.1")
    background = read("doc/katop-keepalive.7")
    readme = read("README.md")
    with tempfile.TemporaryDirectory() as folder:
        RECORD = os.path.join(folder, "record.json")
        with open(RECORD, "w", encoding="utf-8") as f:
            f.write(RECORD_TEXT)
        check_options(page)
        check_columns(page)
        check_words(page)
        check_json(page)
        check_keys(page)
        check_paths(background)
        for name in ("katop.1", "katop-keepalive.7"):
            check_lint(name)
            check_groff(name)
        check_bootstrap(readme)
        lines = [line for text in (page, background, readme) for line in examples(text)]
        for line in lines:
            check_example(line)
        print(f"{len(lines)} examples run")
    rig.end(failures)


main()
