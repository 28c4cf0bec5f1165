"""What a flow found and did, for the log, for Prefect's artifacts and for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kvalitet.adapters.inviting import Invited


@dataclass(frozen=True)
class Outcome:
    """Udfald: one Danish sentence, and a row for each thing done (column -> text)."""

    summary: str
    rows: tuple[dict[str, str], ...] = ()
    failures: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows or self.failures)


def of_invited(invited: Invited) -> Outcome:
    """Tell of the meetings that people were invited to."""
    rows = tuple(
        {"møde": meeting.title, "for": meeting.school or meeting.school_group or ""} for meeting in invited.meetings
    )
    summary = f"Indkaldt til {len(rows)} møder." if rows else "Ingen møder at indkalde til."
    return Outcome(summary, rows, invited.failures)
