"""Serving: an application on a port of its own, and a client that does no more than send and receive bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.types import ASGIApp

from kvalitet.web.serve import listen

END_OF_HEAD = b"\r\n\r\n"


@dataclass
class Client:
    """A browser's line to a server, kept open."""

    line: socket.socket
    port: int
    left: bytes = field(default=b"")

    def request(self, path: str, headers: dict[str, str]) -> bytes:
        """Give the bytes of a request."""
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode()

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Send a request, and give the head and the body of the answer."""
        self.line.sendall(request)
        while END_OF_HEAD not in self.left:
            self._receive()
        head, _, body = self.left.partition(END_OF_HEAD)
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        self.left = body
        while len(self.left) < length:
            self._receive()
        body, self.left = self.left[:length], self.left[length:]
        return head, body

    def _receive(self) -> None:
        piece = self.line.recv(1 << 18)
        assert piece, "the server has hung up"
        self.left += piece


@contextmanager
def served(app: ASGIApp) -> Iterator[Client]:
    """Serve an application as `kvalitet up` does, and give a line to it."""
    # A line is kept for as long as the other side's turn lasts.
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", timeout_keep_alive=600)
    server = uvicorn.Server(config)
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                yield Client(line, port)
        finally:
            server.should_exit = True
            thread.join(timeout=10)
