"""STIL's API: its catalogue, and one question with all pages of its answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Any, TypeVar

from kvalitet.adapters.sources.asking import Patience, Reply, Service, Talk, TryAgainError, begin, json_in
from kvalitet.adapters.sources.source import SourceBrokenError
from kvalitet.adapters.sources.stil.cubes import PAGE_SIZE, CatalogueEntry
from kvalitet.adapters.sources.stil.keys import SITE, Key

ADDRESS = "https://api.uddannelsesstatistik.dk"
MOST_PAGES = 1_000

Rows = list[dict[str, Any]]
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """Svar: the rows of all pages, and each page as it came, byte for byte."""

    rows: Rows
    pages: tuple[bytes, ...] = ()


class QuestionRefusedError(Exception):
    """Forespørgslen afvist: STIL knows no such cube, measure, dimension or member (HTTP 400); `text` is its own."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, kw_only=True)
class StilApi:
    """STIL's API: where it is, the key to it, and how patiently it is asked."""

    key: str = field(repr=False)
    address: str = ADDRESS
    page_size: int = PAGE_SIZE
    most_pages: int = MOST_PAGES
    patience: Patience = field(default_factory=Patience)

    def begin(self, today: date | None = None) -> StilTalk:
        """Begin the questions of one extract; a key that has run out is told before anything is sent."""
        key = Key(self.key)
        warnings = key.warnings(today)
        service = Service(name=SITE, address=self.address, setting="KVALITET_STIL_URL")
        return StilTalk(self, key, begin(service, self.patience, key.header), warnings)


@dataclass(frozen=True)
class StilTalk:
    """Samtale med STIL: the questions of one extract, and what there is to warn of."""

    api: StilApi
    key: Key
    talk: Talk
    warnings: tuple[str, ...]

    def statistics(self, question: Mapping[str, Any]) -> Answer:
        """Ask, and turn the pages from 1 until one is empty.

        A page that is not full is not taken for the last: the service may have a smaller page than we ask for.
        But nothing may follow a page that is shorter than the first, for then rows are missing from it.
        """
        rows: Rows = []
        pages: list[bytes] = []
        sizes: list[int] = []
        for content, page in self._pages(question):
            if not page:
                return Answer(rows, (*pages, content))
            if content in pages:
                raise SourceBrokenError(f"{SITE} sendte samme side to gange (side {len(pages) + 1}).")
            if sizes and sizes[-1] < sizes[0]:
                raise SourceBrokenError(f"{SITE} sendte flere rækker efter side {len(pages)}, som ikke var fuld.")
            sizes.append(len(page))
            pages.append(content)
            rows += page
        raise SourceBrokenError(f"{SITE} blev ved med at sende sider; udtrækket er stoppet efter {len(pages)} sider.")

    def _pages(self, question: Mapping[str, Any]) -> Iterator[tuple[bytes, Rows]]:
        for number in range(1, self.api.most_pages + 1):
            body = {**question, "side": number, "side_størrelse": self.api.page_size}
            yield self._post("statistik", body, _page_in)

    def entry(self, place: Mapping[str, str]) -> CatalogueEntry:
        """Give a cube's measures and dimensions of today, from STIL's catalogue."""
        found = self._post("skema", place, _json_of)
        entry = found if isinstance(found, dict) else {}
        dimensions = tuple(_name_of(item) for item in entry.get("detaljer") or ())
        return CatalogueEntry(tuple(map(str, entry.get("nøgletal") or ())), dimensions)

    def members(self, place: Mapping[str, str], dimension: str | None = None) -> tuple[str, ...]:
        """Give a dimension's members of today, or what lies at a place of the catalogue.

        The shape of the list is not documented, so every text in it counts.
        """
        body = {**place, "detalje": dimension} if dimension else place
        return tuple(dict.fromkeys(_texts_in(self._post("skema", body, _json_of))))

    def _post(self, resource: str, body: Mapping[str, Any], read: Callable[[bytes, Service], T]) -> T:
        def judged(reply: Reply) -> T:
            if reply.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
                raise self.key.refused(reply.status)
            if reply.status == HTTPStatus.BAD_REQUEST:
                raise QuestionRefusedError(reply.content[:300].decode(errors="replace").strip())
            return read(reply.content, self.talk.service)

        return self.talk.ask(f"Api/v1/{resource}", body, judged)


def _json_of(content: bytes, service: Service) -> Any:
    return json_in(content, service)


def _page_in(content: bytes, service: Service) -> tuple[bytes, Rows]:
    found = json_in(content, service)
    if isinstance(found, str):  # the array has been met wrapped in a JSON string
        try:
            found = json.loads(found)
        except ValueError as error:
            raise TryAgainError(f"{SITE} sendte et svar, der er skåret over.") from error
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise SourceBrokenError(f"{SITE} sendte noget andet end rækker med tal; formen kan være ændret.")
    return content, found


def _name_of(item: object) -> str:
    return str(item.get("name", item.get("Name", ""))) if isinstance(item, dict) else str(item)


def _texts_in(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        yield from (text for value in found.values() for text in _texts_in(value))
    elif isinstance(found, list):
        yield from (text for value in found for text in _texts_in(value))
