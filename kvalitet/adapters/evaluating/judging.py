"""Judging: every goal for every unit, on the figures that may be shown and on what the schools have handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from kvalitet.adapters.evaluating.handed_in import counted, handed_in
from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.sources.series_breaks import load_series_breaks
from kvalitet.adapters.store.extracts import baselines
from kvalitet.adapters.store.tables import schema
from kvalitet.board import danish_date
from kvalitet.disclosure import is_withheld_by_itself
from kvalitet.evidence import Evidence
from kvalitet.goals import Per
from kvalitet.local_goals import Stated, standing_goals
from kvalitet.measurements import MUNICIPALITY, MissingReason
from kvalitet.pulls import place_of
from kvalitet.verdicts import Attainment, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.evaluating.handed_in import HandedIn
    from kvalitet.adapters.store.verdicts import KeptVerdict
    from kvalitet.days import SchoolYear
    from kvalitet.goals import Goal
    from kvalitet.measurements import Measurement
    from kvalitet.municipality import Municipality
    from kvalitet.pulls import Place
    from kvalitet.verdicts import Verdict


def judge_all(
    connection: Connection, municipality: Municipality, school_year: SchoolYear, *, now: datetime
) -> list[Verdict]:
    """Judge every goal for every unit: figures on their newest year so far, deliveries on `school_year`.

    A figure that is withheld is withheld here too: a sentence would give it away.
    """
    found = handed_in(connection, municipality)
    evidence = evidence_of(connection, municipality, found, until=school_year)
    today = danish_date(now)
    waived = _waived(connection, municipality, school_year)
    return [
        judge(goal, evidence, school_year=_year_of(goal, evidence, school_year, unit), today=today, unit=unit)
        for goal in (*municipality.goals, *_local(municipality, found, school_year))
        for unit in _units(municipality, goal, school_year)
        if (unit, goal.deliverable) not in waived
    ]


def judge_withheld(
    connection: Connection,
    municipality: Municipality,
    goals: Iterable[Goal],
    kept: Iterable[KeptVerdict],
    *,
    now: datetime,
) -> list[Verdict]:
    """Judge again what was judged on figures that have been withheld since: its sentence tells them."""
    known = {goal.key: goal for goal in goals if goal.indicator}
    told = [(one, known[one.goal]) for one in kept if one.goal in known and one.attainment != Attainment.UNKNOWN.value]
    if not told:
        return []
    evidence = evidence_of(connection, municipality, (), until=max(one.school_year for one, _ in told))
    withheld = {place_of(one) for one in evidence.measurements if one.missing is MissingReason.SUPPRESSED}
    return [
        judge(goal, evidence, school_year=one.school_year, today=danish_date(now), unit=one.unit)
        for one, goal in told
        if not withheld.isdisjoint(_told_in(one, goal))
    ]


def _told_in(kept: KeptVerdict, goal: Goal) -> Iterator[Place]:
    """List what the sentence of a verdict may tell figures of."""
    years = [kept.school_year.plus(-back) for back in range(goal.mean_of_years)]
    for year in filter(None, [*years, goal.baseline_year]):
        yield goal.indicator.key if goal.indicator else "", year, kept.unit


def goals_of(connection: Connection, municipality: Municipality, school_year: SchoolYear) -> tuple[Goal, ...]:
    """List the goals that are judged in a school year: the municipality's, and those that its schools have set."""
    return *municipality.goals, *_local(municipality, handed_in(connection, municipality), school_year)


def evidence_of(
    connection: Connection, municipality: Municipality, found: Iterable[HandedIn], *, until: SchoolYear
) -> Evidence:
    """Gather what the goals of a school year are judged on: an earlier year is not judged on later figures."""
    figures = shown_figures(connection, municipality, viewer_may_see_confidential=True)
    shown = tuple(one for one in figures if one.school_year <= until)
    fixed = baselines.baselines(connection, municipality.key)
    return Evidence(
        measurements=shown,
        baselines=tuple(_that_may_be_shown(fixed, shown)),
        breaks=load_series_breaks(),
        delivered=tuple(counted(found)),
    )


def _that_may_be_shown(fixed: Iterable[Measurement], shown: Iterable[Measurement]) -> Iterator[Measurement]:
    """Leave out the baselines that the sentence of a verdict must not tell."""
    withheld = {place_of(found) for found in shown if found.missing is MissingReason.SUPPRESSED}
    known = load_catalogue().indicators
    for found in fixed:
        is_few = found.indicator not in known or is_withheld_by_itself(found, known[found.indicator])
        if not is_few and place_of(found) not in withheld:
            yield found


def _local(municipality: Municipality, found: Iterable[HandedIn], school_year: SchoolYear) -> tuple[Goal, ...]:
    stated = (
        Stated(school=one.school, school_year=one.school_year, deliverable=one.activity, answers=one.answers)
        for one in found
    )
    areas = {goal.indicator.key: goal.focus_area for goal in municipality.goals if goal.indicator}
    return standing_goals(stated, school_year, load_catalogue().indicators, areas)


def _units(municipality: Municipality, goal: Goal, school_year: SchoolYear) -> list[str]:
    if goal.per is Per.MUNICIPALITY:
        return [MUNICIPALITY]
    first = school_year.first_day
    taking_part = [school.number for school in municipality.schools if school.takes_part(first, first)]
    return [number for number in taking_part if goal.school in {None, number}]


def _waived(connection: Connection, municipality: Municipality, school_year: SchoolYear) -> set[tuple[str, str | None]]:
    """List who is waived from what (institution number, activity): they are not judged on it."""
    o, w = schema.occurrence, schema.waiver
    query = select(o.c.school, o.c.activity).join(w, w.c.occurrence == o.c.key)
    query = query.where(o.c.municipality == municipality.key, o.c.school_year == school_year.start)
    return {(row.school, row.activity) for row in connection.execute(query)}


def _year_of(goal: Goal, evidence: Evidence, school_year: SchoolYear, unit: str) -> SchoolYear:
    """Give the newest school year that has figures for the goal, else the year before the wheel's."""
    if goal.indicator is None:
        return school_year
    return evidence.newest_year(goal.indicator, unit) or school_year.plus(-1)
