"""Keeping: the verdicts that are new or changed, each told in the log; confidential figures never reach it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.evaluating.judging import goals_of, judge_all, judge_withheld
from kvalitet.adapters.extracting.fixing import fix_baselines
from kvalitet.adapters.store import log, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.store.verdicts import KeptVerdict
    from kvalitet.days import SchoolYear
    from kvalitet.goals import Goal
    from kvalitet.municipality import Municipality
    from kvalitet.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """Ny vurdering: what has been kept, its goal's title, and what the log says of it."""

    verdict: KeptVerdict
    title: str
    told: str


def keep_verdicts(
    connection: Connection, municipality: Municipality, school_years: Iterable[SchoolYear], *, now: datetime
) -> list[NewVerdict]:
    """Judge every goal of some school years, so that the pages show it, and list what is new.

    The baselines that the goals are counted from are fixed first, as they stand. What older verdicts tell of figures
    that have been withheld since is taken out of them.
    """
    years = tuple(school_years)
    goals = [goal for year in years for goal in goals_of(connection, municipality, year)]
    titles = {goal.key: _title(goal) for goal in goals}
    fix_baselines(connection, municipality.key, goals, now=now)
    judged = [verdict for year in years for verdict in judge_all(connection, municipality, year, now=now)]
    places = {(verdict.goal, verdict.unit, verdict.school_year) for verdict in judged}
    before = verdicts.verdicts(connection, municipality.key)
    older = [one for one in before if (one.goal, one.unit, one.school_year) not in places]
    judged += judge_withheld(connection, municipality, goals, older, now=now)
    found = (_kept(municipality, verdict, now=now) for verdict in judged)
    kept = []
    for new in verdicts.save_new(connection, municipality.key, found):
        told = f"{titles[new.goal]}: fortrolig vurdering" if new.confidential else new.sentence
        log.tell(connection, _event(new, told, now=now))
        kept.append(NewVerdict(new, titles[new.goal], told))
    return kept


def _title(goal: Goal) -> str:
    """Name a goal in the log; what a school has written of its test results may name them."""
    if goal.is_local and goal.indicator and goal.indicator.confidential:
        return f"Skolens eget mål: {goal.indicator.title}"
    return goal.title


def _kept(municipality: Municipality, verdict: Verdict, *, now: datetime) -> verdicts.KeptVerdict:
    return verdicts.KeptVerdict(
        municipality.key,
        verdict.goal,
        verdict.unit,
        verdict.school_year,
        verdict.attainment.value,
        verdict.sentence,
        verdict.confidential,
        now,
    )


def _event(kept: verdicts.KeptVerdict, told: str, *, now: datetime) -> log.Event:
    return log.Event(
        key=f"verdict:{kept.municipality}:{kept.goal}:{kept.unit}:{kept.school_year.key}:{now.isoformat()}",
        at=now,
        event="verdict",
        municipality=kept.municipality,
        activity=kept.goal,
        school=kept.unit if kept.unit.isdecimal() else "",
        detail=told,
    )
