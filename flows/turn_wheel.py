"""turn_wheel: every day, does for each municipality what the wheel asks for today.

It never assumes that it ran yesterday: each phase asks what should exist by now and does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows import (
    data_extract,
    evaluate_goals,
    follow_up,
    goal_setting,
    group_meetings,
    leadership_dialogues,
    plan_year,
    quality_report,
    union_meetings,
    weekly_digest,
)
from kvalitet.adapters.store import log, plans
from kvalitet.board import danish_date
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from flows.outcome import Outcome
    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

HEARTBEAT = "turn_wheel"


@dataclass(frozen=True)
class Phase:
    """Fase: one flow of the day. `kinds` are those whose waking rows give it work; None means ask it itself."""

    name: str
    title: str
    run: Callable[..., Outcome]
    kinds: Collection[Kind] | None = None


PHASES = (
    Phase("plan_year", "Planlæg skoleåret", plan_year.run),
    Phase("data_extract", "Hent dataudtræk", data_extract.run, {Kind.EXTRACT}),
    Phase("goal_setting", "Åbn det, som skolerne afleverer", goal_setting.run, {Kind.DELIVERABLE, Kind.EFFORT}),
    Phase("leadership_dialogues", "Indkald til ledelseslæringssamtaler", leadership_dialogues.run, {Kind.DIALOGUE}),
    Phase("group_meetings", "Indkald skolegrupper", group_meetings.run, {Kind.MEETING}),
    Phase("union_meetings", "Indkald faglige organisationer", union_meetings.run, {Kind.MEETING}),
    Phase("follow_up", "Følg op på afleveringer", follow_up.run, {Kind.DELIVERABLE}),
    Phase("evaluate_goals", "Vurder målene", evaluate_goals.run),
    Phase("weekly_digest", "Skriv ugebrevet", weekly_digest.run),
    Phase("quality_report", "Skriv kvalitetsrapporten", quality_report.run),
)

_ASK: dict[str, Callable[[Installation, Municipality, datetime], bool]] = {
    "plan_year": plan_year.has_work,
    "evaluate_goals": evaluate_goals.has_work,
    "weekly_digest": weekly_digest.has_work,
    "quality_report": quality_report.has_work,
}


def run(
    installation: Installation, municipality: Municipality, *, now: datetime, phases: Sequence[Phase] = PHASES
) -> list[Outcome]:
    """Run every phase that has something to do, in order."""
    done = [
        phase.run(installation, municipality, now=now)
        for phase in phases
        if has_work(installation, municipality, phase, now=now)
    ]
    beat(installation, municipality, now=now)
    return done


def has_work(installation: Installation, municipality: Municipality, phase: Phase, *, now: datetime) -> bool:
    """Tell cheaply whether a phase has something to do."""
    if phase.kinds is None:
        return _ASK[phase.name](installation, municipality, now)
    with installation.store.read() as connection:
        return plans.any_waking(connection, municipality.key, phase.kinds, today=danish_date(now))


def beat(installation: Installation, municipality: Municipality, *, now: datetime) -> None:
    """Note that the wheel was turned today."""
    with installation.store.write() as connection:
        log.beat(connection, f"{HEARTBEAT}:{municipality.key}", now=now)
