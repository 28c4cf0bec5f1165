"""How the rings of the wheel share the room between the holiday ring and the hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kvalitet.web.drawing.wheel_model import Band, Bar

OUTSIDE = 518.0
SMALLEST_HUB = 132.0
TITLE = 13.5
GAP = 3.0
HIGHEST_LANE = 32.0
MEETING_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class PlacedLane:
    """Spor: the bars of one lane between two radii."""

    bars: tuple[Bar, ...]
    inner: float
    outer: float


@dataclass(frozen=True, slots=True)
class PlacedBand:
    """Placeret bånd: a ring between two radii; its title runs along `title_radius`."""

    band: Band
    lanes: tuple[PlacedLane, ...]
    inner: float
    outer: float
    title_radius: float


def place(bands: tuple[Band, ...]) -> tuple[PlacedBand, ...]:
    """Give each ring its room, from the outside in; many lanes make each of them narrower."""
    room = OUTSIDE - SMALLEST_HUB - len(bands) * (TITLE + GAP)
    weights = sum(_weight(band) * len(band.lanes) for band in bands)
    unit = min(room / weights, HIGHEST_LANE) if weights else 0.0
    placed, outer = [], OUTSIDE
    for band in bands:
        height = unit * _weight(band)
        top = outer - TITLE
        found = tuple(PlacedLane(bars, top - height * (i + 1), top - height * i) for i, bars in enumerate(band.lanes))
        inner = found[-1].inner
        placed.append(PlacedBand(band, found, inner, outer, top + 5.0))
        outer = inner - GAP
    return tuple(placed)


def hub_radius(placed: tuple[PlacedBand, ...]) -> float:
    """Give the radius of the hub: what the rings leave over."""
    return placed[-1].inner - GAP if placed else SMALLEST_HUB


def _weight(band: Band) -> float:
    return MEETING_WEIGHT if band.has_meetings else 1.0
