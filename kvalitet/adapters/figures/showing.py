"""Showing: the one gate that figures pass before anybody sees them.

Published snapshots only; test results only for whoever may see them (folkeskoleloven § 55 b); and nothing that few
pupils stand behind, or that would give such a figure away: also by subtracting one edition from another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.figures.editions import editions
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import snapshots
from kvalitet.disclosure import is_withheld_by_itself, withhold_family

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from kvalitet.disclosure import Edition
    from kvalitet.measurements import Indicator, Measurement
    from kvalitet.municipality import Municipality


def shown_figures(
    connection: Connection,
    municipality: Municipality,
    *,
    viewer_may_see_confidential: bool,
    indicators: Iterable[str] | None = None,
    unit: str | None = None,
) -> tuple[Measurement, ...]:
    """List the figures that a viewer may see; withheld ones are there, missing as SUPPRESSED.

    Of `indicators` only those, and of `unit` only its own; what is withheld is found in the whole table all the same.
    What the catalogue no longer knows is shown to nobody: nobody can tell who might see it.
    """
    known = load_catalogue().indicators
    wanted = {
        key
        for key in (known if indicators is None else indicators)
        if key in known and (viewer_may_see_confidential or not known[key].confidential)
    }
    told = snapshots.told_in_order(connection, municipality.key, indicators=_with_relatives(wanted))
    shown = (
        found
        for of_group in editions(told, lambda found: _family(known[found.indicator])).values()
        for found in _newest(of_group)
        if found.indicator in wanted and unit in {None, found.unit}
    )
    return tuple(sorted(shown, key=lambda found: (found.indicator, found.school_year, found.unit)))


def _newest(of_group: list[Edition]) -> Iterable[Measurement]:
    """Give the newest edition without what must be withheld, as most have nothing of."""
    known = load_catalogue().indicators
    if not any(is_withheld_by_itself(found, known[found.indicator]) for edition in of_group for found in edition):
        return of_group[-1]
    *earlier, newest = (_by_indicator(edition) for edition in of_group)
    return (found for rows in withhold_family(newest, earlier=earlier).values() for found in rows)


def _with_relatives(wanted: set[str]) -> set[str]:
    """Give the indicators and their relatives: what is withheld in one is withheld in all of a family."""
    known = load_catalogue().indicators
    families = {_family(known[key]) for key in wanted}
    return {key for key, indicator in known.items() if _family(indicator) in families}


def _family(indicator: Indicator) -> str:
    return indicator.family or indicator.key


def _by_indicator(edition: Edition) -> dict[Indicator, Edition]:
    known = load_catalogue().indicators
    found: dict[Indicator, list[Measurement]] = {}
    for figure in edition:
        found.setdefault(known[figure.indicator], []).append(figure)
    return {indicator: tuple(figures) for indicator, figures in found.items()}
