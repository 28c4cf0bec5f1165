"""A scanner that answers as clamd does, on a socket of its own: what it is sent decides what it says."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

VIRUS = b"X5O!P%@AP-TEST-OF-A-SCANNER"


@dataclass
class Clamd:
    """Where it listens, how it behaves, and what it was shown."""

    address: str
    answer: bytes | None = None
    seen: list[bytes] = field(default_factory=list)

    def serve_one(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as incoming:
            assert incoming.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!I", incoming.read(4))[0]:
                content += incoming.read(length)
            self.seen.append(content)
            found = b"stream: Test.Virus FOUND\0" if VIRUS in content else b"stream: OK\0"
            line.sendall(found if self.answer is None else self.answer)


@contextlib.contextmanager
def listening(at: socket.socket, address: str) -> Iterator[Clamd]:
    served = Clamd(address)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = at.accept()
                served.serve_one(line)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield served
    finally:
        with contextlib.suppress(OSError):
            at.shutdown(socket.SHUT_RDWR)
        at.close()
        thread.join(timeout=10)


@contextlib.contextmanager
def on_a_port() -> Iterator[Clamd]:
    at = socket.create_server(("127.0.0.1", 0))
    with listening(at, f"127.0.0.1:{at.getsockname()[1]}") as served:
        yield served


@contextlib.contextmanager
def on_a_path(path: Path) -> Iterator[Clamd]:
    at = socket.socket(socket.AF_UNIX)
    at.bind(str(path))
    at.listen()
    with listening(at, str(path)) as served:
        yield served
