"""STIL's API: one question, all pages of its answer, and a Danish sentence when it will not give one."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx
import stamina

from kvalitet.adapters.sources.source import SourceBrokenError, SourceRefusedError
from kvalitet.adapters.sources.stil_cubes import PAGE_SIZE

SITE = "Uddannelsesstatistik.dk"
ADDRESS = "https://api.uddannelsesstatistik.dk"
_QUOTES = "\"'`“”„»«"
_NEW_KEY = "Hent en ny gratis nøgle på api.uddannelsesstatistik.dk, og sæt den ind i indstillingen KVALITET_STIL_KEY."

Rows = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Tålmodighed: how often and for how long (seconds in all) a question is asked again."""

    attempts: int = 5
    total_seconds: float = 180.0
    seconds_per_answer: float = 60.0
    first_wait: float = 0.5
    most_pages: int = 1_000


@dataclass(frozen=True)
class Answer:
    """Svar: the rows of all pages, and each page's text as it came."""

    rows: Rows
    pages: tuple[str, ...]


class QuestionRefusedError(Exception):
    """Forespørgslen afvist: STIL knows no such measure, dimension or member (HTTP 400); `text` is its own answer."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class _TryAgainError(Exception):
    """What may well work in a moment."""


@dataclass(frozen=True, kw_only=True)
class StilApi:
    """STIL's statistics API. The key is free, personal, and expires."""

    key: str = field(repr=False)
    address: str = ADDRESS
    page_size: int = PAGE_SIZE
    patience: Patience = field(default_factory=Patience)

    def statistics(self, question: Mapping[str, Any]) -> Answer:
        """Ask, and turn the pages from 1 until one is empty or not full."""
        rows: Rows = []
        pages: list[str] = []
        for number in range(1, self.patience.most_pages + 1):
            text = self._post("statistik", {**question, "side": number, "side_størrelse": self.page_size})
            page = _rows_in(text)
            if page and text in pages:
                raise SourceBrokenError(f"{SITE} sendte samme side to gange (side {number}); prøv igen senere.")
            pages.append(text)
            rows += page
            if len(page) < self.page_size:
                return Answer(rows, tuple(pages))
        raise SourceBrokenError(f"{SITE} blev ved med at sende sider; udtrækket er stoppet efter {number} sider.")

    def measures_in(self, place: Mapping[str, str]) -> list[str]:
        """Give the names of the measures that a cube has today, from STIL's catalogue."""
        found = json.loads(self._post("skema", place))
        names = found.get("nøgletal", []) if isinstance(found, dict) else []
        return [str(name).removeprefix("[Measures].").strip("[]") for name in names]

    def has_member(self, place: Mapping[str, str], dimension: str, member: str) -> bool:
        """Whether a dimension of a cube has the member today; the catalogue's own shape is left open."""
        return member in self._post("skema", {**place, "detalje": dimension})

    def _post(self, resource: str, body: Mapping[str, Any]) -> str:
        patience = self.patience
        attempts = stamina.retry_context(
            on=_TryAgainError,
            attempts=patience.attempts,
            timeout=patience.total_seconds,
            wait_initial=patience.first_wait,
            wait_max=patience.total_seconds / 4,
        )
        try:
            for attempt in attempts:
                with attempt:
                    return self._post_once(f"{self.address.rstrip('/')}/Api/v1/{resource}", body)
        except _TryAgainError as error:
            raise SourceBrokenError(f"{error} Dataudtrækket prøves igen senere.") from error
        raise AssertionError  # pragma: no cover -- the loop returns or raises

    def _post_once(self, url: str, body: Mapping[str, Any]) -> str:
        headers = {"Authorization": f"Bearer {_clean_key(self.key)}"}
        try:
            response = httpx.post(
                url, json=body, headers=headers, timeout=self.patience.seconds_per_answer, verify=_trust()
            )
        except httpx.TransportError as error:
            raise _TryAgainError(f"Der er ikke forbindelse til {SITE} ({type(error).__name__}).") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            kind = type(error).__name__
            raise SourceBrokenError(f"{SITE} kan ikke spørges ({kind}); er KVALITET_STIL_URL rigtig?") from error
        _check_status(response)
        return _json_text(response)


@cache
def _trust() -> ssl.SSLContext:
    """The certificates to trust; reading them takes longer than a question, so it is done once."""
    return httpx.create_ssl_context()


def _clean_key(key: str) -> str:
    """A key copied from a mail or a page often brings spaces, line breaks or quotes along."""
    cleaned = key.strip().strip(_QUOTES).removeprefix("Bearer ").strip()
    if not cleaned:
        raise SourceRefusedError(f"Der er ikke sat nogen nøgle til {SITE}. {_NEW_KEY}")
    if not cleaned.isascii() or any(letter.isspace() or not letter.isprintable() for letter in cleaned):
        raise SourceRefusedError(f"Nøglen til {SITE} har tegn, som en nøgle ikke kan have. {_NEW_KEY}")
    return cleaned


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise SourceRefusedError(f"{SITE} afviser nøglen ({status}): den er forkert eller udløbet. {_NEW_KEY}")
    if status == HTTPStatus.BAD_REQUEST:
        raise QuestionRefusedError(response.text[:300])
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise _TryAgainError(f"{SITE} har for travlt (429).")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _TryAgainError(f"{SITE} har en fejl ({status}).")
    if status != HTTPStatus.OK:
        raise SourceBrokenError(f"{SITE} svarede uventet ({status}); er KVALITET_STIL_URL rigtig?")


def _json_text(response: httpx.Response) -> str:
    text = response.text
    if text.lstrip().startswith("<"):
        raise SourceBrokenError(f"{SITE} svarede med en hjemmeside i stedet for tal; er KVALITET_STIL_URL rigtig?")
    try:
        json.loads(text)
    except ValueError as error:
        raise _TryAgainError(f"{SITE} sendte et svar, der er skåret over.") from error
    return text


def _rows_in(text: str) -> Rows:
    found = json.loads(text)
    if isinstance(found, str):  # the array has been met wrapped in a JSON string
        try:
            found = json.loads(found)
        except ValueError:
            found = None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise SourceBrokenError(f"{SITE} sendte noget andet end rækker med tal; formen kan være ændret.")
    return found
