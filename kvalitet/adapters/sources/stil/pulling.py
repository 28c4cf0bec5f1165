"""Uddannelsesstatistik.dk som datakilde: a municipality's figures from STIL's cubes, with municipality and country.

Shapes and names are as documented by others and not tried against the live service, so every assumption is checked,
and the first one that fails is named. Every cube answers whole, or nothing is given.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from kvalitet.adapters.sources.indicators import Catalogue, load_catalogue
from kvalitet.adapters.sources.source import ExtractRequest, NotPublishedYetError, RawExtract, SourceBrokenError
from kvalitet.adapters.sources.stil.answers import CheckedRows, Level
from kvalitet.adapters.sources.stil.api import QuestionRefusedError, StilApi, StilTalk
from kvalitet.adapters.sources.stil.cubes import SCHOOL, CatalogueEntry, Cube, Cubes, load_cubes
from kvalitet.adapters.sources.stil.departments import Departments
from kvalitet.adapters.sources.stil.keys import SITE
from kvalitet.adapters.sources.stil.lookup import Lookup
from kvalitet.adapters.sources.stil.rows import CubeRows, missing
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement, MissingReason


@dataclass(frozen=True, kw_only=True)
class Stil:
    """STIL's API as a source of figures."""

    api: StilApi
    catalogue: Catalogue = field(default_factory=load_catalogue)
    cubes: Cubes = field(default_factory=load_cubes)

    def fetch(self, request: ExtractRequest) -> RawExtract:
        """Ask every cube that has one of the indicators; all of them answer, or nothing is given."""
        cubes = [cube for cube in self.cubes.cubes if cube.wanted(request)]
        if not cubes:
            raise SourceBrokenError(f"{SITE} har ingen af nøgletallene {', '.join(request.indicators)}.")
        pull = _Pull(self, request, self.api.begin(request.asked_on))
        measurements = tuple(chain.from_iterable(map(pull.measurements, cubes)))
        if all(m.missing is MissingReason.NOT_PUBLISHED for m in measurements):
            year = request.school_year.label
            raise NotPublishedYetError(f"{SITE} har ikke offentliggjort tal for skoleåret {year} endnu.")
        return RawExtract(
            content=_joined(pull.records),
            content_type="application/json",
            label=self.api.address,
            request=json.dumps([question for question, _ in pull.records], ensure_ascii=False),
            measurements=measurements,
            warnings=tuple(dict.fromkeys(pull.warnings)),
        )


@dataclass
class _Pull:
    """Hentning: one request's questions so far, each with the pages of its answer, and what to warn of."""

    stil: Stil
    request: ExtractRequest
    talk: StilTalk
    records: list[tuple[Mapping[str, Any], tuple[bytes, ...]]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.warnings += self.talk.warnings

    def measurements(self, cube: Cube) -> list[Measurement]:
        """Read a cube, once the catalogue has said that it is there; one without the school year is not out yet."""
        indicators = cube.wanted(self.request)
        entry = Lookup(self.talk, cube, self.request, indicators).entry()
        if entry is None:
            return [self._not_published(key, unit) for key in indicators for unit in self._units(cube, key)]
        rows = {level: self._ask(cube, indicators, level, entry) for level in cube.levels}
        read = CubeRows(cube=cube, request=self.request, rows=rows, departments=self._departments(cube))
        return [m for key in indicators for m in read.measurements(self.stil.catalogue[key])]

    def _units(self, cube: Cube, indicator: str) -> list[str]:
        wholes = [MUNICIPALITY, COUNTRY] if not cube.suffixes or indicator in cube.with_suffix else []
        return [*sorted(self.request.schools), *wholes]

    def _not_published(self, indicator: str, unit: str) -> Measurement:
        return missing(self.request, indicator, unit, MissingReason.NOT_PUBLISHED)

    def _ask(self, cube: Cube, indicators: list[str], level: str, entry: CatalogueEntry) -> CheckedRows:
        question = cube.question(self.request, indicators, level, entry)
        try:
            answer = self.talk.statistics(question)
        except QuestionRefusedError as refusal:
            raise SourceBrokenError(
                f"{SITE} afviste spørgsmålet til kuben {cube.name}; ret cubes.yaml. Svaret var: {refusal.text}"
            ) from refusal
        self.records.append((question, answer.pages))
        return Level(cube, self.request, indicators, level).checked(answer.rows)

    def _departments(self, cube: Cube) -> dict[str, str | None]:
        """Find the schools that a cube of departments does not know whole."""
        if not cube.by_department:
            return {}
        asked = self.stil.cubes.departments
        entry = Lookup(self.talk, asked, self.request, list(asked.measures)).entry()
        if entry is None:
            return {}
        departments = Departments.of(asked, self._ask(asked, list(asked.measures), SCHOOL, entry))
        self.warnings += departments.warnings(cube, self.request.schools)
        return departments.instead_of(self.request.schools)


def _joined(records: Iterable[tuple[Mapping[str, Any], tuple[bytes, ...]]]) -> bytes:
    """Join questions and pages to one JSON array; the pages stand in it as they came."""
    parts: list[bytes] = []
    for question, pages in records:
        parts += [b",\n" if parts else b"[", b'{"question":', json.dumps(question, ensure_ascii=False).encode()]
        parts += [b',"pages":[', pages[0], *(part for page in pages[1:] for part in (b",", page)), b"]}"]
    return b"".join([*parts, b"]"])
