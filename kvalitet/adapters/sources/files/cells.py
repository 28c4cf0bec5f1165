"""Felter: what one cell of figures says, read once for each text however often it stands in the file."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kvalitet.adapters.sources.files.decimals import Decimals, read_number
from kvalitet.adapters.sources.files.sheet import Cell, exact, text_of
from kvalitet.measurements import MISSING_MARKERS, Indicator, IndicatorUnit, MissingReason

_TOO_MUCH = 10**9
_DANISH_DAY = re.compile(r"(\d{1,2})[.-] ?(\d{1,2})[.-] ?(\d{4})")


class Figure(NamedTuple):
    """Tal eller niveau, or why there is none; exactly one of the three."""

    value: Decimal | None = None
    level: str | None = None
    missing: MissingReason | None = None


# A blank may mean suppressed, not relevant or not reported: a file does not say which, so neither do we.
NOTHING = Figure(missing=MissingReason.UNKNOWN)


@dataclass(frozen=True)
class CellReader:
    """Læser af felter: reads the figures of one indicator, each text once; figures of schools are often the same."""

    indicator: Indicator
    decimals: Decimals
    _known: dict[Cell, Figure] = field(default_factory=dict)

    def __call__(self, cell: Cell, *, is_percentage: bool = False) -> Figure:
        """Read a cell; what is no figure of the indicator is a ValueError in Danish."""
        if is_percentage or cell.__class__ is bool:
            return self._read(cell, is_percentage=is_percentage)
        found = self._known.get(cell)
        if found is None:
            found = self._known[cell] = self._read(cell, is_percentage=False)
        return found

    def _read(self, cell: Cell, *, is_percentage: bool) -> Figure:
        text, unit = text_of(cell), self.indicator.unit
        if text.casefold() in MISSING_MARKERS:
            return NOTHING
        if unit is IndicatorUnit.LEVEL:
            return Figure(level=_level(self.indicator, text))
        if (is_percentage or "%" in text) and unit is not IndicatorUnit.PERCENT:
            raise ValueError(f"»{text}« er en procent, og det er {self.indicator.title} ikke")
        value = _number(cell, text, self.decimals)
        if is_percentage and not isinstance(cell, str):
            value *= 100
        if abs(value) >= _TOO_MUCH:
            raise ValueError(f"»{text[:40]}« er for stort et tal")
        if unit is IndicatorUnit.COUNT and value % 1:
            raise ValueError(f"»{text}« er ikke et helt antal")
        return Figure(value=value)


def pupils_of(cell: Cell, decimals: Decimals) -> int | None:
    """Read a number of pupils; nothing where there is none."""
    text = text_of(cell)
    if text.casefold() in MISSING_MARKERS:
        return None
    value = _number(cell, text, decimals)
    if not 0 <= value < _TOO_MUCH or value % 1:
        raise ValueError(f"»{text}« er ikke et antal elever")
    return int(value)


def day_of(cell: Cell) -> date | None:
    """Read 2025-03-18 or 18-03-2025; nothing where there is nothing."""
    text = text_of(cell)
    danish = _DANISH_DAY.fullmatch(text)
    try:
        if danish:
            return date(int(danish[3]), int(danish[2]), int(danish[1]))
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValueError(f"»{text}« er ikke en dato; skriv den som 2025-03-18") from error


def _level(indicator: Indicator, text: str) -> str:
    level = indicator.level_named(text)
    if level is None:
        levels = ", ".join(indicator.levels)
        raise ValueError(f"»{text}« er ikke et niveau for {indicator.title} ({levels}).")
    return level


def _number(cell: Cell, text: str, decimals: Decimals) -> Decimal:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not math.isfinite(cell):
            raise ValueError(f"»{text}« er ikke et tal")
        return exact(cell)
    return read_number(text, decimals) or Decimal(0)
