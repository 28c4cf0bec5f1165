"""A local HTTP server that answers as STIL's API is documented to: catalogue, key, pages, Danish texts, faults."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "en-gyldig-noegle"

Reply = tuple[int, str, str]


@dataclass
class Record:
    """One total that the API can give: the dimensions that it is told apart by, what it may be filtered by, values."""

    dimensions: dict[str, str]
    values: dict[str, str]
    filterable: dict[str, str] = field(default_factory=dict)

    def matches(self, detail: list[str], filters: Mapping[str, list[str]]) -> bool:
        if set(self.dimensions) != set(detail):
            return False
        known = self.dimensions | self.filterable
        return all(known[name] in members for name, members in filters.items() if name in known)

    def row(self, measures: list[str]) -> dict[str, str]:
        triple = {f"{name}.{name.rpartition('.')[2]}": member for name, member in self.dimensions.items()}
        return triple | {name: self.values.get(name, "") for name in measures}


@dataclass
class CubeData:
    """A cube of the server's: the measures in its catalogue and its records."""

    measures: list[str]
    records: list[Record]

    def members(self, dimension: str) -> set[str]:
        places = [record.dimensions | record.filterable for record in self.records]
        return {place[dimension] for place in places if dimension in place}


@dataclass
class StilServer:
    """What the server knows, what it was asked, and which faults it answers with first."""

    cubes: dict[str, CubeData]
    key: str = KEY
    faults: list[Reply] = field(default_factory=list)
    always: Reply | None = None
    ignores_side: bool = False
    wraps_in_string: bool = False
    refuses_unknown_members: bool = False
    questions: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""

    def reply(self, path: str, authorization: str, body: bytes) -> Reply:
        if self.always is not None:
            return self.always
        if self.faults:
            return self.faults.pop(0)
        if authorization != f"Bearer {self.key}":
            return 401, "text/plain", "Unauthorized"
        question = json.loads(body)
        if path == "/Api/v1/skema":
            return self._catalogue(question)
        self.questions.append(question)
        return self._statistics(question)

    def _catalogue(self, question: dict[str, Any]) -> Reply:
        cube = self._cube(question)
        if cube is None:
            return _refusal("ukendt underemne")
        if "detalje" in question:
            members = [{"ID": member, "Name": member} for member in sorted(cube.members(question["detalje"]))]
            return _as_json(members)
        return _as_json(
            {"detaljer": [], "nøgletal": [f"[Measures].[{name}]" for name in cube.measures], "rapporter": []}
        )

    def _statistics(self, question: dict[str, Any]) -> Reply:
        cube = self._cube(question)
        if cube is None:
            return _refusal("ukendt underemne")
        unknown = [name for name in question["nøgletal"] if name not in cube.measures]
        if unknown:
            return _refusal(f"ukendt nøgletal {unknown[0]}")
        filters = question.get("filtre", {})
        lost = [m for name, wanted in filters.items() for m in wanted if m not in cube.members(name)]
        if lost and self.refuses_unknown_members:
            return _refusal(f"ukendt medlem {lost[0]}")
        found = [r.row(question["nøgletal"]) for r in cube.records if r.matches(question["detaljering"], filters)]
        return self._page(found, question)

    def _page(self, rows: list[dict[str, str]], question: dict[str, Any]) -> Reply:
        size = question.get("side_størrelse", 100_000)
        side = 1 if self.ignores_side else question.get("side", 1)
        page = rows[(side - 1) * size : side * size]
        return _as_json(json.dumps(page, ensure_ascii=False) if self.wraps_in_string else page)

    def _cube(self, question: dict[str, Any]) -> CubeData | None:
        return self.cubes.get("/".join(question.get(word, "") for word in ("område", "emne", "underemne")))


@contextmanager
def running(server: StilServer) -> Iterator[StilServer]:
    """Serve on a free port of the loopback for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, content_type, text = server.reply(self.path, self.headers.get("Authorization", ""), body)
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.address = f"http://127.0.0.1:{listener.server_port}"
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def _as_json(value: object) -> Reply:
    return 200, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False)


def _refusal(text: str) -> Reply:
    return 400, "text/plain; charset=utf-8", text
