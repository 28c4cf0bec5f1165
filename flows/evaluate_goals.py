"""evaluate_goals: judges every goal on the figures and deliveries that are there."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters.evaluating import keep_verdicts
from kvalitet.adapters.store import log, plans
from kvalitet.board import danish_date

if TYPE_CHECKING:
    from datetime import date, datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Municipality

TITLE = "Vurder målene"
JUDGED_ON = ("extract_published", "extract_released", "figure_entered", "delivered", "waived")


def has_work(installation: Installation, municipality: Municipality, now: datetime) -> bool:
    """Tell whether figures or deliveries have come since the last time, the goals are others, or a month has begun."""
    with installation.store.read() as connection:
        judged = log.heartbeats(connection).get(_name(municipality))
        if judged is None or _month(judged) != _month(now):
            return True
        if log.recall(connection, _name(municipality)) != _fingerprint(municipality):
            return True
        return log.any_since(connection, municipality.key, JUDGED_ON, since=judged)


@flow(name="evaluate_goals", flow_run_name=f"{TITLE} – {{municipality}}")
async def evaluate_goals(municipality: str = ALL) -> Ended:
    """Vurderer alle mål ud fra de tal og afleveringer, der er kommet."""
    return await perform(TITLE, run, municipality=municipality)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Keep the verdicts that are new or changed; confidential figures never reach the log."""
    years = _years(installation, municipality, now=now)
    with installation.store.write() as connection:
        log.beat(connection, _name(municipality), now=now)
        log.remember(connection, _name(municipality), _fingerprint(municipality))
        new = keep_verdicts(connection, municipality, years, now=now)
    rows = tuple({"mål": one.title, "enhed": one.verdict.unit, "vurdering": one.told} for one in new)
    return Outcome(f"{len(rows)} vurderinger er nye." if rows else "Vurderingerne er uændrede.", rows)


def _years(installation: Installation, municipality: Municipality, *, now: datetime) -> list[SchoolYear]:
    """Give the current school year, and the one before it: its deliveries go on when the next wheel has begun."""
    current = installation.current_year(municipality, now=now)
    with installation.store.read() as connection:
        planned = plans.school_years(connection, municipality.key)
    return [year for year in (current.plus(-1), current) if year == current or year in planned]


def _fingerprint(municipality: Municipality) -> str:
    """Tell the goals apart from those that the files had before somebody changed them."""
    return hashlib.sha256(repr(municipality.goals).encode()).hexdigest()


def _month(at: datetime) -> date:
    return danish_date(at).replace(day=1)


def _name(municipality: Municipality) -> str:
    return f"evaluate_goals:{municipality.key}"
