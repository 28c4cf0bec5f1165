"""Dialogue sheets: what a school's leader and the director have before them when they talk, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.delivering.figures import shows_test_results
from kvalitet.adapters.evaluating import goals_of
from kvalitet.adapters.schools.promises import answered, promised
from kvalitet.adapters.store import deliveries, verdicts
from kvalitet.board import danish_date
from kvalitet.status import TEXTS, BookingState, State
from kvalitet.verdicts import Attainment
from kvalitet.wheel import Kind, Role

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.schools.promises import Promised
    from kvalitet.adapters.store.verdicts import KeptVerdict
    from kvalitet.board import Board, Row
    from kvalitet.goals import Goal
    from kvalitet.wheel import Activity

LAST_DELIVERIES, NEXT_MEETINGS = 6, 4
_GONE = frozenset({State.HELD, State.CANCELLED, State.OVERDUE})


@dataclass(frozen=True, slots=True)
class GoalLine:
    """Mål på arket: how far the school is with one goal, in the sentence that was kept."""

    title: str
    attainment: Attainment
    story: str
    confidential: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Linje: a thing and what there is to say of it; `key` names the occurrence that it is."""

    title: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Section:
    """Afsnit af spørgeguiden: a heading, and what is asked under it."""

    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DialogueSheet:
    """Samtaleark: one school, as it is on the day of the talk; `hidden` counts the verdicts that are not shown."""

    school: str
    leader: str
    title: str
    when: str
    place: str
    school_year: str
    last_year: str
    seen_on: str
    goals: tuple[GoalLine, ...]
    hidden: int
    promised: tuple[Promised, ...]
    efforts: tuple[str, ...]
    missing: tuple[Line, ...]
    delivered: tuple[Line, ...]
    guide: tuple[Section, ...]
    meetings: tuple[Line, ...]


def sheet_of(
    connection: Connection, board: Board, row: Row, *, guide: str, place: str, sees_confidential: bool
) -> DialogueSheet:
    """Gather the sheet of one dialogue, from the board of its school year."""
    municipality, occurrence = board.municipality, row.occurrence
    number, year = occurrence.school or "", board.school_year
    activity: Activity = municipality.wheel.activity(occurrence.activity)
    rows = [found for found in board.of_school(number) if found.occurrence.key != occurrence.key]
    judged = _judged(connection, board, number)
    return DialogueSheet(
        school=municipality.school(number).name,
        leader=municipality.school(number).leader.name,
        title=activity.title,
        when=_when(row, now=board.now),
        place=place,
        school_year=year.label,
        last_year=year.plus(-1).label,
        seen_on=danish.date_text(board.today),
        goals=tuple(_goal_line(*one) for one in judged if sees_confidential or not one[1].confidential),
        hidden=0 if sees_confidential else sum(verdict.confidential for _, verdict in judged),
        promised=tuple(
            one
            for told in (promised, answered)
            for one in told(connection, board, number, activity, sees_confidential=sees_confidential)
        ),
        efforts=_efforts(board, number),
        missing=tuple(
            _line(found, f"{TEXTS[found.state]}, frist {danish.date_text(found.occurrence.due)}")
            for found in board.missing()
            if found.occurrence.school == number
        ),
        delivered=_delivered(connection, board, rows, sees_confidential=sees_confidential),
        guide=sections_of(guide),
        meetings=_meetings(board, rows),
    )


def sections_of(guide: str) -> tuple[Section, ...]:
    """Read a question guide (Markdown): its headings, and what is asked in the lists under them."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in map(str.strip, guide.splitlines()):
        if line.startswith("#"):
            found.append((line.lstrip("#").strip(), []))
        elif line[:2] in {"- ", "* "}:
            found[-1][1].append(line[2:].strip())
    return tuple(Section(title, tuple(questions)) for title, questions in found if questions)


def _judged(connection: Connection, board: Board, number: str) -> list[tuple[Goal, KeptVerdict]]:
    """Give the school's newest verdict of each goal, also of its own, none later than the school year shown."""
    newest: dict[str, KeptVerdict] = {}
    for verdict in verdicts.verdicts(connection, board.municipality.key, unit=number):
        if verdict.school_year <= board.school_year:
            newest[verdict.goal] = verdict
    goals = goals_of(connection, board.municipality, board.school_year)
    return [(goal, newest[goal.key]) for goal in goals if goal.key in newest]


def _goal_line(goal: Goal, verdict: KeptVerdict) -> GoalLine:
    """Leave out of the sentence the title and the outcome, which stand beside it."""
    attainment = Attainment(verdict.attainment)
    story = verdict.sentence.removeprefix(f"{goal.title}: ").removeprefix(f"{attainment.danish}: ")
    return GoalLine(goal.title, attainment, story[:1].upper() + story[1:], verdict.confidential)


def _efforts(board: Board, number: str) -> tuple[str, ...]:
    """List the efforts of the municipality's plan that the school takes part in this year."""
    year = board.school_year.label
    return tuple(effort.title for effort in board.municipality.efforts if effort.is_on(year, number))


def _delivered(connection: Connection, board: Board, rows: list[Row], *, sees_confidential: bool) -> tuple[Line, ...]:
    given = [(row.facts.delivered_at, row) for row in rows if row.occurrence.kind is Kind.DELIVERABLE]
    dated = sorted(((at, row) for at, row in given if at), key=lambda one: one[0], reverse=True)
    found = []
    for _, row in dated[:LAST_DELIVERIES]:
        last = deliveries.versions(connection, row.occurrence.key)[-1]
        when = danish.date_text(danish.local(last.delivered_at).date())
        form = board.municipality.wheel.activity(row.occurrence.activity)
        is_shown = sees_confidential or not shows_test_results(form)
        comment = f": {last.comment}" if last.comment and is_shown else ""
        found.append(_line(row, f"{TEXTS[row.state]}, udgave {last.version} af {when}{comment}"))
    return tuple(found)


def _meetings(board: Board, rows: list[Row]) -> tuple[Line, ...]:
    """List the next meetings that the school's leader is asked to."""
    wheel = board.municipality.wheel
    mine = [row for row in rows if Role.SCHOOL_LEADER in wheel.activity(row.occurrence.activity).participants]
    coming = [row for row in mine if row.occurrence.kind.is_meeting and row.state not in _GONE]
    coming.sort(key=lambda row: danish_date(row.facts.starts_at) if row.facts.starts_at else row.occurrence.opens)
    return tuple(_line(row, _when(row, now=board.now)) for row in coming[:NEXT_MEETINGS])


def _when(row: Row, *, now: datetime) -> str:
    """Say when a meeting is held, or else between which days it is to be; a proposal that has gone by says nothing."""
    starts, ends = row.facts.starts_at, row.facts.ends_at
    has_gone_by = row.facts.booking is BookingState.PROPOSED and ends is not None and ends <= now
    if row.state is not State.CANCELLED and starts and ends and not has_gone_by:
        return danish.span_text(starts, ends) + (" (foreslået)" if row.state is State.PROPOSED else "")
    between = f"{danish.short_date(row.occurrence.opens)} og {danish.date_text(row.occurrence.due)}"
    return f"tid ikke aftalt, mellem {between}"


def _line(row: Row, text: str) -> Line:
    return Line(row.occurrence.title, text, row.occurrence.key)
