"""Runs commands as a person types them, at a time of the test's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from kvalitet.cli import app

ROOT = Path(__file__).parents[2]
FILES = ROOT / "deployments"
# A Tuesday in the first weeks of the school year; noon in Denmark is 10 o'clock UTC.
NOW = "2026-09-01T10:00:00+00:00"
DELIVERABLE = "kalundborg.2026-27.local_goals.323003"


@dataclass(frozen=True)
class Ran:
    """What a command wrote, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it wrote, read as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class CommandLine:
    """An installation and its command line."""

    home: Path
    database_url: str

    def __call__(self, *words: str, answer: str = "") -> Ran:
        """Run one command; `answer` is what is typed when it asks."""
        result = CliRunner().invoke(app, list(words), input=answer)
        return Ran(result.exit_code, result.stdout, result.stderr)

    def planned(self) -> CommandLine:
        """Plan Kalundborg's 2026/27, and give the same command line."""
        ran = self("plan", "2026", "-m", "kalundborg", "--write")
        assert (ran.code, ran.err) == (0, "")
        return self
