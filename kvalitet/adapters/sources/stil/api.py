"""STIL's API: its catalogue, and one question with all pages of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Any, TypeVar

from kvalitet.adapters.sources.asking import Patience, Reply, Service, Talk, begin
from kvalitet.adapters.sources.stil.cubes import PAGE_SIZE, CatalogueEntry
from kvalitet.adapters.sources.stil.keys import SITE, Key
from kvalitet.adapters.sources.stil.pages import Answer, Rows, turned
from kvalitet.adapters.sources.stil.reading import entry_in, members_in, page_in

ADDRESS = "https://api.uddannelsesstatistik.dk"
MOST_PAGES = 1_000

T = TypeVar("T")


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
        """Ask, and turn the pages of the answer."""
        return turned(self._pages(question), page_size=self.api.page_size)

    def _pages(self, question: Mapping[str, Any]) -> Iterator[tuple[bytes, Rows]]:
        for number in range(1, self.api.most_pages + 1):
            body = {**question, "side": number, "side_størrelse": self.api.page_size}
            yield self._post("statistik", body, page_in)

    def entry(self, place: Mapping[str, str]) -> CatalogueEntry:
        """Give a cube's measures and dimensions of today, from STIL's catalogue."""
        return self._post("skema", place, entry_in)

    def members(self, place: Mapping[str, str], dimension: str | None = None) -> tuple[str, ...]:
        """Give a dimension's members of today, or what lies at a place of the catalogue."""
        return self._post("skema", {**place, "detalje": dimension} if dimension else place, members_in)

    def _post(self, resource: str, body: Mapping[str, Any], read: Callable[[bytes, Service], T]) -> T:
        def judged(reply: Reply) -> T:
            if reply.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
                raise self.key.refused(reply.status)
            if reply.status == HTTPStatus.BAD_REQUEST:
                raise QuestionRefusedError(reply.content[:300].decode(errors="replace").strip())
            return read(reply.content, self.talk.service)

        return self.talk.ask(f"Api/v1/{resource}", body, judged)
