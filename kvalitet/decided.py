"""Decided: what the director has said of a delivery, and the mail that tells the school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.messages import Message, owners, unit_name

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class Decided:
    """Afgjort: what was said of one version of a delivery, by whom and when; `decision` is a `Decision`'s word."""

    decision: str
    version: int
    comment: str
    by: str
    decided_at: datetime


def decision_messages(municipality: Municipality, occurrence: Occurrence, decided: Decided) -> tuple[Message, ...]:
    """Tell those who deliver what was said of a version: that it is approved, or why it comes back."""
    word = f"{decided.decision}:{decided.version}"
    return tuple(
        Message(
            key=f"{word}:{occurrence.key}:{decided.decided_at:%Y%m%dT%H%M%S}:{person.address}",
            template=decided.decision,
            municipality=municipality,
            to=person,
            thread=occurrence.key,
            about={occurrence.key: word},
            values={"occurrence": occurrence, "unit": unit_name(municipality, occurrence), "decided": decided},
            school=occurrence.school,
            activity=occurrence.activity,
        )
        for person in owners(municipality, occurrence)
    )
