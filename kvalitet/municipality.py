"""The municipality: its schools, people, calendar and wheel, as one value."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kvalitet.mail_texts import MailTexts
from kvalitet.quality_reports import ReportPlan
from kvalitet.wheel import Role, Wheel

if TYPE_CHECKING:
    from kvalitet.days import WorkCalendar
    from kvalitet.goals import Goal
    from kvalitet.measurements import Indicator

DANISH_TIME = ZoneInfo("Europe/Copenhagen")


@dataclass(frozen=True)
class Contact:
    """Kontakt: a role's mailbox; `school` or `school_group` narrows whom it serves."""

    role: Role
    name: str
    address: str
    school: str | None = None
    school_group: str | None = None


@dataclass(frozen=True)
class SchoolGroup:
    """Skolegruppe: schools whose leaders meet."""

    key: str
    name: str


@dataclass(frozen=True)
class School:
    """Skole: known by its institution number (six digits, text), never by its name."""

    number: str
    name: str
    group: str
    leader: Contact
    opened: date | None = None
    closed: date | None = None

    def takes_part(self, first: date, last: date) -> bool:
        """Tell whether the school is there for the whole of an inclusive span."""
        return (self.opened is None or self.opened <= first) and (self.closed is None or self.closed >= last)

    def has_closed(self, today: date) -> bool:
        """Tell whether its last day has passed."""
        return self.closed is not None and self.closed < today


@dataclass(frozen=True)
class Effort:
    """Indsats: what the municipality does to reach one or more goals, by school year."""

    key: str
    title: str
    goals: tuple[str, ...]
    first_school_year: str
    last_school_year: str | None = None
    schools: tuple[str, ...] = ()
    description: str = ""

    def is_on(self, school_year: str, school: str | None = None) -> bool:
        """Tell whether it goes on in a school year (by its label): at all, or at one school."""
        has_begun_and_not_ended = self.first_school_year <= school_year <= (self.last_school_year or school_year)
        return has_begun_and_not_ended and (school is None or not self.schools or school in self.schools)


@dataclass(frozen=True)
class Sender:
    """Afsender: the mailbox that mails come from and answers go to; `domain` ends message ids."""

    name: str
    address: str
    domain: str
    signature: str = ""


@dataclass(frozen=True)
class Organizer:
    """Mødeindkalder: the mailbox that invites on behalf of a role, and that answers go to."""

    role: Role
    name: str
    address: str


@dataclass(frozen=True)
class Login:
    """Login: how people are let in.

    `by_mail`: by a link in a mail to a mailbox that the files name. `issuer` and `client_id`: by OpenID Connect
    (Entra ID in practice); "" where there is none.
    """

    by_mail: bool = True
    issuer: str = ""
    client_id: str = ""


@dataclass(frozen=True)
class OfficeHours:
    """Kontortid: local times between which meetings are proposed."""

    first: time = time(8, 0)
    last: time = time(16, 0)


@dataclass(frozen=True)
class Municipality:
    """Kommune: everything that its files say.

    `number` is the three-digit municipality code ("326"); `sources` names the folder or adapter
    that an extract reads, by key.
    """

    key: str
    name: str
    number: str
    wheel: Wheel
    schools: tuple[School, ...]
    groups: tuple[SchoolGroup, ...]
    contacts: tuple[Contact, ...]
    calendar: WorkCalendar
    sender: Sender
    office_hours: OfficeHours = field(default_factory=OfficeHours)
    goals: tuple[Goal, ...] = ()
    efforts: tuple[Effort, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    digest_to: tuple[Role, ...] = (Role.ADMINISTRATION,)
    due_soon_days: int = 14
    mail_texts: MailTexts = field(default_factory=MailTexts)
    organizers: tuple[Organizer, ...] = ()
    login: Login = field(default_factory=Login)
    report: ReportPlan = field(default_factory=ReportPlan)

    def school(self, number: str) -> School:
        """Find a school; KeyError when the municipality has none with that number."""
        return self._by_number[number]

    def has_school(self, number: str) -> bool:
        """Tell whether the files still name a school with that number."""
        return number in self._by_number

    def group(self, key: str) -> SchoolGroup:
        """Find a school group; KeyError when there is none with that key."""
        for group in self.groups:
            if group.key == key:
                return group
        raise KeyError(key)

    def person_at(self, address: str) -> Contact | None:
        """Find who has a mail address; a contact before the leader of a school."""
        return self._by_address.get(address)

    def people(self, role: Role, *, school: str | None = None, school_group: str | None = None) -> tuple[Contact, ...]:
        """List who has a role for a school, a group or the whole municipality.

        A contact without school and group serves all; one with either serves only that one.
        """
        group = self.school(school).group if school else school_group
        if role is Role.SCHOOL_LEADER:
            wanted = (self.school(school),) if school else self.schools
            return tuple(found.leader for found in wanted if school or group in {None, found.group})
        return tuple(
            contact
            for contact in self._with_role.get(role, ())
            if contact.school in {None, school} and contact.school_group in {None, group}
        )

    def organizer(self, role: Role | None) -> Organizer | None:
        """Find the mailbox that invites on behalf of a role; None when the sender's own does."""
        return next((organizer for organizer in self.organizers if organizer.role is role), None)

    def is_inviting(self, address: str) -> bool:
        """Tell whether an address is one that invites; it is never invited, since nobody can answer himself."""
        inviting = {self.sender.address, *(organizer.address for organizer in self.organizers)}
        return address.lower() in {each.lower() for each in inviting}

    @cached_property
    def fingerprint(self) -> str:
        """A mark of all that its wheel, schools and people say: the same mark means the same plan of any year."""
        parts = (self.wheel, self.schools, self.groups, self.contacts)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @cached_property
    def _by_number(self) -> dict[str, School]:
        return {school.number: school for school in self.schools}

    @cached_property
    def _by_address(self) -> dict[str, Contact]:
        everybody = (*self.contacts, *(school.leader for school in self.schools))
        return {person.address: person for person in reversed(everybody)}

    @cached_property
    def _with_role(self) -> dict[Role, list[Contact]]:
        found: dict[Role, list[Contact]] = {}
        for contact in self.contacts:
            found.setdefault(contact.role, []).append(contact)
        return found
