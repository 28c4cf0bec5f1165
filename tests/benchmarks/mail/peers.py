"""The peers: other Python outboxes, in an environment of their own, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# Never part of the product; newer ones are tried by changing them here.
PINNED = ("django==5.2.19", "django-mailer==2.3.2", "django-post-office==3.12.0")
PROGRAM = Path(__file__).with_name("django_peer.py")


def environment(folder: Path) -> Path:
    """Install the peers into a folder, and give its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *PINNED], check=True)
    return python


@dataclass(frozen=True)
class Peer:
    """Et andet program: which package, and how many mails it marks at a time."""

    python: Path
    package: str
    batch: int = 1

    def start(self, port: int, database: Path, mails: Path) -> Running:
        """Start it, and wait until its queue is full."""
        command = [*map(str, (self.python, PROGRAM, self.package, port, database, mails, self.batch))]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        running = Running(process)
        running.hear("ready")
        return running


@dataclass(frozen=True)
class Running:
    """I gang: a peer with a full queue."""

    process: subprocess.Popen[str]

    def drain(self) -> None:
        """Let it send all that waits."""
        self._tell()
        self.hear("drained")

    def marked(self) -> int:
        """Let it count what its database says is sent, and end."""
        self._tell()
        assert self.process.stdout is not None
        number = int(self.process.stdout.readline())
        with self.process:
            return number

    def hear(self, word: str) -> None:
        """Wait for a word."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == word, "Programmet gik ned; se dets fejl ovenfor"

    def _tell(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
