"""quality_report: writes the yearly report when a wheel has come round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters import reports
from kvalitet.adapters.store import log, plans
from kvalitet.board import danish_date
from kvalitet.days import SchoolYear

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality

TITLE = "Skriv kvalitetsrapporten"


@flow(name="quality_report", flow_run_name=f"{TITLE} – {{municipality}}")
async def quality_report(municipality: str = ALL, school_year: str | None = None) -> Ended:
    """Skriver kvalitetsrapporten, når et hjul er kørt rundt; eller for ét skoleår som »2026/27«."""
    chosen = SchoolYear.parse(school_year) if school_year else None
    return await perform(TITLE, run, municipality=municipality, school_year=chosen)


def run(
    installation: Installation, municipality: Municipality, *, now: datetime, school_year: SchoolYear | None = None
) -> Outcome:
    """Write the report of one school year, or of every ended one that has none."""
    years = [school_year] if school_year else _ended_without_report(installation, municipality, now)
    rows = []
    for year in years:
        path = reports.write(installation, municipality, year, now=now)
        with installation.store.write() as connection:
            log.tell(connection, _event(municipality, year, path.name, now=now))
        rows.append({"skoleår": year.label, "rapport": path.name})
    return Outcome(f"{len(rows)} rapporter skrevet." if rows else "Ingen rapporter at skrive.", tuple(rows))


def has_work(installation: Installation, municipality: Municipality, now: datetime) -> bool:
    """Tell whether a wheel has come round without a report."""
    return bool(_ended_without_report(installation, municipality, now))


def _ended_without_report(installation: Installation, municipality: Municipality, now: datetime) -> list[SchoolYear]:
    today = danish_date(now)
    with installation.store.read() as connection:
        planned = plans.school_years(connection, municipality.key)
        ended = [year for year in planned if municipality.wheel.span(year)[1] < today]
        written = log.told(connection, [_key(municipality, year) for year in ended])
    return [year for year in ended if _key(municipality, year) not in written]


def _key(municipality: Municipality, school_year: SchoolYear) -> str:
    return f"report_written:{municipality.key}:{school_year.key}"


def _event(municipality: Municipality, school_year: SchoolYear, name: str, *, now: datetime) -> log.Event:
    return log.Event(_key(municipality, school_year), now, "report_written", municipality.key, detail=name)
