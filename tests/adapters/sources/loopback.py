"""A local HTTP server that answers as it is told to, also as no server should."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol


@dataclass(frozen=True)
class Reply:
    """One answer; `endless` goes on until who asked goes away, and a cut one promises more than it has."""

    status: int = 200
    content: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    endless: bytes = b""
    cut: bool = False


class Answering(Protocol):
    def reply(self, path: str, headers: Message, body: bytes, /) -> Reply: ...


def as_json(value: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value, ensure_ascii=False).encode())


def as_text(text: str, status: int, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, text.encode(), "text/plain; charset=utf-8", named)


@contextmanager
def serving(answering: Answering) -> Iterator[str]:
    """Serve on a free port of the loopback for as long as the block lasts, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = answering.reply(self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response_only(reply.status)
            self.send_header("Content-Type", reply.content_type)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if not reply.endless:
                self.send_header("Content-Length", str(len(reply.content) + reply.cut))
            self.end_headers()
            with suppress(ConnectionError):  # who asked has gone away
                self.wfile.write(reply.content)
                while reply.endless:
                    self.wfile.write(reply.endless)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.server_port}"
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
