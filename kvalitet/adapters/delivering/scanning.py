"""Scanning: a file is shown to the virus scanner before it is kept; where one is set, nothing unscanned gets in.

The scanner is clamd, spoken to in its own words: INSTREAM, pieces with their length before them, and an answer.
"""

from __future__ import annotations

import logging
import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.file_store import plain_name
from kvalitet.adapters.store import log

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.occurrences import Occurrence

logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
TIMEOUT = 30
LONGEST_ANSWER = 4096
FOUND, CLEAN = " FOUND", "stream: OK"
MOST_PORTS = 65535


class InfectedError(UserError):
    """Smittet fil: the scanner found something in it; `signature` is its name for that."""

    def __init__(self, name: str, signature: str) -> None:
        super().__init__(f"Filen »{name}« er ikke taget imod: Virusscanneren fandt »{signature}« i den.")
        self.name, self.signature = name, signature


@dataclass(frozen=True, slots=True)
class Scanner:
    """Virusscanner: clamd at a host and port, or at the path of a socket."""

    address: tuple[str, int] | str

    @classmethod
    def at(cls, text: str) -> Scanner:
        """Read an address as the settings give it; one that cannot be read is a UserError."""
        if text.startswith("/"):
            return cls(text)
        host, found, port = text.rpartition(":")
        if not (found and host and port.isascii() and port.isdecimal() and 0 < int(port) <= MOST_PORTS):
            raise UserError("KVALITET_VIRUS_SCANNER skal være vært:port, fx 127.0.0.1:3310, eller stien til en socket.")
        return cls((host.strip("[]"), int(port)))

    def __call__(self, name: str, path: Path) -> None:
        """Refuse a file in which something is found, and also one that could not be scanned."""
        try:
            answer = self._ask(path)
        except OSError as error:
            logger.warning("Virusscanneren svarer ikke: %s", error)
            answer = ""
        if answer.endswith(FOUND):
            raise InfectedError(plain_name(name), answer.removesuffix(FOUND).partition(": ")[2])
        if answer != CLEAN:
            if answer:
                logger.warning("Virusscanneren kunne ikke læse en fil: %s", answer)
            reason = f"Filen »{plain_name(name)}« kunne ikke kontrolleres for virus og er derfor ikke taget imod."
            raise UserError(f"{reason} Prøv igen om lidt.")

    def _ask(self, path: Path) -> str:
        with self._connected() as line, path.open("rb") as file:
            line.sendall(b"zINSTREAM\0")
            try:
                while piece := file.read(CHUNK):
                    line.sendall(struct.pack("!I", len(piece)) + piece)
                line.sendall(struct.pack("!I", 0))
            except (BrokenPipeError, ConnectionResetError):
                logger.warning("Virusscanneren lukkede forbindelsen, før den havde set hele filen")
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (piece := line.recv(LONGEST_ANSWER)):
                answer += piece
        return answer.rstrip(b"\0").decode("utf-8", "replace").strip()

    def _connected(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, timeout=TIMEOUT)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(TIMEOUT)
        try:
            line.connect(self.address)
        except OSError:
            line.close()
            raise
        return line


def note_infected(
    installation: Installation, occurrence: Occurrence, error: InfectedError, *, by: str, now: datetime
) -> None:
    """Tell the log that a file with a virus was refused."""
    detail, suffix = f"{error.name}: {error.signature}", f":{now.isoformat()}"
    event = log.about("file_infected", occurrence, at=now, suffix=suffix, detail=detail, actor=by)
    with installation.store.write() as connection:
        log.tell(connection, event)
