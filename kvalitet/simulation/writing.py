"""What a simulated year leaves behind for people to read: its log and its summary."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.store import log, outbox
from kvalitet.board import progress_of
from kvalitet.messages import KINDS
from kvalitet.municipality import DANISH_TIME

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from kvalitet.adapters.installation import Installation
    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Municipality

COLUMNS = ("at", "event", "municipality", "activity", "school", "recipient", "message_id", "detail")
TOLD = frozenset(
    {"mail_sent", "delivered", "waived", "extract_published", "meeting_booked", "occurrence_opened", "verdict"}
)


def write_events(installation: Installation, municipality: Municipality, path: Path) -> None:
    """Write the log as CSV; instants in Danish time with their offset."""
    with installation.store.read() as connection:
        events = [event for event in log.events(connection, municipality.key) if event.event in TOLD]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for event in events:
            at = event.at.astimezone(DANISH_TIME).isoformat(timespec="seconds")
            writer.writerow([at, *(getattr(event, column) for column in COLUMNS[1:])])


def write_summary(
    installation: Installation,
    municipality: Municipality,
    school_year: SchoolYear,
    path: Path,
    *,
    seed: int,
    now: datetime,
) -> None:
    """Write the year's summary in Danish Markdown."""
    board = installation.board(municipality, school_year, now=now)
    with installation.store.read() as connection:
        mails = outbox.mails(connection, municipality.key, contents=False)
    lines = [f"# {municipality.name}, skoleåret {school_year.label}: en afspilning", ""]
    lines += [f"Skolernes afleveringer er trukket med frøet {seed}; de er ikke rigtige.", "", "## Gennemført", ""]
    lines += ["| Punkt | Gennemført | Forventet |", "|---|---:|---:|"]
    for activity, rows in board.activities():
        counted = progress_of(rows)
        lines.append(f"| {activity.title} | {counted.done} | {counted.expected} |")
    lines += ["", "## Mails", "", "| Mail | Antal |", "|---|---:|"]
    kinds = Counter(mail.template for mail in mails if mail.sent_at)
    lines += [f"| {kind} | {kinds[key]} |" for key, kind in KINDS.items() if key in kinds]
    lines += ["", "## Mails pr. skole", "", "| Skole | Antal |", "|---|---:|"]
    by_school = Counter(mail.school for mail in mails if mail.sent_at and mail.school)
    names = {number: municipality.school(number).name for number in by_school}
    ordered = sorted(by_school, key=lambda number: danish.sort_key(names[number]))
    lines += [f"| {names[number]} | {by_school[number]} |" for number in ordered]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
