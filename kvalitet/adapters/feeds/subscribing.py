"""Subscribing: making, revoking and answering feeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from kvalitet import feeds
from kvalitet.adapters.danish import count_text
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.feeds import keeping
from kvalitet.adapters.feeds.writing import ONE_DAY, Entry, calendar
from kvalitet.adapters.store import bookings, log, plans
from kvalitet.adapters.store.log import Event
from kvalitet.board import danish_date
from kvalitet.feeds import ROLES, Content, FeedState
from kvalitet.messages import unit_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from kvalitet.adapters.feeds.keeping import Feed
    from kvalitet.adapters.installation import Installation
    from kvalitet.board import Board
    from kvalitet.municipality import Contact, Municipality
    from kvalitet.wheel import Role

FILES: dict[Content, str] = {Content.MEETINGS: "moeder", Content.DEADLINES: "frister", Content.ALL: "alt"}
TITLES: dict[Content, str] = {
    Content.MEETINGS: "Møder",
    Content.DEADLINES: "Frister",
    Content.ALL: "Møder og frister",
}


@dataclass(frozen=True, slots=True)
class Made:
    """Nyt abonnement: the feed, its token, which is shown this once, and its addresses."""

    feed: Feed
    token: str
    addresses: dict[Content, str]


def create(
    installation: Installation, municipality: Municipality, *, role: Role, address: str, now: datetime, by: str = ""
) -> Made:
    """Make a feed for a person of the files, in a role that they hold; anybody else is a UserError."""
    today = danish_date(now)
    held = feeds.held_by(municipality, role, address, today=today)
    if not held:
        raise UserError(
            f"»{address}« har ikke rollen {ROLES[role]} i filerne for {municipality.name}; "
            "se efter i contacts.yaml og schools.yaml."
        )
    shown = installation.current_year(municipality, now=now)
    with installation.store.write() as connection:
        made, token = keeping.add(
            connection,
            municipality.key,
            role=role,
            address=held[0].address,
            expires_on=feeds.last_day(shown, today=today),
            now=now,
        )
        log.tell(connection, _event("feed_created", made, now, by))
    return Made(made, token, {content: _address(installation, token, content) for content in Content})


def revoke(
    installation: Installation, municipality: Municipality, identity: int, *, now: datetime, by: str = ""
) -> bool:
    """Let a feed's address work no more; tells whether it did until now. An unknown number is a UserError."""
    with installation.store.write() as connection:
        known = keeping.feed(connection, identity)
        if known is None or known.municipality != municipality.key:
            raise UserError(f"Kalender nr. {identity} findes ikke hos {municipality.name}; se »kvalitet feed list«.")
        is_new = keeping.revoke(connection, identity, now=now)
        if is_new:
            log.tell(connection, _event("feed_revoked", known, now, by))
    return is_new


def revoke_departed(installation: Installation, municipality: Municipality, *, now: datetime) -> int:
    """Shut the feeds whose owners have left the files or lost the role; tells how many there were."""
    with installation.store.read() as connection:
        known = keeping.feeds(connection, municipality.key)
    left = [one for one in known if state_of(municipality, one, now=now) is FeedState.LEFT]
    return sum(revoke(installation, municipality, one.id, now=now) for one in left)


def opened(installation: Installation, token: str, *, now: datetime) -> Feed | None:
    """Find the feed that a token opens today; one whose owner has left the files is revoked at once."""
    with installation.store.read() as connection:
        known = keeping.with_token(connection, token)
    if known is None or not known.is_live(today=danish_date(now)):
        return None
    municipality = _municipality(installation, known)
    if municipality is None:
        return None
    if not readers(municipality, known, now=now):
        revoke(installation, municipality, known.id, now=now)
        return None
    if not keeping.is_used_lately(known, now=now):
        with installation.store.write() as connection:
            keeping.note_use(connection, known.id, now=now)
    return known


def content_of(installation: Installation, known: Feed, content: Content, *, now: datetime) -> bytes:
    """Write what a feed shows now."""
    municipality = installation.municipality(known.municipality)
    name = f"{TITLES[content]} – årshjul for {municipality.name}"
    return calendar(name, _entries(installation, municipality, known, content, now=now))


def content_of_board(installation: Installation, board: Board) -> bytes:
    """Write the meetings and due dates that a board shows, to be put into a calendar once."""
    municipality = board.municipality
    overseers = tuple(contact for contact in municipality.contacts if contact.role in feeds.OVERSEEING)
    entries = (*_meetings(installation, board, overseers), *_deadlines(installation, board, overseers))
    return calendar(f"Årshjul {board.school_year.label} – {municipality.name}", entries)


def readers(municipality: Municipality, known: Feed, *, now: datetime) -> tuple[Contact, ...]:
    """List what makes a feed's owner hold its role; nothing: the owner has left, or lost the role."""
    return feeds.held_by(municipality, known.role, known.address, today=danish_date(now))


def state_of(municipality: Municipality, known: Feed, *, now: datetime) -> FeedState:
    """Tell whether a feed's address works now."""
    if known.revoked_at:
        return FeedState.REVOKED
    if not known.is_live(today=danish_date(now)):
        return FeedState.EXPIRED
    return FeedState.LIVE if readers(municipality, known, now=now) else FeedState.LEFT


def _entries(
    installation: Installation, municipality: Municipality, known: Feed, content: Content, *, now: datetime
) -> Iterator[Entry]:
    held, today = readers(municipality, known, now=now), danish_date(now)
    with installation.store.read() as connection:
        planned = plans.school_years(connection, municipality.key)
    for year in feeds.years(municipality, planned, today=today):
        board = installation.board(municipality, year, now=now)
        if content is not Content.DEADLINES:
            yield from _meetings(installation, board, held)
        if content is not Content.MEETINGS:
            yield from _deadlines(installation, board, held)


def _meetings(installation: Installation, board: Board, held: tuple[Contact, ...]) -> Iterator[Entry]:
    municipality = board.municipality
    with installation.store.read() as connection:
        booked = bookings.bookings(connection, municipality.key)
    for row in feeds.meetings(board, held):
        occurrence, known = row.occurrence, booked[row.occurrence.key]
        yield Entry(
            uid=f"kalender.{occurrence.key}@{municipality.sender.domain}",
            stamped_at=known.stamped_at or known.slot.starts_at,
            starts=known.slot.starts_at,
            ends=known.slot.ends_at,
            title=_titled(occurrence.title, unit_name(municipality, occurrence)),
            text="",
            link=_page(installation, municipality, f"forekomst/{quote(occurrence.key)}"),
            place=known.place,
        )


def _deadlines(installation: Installation, board: Board, held: tuple[Contact, ...]) -> Iterator[Entry]:
    """Write the deadlines; a moved one is another entry, so that no calendar keeps showing the old day."""
    municipality = board.municipality
    with installation.store.read() as connection:
        hints = plans.hints(connection, municipality.key, board.school_year)
    for deadline in feeds.deadlines(board, held):
        first, count = deadline.first, len(deadline.rows)
        is_one = count == 1
        name = first.key if is_one else f"{municipality.key}.{first.school_year.key}.{first.activity}"
        many = f"aktivitet/{quote(first.activity)}?skoleaar={first.school_year.key}"
        yield Entry(
            uid=f"frist.{name}.{deadline.day:%Y%m%d}@{municipality.sender.domain}",
            stamped_at=hints[first.key].planned_at,
            starts=deadline.day,
            ends=deadline.day + ONE_DAY,
            title=_titled(f"Frist: {deadline.title}", unit_name(municipality, first) if is_one else ""),
            text="" if is_one else f"{count_text(count, 'aflevering', 'afleveringer').capitalize()}.",
            link=_page(installation, municipality, f"forekomst/{quote(first.key)}" if is_one else many),
        )


def _titled(title: str, unit: str) -> str:
    return f"{title} – {unit}" if unit else title


def _page(installation: Installation, municipality: Municipality, page: str) -> str:
    return f"{installation.settings.public_url}/{municipality.key}/{page}"


def _address(installation: Installation, token: str, content: Content) -> str:
    return f"{installation.settings.public_url}/kalender/{token}/{FILES[content]}.ics"


def _municipality(installation: Installation, known: Feed) -> Municipality | None:
    return next((found for found in installation.municipalities if found.key == known.municipality), None)


def _event(event: str, known: Feed, now: datetime, by: str) -> Event:
    return Event(
        key=f"{event}:{known.id}",
        at=now,
        event=event,
        municipality=known.municipality,
        recipient=known.address,
        detail=ROLES[known.role],
        actor=by,
    )
