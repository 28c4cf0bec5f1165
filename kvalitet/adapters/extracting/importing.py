"""Importing: the figures of a file that a person gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.extracting.asking import IMPORT
from kvalitet.adapters.extracting.keeping import Kept, keep, published_on
from kvalitet.adapters.extracting.reviewing import once_each, review
from kvalitet.adapters.extracting.telling import sentence
from kvalitet.adapters.sources.files.school_figures_file import FiguresFile
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.adapters.store import log, snapshots
from kvalitet.adapters.store.extracts import pulls
from kvalitet.adapters.store.extracts.pulls import Ending, PullKey
from kvalitet.adapters.store.snapshots import NewSnapshot
from kvalitet.pulls import PullOutcome

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.sources.source import RawExtract
    from kvalitet.municipality import Municipality
    from kvalitet.pulls import Finding

TOLD_FAULTS = 10


def import_file(installation: Installation, municipality: Municipality, path: Path, *, now: datetime) -> Kept:
    """Keep the figures of a file and show them; a file with rows that cannot be read is refused whole."""
    schools = frozenset(school.number for school in municipality.schools)
    extract = FiguresFile.at(path).read(schools=schools, municipality_name=municipality.name)
    if extract.problems:
        faults = "; ".join(map(str, extract.problems[:TOLD_FAULTS]))
        raise UserError(f"Filen {path.name} er ikke indlæst. {faults}")
    if not extract.measurements:
        raise UserError(f"Filen {path.name} har ingen tal for skolerne i {municipality.name}; vælg en anden.")
    findings = _reviewed(installation, municipality, extract)
    new = NewSnapshot(
        municipality.key,
        None,
        IMPORT,
        {"request": extract.request},
        extract.content,
        once_each(extract).measurements,
        content_type=extract.content_type,
        label=path.name,
        published_on=published_on(extract.measurements),
        updated_at=extract.updated_at,
    )
    with installation.store.write() as connection:
        kept = keep(connection, municipality, new, findings, now=now)
        ending = Ending(kept.outcome, sentence(kept, extract, findings), kept.snapshot.id)
        key = PullKey(municipality.key, None, IMPORT, None)
        number = pulls.keep(connection, key, {"file": path.name}, ending, now=now)
        event = "extract_held" if kept.outcome is PullOutcome.QUARANTINED else "extract_published"
        told = log.Event(f"{event}:{municipality.key}:{number}", now, event, municipality.key, detail=ending.detail)
        log.tell(connection, told)
    return kept


def _reviewed(installation: Installation, municipality: Municipality, extract: RawExtract) -> list[Finding]:
    found = extract.measurements
    indicators = {one.indicator for one in found}
    with installation.store.read() as connection:
        shown = snapshots.measurements(connection, municipality.key, indicators=indicators)
    years = sorted({one.school_year for one in found})
    return review(extract, municipality, shown=shown, indicators=load_catalogue().indicators, years=years)
