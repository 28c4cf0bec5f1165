"""Skole blandt skoler: one school year's figure of each school, with the municipality and the country as lines.

Up to a few dozen schools have a row each. More are drawn as a heap of dots, in which the chosen ones stand out.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.axis import axis_of
from kvalitet.adapters.charts.looks import (
    QUIET,
    SMALL,
    TEXT,
    Look,
    frame,
    label,
    marker,
    rule,
)
from kvalitet.adapters.charts.series import NARROW, WIDE
from kvalitet.adapters.charts.svg import fitting, width_of
from kvalitet.adapters.danish import count_text

if TYPE_CHECKING:
    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator

__all__ = ["NARROW", "WIDE", "Line", "Place", "RankingChart", "ranking_svg"]

MOST_ROWS = 60
ROW, HEAD = 24.0, 20.0
HEAP, NARROWEST_BIN = 190.0, 5.5


@dataclass(frozen=True, slots=True)
class Place:
    """Plads: a school with its figure, or with why it has none, and how it looks among the others."""

    title: str
    value: Decimal | None
    text: str
    look: Look = Look.OTHER

    @property
    def chosen(self) -> bool:
        """Whether the chart is about this school."""
        return self.look is not Look.OTHER


@dataclass(frozen=True, slots=True)
class Line:
    """Linje: the figure of the whole municipality or country."""

    title: str
    look: Look
    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class RankingChart:
    """Tegning af skole blandt skoler: what is drawn; the places lie in the order in which they are shown."""

    indicator: Indicator
    school_year: SchoolYear
    places: tuple[Place, ...]
    lines: tuple[Line, ...] = ()

    @property
    def measured(self) -> tuple[Place, ...]:
        """The schools that have a figure."""
        return tuple(place for place in self.places if place.value is not None)

    @property
    def told(self) -> str:
        """What the drawing shows, in words."""
        lines = "".join(f" {line.title}: {line.text}." for line in self.lines)
        chosen = "".join(f" {place.title}: {place.text}." for place in self.places if place.chosen)
        found, lacks = self.measured, len(self.places) - len(self.measured)
        span = f", fra {found[-1].text} til {found[0].text}" if len(found) > 1 else ""
        missing = f" {count_text(lacks, 'skole', 'skoler').capitalize()} har intet tal." if lacks else ""
        schools = f" {count_text(len(found), 'skole', 'skoler').capitalize()}{span}."
        told = f"{self.indicator.title} {self.school_year.label}.{schools}{missing}{lines}{chosen}"
        return f"{told} Alle tal står i tabellen."


def ranking_svg(chart: RankingChart, *, width: float = WIDE) -> str:
    """Draw the schools among each other."""
    return _Rows(chart, width).draw() if len(chart.places) <= MOST_ROWS else _Heap(chart, width).draw()


class _Ground:
    """Grunden: the axis across, and the lines of municipality and country with their names on top."""

    def __init__(self, chart: RankingChart, width: float, left: float, right: float) -> None:
        self.chart, self.width, self.left, self.right = chart, width, left, right
        values = [place.value for place in chart.places if place.value is not None]
        self.axis = axis_of(chart.indicator, [*values, *(line.value for line in chart.lines)])
        self.top = HEAD * len(chart.lines) + 10

    def x(self, value: Decimal) -> float:
        return self.left + 8 + self.axis.share(value) * (self.right - self.left - 16)

    def ground(self, bottom: float) -> str:
        """Draw the axis; where there is no room for all of its numbers, every other is written."""
        ticks = self.axis.ticks
        room = (self.right - self.left - 16) / max(len(ticks) - 1, 1)
        widest = max(width_of(text, SMALL) for _, text in ticks) + 8
        every = min(math.ceil(widest / room), len(ticks))
        parts = [rule(self.x(value), self.top, self.x(value), bottom) for value, _ in ticks]
        parts += [
            label(text, self.x(value), bottom + 18, size=SMALL, anchor="middle")
            for place, (value, text) in enumerate(ticks)
            if place % every == 0
        ]
        return "".join((*parts, rule(self.left, bottom, self.right, bottom, colour="#8a96a5")))

    def lines(self, bottom: float) -> str:
        """Draw the lines down to the axis, each with its name at a height of its own."""
        parts = []
        for place, line in enumerate(self.chart.lines):
            x, y, look = self.x(line.value), HEAD * (place + 0.6), line.look
            parts += [
                rule(x, y, x, bottom, colour=look.colour, dashes=look.dashes, width=2),
                marker(look, x, y),
                named(line.title, line.text, x, y, self.width),
            ]
        return "".join(parts)


class _Rows:
    """Rækker: each school has a row of its own."""

    def __init__(self, chart: RankingChart, width: float) -> None:
        self.chart, self.width = chart, width
        longest = max((width_of(place.title, TEXT) for place in chart.places), default=0)
        self.names = min(longest * 1.08 + 14, width * 0.42)
        self.values = max((width_of(place.text, TEXT) for place in chart.measured), default=0) + 16
        self.ground = _Ground(chart, width, self.names, width - self.values)

    def draw(self) -> str:
        measured = self.chart.measured
        bottom = self.ground.top + ROW * len(measured) + 4
        rows = [self._row(place, self.ground.top + ROW * (n + 0.5)) for n, place in enumerate(measured)]
        without = [place for place in self.chart.places if place.value is None]
        below = [self._without(place, bottom + 28 + ROW * (n + 0.5)) for n, place in enumerate(without)]
        content = "".join((self.ground.ground(bottom), self.ground.lines(bottom), *rows, *below))
        return frame(content, self.width, bottom + 28 + ROW * len(without), self.chart.told)

    def _row(self, place: Place, y: float) -> str:
        assert place.value is not None
        dot = marker(place.look, self.ground.x(place.value), y, told=f"{place.title}: {place.text}")
        return self._name(place, y) + dot + label(place.text, self.width, y + 4.5, anchor="end", bold=place.chosen)

    def _without(self, place: Place, y: float) -> str:
        """Say below the axis why a school has no figure."""
        why = fitting(place.text, self.width - self.names - 8, SMALL)
        return self._name(place, y) + label(why, self.names + 8, y + 4.5, size=SMALL, fill=QUIET)

    def _name(self, place: Place, y: float) -> str:
        return label(fitting(place.title, self.names - 12, TEXT), 0, y + 4.5, bold=place.chosen)


class _Heap:
    """Dynge: so many schools that each is a dot; the chosen ones are named."""

    def __init__(self, chart: RankingChart, width: float) -> None:
        self.chart, self.width = chart, width
        self.ground = _Ground(chart, width, 14, width - 14)
        axis, indicator = self.ground.axis, chart.indicator
        step = Decimal(1).scaleb(-indicator.decimals)
        steps = int((axis.high - axis.low) / step)
        self.plot = self.ground.right - self.ground.left - 16
        # A heap holds whole steps of the figure, so that none is tall only because it holds one step more.
        self.step = step * max(1, math.ceil(steps * NARROWEST_BIN / self.plot))
        self.bins = math.ceil((axis.high - axis.low) / self.step) + 1

    def draw(self) -> str:
        chosen = [place for place in self.chart.measured if place.chosen]
        bottom = self.ground.top + ROW * len(chosen) + HEAP
        parts = [self.ground.ground(bottom), self._dots(bottom), self.ground.lines(bottom)]
        ends = [self._chosen(place, n, bottom) for n, place in enumerate(chosen)]
        return frame("".join((*parts, *ends)), self.width, bottom + 28, self.chart.told)

    def _dots(self, bottom: float) -> str:
        """Heap the dots up where their figures lie; they shrink until the tallest heap fits."""
        measured = [(place, self._bin(place.value)) for place in self.chart.measured if place.value is not None]
        tallest = max(Counter(at for _, at in measured).values(), default=1)
        apart = min((HEAP - 10) / tallest, self.plot / self.bins, 11)
        heaps: Counter[int] = Counter()
        parts = []
        for place, at in measured:
            heaps[at] += 1
            if not place.chosen:
                x, y = self.ground.x(self.ground.axis.low + self.step * at), bottom - apart * (heaps[at] - 0.5) - 2
                told = f"{place.title}: {place.text}"
                parts.append(marker(Look.OTHER, x, y, told=told, scale=round(apart / 11, 2)))
        return "".join(parts)

    def _chosen(self, place: Place, number: int, bottom: float) -> str:
        assert place.value is not None
        x, y = self.ground.x(place.value), self.ground.top + ROW * (number + 0.5)
        stem = rule(x, y, x, bottom, colour=place.look.colour, width=1.6)
        dot = marker(place.look, x, y, told=f"{place.title}: {place.text}")
        return stem + dot + named(place.title, place.text, x, y, self.width, bold=True)

    def _bin(self, value: Decimal) -> int:
        return int((value - self.ground.axis.low) / self.step)


def named(title: str, text: str, x: float, y: float, width: float, *, bold: bool = False) -> str:
    """Write a name and a figure beside a mark: on the right where there is room, else where there is most."""
    wide, right, left = width_of(f"{title} {text}", TEXT) * 1.06, width - x - 12, x - 12
    is_right = right >= wide or right >= left
    name = fitting(title, max(right, left) - width_of(f" {text}", TEXT), TEXT)
    at, anchor = (x + 11, "start") if is_right else (x - 11, "end")
    return label(f"{name} {text}".strip(), at, y + 4.5, anchor=anchor, bold=bold, halo=True)
