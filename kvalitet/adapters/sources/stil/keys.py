"""Nøglen til STIL's API: cleaned of what comes along when it is pasted, and asked how long it lasts."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kvalitet.adapters.danish import date_text
from kvalitet.adapters.sources.source import SourceRefusedError
from kvalitet.municipality import DANISH_TIME

SITE = "Uddannelsesstatistik.dk"
WARNED_AHEAD = timedelta(days=30)
_QUOTES = "\"'`“”„»«"
_NEW_KEY = "Hent en ny gratis nøgle på api.uddannelsesstatistik.dk, og sæt den ind i indstillingen KVALITET_STIL_KEY."


@dataclass(frozen=True)
class Key:
    """Nøgle: free, personal, and a JSON Web Token, whose `exp` says when it runs out."""

    text: str = field(repr=False)

    @property
    def header(self) -> dict[str, str]:
        """What goes with every question."""
        return {"Authorization": f"Bearer {self._cleaned()}"}

    @property
    def expires_on(self) -> date | None:
        """The day on which the key runs out, when it is one that says so."""
        _, _, rest = self._cleaned().partition(".")
        payload, _, _ = rest.partition(".")
        try:
            seconds = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]
            return datetime.fromtimestamp(int(seconds), DANISH_TIME).date()
        except (ValueError, TypeError, KeyError, OverflowError, OSError):
            return None

    def warnings(self, today: date | None) -> tuple[str, ...]:
        """Refuse a key that has run out, and warn a month before one does."""
        last = self.expires_on
        if last is None or today is None or today + WARNED_AHEAD < last:
            return ()
        if last < today:
            raise SourceRefusedError(f"Nøglen til {SITE} udløb den {date_text(last)}. {_NEW_KEY}")
        return (f"Nøglen til {SITE} udløber den {date_text(last)}. {_NEW_KEY}",)

    def refused(self, status: int) -> SourceRefusedError:
        """Say that STIL will not take the key."""
        last = self.expires_on
        until = f" Ifølge nøglen selv gælder den til den {date_text(last)}." if last else ""
        return SourceRefusedError(f"{SITE} afviser nøglen ({status}): den er forkert eller udløbet.{until} {_NEW_KEY}")

    def _cleaned(self) -> str:
        """A key copied from a mail or a page often brings spaces, line breaks or quotes along."""
        cleaned = self.text.strip().strip(_QUOTES).removeprefix("Bearer ").strip()
        if not cleaned:
            raise SourceRefusedError(f"Der er ikke sat nogen nøgle til {SITE}. {_NEW_KEY}")
        if not cleaned.isascii() or any(letter.isspace() or not letter.isprintable() for letter in cleaned):
            raise SourceRefusedError(f"Nøglen til {SITE} har tegn, som en nøgle ikke kan have. {_NEW_KEY}")
        return cleaned
