"""Katalog over nøgletal: every indicator that the figures may be about, read from `indicators.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from kvalitet.measurements import Indicator, IndicatorUnit


@dataclass(frozen=True)
class Catalogue:
    """Katalog: the indicators by key, and which column of a figures file holds which."""

    indicators: Mapping[str, Indicator]
    columns: Mapping[str, str]

    def __getitem__(self, key: str) -> Indicator:
        return self.indicators[key]

    def __contains__(self, key: str) -> bool:
        return key in self.indicators

    def named(self, text: str) -> Indicator | None:
        """The indicator with this key, title or column name; the texts are a file's own and must match wholly."""
        by_title = {indicator.title: indicator.key for indicator in self.indicators.values()}
        return self.indicators.get(text) or self.indicators.get(self.columns.get(text) or by_title.get(text) or "")


@cache
def load_catalogue() -> Catalogue:
    """Read the catalogue that comes with the program."""
    text = files("kvalitet.adapters.sources").joinpath("indicators.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, Any]] = yaml.safe_load(text)
    columns = {column: key for key, entry in entries.items() for column in entry.get("columns", ())}
    return Catalogue({key: _indicator(key, entry) for key, entry in entries.items()}, columns)


def _indicator(key: str, entry: Mapping[str, Any]) -> Indicator:
    fields = {name: value for name, value in entry.items() if name != "columns"}
    if "spread" in entry:
        fields["spread"] = Decimal(str(entry["spread"]))
    fields |= {"unit": IndicatorUnit(entry["unit"]), "levels": tuple(entry.get("levels", ()))}
    return Indicator(key=key, **fields)
