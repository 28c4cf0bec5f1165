"""turn_wheel: every day, does for each municipality what the wheel asks for today.

It never assumes that it ran yesterday: each phase asks what should exist by now and does not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prefect import Flow, flow, tags

from flows import (
    data_extract,
    evaluate_goals,
    follow_up,
    goal_setting,
    group_meetings,
    leadership_dialogues,
    plan_year,
    quality_report,
    send_mail,
    union_meetings,
    weekly_digest,
)
from flows.outcome import Outcome
from flows.shell import ALL, Ended, Report, choose, conclude, opened, started_at
from kvalitet.adapters.feeds.subscribing import revoke_departed
from kvalitet.adapters.follow_up.recovering import wake_after_a_wrong_clock
from kvalitet.adapters.mail_preview.rehearsing import HEARTBEAT
from kvalitet.adapters.store import log, plans
from kvalitet.board import danish_date
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

TITLE = "Drej årshjulet"


# The flows of meetings share them by ring, and a municipality may lay either kind into any ring.
MEETINGS = frozenset({Kind.MEETING, Kind.DIALOGUE})


@dataclass(frozen=True)
class Phase:
    """Fase: one flow of the day. `kinds` are those whose waking rows give it work; some are also asked themselves."""

    title: str
    flow: Flow[..., Coroutine[Any, Any, Ended]]
    run: Callable[..., Outcome]
    kinds: Collection[Kind] | None = None

    @property
    def name(self) -> str:
        """The flow's name, which is also its file's."""
        return self.flow.name


PHASES = (
    Phase(plan_year.TITLE, plan_year.plan_year, plan_year.run),
    Phase(data_extract.TITLE, data_extract.data_extract, data_extract.run, {Kind.EXTRACT}),
    Phase(goal_setting.TITLE, goal_setting.goal_setting, goal_setting.run, {Kind.DELIVERABLE, Kind.EFFORT}),
    Phase(leadership_dialogues.TITLE, leadership_dialogues.leadership_dialogues, leadership_dialogues.run, MEETINGS),
    Phase(group_meetings.TITLE, group_meetings.group_meetings, group_meetings.run, MEETINGS),
    Phase(union_meetings.TITLE, union_meetings.union_meetings, union_meetings.run, MEETINGS),
    Phase(follow_up.TITLE, follow_up.follow_up, follow_up.run, {Kind.DELIVERABLE}),
    Phase(evaluate_goals.TITLE, evaluate_goals.evaluate_goals, evaluate_goals.run),
    Phase(weekly_digest.TITLE, weekly_digest.weekly_digest, weekly_digest.run),
    Phase(quality_report.TITLE, quality_report.quality_report, quality_report.run),
)

_ASK: dict[str, Callable[[Installation, Municipality, datetime], bool]] = {
    "plan_year": plan_year.has_work,
    "leadership_dialogues": leadership_dialogues.has_work,
    "group_meetings": group_meetings.has_work,
    "union_meetings": union_meetings.has_work,
    "evaluate_goals": evaluate_goals.has_work,
    "weekly_digest": weekly_digest.has_work,
    "quality_report": quality_report.has_work,
}


@flow(name="turn_wheel", flow_run_name=f"{TITLE} – {{municipality}}")
async def turn_wheel(municipality: str = ALL) -> Ended:
    """Gør hver dag det, som hjulet beder om, for hver kommune, og sender derefter de mails, der er blevet til."""
    now = started_at()
    async with opened() as installation:
        chosen = choose(installation, municipality)
        for each in chosen:
            await asyncio.to_thread(recover, installation, each, now=now)
        asked = [(each, phase) for each in chosen for phase in PHASES]
        reports = [report for each, phase in asked if (report := await _take(installation, each, phase, now=now))]
        reports.append(_report(send_mail.TITLE, await send_mail.send_mail(return_state=True)))
        for each in chosen:
            await asyncio.to_thread(finish, installation, each, now=now)
    return conclude(reports)


async def _take(
    installation: Installation, municipality: Municipality, phase: Phase, *, now: datetime
) -> Report | None:
    """Run a phase as a run of its own, where it has something to do."""
    # A phase that cannot even be asked is run: its failure is then told where people look for it.
    with suppress(Exception):
        if not await asyncio.to_thread(has_work, installation, municipality, phase, now=now):
            return None
    named = phase.flow.with_options(flow_run_name=f"{phase.title} – {municipality.name}")
    with tags(municipality.name, phase.title):
        return _report(phase.title, await named(municipality=municipality.key, return_state=True))


def _report(title: str, state: Ended) -> Report:
    told = state.message or ""
    return Report(title, told) if state.is_completed() else Report(title, "Mislykkedes.", (told,))


def run(
    installation: Installation, municipality: Municipality, *, now: datetime, phases: Sequence[Phase] = PHASES
) -> list[Outcome]:
    """Run every phase that has something to do, in order."""
    done = []
    recover(installation, municipality, now=now)
    waking = _waking(installation, municipality, now=now)
    for phase in phases:
        if _concerns(phase, waking, installation, municipality, now=now):
            done.append(phase.run(installation, municipality, now=now))
            waking = _waking(installation, municipality, now=now)  # what was done may have woken something else
    finish(installation, municipality, now=now)
    return done


def has_work(installation: Installation, municipality: Municipality, phase: Phase, *, now: datetime) -> bool:
    """Tell cheaply whether a phase has something to do."""
    waking = _waking(installation, municipality, now=now) if phase.kinds is not None else set()
    return _concerns(phase, waking, installation, municipality, now=now)


def _concerns(
    phase: Phase, waking: Collection[Kind], installation: Installation, municipality: Municipality, *, now: datetime
) -> bool:
    if phase.kinds is not None and any(kind in phase.kinds for kind in waking):
        return True
    return phase.name in _ASK and _ASK[phase.name](installation, municipality, now)


def _waking(installation: Installation, municipality: Municipality, *, now: datetime) -> set[Kind]:
    with installation.store.read() as connection:
        return plans.waking_kinds(connection, municipality.key, today=danish_date(now))


def recover(installation: Installation, municipality: Municipality, *, now: datetime) -> None:
    """Look anew at what a turn by a clock that was ahead has put off."""
    wake_after_a_wrong_clock(installation, municipality, f"{HEARTBEAT}:{municipality.key}", now=now)


def finish(installation: Installation, municipality: Municipality, *, now: datetime) -> None:
    """Shut the feeds of those who have left the files, and note that the wheel was turned today."""
    revoke_departed(installation, municipality, now=now)
    with installation.store.write() as connection:
        log.beat(connection, f"{HEARTBEAT}:{municipality.key}", now=now)
