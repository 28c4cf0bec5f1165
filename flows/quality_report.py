"""quality_report: writes the draft of the yearly report when a wheel has come round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters.reports import keeping, releasing
from kvalitet.adapters.reports.keeping import NumberTakenError, file_name
from kvalitet.adapters.reports.writers import Format
from kvalitet.adapters.store import plans
from kvalitet.board import danish_date
from kvalitet.days import SchoolYear
from kvalitet.quality_reports import Edition

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.reports.keeping import StoredReport
    from kvalitet.municipality import Municipality

TITLE = "Skriv kvalitetsrapporten"
BY = "Årshjulet"


@flow(name="quality_report", flow_run_name=f"{TITLE} – {{municipality}}")
async def quality_report(municipality: str = ALL, school_year: str | None = None) -> Ended:
    """Skriver kvalitetsrapportens kladde, når et hjul er kørt rundt; eller for ét skoleår som »2026/27«."""
    chosen = SchoolYear.parse(school_year) if school_year else None
    return await perform(TITLE, run, municipality=municipality, school_year=chosen)


def run(
    installation: Installation, municipality: Municipality, *, now: datetime, school_year: SchoolYear | None = None
) -> Outcome:
    """Write the first step of one school year's report, or of the newest ended year if it has none."""
    years = [school_year] if school_year else _ended_without_report(installation, municipality, now)
    first = municipality.report.steps[0]
    written = [one for year in years if (one := _write(installation, municipality, year, now=now))]
    rows = tuple({"skoleår": one.school_year.label, "rapport": f"{first.danish}, nr. {one.number}"} for one in written)
    links = tuple(_link(installation, municipality, one) for one in written)
    return Outcome(f"{len(rows)} rapporter skrevet." if rows else "Ingen rapporter at skrive.", rows, links=links)


def _write(
    installation: Installation, municipality: Municipality, school_year: SchoolYear, *, now: datetime
) -> StoredReport | None:
    """Write a report's first step, unless another run is just through with it."""
    try:
        return releasing.release(installation, municipality, school_year, municipality.report.steps[0], by=BY, now=now)
    except NumberTakenError:
        return None


def has_work(installation: Installation, municipality: Municipality, now: datetime) -> bool:
    """Tell whether a wheel has come round without a report."""
    return bool(_ended_without_report(installation, municipality, now))


def _ended_without_report(installation: Installation, municipality: Municipality, now: datetime) -> list[SchoolYear]:
    today = danish_date(now)
    with installation.store.read() as connection:
        planned = plans.school_years(connection, municipality.key)
    # Only the newest wheel that has come round: nobody asked for the reports of years long gone.
    ended = sorted(year for year in planned if municipality.wheel.span(year)[1] < today)[-1:]
    home = installation.settings.home
    return [year for year in ended if not keeping.versions(home, municipality.key, year)]


def _link(installation: Installation, municipality: Municipality, stored: StoredReport) -> tuple[str, str]:
    """Give what the link to a written report is called, and where it leads."""
    title = f"{municipality.report.title} {stored.school_year.label}, {stored.version.danish}, nr. {stored.number}"
    name = file_name(Edition.PUBLIC, Format.PDF)
    page = f"/{municipality.key}/rapport/{stored.school_year.key}/{stored.number}/{name}"
    return title, installation.settings.public_url + page
