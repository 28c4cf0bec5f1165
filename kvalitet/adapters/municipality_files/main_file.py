"""What may stand in municipality.yaml."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import BeforeValidator, Field

from kvalitet.adapters.municipality_files.report.entries import ReportEntry
from kvalitet.adapters.municipality_files.words import Clock, Entry, Flag, Key, Line, Name, Whole, municipality_number
from kvalitet.wheel import Role

MunicipalityNumber = Annotated[str, BeforeValidator(municipality_number)]


class SenderEntry(Entry):
    """Who mails come from."""

    name: Name
    address: Line
    domain: Line
    signature: str = ""


class OfficeHoursEntry(Entry):
    """When meetings may be held, in Danish time."""

    first: Clock = time(8, 0)
    last: Clock = time(16, 0)


class OrganizerEntry(Entry):
    """The mailbox that invites on behalf of a role."""

    role: Role
    name: Name
    address: Line


class LoginEntry(Entry):
    """How people log in."""

    by_mail: Flag = True
    issuer: Line = ""
    client_id: Line = ""


class MunicipalityFile(Entry):
    """municipality.yaml."""

    key: Key
    name: Name
    number: MunicipalityNumber
    sender: SenderEntry
    office_hours: OfficeHoursEntry = OfficeHoursEntry()
    digest_to: tuple[Role, ...] = (Role.ADMINISTRATION,)
    due_soon_days: Whole = Field(default=14, ge=0, le=60)
    organizers: tuple[OrganizerEntry, ...] = ()
    login: LoginEntry = LoginEntry()
    report: ReportEntry = ReportEntry()
