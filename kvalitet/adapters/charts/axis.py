"""Akser: where values lie, and the round numbers that are written beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kvalitet.measurements import IndicatorUnit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kvalitet.measurements import Indicator, Measurement

MOST_TICKS = 6
# Steps that people count in.
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
# So many of the smallest step are shown at least, so that noise does not look like a landslide.
LEAST_SPAN = 10


@dataclass(frozen=True, slots=True)
class Axis:
    """Akse: from `low` to `high`, with ticks (a value and its text) in between."""

    low: Decimal
    high: Decimal
    ticks: tuple[tuple[Decimal, str], ...]

    def share(self, value: Decimal) -> float:
        """Give how far along the axis a value lies, from 0 to 1."""
        return float((value - self.low) / (self.high - self.low))


def number_of(indicator: Indicator, found: Measurement) -> Decimal | None:
    """Give what a figure is drawn by: its number, or the place of its level; None when it is missing."""
    if found.level is not None:
        return Decimal(indicator.levels.index(found.level)) if found.level in indicator.levels else None
    return found.value


def axis_of(indicator: Indicator, values: Iterable[Decimal]) -> Axis:
    """Give the axis that holds all of the values; the levels of an ordinal indicator are all on it."""
    if indicator.unit is IndicatorUnit.LEVEL:
        last = len(indicator.levels) - 1
        ticks = tuple((Decimal(place), name) for place, name in enumerate(indicator.levels))
        return Axis(Decimal(0), Decimal(max(last, 1)), ticks)
    found = sorted(values) or [Decimal(0)]
    low, high = _widened(found[0], found[-1], Decimal(LEAST_SPAN).scaleb(-indicator.decimals))
    step = _step((high - low) / (MOST_TICKS - 1))
    places = [step * place for place in range(math.floor(low / step), math.ceil(high / step) + 1)]
    return Axis(places[0], places[-1], tuple((at, indicator.written(at)) for at in places))


def _widened(low: Decimal, high: Decimal, least: Decimal) -> tuple[Decimal, Decimal]:
    """Give a span that is wide enough; what is never below zero is not drawn below it."""
    if high - low >= least:
        return low, high
    middle = (low + high) / 2
    begins = middle - least / 2
    if low >= 0 > begins:
        begins = Decimal(0)
    return begins, begins + least


def _step(wanted: Decimal) -> Decimal:
    """Give the smallest round step that is no smaller than the wanted one."""
    unit = Decimal(1).scaleb(wanted.adjusted())
    return next(step * unit for step in STEPS if step * unit >= wanted)
