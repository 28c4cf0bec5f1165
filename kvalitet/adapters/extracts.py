"""Extracts: pulling figures from a source and putting them on show, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.danish import local
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.sources.figures_folder import FiguresFolder
from kvalitet.adapters.sources.school_figures_file import FiguresFile
from kvalitet.adapters.sources.source import ExtractRequest
from kvalitet.adapters.sources.stil.api import StilApi
from kvalitet.adapters.sources.stil.pulling import Stil
from kvalitet.adapters.store import log, snapshots

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.sources.source import RawExtract, Source
    from kvalitet.adapters.store.snapshots import Snapshot
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence

FIGURES = "figures"


@dataclass(frozen=True)
class Pulled:
    """Hentet: the snapshot that is on show now, and what the source gave."""

    snapshot: Snapshot
    extract: RawExtract


def source_of(installation: Installation, municipality: Municipality, name: str) -> Source:
    """Give the source that an activity names: `files` or `stil`."""
    if name == "stil":
        settings = installation.settings
        return Stil(api=StilApi(key=settings.stil_key.get_secret_value(), address=settings.stil_url))
    return FiguresFolder(installation.settings.municipality_folder / municipality.key / FIGURES)


def pull(installation: Installation, municipality: Municipality, occurrence: Occurrence, *, now: datetime) -> Pulled:
    """Pull one occurrence's figures and publish them; a source's error leaves everything as it was."""
    activity = municipality.wheel.activity(occurrence.activity)
    request = ExtractRequest(
        municipality=municipality.key,
        municipality_name=municipality.name.removesuffix(" Kommune"),
        school_year=occurrence.school_year.plus(activity.extract_year_offset),
        indicators=activity.extract_indicators,
        schools=frozenset(school.number for school in municipality.schools),
        asked_on=local(now).date(),
    )
    extract = source_of(installation, municipality, activity.extract_source).fetch(request)
    with installation.store.write() as connection:
        kept = _keep(connection, municipality, activity.extract_source, extract, occurrence=occurrence.key, now=now)
        detail = f"{len(extract.measurements)} tal for {request.school_year.label} fra {extract.label}"
        log.tell(connection, log.about("extract_published", occurrence, at=now, suffix=f":{kept.id}", detail=detail))
        for problem in extract.problems:
            suffix = f":{kept.id}:{problem.row}"
            told = f"række {problem.row} er udeladt: {problem.why}"
            log.tell(connection, log.about("extract_row_left_out", occurrence, at=now, suffix=suffix, detail=told))
    return Pulled(kept, extract)


def import_file(installation: Installation, municipality: Municipality, path: Path, *, now: datetime) -> Snapshot:
    """Publish the figures of a file that a person gives; a file with faulty rows is refused whole."""
    schools = frozenset(school.number for school in municipality.schools)
    extract = FiguresFile.at(path).read(schools=schools)
    if extract.problems:
        faults = "; ".join(f"række {problem.row}: {problem.why}" for problem in extract.problems[:10])
        raise UserError(f"Filen {path.name} er ikke indlæst. {faults}")
    with installation.store.write() as connection:
        kept = _keep(connection, municipality, "import", extract, occurrence=None, now=now)
        detail = f"{len(extract.measurements)} tal fra {path.name}"
        key = f"extract_published:{municipality.key}:{kept.id}"
        log.tell(connection, log.Event(key, now, "extract_published", municipality.key, detail=detail))
    return kept


def _keep(
    connection: Connection,
    municipality: Municipality,
    source: str,
    extract: RawExtract,
    *,
    occurrence: str | None,
    now: datetime,
) -> Snapshot:
    new = snapshots.NewSnapshot(
        municipality.key, occurrence, source, {"request": extract.request}, extract.content, extract.measurements
    )
    kept, _ = snapshots.add(connection, new, now=now)
    snapshots.publish(connection, kept.id, now=now)
    return kept
