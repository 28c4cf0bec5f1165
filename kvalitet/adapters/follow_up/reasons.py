"""Reasons: why nobody is to be written to about an occurrence, in words for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.predecessors import waits_for
from kvalitet.board import danish_date
from kvalitet.status import State, status_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.store.quiet.school_pauses import SchoolPause
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.status import Facts

DONE = {State.WAIVED: "er fritaget", State.APPROVED: "er godkendt"}


def why_not(
    connection: Connection,
    municipality: Municipality,
    occurrence: Occurrence,
    known: Facts,
    pauses: Mapping[str, SchoolPause],
    *,
    now: datetime,
) -> str:
    """Say why nobody hears of a deliverable, such as "er fritaget"; "" when nothing is in the way."""
    today = danish_date(now)
    state = status_of(occurrence, known, now=now, today=today)
    if state.is_done:
        return DONE.get(state, "er afleveret")
    if today < occurrence.opens:
        return f"åbner først {danish.date_text(occurrence.opens)}"
    if pause := pauses.get(occurrence.school or ""):
        return f"er på pause ({pause.reason})"
    if waits := waits_for(connection, municipality, occurrence, today=today):
        return f"venter på {danish.list_text([f'»{title}«' for title in waits])}"
    return ""
