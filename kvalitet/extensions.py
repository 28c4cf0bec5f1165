"""Extensions: one school's own, later due date of a deliverable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from kvalitet.occurrences import Occurrence

FURTHEST = timedelta(days=366)
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Extension:
    """Udsættelse: the due date that one school was given, why, and by whom."""

    due: date
    reason: str
    extended_by: str
    extended_at: datetime


def extended(occurrence: Occurrence, due: date | None) -> Occurrence:
    """Give an occurrence with the later of its planned due date and its own; None: it has none of its own.

    Where the whole wheel moves past a school's own date, the school is not to be the first one that is late.
    """
    return replace(occurrence, due=due) if due and due > occurrence.due else occurrence


def shared_due(occurrences: Iterable[Occurrence]) -> date:
    """Give when an activity is due, for those whose date was not extended: nobody's lies before it."""
    return min(occurrence.due for occurrence in occurrences)


def problem(planned: Occurrence, due: date, reason: str, *, today: date) -> str:
    """Say in Danish what is wrong with an extension of a planned occurrence; "" when nothing is."""
    if not reason:
        return "Skriv, hvorfor fristen udsættes; begrundelsen vises på forekomstens side."
    if len(reason) > LONGEST_REASON:
        return f"Begrundelsen er for lang; den må højst fylde {LONGEST_REASON} tegn."
    if due <= planned.due:
        return f"Den nye frist skal ligge efter den planlagte, {planned.due:%d.%m.%Y}; vælg en senere dag."
    if due < today:
        return "Den nye frist er passeret; vælg i dag eller en senere dag."
    if due - planned.due > FURTHEST:
        return "Fristen kan højst udsættes et år; vælg en tidligere dag, eller fritag skolen."
    return ""
