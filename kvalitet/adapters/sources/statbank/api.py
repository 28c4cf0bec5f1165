"""Statistikbankens API: what a table holds today, and its cells in whichever format takes them all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from math import prod
from typing import Any, TypeVar

from kvalitet.adapters.sources.asking import Patience, Reply, Service, Talk, begin, json_in
from kvalitet.adapters.sources.source import SourceBrokenError, SourceRefusedError
from kvalitet.adapters.sources.statbank import cells
from kvalitet.adapters.sources.statbank.cells import Cell
from kvalitet.municipality import DANISH_TIME

SITE = "Danmarks Statistik"
ADDRESS = "https://api.statbank.dk"
# More cells than this are only given in a streamed format (errorTypeCode REQUEST-LIMIT).
MOST_CELLS = 1_000_000

T = TypeVar("T")


class StatBankError(Exception):
    """Statistikbankens egen fejl: its code, such as EXTRACT-NOTFOUND, and its own Danish sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"»{text}« ({code})" if code else f"»{text}«")
        self.code = code


@dataclass(frozen=True)
class TableInfo:
    """Tabellens indhold i dag: each variable's values by code, and when the table was last brought up to date."""

    variables: Mapping[str, Mapping[str, str]]
    updated: datetime | None
    active: bool


@dataclass(frozen=True)
class TableAnswer:
    """Svar: the cells, and the raw answer that they were read from, as JSON."""

    cells: tuple[Cell, ...]
    raw: bytes


@dataclass(frozen=True, kw_only=True)
class StatBankApi:
    """Statistikbankens API; it needs no key."""

    address: str = ADDRESS
    most_cells: int = MOST_CELLS
    patience: Patience = field(default_factory=Patience)

    def begin(self) -> StatBankTalk:
        """Begin the questions of one extract."""
        service = Service(name=SITE, address=self.address, setting="KVALITET_STATBANK_URL")
        return StatBankTalk(begin(service, self.patience), self.most_cells)


@dataclass(frozen=True)
class StatBankTalk:
    """Samtale med Statistikbanken: the questions of one extract."""

    talk: Talk
    most_cells: int

    def table(self, name: str) -> TableInfo:
        """Look the table up."""
        return self._post("tableinfo", {"table": name, "lang": "da", "format": "JSON"}, table_info)

    def data(self, question: Mapping[str, Any]) -> TableAnswer:
        """Ask for cells: as JSON-stat, or streamed where they are too many for it."""
        if prod(len(variable["values"]) for variable in question["variables"]) <= self.most_cells:
            try:
                return self._post("data", {**question, "format": "JSONSTAT"}, _json_stat)
            except StatBankError as error:
                if error.code != "REQUEST-LIMIT":
                    raise
        return self._post("data", {**question, "format": "BULK"}, _bulk)

    def _post(self, resource: str, body: Mapping[str, Any], read: Callable[[bytes, Service], T]) -> T:
        def judged(reply: Reply) -> T:
            if reply.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
                raise SourceRefusedError(
                    f"{SITE} vil ikke svare os ({reply.status}); spørg dem hvorfor, før der prøves igen."
                )
            if reply.status == HTTPStatus.BAD_REQUEST or b'"errorTypeCode"' in reply.content[:300]:
                raise _error_in(reply.content)
            return read(reply.content, self.talk.service)

        return self.talk.ask(f"v1/{resource}", body, judged)


def _error_in(content: bytes) -> StatBankError:
    try:
        found = json.loads(content)
        return StatBankError(str(found["errorTypeCode"]), str(found["message"])[:300])
    except (ValueError, TypeError, KeyError):
        return StatBankError("", content[:300].decode(errors="replace").strip())


def table_info(content: bytes, service: Service) -> TableInfo:
    """Read what `tableinfo` says of a table."""
    found = json_in(content, service)
    try:
        variables = {v["id"]: {value["id"]: value["text"] for value in v["values"]} for v in found["variables"]}
        return TableInfo(variables, _updated(found.get("updated")), bool(found.get("active", True)))
    except (AttributeError, LookupError, TypeError) as error:
        raise SourceBrokenError(f"{SITE} beskrev ikke tabellen som ventet; formen kan være ændret.") from error


def _updated(text: object) -> datetime | None:
    """Read the time, which is told as the clock on a Danish wall shows it."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=DANISH_TIME)


def _json_stat(content: bytes, service: Service) -> TableAnswer:
    return TableAnswer(tuple(cells.json_stat(content, service)), content)


def _bulk(content: bytes, service: Service) -> TableAnswer:
    text = content.decode("utf-8-sig", errors="replace")
    return TableAnswer(tuple(cells.bulk(content, service)), json.dumps(text, ensure_ascii=False).encode())
