"""Postfix's own measuring tools: smtp-sink, which takes mails and forgets them, and smtp-source, which only sends."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from time import monotonic, sleep
from typing import IO

import pytest

from tests.adapters.mail.servers import closed_port

MISSING = "{tool} mangler; installér Postfix' måleværktøjer med »apt-get install --no-install-recommends postfix«."
PLACES = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
QUEUE = "1000"


@dataclass
class Sink:
    """Afløb: a running smtp-sink; `kept` is the folder in which it keeps each mail, where it does."""

    port: int
    _told: IO[bytes]
    kept: Path | None

    def count(self) -> int:
        """Count the mails that have arrived, as smtp-sink itself does."""
        self._told.seek(0)
        shown = self._told.read().replace(b"\r", b"\n").strip().rpartition(b"mesg=")[2]
        return int(shown or 0)

    def message_ids(self) -> Counter[str]:
        """Count the kept mails by message id, leaving out what was broken off before its last line."""
        assert self.kept is not None
        contents = (path.read_bytes().rstrip() for path in self.kept.iterdir())
        whole = (message_from_bytes(content) for content in contents if content.endswith(b"--"))
        return Counter(mail["Message-ID"] for mail in whole)


@contextmanager
def sink() -> Iterator[Sink]:
    """Give a sink on a port of its own, which forgets what it takes."""
    with _running([], None) as running:
        yield running


@contextmanager
def keeping_sink() -> Iterator[Sink]:
    """Give a sink that keeps each whole mail as a file."""
    # Directly under the temporary folder: as root it becomes another user, who must be let in.
    with TemporaryDirectory(prefix="kvalitet-sink-") as folder:
        Path(folder).chmod(0o777)
        with _running(["-d", f"{folder}/%M."], Path(folder)) as running:
            yield running


@contextmanager
def _running(options: list[str], kept: Path | None) -> Iterator[Sink]:
    port = closed_port()
    user = ["-u", "postfix"] if os.geteuid() == 0 else []
    with TemporaryFile() as told:
        command = [tool("smtp-sink"), "-c", *user, *options, f"127.0.0.1:{port}", QUEUE]
        process = subprocess.Popen(command, stdout=told)
        try:
            _await(port)
            yield Sink(port, told, kept)
        finally:
            process.terminate()
            process.wait(10)


def source(port: int, *, mails: int, size: int) -> None:
    """Send mails of a size over one connection, as fast as it goes."""
    command = [tool("smtp-source"), "-d", "-s", "1", "-m", str(mails), "-l", str(size), f"127.0.0.1:{port}"]
    subprocess.run([*command[:-1], "-f", "a@b.example", "-t", "c@d.example", command[-1]], check=True)


def tool(name: str) -> str:
    """Find a tool, or fail with what to install."""
    found = shutil.which(name, path=PLACES)
    if found is None:
        pytest.fail(MISSING.format(tool=name), pytrace=False)
    return found


def _await(port: int) -> None:
    """Wait until somebody listens."""
    deadline = monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if monotonic() > deadline:
                raise
            sleep(0.01)
        else:
            return
