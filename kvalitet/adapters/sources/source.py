"""Datakilde: what an extract asks for, what it gets back, and the three ways in which it may fail."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, MissingReason


class NotPublishedYetError(OperationError):
    """Ikke offentliggjort endnu: the source works, but has no figures for the school year. Try again later."""


class SourceRefusedError(OperationError):
    """Kilden afviser os: the key is wrong or has expired; a person must get a new one."""


class SourceBrokenError(OperationError):
    """Kilden svarer ikke som ventet: no answer, or one with other columns or contents than we know."""


class WrongFileError(SourceBrokenError, UserError):
    """Forkert fil: the file that a person gave cannot be read as figures."""

    exit_code = UserError.exit_code


# The two municipalities whose names are not that of the place with "Kommune" after it. Assens and others do end in s.
_OTHER_NAMES = {"Københavns Kommune": "København", "Bornholms Regionskommune": "Bornholm"}


def place_name(municipality: str) -> str:
    """Give a municipality's name as the sources write it: "Kalundborg" for "Kalundborg Kommune"."""
    return _OTHER_NAMES.get(municipality, municipality.removesuffix(" Kommune"))


@dataclass(frozen=True, kw_only=True)
class ExtractRequest:
    """Bestilling af dataudtræk: which indicators, for which school year, municipality and schools.

    `municipality_name` is the plain name ("Kalundborg"); `schools` are institution numbers.
    `indicators` are keys of the catalogue; one that the source does not have is left to another source.
    `asked_on` is the day of the extract, so that a key that is about to run out can be told.
    """

    municipality: str
    municipality_name: str
    school_year: SchoolYear
    indicators: tuple[str, ...]
    schools: frozenset[str]
    asked_on: date | None = None


@dataclass(frozen=True)
class RowProblem:
    """Rækkefejl: one row that was left out, and why in Danish; row and column are counted as Excel counts them."""

    row: int
    why: str
    column: str = ""

    def __str__(self) -> str:
        column = f", kolonne {self.column}" if self.column else ""
        return f"række {self.row}{column}: {self.why}"


@dataclass(frozen=True, kw_only=True)
class RawExtract:
    """Råt dataudtræk: the answer as it came, and the measurements read from it.

    `label` is a file name or an address; `request` says in words or JSON what was asked for.
    Rows with `problems` are not among the measurements; nor are those `left_out`, which are sums, departments or
    other municipalities' schools, and with which nothing is wrong. `warnings` are Danish sentences about what a
    person should see to before the next extract; `updated_at` is when the source says that it last changed its figures.
    """

    content: bytes
    content_type: str
    label: str
    request: str
    measurements: tuple[Measurement, ...]
    problems: tuple[RowProblem, ...] = ()
    left_out: tuple[RowProblem, ...] = ()
    warnings: tuple[str, ...] = ()
    updated_at: datetime | None = None

    @property
    def sha256(self) -> str:
        """The fingerprint of the raw answer: equal answers have equal ones."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def unpublished(self) -> tuple[str, ...]:
        """The indicators that the source has no figure of yet: an extract may be worth another try for their sake."""
        waiting = MissingReason.NOT_PUBLISHED
        found = {m.indicator for m in self.measurements if m.missing is not waiting}
        return tuple(dict.fromkeys(m.indicator for m in self.measurements if m.indicator not in found))


class Source(Protocol):
    """Datakilde: gives an extract, or raises one of the errors above and gives nothing."""

    def fetch(self, request: ExtractRequest) -> RawExtract:
        """Get the figures asked for."""
        ...
