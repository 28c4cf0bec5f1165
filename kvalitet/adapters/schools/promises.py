"""Promises: what a school wrote a year ago, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.delivering.figures import shows_test_results
from kvalitet.adapters.store import deliveries, facts, plans
from kvalitet.answers import shown
from kvalitet.status import TEXTS, status_of
from kvalitet.wheel import FieldType, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from kvalitet.board import Board
    from kvalitet.wheel import Activity, FormField


@dataclass(frozen=True, slots=True)
class Promise:
    """Løfte: what a school answered in one field, line by line."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promised:
    """Lovet: what a school delivered of one activity in an earlier school year, and how that delivery stands."""

    title: str
    standing: str
    comment: str
    promises: tuple[Promise, ...]


def promised(
    connection: Connection,
    board: Board,
    school: str,
    activity: Activity,
    *,
    sees_confidential: bool,
) -> tuple[Promised, ...]:
    """List what a school wrote the school year before: what the dialogue ended in, else all that it delivered.

    What was written where test results are shown may tell them, and is for those who may see those.
    """
    municipality, school_year = board.municipality, board.school_year.plus(-1)
    known = plans.occurrences(connection, municipality.key, school_year, school=school)
    wanted = [
        occurrence
        for occurrence in known
        if occurrence.kind is Kind.DELIVERABLE
        and occurrence.activity in municipality.wheel
        and activity.ends_in in {None, occurrence.activity}
        and (sees_confidential or not shows_test_results(municipality.wheel.activity(occurrence.activity)))
    ]
    states = facts.of(connection, [occurrence.key for occurrence in wanted])
    found = []
    for occurrence in wanted:
        versions = deliveries.versions(connection, occurrence.key)
        if versions:
            state = status_of(occurrence, states[occurrence.key], now=board.now, today=board.today)
            fields = municipality.wheel.activity(occurrence.activity).fields
            answers = versions[-1].answers
            promises = tuple(Promise(field.title, lines) for field in fields if (lines := lines_of(field, answers)))
            found.append(Promised(occurrence.title, TEXTS[state], versions[-1].comment, promises))
    return tuple(found)


def answered(
    connection: Connection, board: Board, school: str, activity: Activity, *, sees_confidential: bool
) -> tuple[Promised, ...]:
    """List what the school itself has written this year about how its promises went, by the same rule."""
    found = []
    for row in board.of_school(school):
        occurrence = row.occurrence
        newest = deliveries.newest(connection, occurrence.key) if occurrence.kind is Kind.DELIVERABLE else None
        if newest and activity.ends_in in {None, occurrence.activity}:
            form = board.municipality.wheel.activity(occurrence.activity)
            is_shown = sees_confidential or not shows_test_results(form)
            asked = [field for field in form.fields if field.type is FieldType.PROMISES and is_shown]
            told = tuple(Promise(field.title, lines) for field in asked if (lines := lines_of(field, newest.answers)))
            if told:
                title = f"Sådan gik det, skriver skolen i »{occurrence.title}« {board.school_year.label}"
                found.append(Promised(title, TEXTS[row.state], "", told))
    return tuple(found)


def lines_of(field: FormField, answers: Mapping[str, str]) -> tuple[str, ...]:
    """Write what was answered in a field; nothing for a file and for what was left empty."""
    if field.type is FieldType.FILE:
        return ()
    return tuple(line.strip() for text in shown(field, answers) for line in text.splitlines() if line.strip())
