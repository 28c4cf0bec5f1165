"""Visitors: who a cookie's session is today, by the files and the grants as they are now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.access import accounts, sessions
from kvalitet.adapters.access.sessions import Method, Session
from kvalitet.board import danish_date
from kvalitet.rights import ACCESSES, Access, Standing, Viewer, standings_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.municipality import Municipality


@dataclass(frozen=True, slots=True)
class Visitor:
    """Besøgende: a viewer and the session that says so."""

    viewer: Viewer
    session: Session


def visitor(installation: Installation, token: str, *, now: datetime) -> Visitor | None:
    """Find who a cookie lets in, and note that they were here; None when the session is over."""
    found = _known(installation, token, today=danish_date(now))
    if found is None or not found.session.is_live(installation.settings, now=now):
        return None
    if not sessions.is_seen_lately(found.session, now=now):
        installation.seen.note(installation.store, found.session, now=now)
    return found


def remembered(installation: Installation, token: str, *, now: datetime) -> Viewer | None:
    """Find whose session has run out lately: what they were typing may be kept for them, and nothing else."""
    found = _known(installation, token, today=danish_date(now))
    return found.viewer if found and found.session.is_remembered(installation.settings, now=now) else None


def by_mailbox(installation: Installation, address: str, *, today: date) -> tuple[Standing, ...]:
    """List what a mailbox lets somebody in as today, in the municipalities that let people in by mail."""
    municipalities = [found for found in installation.municipalities if found.login.by_mail]
    standings = [standing for found in municipalities for standing in standings_of(found, address, today=today)]
    if address.lower() in installation.settings.operator_addresses:
        standings += [Standing(found.key, Access.OPERATOR) for found in municipalities]
    return tuple(standings)


def is_let_in_by_mail(installation: Installation, municipality: str, address: str, *, now: datetime) -> bool:
    """Tell whether a mailbox lets somebody in to a municipality (by its key) now."""
    found = by_mailbox(installation, address, today=danish_date(now))
    return any(standing.municipality == municipality for standing in found)


def _known(installation: Installation, token: str, *, today: date) -> Visitor | None:
    with installation.store.read() as connection:
        session = sessions.with_token(connection, token) if token else None
        if session is None:
            return None
        return Visitor(_viewer(installation, connection, session, today=today), installation.seen.of(session))


def _viewer(installation: Installation, connection: Connection, session: Session, *, today: date) -> Viewer:
    if session.method is Method.DEMONSTRATION:
        standing = session.standing
        if standing is None or not installation.is_demonstration or not _stands(installation, standing, today=today):
            return Viewer(f"demonstration:{session.id}", "Ingen")
        name = _as_whom(installation, standing)
        return Viewer(f"demonstration:{standing.access}:{standing.school or ''}", name, "", (standing,))
    if session.method is Method.LINK:
        name = _name_at(installation, session.address)
        standings = by_mailbox(installation, session.address, today=today)
        return Viewer(f"mail:{session.address}", name, session.address, standings)
    account = accounts.account(connection, session.account) if session.account else None
    if account is None:
        return Viewer(f"session:{session.id}", "Ingen")
    granted = (found.standing for found in accounts.grants(connection, account.id))
    standings = tuple(found for found in granted if _stands(installation, found, today=today, issuer=account.issuer))
    return Viewer(f"account:{account.id}", account.name, account.address, standings)


def _stands(installation: Installation, standing: Standing, *, today: date, issuer: str | None = None) -> bool:
    """Tell whether the files still have what somebody was let in to, and let them in by the same login."""
    found = [one for one in installation.municipalities if one.key == standing.municipality]
    is_same_login = any(one.login.issuer == issuer or issuer is None for one in found)
    return is_same_login and standing.holds(found[0], today=today)


def _name_at(installation: Installation, address: str) -> str:
    """Name whoever reads a mailbox as the files do."""
    for municipality in installation.municipalities:
        for person in (*municipality.contacts, *(school.leader for school in municipality.schools)):
            if person.address.lower() == address.lower():
                return person.name
    return address


def _as_whom(installation: Installation, standing: Standing) -> str:
    municipality: Municipality = installation.municipality(standing.municipality)
    where = municipality.school(standing.school).name if standing.school else municipality.name
    return f"{ACCESSES[standing.access].capitalize()}, {where}"
