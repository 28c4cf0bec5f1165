"""What a flow found and did, for the log, for Prefect's artifacts and for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kvalitet.adapters.inviting import Invited
    from kvalitet.adapters.meetings.reconciling import Reconciled
    from kvalitet.occurrences import Occurrence


@dataclass(frozen=True)
class Outcome:
    """Udfald: one Danish sentence, a row for each thing done (column -> text), and links (text, address) to look at."""

    summary: str
    rows: tuple[dict[str, str], ...] = ()
    failures: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows or self.failures)


def of_meetings(reconciled: Reconciled, invited: Invited) -> Outcome:
    """Tell of the meetings that people were told something new about, and of those that they were invited to."""
    rows = (
        *(_row(meeting, "ændret") for meeting in reconciled.meetings),
        *(_row(meeting, "indkaldt") for meeting in invited.meetings),
    )
    told = [
        f"Indkaldt til {len(invited.meetings)} møder." if invited.meetings else "Ingen møder at indkalde til.",
        f"Ændringer i {len(reconciled.meetings)} møder er meddelt." if reconciled.meetings else "",
    ]
    return Outcome(" ".join(filter(None, told)), rows, (*reconciled.failures, *invited.failures))


def _row(meeting: Occurrence, what: str) -> dict[str, str]:
    return {"møde": meeting.title, "for": meeting.school or meeting.school_group or "", "hvad": what}
