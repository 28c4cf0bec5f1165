"""Rows: an occurrence as the listings show it, in tables and in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kvalitet.adapters import danish
from kvalitet.board import Board, Row, board_of
from kvalitet.messages import unit_name
from kvalitet.occurrences import plan
from kvalitet.status import TEXTS, BookingState, Facts
from kvalitet.timetable import propose

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Municipality

HEADINGS = ("Nøgle", "Punkt", "For", "Åbner", "Frist", "Tid", "Status")


def fresh_board(municipality: Municipality, school_year: SchoolYear, *, now: datetime) -> Board:
    """Compute the board of a plan that nobody has written: from the files alone, with the proposed dates."""
    occurrences = plan(municipality, school_year)
    slots = propose(municipality, occurrences, {})
    facts = {
        key: Facts(booking=BookingState.PROPOSED, starts_at=slot.starts_at, ends_at=slot.ends_at)
        for key, slot in slots.items()
        if slot
    }
    return board_of(municipality, school_year, occurrences, facts, now=now)


def as_json(board: Board, row: Row) -> dict[str, Any]:
    """Give a row with its stable keys; dates and instants in ISO form."""
    occurrence, facts = row.occurrence, row.facts
    activity = board.municipality.wheel.activity(occurrence.activity)
    return {
        "key": occurrence.key,
        "municipality": occurrence.municipality,
        "school_year": occurrence.school_year.label,
        "row": activity.row,
        "ring": activity.ring.value,
        "activity": occurrence.activity,
        "title": occurrence.title,
        "kind": occurrence.kind.value,
        "opens": occurrence.opens.isoformat(),
        "due": occurrence.due.isoformat(),
        "starts_at": facts.starts_at.isoformat() if facts.starts_at else None,
        "ends_at": facts.ends_at.isoformat() if facts.ends_at else None,
        "school": occurrence.school,
        "school_name": board.municipality.school(occurrence.school).name if occurrence.school else None,
        "school_group": occurrence.school_group,
        "status": row.state.value,
    }


def as_texts(board: Board, row: Row) -> tuple[str, ...]:
    """Give a row as a person reads it."""
    occurrence, facts = row.occurrence, row.facts
    when = danish.instant_text(facts.starts_at) if facts.starts_at else ""
    return (
        occurrence.key,
        occurrence.title,
        unit_name(board.municipality, occurrence),
        f"{occurrence.opens:%d.%m.%Y}",
        f"{occurrence.due:%d.%m.%Y}",
        when,
        TEXTS[row.state],
    )
