"""Tabeller i Statistikbanken: which table and values hold which indicator, read from `tables.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from kvalitet.days import SchoolYear


@dataclass(frozen=True, kw_only=True)
class StatBankTable:
    """Tabel: where one indicator lies. The words are explained in the YAML file."""

    indicator: str
    table: str
    area: str
    country: str
    time: str
    period: str
    fixed: Mapping[str, str]

    @property
    def variables(self) -> tuple[str, ...]:
        """All variables of the table, in the order in which they are asked."""
        return (self.area, *self.fixed, self.time)

    def period_of(self, school_year: SchoolYear) -> str:
        """The school year as the table's time variable writes it."""
        return self.period.format(start=school_year.start)

    def question(self, areas: list[str], period: str) -> dict[str, Any]:
        """Give the body of one call, without its format."""
        values = {self.area: areas, **{code: [value] for code, value in self.fixed.items()}, self.time: [period]}
        return {
            "table": self.table,
            "lang": "da",
            "valuePresentation": "Code",
            "delimiter": "Semicolon",
            "variables": [{"code": code, "values": values[code]} for code in self.variables],
        }


@cache
def load_tables() -> tuple[StatBankTable, ...]:
    """Read the tables that come with the program."""
    text = files("kvalitet.adapters.sources.statbank").joinpath("tables.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return tuple(StatBankTable(indicator=indicator, **entry) for indicator, entry in entries.items())
