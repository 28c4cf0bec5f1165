"""A local server that answers as Statistikbanken does: tableinfo, JSON-stat, BULK and its errors.

The class sizes of 2024 for Kalundborg and Hvidovre are real (Danmarks Statistik, Statistikbanken, table KVOTIEN,
CC BY 4.0); the country's is made up, and so are those of 2023.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from itertools import product
from typing import Any

from tests.adapters.sources.loopback import Reply, as_json, serving

TEXTS = {"000": "Hele landet", "084": "Region Hovedstaden", "167": "Hvidovre", "326": "Kalundborg"}
CLASS_SIZES = {
    ("000", "2023"): "20.6",
    ("167", "2023"): "21.5",
    ("326", "2023"): "17.2",
    ("000", "2024"): "20.5",
    ("167", "2024"): "21.8",
    ("326", "2024"): "17.0",
}


def _variables() -> dict[str, dict[str, str]]:
    return {
        "OMRÅDE": dict(TEXTS),
        "KLASSE": {"0000": "I alt", "0001": "1. klasse"},
        "SKTPE": {"ANTALSUM": "I alt", "1012": "Folkeskoler"},
        "Tid": {"2023": "2023", "2024": "2024"},
    }


@dataclass
class StatBankServer:
    """One table, KVOTIEN; `faults` are given first, one for each question for data, and `always` for each of them."""

    variables: dict[str, dict[str, str]] = field(default_factory=_variables)
    values: dict[tuple[str, str], str] = field(default_factory=lambda: dict(CLASS_SIZES))
    updated: str | None = "2025-03-18T08:00:00"
    active: bool = True
    most_cells: int = 1_000_000
    faults: list[Reply] = field(default_factory=list)
    always: Reply | None = None
    about_the_table: Reply | None = None
    questions: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""

    def reply(self, path: str, _headers: Message, body: bytes) -> Reply:
        question = json.loads(body)
        if question["table"] != "KVOTIEN":
            return error("EXTRACT-NOTFOUND", f"Tabel findes ikke: {question['table']}")
        if path == "/v1/tableinfo":
            return self.about_the_table or as_json(self._table())
        self.questions.append(question)
        if self.always is not None:
            return self.always
        return self.faults.pop(0) if self.faults else self._data(question)

    def _table(self) -> dict[str, object]:
        variables = [
            {"id": name, "values": [{"id": code, "text": text} for code, text in values.items()]}
            for name, values in self.variables.items()
        ]
        return {"id": "KVOTIEN", "updated": self.updated, "active": self.active, "variables": variables}

    def _data(self, question: dict[str, Any]) -> Reply:
        asked = {variable["code"]: variable["values"] for variable in question["variables"]}
        cells = list(product(*asked.values()))
        if question["format"] == "BULK":
            lines = [";".join((*cell, _in_danish(self._value(cell)))) for cell in cells]
            heading = ";".join((*(name.upper() for name in asked), "INDHOLD"))
            return Reply(200, "\r\n".join(["\ufeff" + heading, *lines, ""]).encode(), "text/csv; charset=utf-8")
        if len(cells) > self.most_cells:
            return error(
                "REQUEST-LIMIT",
                f"Forespørgslen på op mod {len(cells)} celler er over begrænsningen på {self.most_cells} celler for "
                "denne filtype. Anvend BULK eller andet streaming format i stedet.",
            )
        return Reply(200, self._json_stat(asked, [self._value(cell) for cell in cells]).encode())

    def _value(self, cell: tuple[str, ...]) -> str:
        return self.values.get((cell[0], cell[-1]), "..")

    def _json_stat(self, asked: dict[str, list[str]], values: list[str]) -> str:
        dimension: dict[str, Any] = {
            name: {"category": {"index": {code: place for place, code in enumerate(codes)}}}
            for name, codes in {"ContentsCode": ["KVOTIEN"], **asked}.items()
        }
        dimension |= {"id": list(dimension), "size": [1, *map(len, asked.values())]}
        dimension["role"] = {"metric": ["ContentsCode"], "time": ["Tid"]}
        text = json.dumps({"dataset": {"dimension": dimension, "value": "VALUES"}}, ensure_ascii=False)
        written = ",".join("null" if value == ".." else value for value in values)
        return text.replace('"VALUES"', f"[{written}]")


def _in_danish(value: str) -> str:
    return value if value == ".." else value.replace(".", ",")


def error(code: str, message: str) -> Reply:
    return as_json({"errorTypeCode": code, "message": message}, 400)


@contextmanager
def running(server: StatBankServer) -> Iterator[StatBankServer]:
    """Serve on a free port of the loopback for as long as the block lasts."""
    with serving(server) as address:
        server.address = address
        yield server
