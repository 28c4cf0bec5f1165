"""Herkomst: where a figure comes from, and what earlier snapshots said of it.

What is withheld today, or was in the snapshot itself, is told of no snapshot: two of them must not give it away either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import snapshots
from kvalitet.adapters.store.extracts import baselines, pulls
from kvalitet.disclosure import withhold_family
from kvalitet.measurements import MissingReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from kvalitet.adapters.store.snapshots import Snapshot
    from kvalitet.days import SchoolYear
    from kvalitet.measurements import Indicator, Measurement
    from kvalitet.municipality import Municipality


@dataclass(frozen=True, slots=True)
class Told:
    """Oplyst: what one snapshot says of a figure."""

    snapshot: Snapshot
    figure: Measurement


@dataclass(frozen=True, slots=True)
class Origin:
    """Herkomst: the figure as it is shown, the snapshots that told of it (the newest first), and the request.

    `shown` is the one that the figure comes from, and `pull` the number of the try that brought it home; without
    them nobody has told of the figure. `fixed` is what goals are counted from, whatever the source has revised since.
    """

    figure: Measurement | None
    shown: Told | None
    earlier: tuple[Told, ...]
    request: Mapping[str, Any]
    pull: int | None
    fixed: Measurement | None


def origin_of(
    connection: Connection, municipality: Municipality, indicator: Indicator, school_year: SchoolYear, unit: str
) -> Origin:
    """Find where a figure comes from; whether the viewer may see the indicator at all has been asked before."""
    figures = shown_figures(
        connection, municipality, viewer_may_see_confidential=True, indicators=[indicator.key], unit=unit
    )
    figure = next((found for found in figures if found.school_year == school_year), None)
    found = [
        Told(snapshot, one)
        for snapshot, one in snapshots.told_of(connection, municipality.key, indicator.key, unit)
        if one.school_year == school_year and snapshot.published_at
    ]
    told = _without_withheld(connection, indicator, found, is_withheld=_is_withheld(figure))
    shown = next((one for one in told if one.figure.missing is not MissingReason.NOT_PUBLISHED), None)
    shown = shown or next(iter(told), None)
    request = snapshots.request_of(connection, shown.snapshot.id) if shown else {}
    tries = pulls.of_snapshot(connection, shown.snapshot.id) if shown else []
    # The last of them is the one that brought it; those since then found the same.
    pull = tries[-1].id if tries else None
    fixed = _fixed(baselines.baselines(connection, municipality.key), indicator, school_year, unit, told)
    return Origin(figure, shown, tuple(one for one in told if one is not shown), request, pull, fixed)


def _fixed(
    known: Iterable[Measurement], indicator: Indicator, school_year: SchoolYear, unit: str, told: list[Told]
) -> Measurement | None:
    """Give the baseline, where a snapshot that may be told of says the same: what is withheld stays so here too."""
    place = (indicator.key, school_year, unit)
    found = next((one for one in known if (one.indicator, one.school_year, one.unit) == place), None)
    may_be_told = {(one.figure.value, one.figure.level) for one in told}
    return found if found and (found.value, found.level) in may_be_told else None


def _is_withheld(figure: Measurement | None) -> bool:
    return figure is not None and figure.missing is MissingReason.SUPPRESSED


def _without_withheld(
    connection: Connection, indicator: Indicator, told: list[Told], *, is_withheld: bool
) -> list[Told]:
    """Leave out the values of what must not be shown; each edition is weighed with those before it."""
    if is_withheld:
        return [replace(one, figure=_hidden(one.figure)) for one in told]
    editions: list[dict[Indicator, tuple[Measurement, ...]]] = []
    shown = []
    for one in reversed(told):
        edition = _edition(connection, indicator, one.snapshot.id)
        kept = withhold_family(edition, earlier=editions)[indicator]
        editions.append(edition)
        is_hidden = any(_is_same(found, one.figure) and _is_withheld(found) for found in kept)
        shown.append(replace(one, figure=_hidden(one.figure)) if is_hidden else one)
    return shown[::-1]


def _edition(connection: Connection, indicator: Indicator, snapshot: int) -> dict[Indicator, tuple[Measurement, ...]]:
    """Give what a snapshot says of the indicator and of those that it can be worked out from."""
    family = [
        one
        for one in load_catalogue().indicators.values()
        if one.key == indicator.key or (one.family and one.family == indicator.family)
    ]
    found = snapshots.measurements_of(connection, snapshot, indicators=[one.key for one in family])
    return {one: tuple(figure for figure in found if figure.indicator == one.key) for one in family}


def _is_same(one: Measurement, other: Measurement) -> bool:
    return (one.school_year, one.unit) == (other.school_year, other.unit)


def _hidden(figure: Measurement) -> Measurement:
    if figure.missing is not None:
        return figure
    return replace(figure, value=None, level=None, missing=MissingReason.SUPPRESSED, pupils=None)
