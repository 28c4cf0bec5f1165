"""Rights: what each kind of person may see and do, and for which schools."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet.wheel import Kind, Role

if TYPE_CHECKING:
    from datetime import date

    from kvalitet.board import Board
    from kvalitet.municipality import Municipality
    from kvalitet.occurrences import Occurrence


class Access(StrEnum):
    """Adgang: as what somebody is let in."""

    ADMINISTRATION = "administration"
    DIRECTOR = "director"
    CONSULTANT = "consultant"
    SCHOOL_LEADER = "school_leader"
    DEPUTY = "deputy"
    READER = "reader"
    OPERATOR = "operator"


ACCESSES: dict[Access, str] = {
    Access.ADMINISTRATION: "forvaltningen",
    Access.DIRECTOR: "direktør",
    Access.CONSULTANT: "konsulent",
    Access.SCHOOL_LEADER: "skoleleder",
    Access.DEPUTY: "skolelederens stedfortræder",
    Access.READER: "læser",
    Access.OPERATOR: "driften",
}


class Right(StrEnum):
    """Ret: what a page shows or lets somebody do."""

    SEE_YEAR = "see_year"
    SEE_SCHOOLS = "see_schools"
    SEE_CONFIDENTIAL = "see_confidential"
    DELIVER = "deliver"
    DECIDE = "decide"
    FOLLOW_UP = "follow_up"
    EXEMPT = "exempt"
    ARRANGE = "arrange"
    SEE_MAILS = "see_mails"
    READ_MAILS = "read_mails"
    HANDLE_MAILS = "handle_mails"
    SUBSCRIBE = "subscribe"
    MANAGE_FEEDS = "manage_feeds"
    HANDLE_EXTRACTS = "handle_extracts"
    ENTER_FIGURES = "enter_figures"
    SEE_LOG = "see_log"
    MANAGE_ACCESS = "manage_access"


_OF_ADMINISTRATION = {Right.HANDLE_MAILS, Right.MANAGE_FEEDS, Right.MANAGE_ACCESS, Right.ENTER_FIGURES}
_SCHOOL = {Right.SEE_YEAR, Right.SEE_SCHOOLS, Right.SEE_CONFIDENTIAL, Right.DELIVER, Right.SUBSCRIBE}
RIGHTS: dict[Access, frozenset[Right]] = {
    Access.ADMINISTRATION: frozenset(Right),
    Access.DIRECTOR: frozenset(Right) - _OF_ADMINISTRATION,
    Access.CONSULTANT: frozenset(
        {Right.SEE_YEAR, Right.SEE_SCHOOLS, Right.SEE_CONFIDENTIAL, Right.FOLLOW_UP, Right.SUBSCRIBE}
    ),
    Access.SCHOOL_LEADER: frozenset(_SCHOOL),
    Access.DEPUTY: frozenset(_SCHOOL),
    Access.READER: frozenset({Right.SEE_YEAR, Right.SEE_SCHOOLS, Right.SUBSCRIBE}),
    # What keeps it running, and nothing that schools have written.
    Access.OPERATOR: frozenset({Right.SEE_YEAR, Right.SEE_MAILS, Right.HANDLE_MAILS, Right.SEE_LOG}),
}
# Whoever answers for one school is nobody without it: a mistake in the files is never to open all schools.
_OF_ONE_SCHOOL = frozenset({Access.SCHOOL_LEADER, Access.DEPUTY})
_OF_THE_WHOLE = frozenset({Access.ADMINISTRATION, Access.DIRECTOR, Access.OPERATOR})
# As what the mailbox of a role lets in whoever reads it.
ACCESS_OF = {
    Role.ADMINISTRATION: Access.ADMINISTRATION,
    Role.DIRECTOR: Access.DIRECTOR,
    Role.CONSULTANT: Access.CONSULTANT,
    Role.SCHOOL_LEADER: Access.SCHOOL_LEADER,
    Role.DEPUTY: Access.DEPUTY,
    Role.SCHOOL_BOARD: Access.READER,
    Role.MED_COMMITTEE: Access.READER,
    Role.UNIONS: Access.READER,
    Role.COMMITTEE: Access.READER,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Stilling: one access in one municipality; a school or a school group narrows where it holds."""

    municipality: str
    access: Access
    school: str | None = None
    school_group: str | None = None

    def reaches(self, municipality: Municipality, school: str) -> bool:
        """Tell whether it holds for a school; who reads what is common to all reads nothing of any school."""
        if self.school or self.access is Access.READER:
            return self.school == school
        return not self.school_group or municipality.school(school).group == self.school_group

    @property
    def is_everywhere(self) -> bool:
        """Tell whether it holds for all schools."""
        return not self.school and not self.school_group and self.access is not Access.READER

    def holds(self, municipality: Municipality, *, today: date) -> bool:
        """Tell whether the files still have the school or group that it is for, and whether it is for one at all.

        A school that has closed has nobody any more; its history is for those who see all schools.
        """
        if self.access in _OF_ONE_SCHOOL and not self.school:
            return False
        if self.school:
            return municipality.has_school(self.school) and not municipality.school(self.school).has_closed(today)
        return not self.school_group or any(group.key == self.school_group for group in municipality.groups)

    def group(self, municipality: Municipality) -> str | None:
        """Give the only school group whose meetings concern it; None when all do."""
        return municipality.school(self.school).group if self.school else self.school_group


@dataclass(frozen=True, slots=True)
class Viewer:
    """Den, der ser: who looks at a page; `key` is the same each time, `name` stands in the log.

    `address` is what the login says, for showing; it proves nothing, since one may write what one likes there.
    """

    key: str
    name: str
    address: str = ""
    standings: tuple[Standing, ...] = ()

    def of(self, municipality: str, right: Right) -> tuple[Standing, ...]:
        """List where in a municipality somebody has a right."""
        return tuple(
            found for found in self.standings if found.municipality == municipality and right in RIGHTS[found.access]
        )

    def may(self, right: Right, municipality: Municipality, school: str | None = None) -> bool:
        """Tell whether somebody has a right: at all, or for one school."""
        standings = self.of(municipality.key, right)
        if school is None or not standings:
            return bool(standings)
        return municipality.has_school(school) and any(found.reaches(municipality, school) for found in standings)

    def may_everywhere(self, right: Right, municipality: Municipality) -> bool:
        """Tell whether somebody has a right for all schools of a municipality."""
        return any(found.is_everywhere for found in self.of(municipality.key, right))

    def may_about(self, right: Right, municipality: Municipality, occurrence: Occurrence) -> bool:
        """Tell whether somebody has a right for what one occurrence is about."""
        return any(_concerns(found, municipality, occurrence) for found in self.of(municipality.key, right))

    def is_invited(self, municipality: Municipality, occurrence: Occurrence) -> bool:
        """Tell whether a meeting is one that somebody is invited to, by what they are let in as."""
        mine = self.of(municipality.key, Right.SEE_SCHOOLS)
        return any(
            _takes_part(found, municipality, occurrence.activity)
            for found in mine
            if _concerns(found, municipality, occurrence)
        )

    def sees(self, municipality: Municipality, occurrence: Occurrence) -> bool:
        """Tell whether an occurrence is among what somebody is shown of the year."""
        return self.may_about(Right.SEE_YEAR, municipality, occurrence)

    def board(self, board: Board) -> Board:
        """Give the board as somebody sees it: nothing of schools that are not theirs."""
        if self.may_everywhere(Right.SEE_YEAR, board.municipality):
            return board
        return replace(board, rows=tuple(row for row in board.rows if self.sees(board.municipality, row.occurrence)))


def standings_of(municipality: Municipality, address: str, *, today: date) -> tuple[Standing, ...]:
    """List what the files let whoever reads a mailbox be today; nothing for an address that they do not name."""
    wanted = address.lower()
    people = (*municipality.contacts, *(school.leader for school in municipality.schools))
    found = {
        Standing(
            municipality.key,
            ACCESS_OF[person.role],
            person.school,
            None if person.school else person.school_group,
        ): None
        for person in people
        if person.address.lower() == wanted
    }
    return tuple(standing for standing in found if standing.holds(municipality, today=today))


def standing_of(municipality: Municipality, text: str, *, today: date) -> Standing | None:
    """Read a standing as the municipality's login writes it, such as "reader" or "school_leader:323001".

    Nothing where there is no such access, school or group, or where it says less or more than it has to.
    """
    name, _, where = text.partition(":")
    if name not in set(Access) or text.endswith(":"):
        return None
    access = Access(name)
    if where and access in _OF_THE_WHOLE:
        return None
    is_group = access is Access.CONSULTANT
    found = Standing(municipality.key, access, None if is_group else where or None, where or None if is_group else None)
    return found if found.holds(municipality, today=today) else None


def text_of(standing: Standing) -> str:
    """Write a standing as `standing_of` reads it."""
    where = standing.school or standing.school_group
    return f"{standing.access.value}:{where}" if where else standing.access.value


def possible_standings(municipality: Municipality, *, today: date) -> tuple[Standing, ...]:
    """List all that somebody can be let in as in a municipality today."""
    schools = [school.number for school in municipality.schools]
    groups = [group.key for group in municipality.groups]
    texts = [access.value for access in Access if access not in _OF_ONE_SCHOOL]
    texts += [f"{Access.CONSULTANT}:{key}" for key in groups]
    texts += [f"{access}:{number}" for access in (*sorted(_OF_ONE_SCHOOL), Access.READER) for number in schools]
    found = (standing_of(municipality, text, today=today) for text in texts)
    return tuple(standing for standing in found if standing)


def _concerns(standing: Standing, municipality: Municipality, occurrence: Occurrence) -> bool:
    """Tell whether an occurrence is one that a standing has to do with."""
    if occurrence.school:
        if municipality.has_school(occurrence.school):
            return standing.reaches(municipality, occurrence.school)
        return standing.is_everywhere
    own_group = standing.group(municipality)
    if occurrence.school_group:
        return own_group in {None, occurrence.school_group}
    if own_group is None or occurrence.kind in {Kind.EXTRACT, Kind.EFFORT}:
        return True
    return _takes_part(standing, municipality, occurrence.activity)


def _takes_part(standing: Standing, municipality: Municipality, key: str) -> bool:
    """Tell whether an activity (by its key) invites those of an access; one that has left the wheel invites nobody."""
    if key not in municipality.wheel:
        return False
    activity = municipality.wheel.activity(key)
    wanted = Access.SCHOOL_LEADER if standing.access is Access.DEPUTY else standing.access
    return any(ACCESS_OF[role] is wanted for role in (activity.owner, *activity.participants))
