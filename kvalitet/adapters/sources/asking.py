"""Spørgsmål til en webtjeneste: asked over HTTP with patience, and answered within bounds of time and size."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar

import httpx

from kvalitet.adapters.danish import number_text
from kvalitet.adapters.sources.source import SourceBrokenError

T = TypeVar("T")

_MEGABYTE = 2**20
# What those who ask have words for themselves; any other answer than these is not one.
_ANSWERS = frozenset({HTTPStatus.OK, HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class TryAgainError(Exception):
    """Prøv igen: what may well work in a moment; `wait` is how many seconds the service itself asks for."""

    def __init__(self, message: str, *, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Tålmodighed: how often a question is asked again, and how long (seconds) an answer may take.

    `pause` lies between two questions: the services do not say how many they bear, and others wait about as long.
    `total_seconds` and `most_megabytes` hold for all that one extract asks. Tests give their own clock and sleep.
    """

    attempts: int = 5
    total_seconds: float = 900.0
    seconds_per_answer: float = 120.0
    first_wait: float = 1.0
    pause: float = 0.3
    most_megabytes: int = 256
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, kw_only=True)
class Service:
    """Tjeneste: its name as a person knows it, its address, and the setting that holds the address."""

    name: str
    address: str
    setting: str


@dataclass(frozen=True)
class Reply:
    """Svar: the status and the content, whole."""

    status: int
    content: bytes


@dataclass(kw_only=True)
class Talk:
    """Samtale: all questions of one extract to one service, within one span of time and one size of answers."""

    service: Service
    patience: Patience
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    begun: float
    received: int = 0
    has_asked: bool = False

    def ask(self, path: str, question: Mapping[str, Any], read: Callable[[Reply], T]) -> T:
        """Ask, and read the answer; what is worth it is tried again, until patience or time is used up."""
        if self._seconds_left() <= 0:
            seconds = number_text(self.patience.total_seconds)
            raise SourceBrokenError(f"{self.service.name} har brugt de {seconds} sekunder, der er til et dataudtræk.")
        if self.has_asked:
            self.patience.sleep(self.patience.pause)
        self.has_asked, attempt = True, 1
        while True:
            try:
                return read(self._post(path, question))
            except TryAgainError as error:
                wait = error.wait if error.wait is not None else self.patience.first_wait * 2 ** (attempt - 1)
                if attempt >= self.patience.attempts or wait > self._seconds_left():
                    raise SourceBrokenError(f"{error} Dataudtrækket prøves igen senere.") from error
            self.patience.sleep(wait)
            attempt += 1

    def _seconds_left(self) -> float:
        return self.begun + self.patience.total_seconds - self.patience.clock()

    def _post(self, path: str, question: Mapping[str, Any]) -> Reply:
        name = self.service.name
        url = f"{self.service.address.rstrip('/')}/{path}"
        headers = {"Content-Type": "application/json; charset=utf-8", **self.headers}
        body = json.dumps(question, ensure_ascii=False).encode()
        seconds = max(0.1, min(self.patience.seconds_per_answer, self._seconds_left()))
        try:
            with httpx.stream("POST", url, content=body, headers=headers, timeout=seconds, verify=_trust()) as response:
                self._check(response)
                return Reply(response.status_code, self._content(response))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise SourceBrokenError(f"{name} har ingen adresse, der kan bruges; ret {self.service.setting}.") from error
        except httpx.DecodingError as error:
            raise TryAgainError(f"{name} sendte et svar, der ikke kan pakkes ud.") from error
        except httpx.TransportError as error:
            raise TryAgainError(f"Der er ikke forbindelse til {name} ({type(error).__name__}).") from error

    def _check(self, response: httpx.Response) -> None:
        status, service = response.status_code, self.service
        if status == HTTPStatus.TOO_MANY_REQUESTS or response.is_server_error:
            wait = wait_asked_for(response.headers)
            trouble = "har en fejl" if response.is_server_error else "har for travlt"
            pause = "" if wait is None else f" og beder om {number_text(round(wait))} sekunders pause"
            raise TryAgainError(f"{service.name} {trouble} ({status}){pause}.", wait=wait)
        if response.is_redirect:
            raise SourceBrokenError(
                f"{service.name} henviser til en anden adresse ({status}), som vi ikke følger; "
                f"er {service.setting} rigtig?"
            )
        if status not in _ANSWERS:
            raise SourceBrokenError(f"{service.name} svarede uventet ({status}); er {service.setting} rigtig?")

    def _content(self, response: httpx.Response) -> bytes:
        patience, name = self.patience, self.service.name
        begun = patience.clock()
        parts: list[bytes] = []
        for part in response.iter_bytes():
            self.received += len(part)
            if self.received > patience.most_megabytes * _MEGABYTE:
                raise SourceBrokenError(f"{name} sendte mere end {patience.most_megabytes} MB; udtrækket er stoppet.")
            if patience.clock() - begun > patience.seconds_per_answer:
                raise TryAgainError(f"{name} sender sit svar for langsomt.")
            parts.append(part)
        return b"".join(parts)


def begin(service: Service, patience: Patience, headers: Mapping[str, str] | None = None) -> Talk:
    """Begin a talk now; its headers go with every question and are never shown."""
    return Talk(service=service, patience=patience, headers=headers or {}, begun=patience.clock())


def wait_asked_for(headers: Mapping[str, str]) -> float | None:
    """Give the seconds that `Retry-After` asks for, whether it says seconds or a date (measured by its own clock)."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until, now = parsedate_to_datetime(text), parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):
        return None


def json_in(content: bytes, service: Service, **options: Any) -> Any:
    """Read JSON; a web page in its place is refused, and half an answer is worth another try."""
    refuse_web_page(content, service)
    try:
        return json.loads(content, **options)
    except (ValueError, RecursionError) as error:
        raise TryAgainError(f"{service.name} sendte et svar, der er skåret over.") from error


def refuse_web_page(content: bytes, service: Service) -> None:
    """Raise SourceBrokenError for a web page, such as one about maintenance, where figures were to be."""
    if content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise SourceBrokenError(
            f"{service.name} svarede med en hjemmeside i stedet for tal; er {service.setting} rigtig?"
        )


@cache
def _trust() -> ssl.SSLContext:
    """The certificates to trust; reading them takes longer than a question, so it is done once."""
    return httpx.create_ssl_context()
