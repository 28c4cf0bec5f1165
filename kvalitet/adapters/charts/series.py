"""Tidsserie: an indicator over the school years, for the country, the municipality and schools.

A line is never drawn across a series break or a year without a figure: each stretch is a line of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kvalitet.adapters.charts.axis import axis_of
from kvalitet.adapters.charts.looks import (
    INK,
    QUIET,
    SMALL,
    TEXT,
    absent,
    frame,
    label,
    line,
    marker,
    rule,
)
from kvalitet.adapters.charts.svg import element, fitting, width_of
from kvalitet.adapters.danish import count_text, list_text

if TYPE_CHECKING:
    from decimal import Decimal

    from kvalitet.adapters.charts.axis import Axis
    from kvalitet.adapters.charts.looks import Look
    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator

WIDE, NARROW = 760.0, 300.0
PLOT = 250.0
LANE, ROW = 15.0, 19.0
NAMES = 235.0
SIGN = 7.5
SIGNS = 2 * SIGN + 4


@dataclass(frozen=True, slots=True)
class Point:
    """Punkt: the figure of one school year, as a number to draw by and as it is read."""

    school_year: SchoolYear
    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Hul: a school year without a figure, and why."""

    school_year: SchoolYear
    why: str


@dataclass(frozen=True, slots=True)
class Track:
    """Forløb: the figures of one unit; each stretch can be compared from end to end."""

    title: str
    look: Look
    stretches: tuple[tuple[Point, ...], ...]
    gaps: tuple[Gap, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        """All of its figures, in order."""
        return tuple(point for stretch in self.stretches for point in stretch)


@dataclass(frozen=True, slots=True)
class Break:
    """Brud: `number` is explained beside the chart; a lasting one begins with the year, another is that year alone."""

    number: int
    school_year: SchoolYear
    lasting: bool


@dataclass(frozen=True, slots=True)
class SeriesChart:
    """Tegning af en tidsserie: what is drawn."""

    indicator: Indicator
    years: tuple[SchoolYear, ...]
    tracks: tuple[Track, ...]
    breaks: tuple[Break, ...] = ()

    @property
    def told(self) -> str:
        """What the drawing shows, in words."""
        tracks = [_told(track) for track in self.tracks]
        span = f"{self.years[0].label} til {self.years[-1].label}" if len(self.years) > 1 else self.years[0].label
        marked = sorted({one.number for one in self.breaks})
        count = "Et" if len(marked) == 1 else count_text(len(marked), "", "").strip().capitalize()
        breaks = f" {count} databrud deler linjerne." if marked else ""
        return f"{self.indicator.title}, {span}. {' '.join(tracks)}{breaks} Alle tal står i tabellen."


def series_svg(chart: SeriesChart, *, width: float = WIDE) -> str:
    """Draw the series; a narrow drawing has the names on top, a wide one beside the lines."""
    return _Drawing(chart, width).draw()


def _told(track: Track) -> str:
    points = track.points
    if not points:
        return f"{track.title}: ingen tal."
    first, last = points[0], points[-1]
    begins = f"{first.text} i {first.school_year.label} og " if first is not last else ""
    lacks = f", mangler i {list_text(gap.school_year.label for gap in track.gaps)}" if track.gaps else ""
    return f"{track.title}: {begins}{last.text} i {last.school_year.label}{lacks}."


class _Drawing:
    """Tegningen: where years and values lie, and the parts one after another."""

    def __init__(self, chart: SeriesChart, width: float) -> None:
        self.chart, self.width = chart, width
        self.is_wide = width >= WIDE * 0.7
        values = [point.value for track in chart.tracks for point in track.points]
        self.axis: Axis = axis_of(chart.indicator, values)
        named = max((width_of(text, SMALL) for _, text in self.axis.ticks), default=0)
        self.gap_tracks = [track for track in chart.tracks if track.gaps]
        self.left = max(named + 10, width_of("mangler", SMALL) + 8 if self.gap_tracks else 0)
        self.right = width - (NAMES if self.is_wide else 12)
        heads = 0 if self.is_wide else ROW * len(chart.tracks) + 6
        self.top = heads + (SIGNS * len({one.lasting for one in chart.breaks})) + 10
        self.bottom = self.top + PLOT
        self.floor = self.bottom + LANE * len(self.gap_tracks) + (6 if self.gap_tracks else 0)

    def draw(self) -> str:
        parts = [self._breaks(), self._ground(), *map(self._track, self.chart.tracks), self._gaps(), self._names()]
        return frame("".join(parts), self.width, self.floor + 30, self.chart.told)

    def _column(self) -> float:
        return (self.right - self.left) / len(self.chart.years)

    def _x(self, year: SchoolYear) -> float:
        return self.left + (self.chart.years.index(year) + 0.5) * self._column()

    def _y(self, value: Decimal) -> float:
        return self.bottom - 8 - self.axis.share(value) * (PLOT - 16)

    def _ground(self) -> str:
        parts = []
        for value, text in self.axis.ticks:
            y = self._y(value)
            parts += [
                rule(self.left, y, self.right, y),
                label(text, self.left - 6, y + 4, size=SMALL, anchor="end", fill=QUIET),
            ]
        parts.append(rule(self.left, self.bottom, self.right, self.bottom, colour="#8a96a5"))
        return "".join(parts) + self._years()

    def _years(self) -> str:
        """Write the school years; where there is no room for all, every so many, and always the last."""
        years, room = self.chart.years, self._column()
        long = width_of("2024/25", SMALL) + 6 <= room
        texts = [year.label if long else year.label[2:] for year in years]
        every = math.ceil((width_of(texts[0], SMALL) + 4) / room)
        shown = [(year, text) for place, (year, text) in enumerate(zip(years, texts, strict=True))
                 if (len(years) - 1 - place) % every == 0]  # fmt: skip
        marks = [rule(self._x(year), self.floor, self._x(year), self.floor + 5, colour="#8a96a5") for year in years]
        named = [label(text, self._x(year), self.floor + 20, size=SMALL, anchor="middle") for year, text in shown]
        return "".join((*marks, *named))

    def _breaks(self) -> str:
        """Draw a lasting break as a line between two years, and years that stand alone as columns."""
        parts, half = [], self._column() / 2
        for first, last in _runs(self.chart.breaks):
            if first.lasting:
                x = self._x(first.school_year) - half
                parts.append(rule(x, self._sign_at(first), x, self.floor, colour=INK, dashes="2 3", width=1.6))
            else:
                begins, ends = self._x(first.school_year) - half, self._x(last.school_year) + half
                x = (begins + ends) / 2
                box = {"x": f"{begins:.1f}", "width": f"{ends - begins:.1f}", "y": f"{self.top - 6:.1f}"}
                parts.append(element("rect", fill="#ece8dc", height=f"{self.floor - self.top + 6:.1f}", **box))
            parts.append(_sign(first.number, x, self._sign_at(first)))
        return "".join(parts)

    def _sign_at(self, one: Break) -> float:
        """Give the height of a sign: the two kinds of break have a row each."""
        kinds = sorted({found.lasting for found in self.chart.breaks}, reverse=True)
        return self.top - 10 - SIGNS * kinds.index(one.lasting) - SIGN

    def _track(self, track: Track) -> str:
        parts = []
        for stretch in track.stretches:
            places = [(self._x(point.school_year), self._y(point.value)) for point in stretch]
            if len(places) > 1:
                parts.append(line(places, track.look, width=2.6 if track.look.is_filled else 2))
            parts += [
                marker(track.look, x, y, told=f"{track.title} {point.school_year.label}: {point.text}")
                for (x, y), point in zip(places, stretch, strict=True)
            ]
        return element("g", "".join(parts)) if parts else ""

    def _gaps(self) -> str:
        """Write a cross below each year without a figure: one row for each unit that lacks any."""
        parts = []
        for place, track in enumerate(self.gap_tracks):
            y = self.bottom + 4 + LANE * (place + 0.5)
            parts += [
                absent(
                    track.look, self._x(gap.school_year), y, told=f"{track.title} {gap.school_year.label}: {gap.why}"
                )
                for gap in track.gaps
            ]
        if self.gap_tracks:
            middle = self.bottom + 8 + LANE * len(self.gap_tracks) / 2
            parts.append(label("mangler", self.left - 6, middle, size=SMALL, anchor="end", fill=QUIET))
        return "".join(parts)

    def _names(self) -> str:
        if self.is_wide:
            return self._names_beside()
        rows = [(track, ROW * (place + 0.5)) for place, track in enumerate(self.chart.tracks)]
        return "".join(self._name(track, 8, y, self.width - 24) for track, y in rows)

    def _names_beside(self) -> str:
        """Write each name beside the end of its line, moved apart where they would touch."""
        last = {track: track.points[-1].value for track in self.chart.tracks if track.points}
        wanted = sorted(((self._y(value), track) for track, value in last.items()), key=lambda one: one[0])
        wanted += [(self.bottom, track) for track in self.chart.tracks if not track.points]
        places = spread([y for y, _ in wanted], ROW, self.top, self.floor)
        x, parts = self.right + 22, []
        for (y, track), placed in zip(wanted, places, strict=True):
            if track.points:
                begins = self._x(track.points[-1].school_year) + 9
                parts.append(rule(begins, y, self.right, y, colour="#b9c2cc", dashes="1 3"))
                parts.append(rule(self.right, y, x - 11, placed, colour="#b9c2cc", dashes="1 3"))
            parts.append(self._name(track, x, placed, self.width - x - 12))
        return "".join(parts)

    def _name(self, track: Track, x: float, y: float, room: float) -> str:
        points = track.points
        value = points[-1].text if points else "ingen tal"
        name = fitting(track.title, room - width_of(f" {value}", TEXT), TEXT)
        return marker(track.look, x, y) + label(f"{name} {value}", x + 11, y + 4.5, bold=track.look.is_filled)


def _runs(breaks: tuple[Break, ...]) -> list[tuple[Break, Break]]:
    """Gather years that stand alone and follow each other for the same reason; a lasting break is a run of its own."""
    runs: list[tuple[Break, Break]] = []
    for one in breaks:
        last = runs[-1][1] if runs else None
        follows = last is not None and not one.lasting and last.number == one.number
        if follows and last and last.school_year.plus(1) == one.school_year:
            runs[-1] = (runs[-1][0], one)
        else:
            runs.append((one, one))
    return runs


def _sign(number: int, x: float, y: float) -> str:
    """Write the number of a break in a box; it is explained beside the chart."""
    box = element(
        "rect", x=f"{x - SIGN:.1f}", y=f"{y - SIGN:.1f}", width=f"{2 * SIGN:g}", height=f"{2 * SIGN:g}", fill="#fff",
        stroke=INK, stroke_width="1.2",
    )  # fmt: skip
    return box + label(str(number), x, y + 4.2, size=SMALL, anchor="middle")


def spread(wanted: list[float], apart: float, top: float, bottom: float) -> list[float]:
    """Move places (in order) as little as it takes for them to lie so far apart, and inside where there is room."""
    if not wanted:
        return []
    places = [min(max(y, top), bottom) for y in wanted]
    for before, after in pairwise(range(len(places))):
        places[after] = max(places[after], places[before] + apart)
    over = places[-1] - bottom
    if over > 0:
        places[-1] -= over
        for after, before in pairwise(reversed(range(len(places)))):
            places[before] = min(places[before], places[after] - apart)
    return places
