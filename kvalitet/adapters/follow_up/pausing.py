"""Pausing a school: for a while nobody is reminded of what it has not delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.store import hold, log
from kvalitet.adapters.store.log import Event
from kvalitet.adapters.store.quiet import school_pauses
from kvalitet.board import danish_date

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.store.quiet.school_pauses import SchoolPause
    from kvalitet.municipality import Municipality, School

LONGEST_REASON = 500


def pause(  # noqa: PLR0913 -- what a person fills in
    installation: Installation,
    municipality: Municipality,
    number: str,
    *,
    first_day: date,
    last_day: date | None,
    reason: str,
    by: str,
    now: datetime,
) -> None:
    """Pause a school from one day to another, both inclusive; without a last day until somebody ends it."""
    school, today = _school(municipality, number), danish_date(now)
    _refuse(reason, first_day, last_day, today=today)
    with installation.store.write() as connection:
        hold(connection, f"pause:{municipality.key}:{number}")
        for other in _standing(connection, municipality, number, today=today):
            if other.first_day <= (last_day or other.first_day) and first_day <= (other.last_day or first_day):
                raise UserError(f"{school.name} er i forvejen på pause {span_text(other)}; afslut den pause først.")
        made = school_pauses.add(
            connection,
            municipality.key,
            number,
            first_day=first_day,
            last_day=last_day,
            reason=reason.strip(),
            by=by,
            now=now,
        )
        log.tell(connection, _event("school_paused", municipality, made, by=by, now=now))


def end(
    installation: Installation, municipality: Municipality, number: str, *, now: datetime, by: str = ""
) -> SchoolPause:
    """End a school's pause today, the current one or else the next, and give it."""
    school = _school(municipality, number)
    with installation.store.write() as connection:
        hold(connection, f"pause:{municipality.key}:{number}")
        standing = _standing(connection, municipality, number, today=danish_date(now))
        if not standing:
            raise UserError(f"{school.name} er ikke på pause.")
        school_pauses.end(connection, standing[0].id, now=now)
        log.tell(connection, _event("school_pause_ended", municipality, standing[0], by=by, now=now))
    return standing[0]


def standing(installation: Installation, municipality: Municipality, number: str, *, today: date) -> list[SchoolPause]:
    """List the pauses of a school that are not over."""
    with installation.store.read() as connection:
        return _standing(connection, municipality, number, today=today)


def span_text(found: SchoolPause) -> str:
    """Write "fra 2. november 2026 til og med 13. november 2026"."""
    first = f"fra {danish.date_text(found.first_day)}"
    return f"{first} til og med {danish.date_text(found.last_day)}" if found.last_day else f"{first} og indtil videre"


def _standing(connection: Connection, municipality: Municipality, number: str, *, today: date) -> list[SchoolPause]:
    pauses = school_pauses.of_school(connection, municipality.key, number)
    return [found for found in pauses if not found.is_over(today)]


def _school(municipality: Municipality, number: str) -> School:
    if not municipality.has_school(number):
        raise UserError(f"{municipality.name} har ingen skole med institutionsnummer {number}.")
    return municipality.school(number)


def _refuse(reason: str, first_day: date, last_day: date | None, *, today: date) -> None:
    if not reason.strip():
        raise UserError("Skriv, hvorfor skolen sættes på pause; begrundelsen vises på skolens side.")
    if len(reason) > LONGEST_REASON:
        raise UserError(f"Begrundelsen er for lang; skriv højst {LONGEST_REASON} tegn.")
    if first_day < today:
        raise UserError(
            f"Pausen kan ikke begynde {danish.date_text(first_day)}, som er forbi; vælg i dag eller senere."
        )
    if last_day and last_day < first_day:
        raise UserError("Pausen ender, før den begynder; ret datoerne.")


def _event(event: str, municipality: Municipality, found: SchoolPause, *, by: str, now: datetime) -> Event:
    return Event(
        key=f"{event}:{municipality.key}:{found.school}:{found.id}",
        at=now,
        event=event,
        municipality=municipality.key,
        school=found.school,
        detail=f"{span_text(found)}: {found.reason}",
        actor=by,
    )
