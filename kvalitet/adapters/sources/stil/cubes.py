"""Kuber hos STIL: which cube, measure and dimension holds which indicator, read from `cubes.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from kvalitet.adapters.sources.source import ExtractRequest
from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY

SCHOOL = "school"
PAGE_SIZE = 100_000
_MEASURES = "[Measures]."


@dataclass(frozen=True)
class CatalogueEntry:
    """Opslag i kataloget: a cube's measures and dimensions, as STIL's catalogue names them today."""

    measures: tuple[str, ...]
    dimensions: tuple[str, ...]

    def asked_as(self, measure: str) -> str:
        """The name to ask by: as the catalogue writes it, which may be `[Measures].[Elevtal]`."""
        return next((name for name in self.measures if bare(name) == measure), measure)


@dataclass(frozen=True, kw_only=True)
class Cube:
    """Kube: one table of STIL's, and how our indicators lie in it. The words are explained in the YAML file."""

    key: str
    place: Mapping[str, str]
    year: str
    school: str
    municipality: str
    measures: Mapping[str, tuple[str, ...]]
    pupils: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, list[str]] = field(default_factory=dict)
    residents: str | None = None
    suffixes: Mapping[str, str] = field(default_factory=dict)
    with_suffix: tuple[str, ...] = ()
    member_dimension: str | None = None
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    least_schools: float = 0.0
    by_department: bool = False

    @property
    def name(self) -> str:
        """The cube as STIL writes its place: `GS/OVER/OVERSKO`."""
        return "/".join(self.place.values())

    @property
    def levels(self) -> tuple[str, ...]:
        """The questions to ask: for schools alone where their rows also hold municipality and country."""
        return (SCHOOL,) if self.suffixes else (SCHOOL, MUNICIPALITY, COUNTRY)

    def wanted(self, request: ExtractRequest) -> list[str]:
        """The indicators of the request that lie here."""
        return [key for key in self.measures if key in request.indicators]

    def columns_of(self, indicators: Iterable[str]) -> list[str]:
        """STIL's names of the measures that the indicators need, each once."""
        plain = [(key, name) for key in indicators for name in self.measures[key]]
        ends = [(key, name + end) for end in self.suffixes.values() for key, name in plain if key in self.with_suffix]
        counts = [(key, self.pupils[key]) for key, _ in plain if key in self.pupils]
        return list(dict.fromkeys(name for _, name in (*plain, *ends, *counts)))

    def dimensions(self, level: str) -> list[str]:
        """What the rows of a question at this level are told apart by."""
        unit = {SCHOOL: [self.school], MUNICIPALITY: [self.residents or self.municipality], COUNTRY: []}[level]
        return [*unit, self.year, *([self.member_dimension] if self.member_dimension else [])]

    def filters_of(self, request: ExtractRequest, level: str) -> dict[str, list[str]]:
        """What the rows of a question at this level are confined to."""
        filters = {**self.filters, self.year: [stil_year(request.school_year)]}
        if level != COUNTRY:
            here = self.residents if self.residents and level == MUNICIPALITY else self.municipality
            filters[here] = [request.municipality_name]
        return filters

    def question(
        self, request: ExtractRequest, indicators: Iterable[str], level: str, entry: CatalogueEntry
    ) -> dict[str, Any]:
        """Give the body of one call, in the shape that STIL's own online tool writes."""
        return {
            **self.place,
            "nøgletal": [entry.asked_as(name) for name in self.columns_of(indicators)],
            "detaljering": self.dimensions(level),
            "filtre": self.filters_of(request, level),
            "indlejret": False,
            "tomme_rækker": False,
            "formattering": "json",
        }


@dataclass(frozen=True)
class Cubes:
    """Kuberne, and the one that tells which departments a school has."""

    cubes: tuple[Cube, ...]
    departments: Cube


def column_of(dimension: str) -> str:
    """The key of a dimension in an answer: STIL repeats the last part (`[A].[B]` comes back as `[A].[B].[B]`)."""
    return f"{dimension}.{dimension.rpartition('.')[2]}"


def bare(measure: str) -> str:
    """A measure's name alone: `Elevtal` for `[Measures].[Elevtal]`."""
    return measure.removeprefix(_MEASURES).removeprefix("[").removesuffix("]")


def stil_year(school_year: SchoolYear) -> str:
    """The school year as STIL writes it: `2024/2025`."""
    return f"{school_year.start}/{school_year.start + 1}"


@cache
def load_cubes() -> Cubes:
    """Read the cubes that come with the program."""
    text = files("kvalitet.adapters.sources.stil").joinpath("cubes.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    cubes = tuple(_cube(key, entry) for key, entry in found["cubes"].items())
    return Cubes(cubes, _cube("departments", found["departments"]))


def _cube(key: str, entry: Mapping[str, Any]) -> Cube:
    suffixes = {MUNICIPALITY: entry.get("municipality_suffix"), COUNTRY: entry.get("country_suffix")}
    member = entry.get("member", {"dimension": None, "names": {}})
    return Cube(
        key=key,
        place={word: entry[word] for word in ("område", "emne", "underemne")},
        year=entry["year"],
        school=entry["school"],
        municipality=entry["municipality"],
        measures={indicator: tuple(names) for indicator, names in entry["measures"].items()},
        pupils=entry.get("pupils", {}),
        filters=entry.get("filters", {}),
        residents=entry.get("residents"),
        suffixes={unit: suffix for unit, suffix in suffixes.items() if suffix},
        with_suffix=tuple(entry.get("with_suffix", ())),
        member_dimension=member["dimension"],
        members={indicator: tuple(names) for indicator, names in member.get("names", {}).items()},
        least_schools=entry.get("least_schools", 0.0),
        by_department=entry.get("by_department", False),
    )
