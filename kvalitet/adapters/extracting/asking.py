"""Asking: which sources an extract has, and what each of them is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.sources.entered.entry import ENTERED
from kvalitet.adapters.sources.files.figures_folder import FiguresFolder
from kvalitet.adapters.sources.source import ExtractRequest, place_name
from kvalitet.adapters.sources.statbank.api import StatBankApi
from kvalitet.adapters.sources.statbank.pulling import StatBank
from kvalitet.adapters.sources.stil.api import StilApi
from kvalitet.adapters.sources.stil.pulling import Stil
from kvalitet.adapters.store.extracts.pulls import PullKey

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.sources.source import Source
    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Measurement
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

FIGURES = "figures"
FOLDER, IMPORT = "files", "import"
# What people call the sources.
SOURCES = {
    FOLDER: "filerne i mappen figures",
    "stil": "Uddannelsesstatistik.dk",
    "statbank": "Danmarks Statistik",
    IMPORT: "en fil, der er indlæst",
    ENTERED: "indtastning",
}


@dataclass(frozen=True)
class Asked:
    """Bestilling: one source's part of an extract; `occurrence` is None where it is not the extract's own year."""

    occurrence: str | None
    source: str
    request: ExtractRequest

    @property
    def key(self) -> PullKey:
        """What the part is known by in the store."""
        return PullKey(self.request.municipality, self.occurrence, self.source, self.request.school_year)

    def waits_for_more_than(self, found: Iterable[Measurement]) -> bool:
        """Tell whether more may come: a folder gets its files one by one; any other source says so itself."""
        return self.source == FOLDER and bool(set(self.request.indicators) - {one.indicator for one in found})

    def about(self, school_year: SchoolYear) -> Asked:
        """Ask the same for another school year; what comes of it is not what the extract itself is to bring."""
        if school_year == self.request.school_year:
            return self
        return replace(self, occurrence=None, request=replace(self.request, school_year=school_year))

    @property
    def told(self) -> dict[str, Any]:
        """What is asked for, to be kept."""
        return {"school_year": self.request.school_year.label, "indicators": list(self.request.indicators)}


def parts_of(municipality: Municipality, occurrence: Occurrence, *, asked_on: date | None = None) -> tuple[Asked, ...]:
    """List what an extract asks of each of its sources, on the day on which it does."""
    return tuple(
        Asked(
            occurrence.key,
            part.source,
            ExtractRequest(
                municipality=municipality.key,
                municipality_name=place_name(municipality.name),
                school_year=occurrence.school_year.plus(part.year_offset),
                indicators=part.indicators,
                schools=frozenset(school.number for school in municipality.schools),
                asked_on=asked_on,
            ),
        )
        for part in municipality.wheel.activity(occurrence.activity).extract_sources
    )


def figures_folder(installation: Installation, municipality: Municipality) -> Path:
    """Give the folder in which a municipality lays files with figures."""
    return installation.settings.municipality_folder / municipality.key / FIGURES


def source_of(installation: Installation, municipality: Municipality, name: str) -> Source:
    """Give the source that an activity names."""
    settings = installation.settings
    if name == "statbank":
        return StatBank(api=StatBankApi(address=settings.statbank_url))
    if name == "stil":
        return Stil(api=StilApi(key=settings.stil_key.get_secret_value(), address=settings.stil_url))
    return FiguresFolder(figures_folder(installation, municipality))


def source_name(source: str) -> str:
    """Give what people call a source."""
    return SOURCES.get(source, source)
