"""Releasing: writing the next version of a report, once everything that must come first is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.evaluating import keep_verdicts
from kvalitet.adapters.installation import board_on
from kvalitet.adapters.reports import keeping
from kvalitet.adapters.reports.building import build
from kvalitet.adapters.reports.gathering import gather
from kvalitet.adapters.reports.keeping import NewReport
from kvalitet.adapters.reports.writers import Format, written
from kvalitet.adapters.store import log
from kvalitet.quality_reports import Edition, Version

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.reports.keeping import StoredReport
    from kvalitet.adapters.reports.model import QualityReport
    from kvalitet.board import Board
    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Municipality


@dataclass(frozen=True)
class Standing:
    """Rapportens stilling: what has been written of a school year, and what each version waits for."""

    stored: tuple[StoredReport, ...]
    obstacles: dict[Version, tuple[str, ...]]
    next_step: Version | None


def standing_of(
    installation: Installation, municipality: Municipality, school_year: SchoolYear, *, now: datetime
) -> Standing:
    """Tell how far the report of a school year is."""
    plan = municipality.report
    stored = keeping.versions(installation.settings.home, municipality.key, school_year)
    written_versions = {one.version for one in stored}
    with installation.store.read() as connection:
        waits = unfinished(board_on(connection, municipality, school_year, now=now))
    found = {version: plan.obstacles(version, written_versions, waits) for version in plan.steps}
    return Standing(stored, found, plan.next_step(written_versions))


def unfinished(board: Board) -> tuple[str, ...]:
    """Name what the final version waits for and is not done: delivered, held, or waived with a reason."""
    municipality = board.municipality
    plan, wheel = municipality.report, municipality.wheel
    before = wheel.activity(plan.activity).after if plan.activity in wheel else ()
    wanted = dict.fromkeys([*before, *filter(None, [plan.statements])])
    return tuple(
        f"»{row.occurrence.title}« fra {_whose(municipality, row.occurrence.school)}"
        for key in wanted
        for row in board.of(key)
        if not row.state.is_done
    )


def preview(
    installation: Installation,
    municipality: Municipality,
    school_year: SchoolYear,
    edition: Edition,
    *,
    now: datetime,
) -> QualityReport:
    """Make an edition as it would be now, without keeping it."""
    with installation.store.read() as connection:
        facts = gather(connection, municipality, school_year, edition, now=now)
    stored = keeping.versions(installation.settings.home, municipality.key, school_year)
    return build(facts, Version.DRAFT, earlier=stored)


def release(
    installation: Installation,
    municipality: Municipality,
    school_year: SchoolYear,
    version: Version,
    *,
    by: str,
    now: datetime,
) -> StoredReport:
    """Write a version: both editions in every format, kept for good; refused while anything is to come first."""
    standing = standing_of(installation, municipality, school_year, now=now)
    if obstacles := standing.obstacles.get(version, municipality.report.obstacles(version, (), ())):
        raise UserError(
            f"{municipality.report.title} {school_year.label} kan ikke skrives som »{version.danish}« endnu. "
            f"{' '.join(obstacles)}"
        )
    number = 1 + max((one.number for one in standing.stored), default=0)
    files: dict[str, bytes] = {}
    with installation.store.write() as connection:
        keep_verdicts(connection, municipality, [school_year], now=now)  # the pages are to show what the report says
    with installation.store.read() as connection:
        facts = [gather(connection, municipality, school_year, edition, now=now) for edition in Edition]
    for one in facts:
        report = build(one, version, number=number, earlier=standing.stored)
        files |= {keeping.file_name(one.edition, form): written(report, form, now=now) for form in Format}
    new = NewReport(school_year, version, now, by, files)
    stored = keeping.keep(installation.settings.home, municipality.key, new, number)
    _tell(installation, municipality, stored, by=by)
    return stored


def _tell(installation: Installation, municipality: Municipality, stored: StoredReport, *, by: str) -> None:
    detail = f"{municipality.report.title} {stored.school_year.label}, {stored.version.danish}, nr. {stored.number}"
    key = f"report_written:{municipality.key}:{stored.school_year.key}"
    with installation.store.write() as connection:
        for name in (key, f"{key}:{stored.number}"):
            event = log.Event(
                name,
                stored.written_at,
                "report_written",
                municipality.key,
                detail=f"{detail} (kendingsmærke {stored.digest[:16]})",
                actor=by,
            )
            if log.tell(connection, event):
                return


def _whose(municipality: Municipality, school: str | None) -> str:
    return municipality.school(school).name if school else municipality.name
