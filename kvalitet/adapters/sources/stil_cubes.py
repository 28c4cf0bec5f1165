"""Kuber hos STIL: which cube, measure and dimension holds which indicator, read from `stil_cubes.yaml`."""

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


@dataclass(frozen=True, kw_only=True)
class Cube:
    """Kube: one table of STIL's, and how our indicators lie in it. The words are explained in the YAML file."""

    key: str
    place: Mapping[str, str]
    year: str
    school: str
    municipality: str
    measures: Mapping[str, tuple[str, ...]]
    filters: Mapping[str, list[str]] = field(default_factory=dict)
    suffixes: Mapping[str, str] = field(default_factory=dict)
    with_suffix: tuple[str, ...] = ()
    member_dimension: str | None = None
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def levels(self) -> tuple[str, ...]:
        """The questions to ask: for schools alone where their rows also hold municipality and country."""
        return (SCHOOL,) if self.suffixes else (SCHOOL, MUNICIPALITY, COUNTRY)

    def columns_of(self, indicators: Iterable[str]) -> list[str]:
        """STIL's names of the measures that the indicators need, each once."""
        plain = [(key, name) for key in indicators for name in self.measures[key]]
        ends = [("", plain), *((end, [p for p in plain if p[0] in self.with_suffix]) for end in self.suffixes.values())]
        return list(dict.fromkeys(name + end for end, pairs in ends for _, name in pairs))

    def question(self, request: ExtractRequest, indicators: Iterable[str], level: str) -> dict[str, Any]:
        """Give the body of one call, in the shape that STIL's own online tool writes."""
        filters = {**self.filters, self.year: [stil_year(request.school_year)]}
        if level != COUNTRY:
            filters[self.municipality] = [request.municipality_name]
        return {
            **self.place,
            "nøgletal": self.columns_of(indicators),
            "detaljering": self.dimensions(level),
            "filtre": filters,
            "indlejret": False,
            "tomme_rækker": False,
            "formattering": "json",
        }

    def dimensions(self, level: str) -> list[str]:
        """What the rows of a question at this level are told apart by."""
        unit = {SCHOOL: [self.school], MUNICIPALITY: [self.municipality], COUNTRY: []}[level]
        return [*unit, self.year, *([self.member_dimension] if self.member_dimension else [])]


def column_of(dimension: str) -> str:
    """The key of a dimension in an answer: STIL repeats the last part (`[A].[B]` comes back as `[A].[B].[B]`)."""
    return f"{dimension}.{dimension.rpartition('.')[2]}"


def stil_year(school_year: SchoolYear) -> str:
    """The school year as STIL writes it: `2024/2025`."""
    return f"{school_year.start}/{school_year.start + 1}"


@cache
def load_cubes() -> tuple[Cube, ...]:
    """Read the cubes that come with the program."""
    text = files("kvalitet.adapters.sources").joinpath("stil_cubes.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return tuple(_cube(key, entry) for key, entry in entries.items())


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
        filters=entry.get("filters", {}),
        suffixes={unit: suffix for unit, suffix in suffixes.items() if suffix},
        with_suffix=tuple(entry.get("with_suffix", ())),
        member_dimension=member["dimension"],
        members={indicator: tuple(names) for indicator, names in member["names"].items()},
    )
