"""Calling: what was said on the phone is noted, so that whoever calls next knows; it goes into no mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters.errors import UserError
from kvalitet.adapters.store import log
from kvalitet.adapters.store.agreements import contact_notes

if TYPE_CHECKING:
    from datetime import datetime

    from kvalitet.adapters.installation import Installation
    from kvalitet.occurrences import Occurrence

LONGEST_NOTE = 2000


def note_call(installation: Installation, occurrence: Occurrence, text: str, *, by: str, now: datetime) -> None:
    """Keep what was said about an occurrence; the log tells that there was a call, not what was said."""
    said = text.strip()
    if not said:
        raise UserError("Skriv, hvad der blev talt om.")
    if len(said) > LONGEST_NOTE:
        raise UserError(f"Notatet er for langt; det må højst fylde {LONGEST_NOTE} tegn.")
    with installation.store.write() as connection:
        contact_notes.add(connection, occurrence.key, text=said, by=by, now=now)
        log.tell(connection, log.about("called", occurrence, at=now, suffix=f":{now.isoformat()}", actor=by))
