"""Feeds: which meetings and deadlines a person in a role sees in the calendar that they subscribe to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.days import SchoolYear
from kvalitet.status import State
from kvalitet.wheel import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from kvalitet.board import Board, Row
    from kvalitet.municipality import Contact, Municipality
    from kvalitet.occurrences import Occurrence

# They follow every meeting and delivery of those whom they serve, also where they take no part themselves.
OVERSEEING = frozenset({Role.ADMINISTRATION, Role.DIRECTOR, Role.CONSULTANT})
ROLES: dict[Role, str] = {
    Role.ADMINISTRATION: "forvaltning",
    Role.DIRECTOR: "direktør",
    Role.CONSULTANT: "konsulent",
    Role.SCHOOL_LEADER: "skoleleder",
    Role.DEPUTY: "skolelederens stedfortræder",
    Role.SCHOOL_BOARD: "skolebestyrelse",
    Role.MED_COMMITTEE: "MED-udvalg",
    Role.UNIONS: "faglig organisation",
    Role.COMMITTEE: "politisk udvalg",
}


class Content(StrEnum):
    """Indhold: what one address of a feed holds."""

    MEETINGS = "meetings"
    DEADLINES = "deadlines"
    ALL = "all"


class FeedState(StrEnum):
    """Abonnementets tilstand: whether its address works, and why not."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"
    LEFT = "left"


FEED_STATES: dict[FeedState, str] = {
    FeedState.LIVE: "i brug",
    FeedState.EXPIRED: "udløbet",
    FeedState.REVOKED: "tilbagekaldt",
    FeedState.LEFT: "virker ikke: rollen står ikke i kommunens filer",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """Frist i en kalender: one due date of one activity, and those of the reader's deliverables that have it."""

    title: str
    day: date
    rows: tuple[Row, ...]

    @property
    def first(self) -> Occurrence:
        """The occurrence that stands for them all."""
        return self.rows[0].occurrence


def everybody(municipality: Municipality, *, today: date) -> tuple[Contact, ...]:
    """List whom the files name today, each person once for each role."""
    people = _present(municipality, today=today)
    return tuple({(found.role, found.address.casefold()): found for found in people}.values())


def held_by(municipality: Municipality, role: Role, address: str, *, today: date) -> tuple[Contact, ...]:
    """List what makes an address hold a role today; nothing: the person has left, or lost the role.

    One address may stand for several: a leader of two schools, a consultant of two groups.
    """
    people, wanted = _present(municipality, today=today), address.casefold()
    return tuple(found for found in people if found.role is role and found.address.casefold() == wanted)


def meetings(board: Board, readers: Sequence[Contact]) -> tuple[Row, ...]:
    """List the meetings that are called and concern the reader; what is proposed or cancelled stands in no calendar."""
    return tuple(
        row
        for row in board.rows
        if row.state in {State.BOOKED, State.HELD} and _concerns_any(board.municipality, readers, row.occurrence)
    )


def deadlines(board: Board, readers: Sequence[Contact]) -> tuple[Deadline, ...]:
    """List the due dates that concern the reader until nothing more is expected.

    Those who oversee others get one entry for each activity and date, not one for each school.
    """
    gathered: dict[tuple[str, date, str], list[Row]] = {}
    for row in board.rows:
        found = row.occurrence
        is_expected = found.kind is Kind.DELIVERABLE and row.state is not State.WAIVED
        if is_expected and _concerns_any(board.municipality, readers, found):
            unit = "" if any(reader.role in OVERSEEING for reader in readers) else found.key
            gathered.setdefault((found.activity, found.due, unit), []).append(row)
    return tuple(
        Deadline(rows[0].occurrence.title, day, tuple(rows))
        for (_, day, _), rows in gathered.items()
        if not all(row.state.is_done for row in rows)
    )


def years(municipality: Municipality, planned: Iterable[SchoolYear], *, today: date) -> tuple[SchoolYear, ...]:
    """List the planned school years that a calendar shows today: those whose wheel has not ended before this one."""
    first = SchoolYear.containing(today).first_day
    return tuple(year for year in planned if municipality.wheel.span(year)[1] >= first)


def last_day(shown: SchoolYear, *, today: date) -> date:
    """Give when a feed that is made today ends: with the school year that the board shows, or at least this one."""
    return max(shown, SchoolYear.containing(today)).last_day


def _present(municipality: Municipality, *, today: date) -> Iterator[Contact]:
    """Go through the leaders of the schools that are there, and then everybody else with a role."""
    for school in municipality.schools:
        if not school.has_closed(today):
            yield school.leader
    yield from (contact for contact in municipality.contacts if contact.role is not Role.SCHOOL_LEADER)


def _concerns_any(municipality: Municipality, readers: Sequence[Contact], occurrence: Occurrence) -> bool:
    return any(_concerns(municipality, reader, occurrence) for reader in readers)


def _concerns(municipality: Municipality, reader: Contact, occurrence: Occurrence) -> bool:
    """Tell whether something is of a person's own units, and theirs to see by their role."""
    served = municipality.people(reader.role, school=occurrence.school, school_group=occurrence.school_group)
    if reader not in served:
        return False
    activity = municipality.wheel.activity(occurrence.activity)
    is_own_school = reader.role is Role.SCHOOL_LEADER and occurrence.school is not None
    return is_own_school or reader.role in OVERSEEING or reader.role in {activity.owner, *activity.participants}
