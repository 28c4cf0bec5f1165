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


@dataclass
class CellReader:
    """Læser af felter: reads figures with the file's own decimal mark."""

    decimals: Decimals
    _known: dict[tuple[str, Cell, bool], Figure] = field(default_factory=dict)

    def figure(self, indicator: Indicator, cell: Cell, *, is_percentage: bool = False) -> Figure:
        """Read a cell of an indicator; what is no figure of it is a ValueError in Danish."""
        if isinstance(cell, bool):
            raise ValueError(f"»{text_of(cell)}« er ikke et tal")  # noqa: TRY004 -- the file's fault, not the caller's
        key = (indicator.key, cell, is_percentage)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._read(indicator, cell, is_percentage=is_percentage)
        return found

    def pupils(self, cell: Cell) -> int | None:
        """Read a number of pupils."""
        value = _number(cell) if _is_number(cell) else read_number(text_of(cell), self.decimals, whole=True)
        if value is None:
            return None
        if value < 0 or value % 1:
            raise ValueError(f"»{text_of(cell)}« er ikke et antal elever")
        return int(value)

    def _read(self, indicator: Indicator, cell: Cell, *, is_percentage: bool) -> Figure:
        text = text_of(cell)
        if text.casefold() in MISSING_MARKERS:
            return NOTHING
        if indicator.unit is IndicatorUnit.LEVEL:
            return Figure(level=_level(indicator, text))
        if (is_percentage or "%" in text) and indicator.unit is not IndicatorUnit.PERCENT:
            raise ValueError(f"»{text}« er en procent, og det er {indicator.title} ikke")
        whole = indicator.unit is IndicatorUnit.COUNT
        if _is_number(cell):
            value = _number(cell) * (100 if is_percentage else 1)
        else:
            value = read_number(text, self.decimals) or Decimal(0)
        if abs(value) >= _TOO_MUCH:
            raise ValueError(f"»{text[:40]}« er for stort et tal")
        if whole and value % 1:
            raise ValueError(f"»{text}« er ikke et helt antal")
        return Figure(value=value)


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


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _number(cell: Cell) -> Decimal:
    if not isinstance(cell, int | float) or not math.isfinite(cell):
        raise ValueError(f"»{cell}« er ikke et tal")
    return exact(cell)
