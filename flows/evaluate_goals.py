"""evaluate_goals: judges every goal on the figures and deliveries that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters import evaluating
from kvalitet.adapters.store import log, plans, verdicts
from kvalitet.board import danish_date

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.days import SchoolYear
    from kvalitet.goals import Goal
    from kvalitet.municipality import Municipality
    from kvalitet.verdicts import Verdict

TITLE = "Vurder målene"
JUDGED_ON = ("extract_published", "delivered", "waived")


def has_work(installation: Installation, municipality: Municipality, now: datetime) -> bool:
    """Tell whether figures or deliveries have come since the goals were last judged, or a month has begun."""
    with installation.store.read() as connection:
        judged = log.heartbeats(connection).get(_name(municipality))
        if judged is None or danish_date(now).day == 1:
            return True
        return log.any_since(connection, municipality.key, JUDGED_ON, since=judged)


@flow(name="evaluate_goals", flow_run_name=f"{TITLE} – {{municipality}}")
async def evaluate_goals(municipality: str = ALL) -> Ended:
    """Vurderer alle mål ud fra de tal og afleveringer, der er kommet."""
    return await perform(TITLE, run, municipality=municipality)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Keep the verdicts that are new or changed; confidential figures never reach the log."""
    years = _years(installation, municipality, now=now)
    rows = []
    with installation.store.write() as connection:
        log.beat(connection, _name(municipality), now=now)
        titles = {
            goal.key: _title(goal)
            for school_year in years
            for goal in evaluating.goals_of(connection, municipality, school_year)
        }
        judged = [
            verdict
            for school_year in years
            for verdict in evaluating.judge_all(connection, municipality, school_year, now=now)
        ]
        found = (_kept(municipality, verdict, now=now) for verdict in judged)
        for new in verdicts.save_new(connection, municipality.key, found):
            told = f"{titles[new.goal]}: fortrolig vurdering" if new.confidential else new.sentence
            log.tell(connection, _event(new, told, now=now))
            rows.append({"mål": titles[new.goal], "enhed": new.unit, "vurdering": told})
    return Outcome(f"{len(rows)} vurderinger er nye." if rows else "Vurderingerne er uændrede.", tuple(rows))


def _years(installation: Installation, municipality: Municipality, *, now: datetime) -> list[SchoolYear]:
    """Give the current school year, and the one before it: its deliveries go on when the next wheel has begun."""
    current = installation.current_year(municipality, now=now)
    with installation.store.read() as connection:
        planned = plans.school_years(connection, municipality.key)
    return [year for year in (current.plus(-1), current) if year == current or year in planned]


def _title(goal: Goal) -> str:
    """Name a goal in the log; what a school has written of its test results may name them."""
    if goal.is_local and goal.indicator and goal.indicator.confidential:
        return f"Skolens eget mål: {goal.indicator.title}"
    return goal.title


def _name(municipality: Municipality) -> str:
    return f"evaluate_goals:{municipality.key}"


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
