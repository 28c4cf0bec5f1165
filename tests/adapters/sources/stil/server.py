"""A local server that answers as STIL's API is documented to: catalogue, key, pages, Danish texts; and its faults."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from tests.adapters.sources.loopback import Reply, as_json, as_text, serving

KEY = "en-gyldig-noegle"


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

    def members(self, dimension: str) -> list[str]:
        places = [record.dimensions | record.filterable for record in self.records]
        return sorted({place[dimension] for place in places if dimension in place})

    @property
    def dimensions(self) -> list[str]:
        return sorted({name for record in self.records for name in record.dimensions | record.filterable})


@dataclass
class StilServer:
    """What the server knows, what it was asked, and how it misbehaves.

    `faults` are given first, one for each question for figures (`catalogue_faults`: for the catalogue); `always`
    is given for each of them.
    """

    cubes: dict[str, CubeData]
    key: str = KEY
    faults: list[Reply] = field(default_factory=list)
    catalogue_faults: list[Reply] = field(default_factory=list)
    always: Reply | None = None
    ignores_side: bool = False
    loses_side: int | None = None
    largest_page: int = 100_000
    wraps_in_string: bool = False
    only_long_names: bool = False
    answers_in_long_names: bool = False
    members_are_plain: bool = False
    questions: list[dict[str, Any]] = field(default_factory=list)
    looked_up: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""

    def reply(self, path: str, headers: Message, body: bytes) -> Reply:
        if headers["Authorization"] != f"Bearer {self.key}":
            return as_text("Unauthorized", 401)
        question = json.loads(body)
        if path == "/Api/v1/skema":
            self.looked_up.append(question)
            return self.catalogue_faults.pop(0) if self.catalogue_faults else self._catalogue(question)
        self.questions.append(question)
        if self.always is not None:
            return self.always
        return self.faults.pop(0) if self.faults else self._statistics(question)

    def _catalogue(self, question: dict[str, Any]) -> Reply:
        if "underemne" not in question:
            place = f"{question['område']}/{question['emne']}/"
            return as_json(
                [{"ID": key.removeprefix(place), "Name": key} for key in self.cubes if key.startswith(place)]
            )
        cube = self._cube(question)
        if cube is None:
            return as_text("ukendt underemne", 400)
        if "detalje" in question:
            members = cube.members(question["detalje"])
            return as_json(members if self.members_are_plain else [{"ID": name, "Name": name} for name in members])
        dimensions = [{"name": name, "count": len(cube.members(name))} for name in cube.dimensions]
        measures = [f"[Measures].[{name}]" if self.only_long_names else name for name in cube.measures]
        return as_json({"detaljer": dimensions, "nøgletal": measures, "rapporter": []})

    def _statistics(self, question: dict[str, Any]) -> Reply:
        cube = self._cube(question)
        if cube is None:
            return as_text("ukendt underemne", 400)
        asked = question["nøgletal"]
        names = [name.removeprefix("[Measures].[").removesuffix("]") for name in asked]
        if self.only_long_names and names == asked:
            return as_text(f"ukendt nøgletal {asked[0]}", 400)
        unknown = [name for name in names if name not in cube.measures]
        if unknown:
            return as_text(f"ukendt nøgletal {unknown[0]}", 400)
        filters = question["filtre"]
        lost = [m for name, wanted in filters.items() for m in wanted if m not in cube.members(name)]
        if lost:
            return as_text(f"ukendt medlem {lost[0]}", 400)
        rows = [r.row(names) for r in cube.records if r.matches(question["detaljering"], filters)]
        if self.answers_in_long_names:
            rows = [{f"[Measures].[{k}]" if k in names else k: v for k, v in row.items()} for row in rows]
        return self._page(rows, question)

    def _page(self, rows: list[dict[str, str]], question: dict[str, Any]) -> Reply:
        size = min(question["side_størrelse"], self.largest_page)
        side = 1 if self.ignores_side else question["side"]
        page = [] if side == self.loses_side else rows[(side - 1) * size : side * size]
        return as_json(json.dumps(page, ensure_ascii=False) if self.wraps_in_string else page)

    def _cube(self, question: dict[str, Any]) -> CubeData | None:
        return self.cubes.get("/".join(question.get(word, "") for word in ("område", "emne", "underemne")))


@contextmanager
def running(server: StilServer) -> Iterator[StilServer]:
    """Serve on a free port of the loopback for as long as the block lasts."""
    with serving(server) as address:
        server.address = address
        yield server
