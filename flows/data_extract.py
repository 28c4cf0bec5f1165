"""data_extract: pulls the figures of the extracts that are due, and puts them on show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import flow

from flows.outcome import Outcome
from flows.shell import ALL, Ended, perform
from kvalitet.adapters.danish import count_text, date_text
from kvalitet.adapters.extracting.asking import source_name
from kvalitet.adapters.extracting.pulling import Errand, next_day, parts_due, pull
from kvalitet.adapters.store import plans
from kvalitet.board import danish_date
from kvalitet.occurrences import stands
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.extracting.pulling import Pulled
    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

TITLE = "Hent dataudtræk"


@flow(name="data_extract", flow_run_name=f"{TITLE} – {{municipality}}")
async def data_extract(municipality: str = ALL) -> Ended:
    """Henter de dataudtræk, der er på tide, og stiller tallene frem; de seneste gode tal bliver stående."""
    return await perform(TITLE, run, municipality=municipality)


def run(installation: Installation, municipality: Municipality, *, now: datetime) -> Outcome:
    """Ask every source whose time has come.

    "Not published yet" is no failure: the source is asked again the next day, and once a week
    after the extract's window. A source that fails leaves the figures on show as they are.
    """
    today = danish_date(now)
    with installation.store.read() as connection:
        waking = plans.waking(connection, municipality.key, today=today, kinds=[Kind.EXTRACT])
    errands = [
        Errand(installation, municipality, occurrence, now)
        for occurrence in waking
        if stands(municipality, occurrence, today=today)
    ]
    pulled = [(errand.occurrence, each) for errand in errands for each in _pull_due(errand)]
    rows = [told(occurrence, each) for occurrence, each in pulled if not each.ending.outcome.is_failure]
    failures = [
        f"{occurrence.title}, {source_name(each.asked.source)}: {each.ending.detail}"
        for occurrence, each in pulled
        if each.ending.outcome.is_failure
    ]
    links = [_link(installation, occurrence, each) for occurrence, each in pulled]
    asked = count_text(len(pulled), "kilde", "kilder").capitalize()
    summary = f"{asked} er spurgt." if pulled else "Ingen dataudtræk i dag."
    return Outcome(summary, tuple(rows), tuple(failures), tuple(links))


def told(occurrence: Occurrence, pulled: Pulled) -> dict[str, str]:
    """Tell of one source in a row that a person can read."""
    again = pulled.ending.next_try
    return {
        "udtræk": occurrence.title,
        "kilde": source_name(pulled.asked.source),
        "udfald": pulled.ending.outcome.danish,
        "hvad der skete": pulled.ending.detail,
        "næste forsøg": date_text(again) if again else "",
    }


def _link(installation: Installation, occurrence: Occurrence, pulled: Pulled) -> tuple[str, str]:
    """Give what the link to a pull's page is called, and where it leads."""
    year = pulled.asked.request.school_year.label
    title = f"{occurrence.title}, {source_name(pulled.asked.source)}, {year}"
    return title, f"{installation.settings.public_url}/{occurrence.municipality}/udtraek/{pulled.pull}"


def _pull_due(errand: Errand) -> list[Pulled]:
    with errand.installation.store.read() as connection:
        parts = parts_due(connection, errand)
    pulled = pull(errand, parts)
    with errand.installation.store.write() as connection:
        plans.set_wake(connection, errand.occurrence.key, next_day(connection, errand))
    return pulled
