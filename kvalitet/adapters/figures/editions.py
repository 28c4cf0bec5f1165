"""Editions: what was on show after each snapshot, of figures that can be worked out from each other."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from kvalitet.measurements import MissingReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kvalitet.days import SchoolYear
    from kvalitet.disclosure import Edition
    from kvalitet.measurements import Measurement

# A family of indicators in one school year: figures of others tell nothing of these.
Group = tuple[str, "SchoolYear"]
_Rank = tuple[bool, int]


def editions(
    told: Iterable[tuple[int, Measurement]], family_of: Callable[[Measurement], str]
) -> dict[Group, list[Edition]]:
    """Give the editions of each group, oldest first; the last one is on show now.

    `told` is all that the snapshots brought, in the order in which they were put on show. For each unit the newest
    snapshot counts, but "not published yet" never takes a figure off show: the same rule as `snapshots.measurements`.
    """
    on_show: dict[Group, dict[tuple[str, str], tuple[_Rank, Measurement]]] = {}
    found: dict[Group, list[Edition]] = {}
    for snapshot, rows in groupby(told, key=lambda one: one[0]):
        touched = {}
        for _, figure in rows:
            group = family_of(figure), figure.school_year
            shown = on_show.setdefault(group, {})
            place, rank = (figure.indicator, figure.unit), _rank(figure, snapshot)
            if place not in shown or rank > shown[place][0]:
                shown[place] = rank, figure
                touched[group] = shown
        for group, shown in touched.items():
            found.setdefault(group, []).append(tuple(figure for _, figure in shown.values()))
    return found


def _rank(figure: Measurement, snapshot: int) -> _Rank:
    return figure.missing is not MissingReason.NOT_PUBLISHED, snapshot
