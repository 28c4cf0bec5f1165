"""Showing: the one gate that figures pass before anybody sees them.

Published snapshots only; test results only for whoever may see them (folkeskoleloven § 55 b); and nothing that few
pupils stand behind, or that would give such a figure away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import snapshots
from kvalitet.disclosure import withhold_family

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

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
    """
    wanted = set(load_catalogue().indicators if indicators is None else indicators)
    figures = snapshots.measurements(connection, municipality.key, indicators=_with_families(wanted))
    return tuple(
        found
        for family in _families(figures)
        for indicator, rows in withhold_family(family).items()
        if indicator.key in wanted and (viewer_may_see_confidential or not indicator.confidential)
        for found in rows
        if unit in {None, found.unit}
    )


def _with_families(wanted: set[str]) -> set[str]:
    """Give the indicators and their relatives: what is withheld in one is withheld in all of a family."""
    known = load_catalogue().indicators
    families = {known[key].family for key in wanted if key in known} - {""}
    return wanted | {key for key, indicator in known.items() if indicator.family in families}


def _families(figures: Iterable[Measurement]) -> Iterator[dict[Indicator, tuple[Measurement, ...]]]:
    catalogue = load_catalogue()
    families: dict[str, dict[Indicator, list[Measurement]]] = {}
    for found in figures:
        if found.indicator not in catalogue:  # one that is no longer known: nobody can tell who may see it
            continue
        indicator = catalogue[found.indicator]
        family = families.setdefault(indicator.family or indicator.key, {})
        family.setdefault(indicator, []).append(found)
    for family in families.values():
        yield {indicator: tuple(rows) for indicator, rows in family.items()}
