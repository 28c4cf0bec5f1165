"""Geometry of the wheel: days to angles, arcs to paths, and lanes in which nothing overlaps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from kvalitet.days import last_of_month

if TYPE_CHECKING:
    from collections.abc import Iterable

FULL_TURN = 360.0
CENTER = 600.0


class Spanning(Protocol):
    """Something with an inclusive first and last day."""

    @property
    def first(self) -> date:
        """The first day."""
        ...

    @property
    def last(self) -> date:
        """The last day."""
        ...


Span = TypeVar("Span", bound=Spanning)


@dataclass(frozen=True, slots=True)
class Period:
    """Periode: whole months that make one turn of the wheel, both days inclusive.

    The turn begins at the top, unless another day is to lie there.
    """

    first: date
    last: date
    top: date | None = None

    @classmethod
    def around(cls, first: date, last: date) -> Period:
        """Widen a span to whole months, so that a turn begins and ends between two months."""
        return cls(first.replace(day=1), last_of_month(last.year, last.month))

    @property
    def days(self) -> int:
        """How many days one turn has."""
        return (self.last - self.first).days + 1

    def share(self, day: date) -> float:
        """Give how far into the period a day begins, from 0 to 1; days outside are held at the ends."""
        return min(max((day - self.first).days / self.days, 0.0), 1.0)

    def angle(self, day: date) -> float:
        """Give the angle at which a day begins, in degrees clockwise from the top; before it they are negative."""
        turned = self.share(self.top) if self.top else 0.0
        return (self.share(day) - turned) * FULL_TURN

    def sector(self, opens: date, due: date) -> tuple[float, float]:
        """Give the angles of an inclusive span; a part outside the period is cut off."""
        return self.angle(opens), self.angle(due + timedelta(days=1))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meets(self, first: date, last: date) -> bool:
        """Tell whether any day of an inclusive span lies within the period."""
        return first <= self.last and last >= self.first

    def months(self) -> tuple[tuple[date, date], ...]:
        """List the first and last day of each month, in order."""
        found, first = [], self.first
        while first <= self.last:
            last = last_of_month(first.year, first.month)
            found.append((first, last))
            first = last + timedelta(days=1)
        return tuple(found)

    def weeks(self) -> tuple[tuple[date, date], ...]:
        """List the ISO weeks, Monday to Sunday, cut off at the ends of the period."""
        found, monday = [], self.first - timedelta(days=self.first.weekday())
        while monday <= self.last:
            found.append((max(monday, self.first), min(monday + timedelta(days=6), self.last)))
            monday += timedelta(weeks=1)
        return tuple(found)


def lanes(spans: Iterable[Span]) -> tuple[tuple[Span, ...], ...]:
    """Lay spans into lanes by first fit: each takes the outermost lane in which it overlaps nothing."""
    found: list[list[Span]] = []
    for span in sorted(spans, key=lambda span: (span.first, -span.last.toordinal())):
        for lane in found:
            if lane[-1].last < span.first:
                lane.append(span)
                break
        else:
            found.append([span])
    return tuple(map(tuple, found))


def point(radius: float, angle: float) -> tuple[float, float]:
    """Give the place at a distance from the hub, with the angle clockwise from the top."""
    radians = math.radians(angle)
    return CENTER + radius * math.sin(radians), CENTER - radius * math.cos(radians)


def at(radius: float, angle: float) -> str:
    """Write a place as it stands in a path."""
    x, y = point(radius, angle)
    return f"{x:.1f} {y:.1f}"


def sector_path(inner: float, outer: float, start: float, end: float) -> str:
    """Draw the outline of a piece of a ring; a whole turn is held just short of closing on itself."""
    end = min(end, start + FULL_TURN - 0.01)
    large = int(end - start > FULL_TURN / 2)
    return (
        f"M{at(outer, start)}A{outer:g} {outer:g} 0 {large} 1 {at(outer, end)}"
        f"L{at(inner, end)}A{inner:g} {inner:g} 0 {large} 0 {at(inner, start)}Z"
    )


def text_path(radius: float, start: float, end: float, *, flipped: bool) -> str:
    """Draw the line on which a label runs; flipped ones run the other way, so that they read upright."""
    end = min(end, start + FULL_TURN - 0.01)
    large = int(end - start > FULL_TURN / 2)
    if flipped:
        return f"M{at(radius, end)}A{radius:g} {radius:g} 0 {large} 0 {at(radius, start)}"
    return f"M{at(radius, start)}A{radius:g} {radius:g} 0 {large} 1 {at(radius, end)}"


def is_upside_down(start: float, end: float) -> bool:
    """Tell whether a label in the middle of an arc would stand on its head."""
    middle = (start + end) / 2 % FULL_TURN
    return FULL_TURN / 4 < middle < FULL_TURN * 3 / 4


def arc_length(radius: float, start: float, end: float) -> float:
    """Give how long an arc is."""
    return math.radians(end - start) * radius
