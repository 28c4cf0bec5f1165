"""Checking schools, contacts and roles: what no single value can tell, told with file, line and key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kvalitet.adapters.municipality_files.building import wheel_of
from kvalitet.adapters.municipality_files.complaints import meant, unique
from kvalitet.adapters.municipality_files.words import is_address, is_domain
from kvalitet.wheel import Per, Role

if TYPE_CHECKING:
    from kvalitet.adapters.municipality_files.documents import Document, Place, Problem
    from kvalitet.adapters.municipality_files.main_file import MunicipalityFile
    from kvalitet.adapters.municipality_files.models import ContactEntry
    from kvalitet.wheel import Activity


# The first parts of the board's own addresses, and the second ones of its login: no municipality can lie there.
TAKEN_KEYS = frozenset(
    {
        "static",
        "kalender",
        "healthz",
        "readyz",
        "metrics",
        "log-ind",
        "log-ud",
        "link",
        "openid",
        "was",
        "privatliv",
        "tilgaengelighed",
    }
)


def address_problem(document: Document, place: Place, address: str) -> Iterator[Problem]:
    """Complain of what cannot be a mail address."""
    if not is_address(address):
        shown = address if address.isprintable() else address.encode("unicode_escape").decode()
        message = f"»{shown}« kan ikke være en mailadresse; skriv den som navn@kommune.dk, uden æ, ø og å."
        yield document.problem(place, message)


def main_problems(document: Document, main: MunicipalityFile, folder_name: str) -> Iterator[Problem]:
    """Check municipality.yaml."""
    if main.key != folder_name:
        yield document.problem(("key",), f"Nøglen skal hedde som mappen: {folder_name}.")
    if main.key in TAKEN_KEYS:
        yield document.problem(("key",), f"»{main.key}« er en side på statusoverblikket; vælg en anden nøgle og mappe.")
    yield from _login_problems(document, main)
    yield from address_problem(document, ("sender", "address"), main.sender.address)
    if not is_domain(main.sender.domain):
        message = f"»{main.sender.domain}« kan ikke være et domæne; skriv det som kommune.dk, uden æ, ø og å."
        yield document.problem(("sender", "domain"), message)
    if main.office_hours.last <= main.office_hours.first:
        yield document.problem(("office_hours", "last"), "Kontortiden slutter, før den begynder; byt tiderne om.")


def _login_problems(document: Document, main: MunicipalityFile) -> Iterator[Problem]:
    login = main.login
    is_here = urlsplit(login.issuer).hostname in {"127.0.0.1", "localhost"}
    if login.issuer and not login.issuer.startswith("https://") and not is_here:
        yield document.problem(("login", "issuer"), "Adressen på kommunens login skal begynde med https://.")
    if login.issuer and not login.client_id:
        message = "Skriv også »client_id«: programmets id hos kommunens login."
        yield document.problem(("login", "issuer"), message)
    if login.client_id and not login.issuer:
        message = "Skriv også »issuer«: adressen på kommunens login."
        yield document.problem(("login", "client_id"), message)


def school_problems(document: Document, file: Any) -> Iterator[Problem]:
    """Check schools.yaml."""
    groups = {group.key for group in file.groups}
    yield from unique(document, [(("groups", n, "key"), g.key) for n, g in enumerate(file.groups)], "Skolegruppen")
    numbers = [(("schools", n, "number"), s.number) for n, s in enumerate(file.schools)]
    yield from unique(document, numbers, "Institutionsnummeret")
    populated = {school.group for school in file.schools}
    for number, group in enumerate(file.groups):
        if group.key not in populated:
            message = f"Ingen skole er i gruppen »{group.key}«; slet den, eller flyt skoler til den."
            yield document.problem(("groups", number, "key"), message)
    for number, school in enumerate(file.schools):
        place: Place = ("schools", number)
        if school.group not in groups:
            hint = meant(school.group, groups) or "; tilføj den under groups."
            message = f"{school.name} er i gruppen »{school.group}«, som ikke findes{hint}"
            yield document.problem((*place, "group"), message)
        yield from address_problem(document, (*place, "leader"), school.leader)
        if school.opened and school.closed and school.closed < school.opened:
            yield document.problem((*place, "closed"), f"{school.name} lukker, før den åbner; ret en af datoerne.")


def contact_problems(document: Document, file: Any, schools: Any) -> Iterator[Problem]:
    """Check contacts.yaml."""
    numbers = {school.number for school in schools.schools} if schools else None
    groups = {group.key for group in schools.groups} if schools else None
    for number, contact in enumerate(file.contacts):
        place: Place = ("contacts", number)
        yield from address_problem(document, (*place, "address"), contact.address)
        if contact.role is Role.SCHOOL_LEADER:
            yield document.problem((*place, "role"), "Skoleledere står i schools.yaml under hver skole, ikke her.")
        if contact.role is Role.DEPUTY and not contact.school:
            message = "Skriv også »school«: skolen, som stedfortræderen er på; ellers får ingen adgang."
            yield document.problem((*place, "role"), message)
        if contact.school and numbers is not None and contact.school not in numbers:
            yield document.problem((*place, "school"), f"Skolen »{contact.school}« findes ikke i schools.yaml.")
        if contact.school_group and groups is not None and contact.school_group not in groups:
            yield document.problem(
                (*place, "school_group"), f"Gruppen »{contact.school_group}« findes ikke i schools.yaml."
            )


def role_problems(document: Document, file: Any, contacts: Any, schools: Any) -> Iterator[Problem]:
    """Find roles that the wheel names and that nobody has where they are needed; each told once."""
    told: set[tuple[Role, str]] = set()
    for number, activity in enumerate(wheel_of(file).activities):
        place: Place = ("activities", number)
        named: list[tuple[Place, Role]] = [((*place, "owner"), activity.owner)]
        named += [((*place, "participants", n), role) for n, role in enumerate(activity.participants)]
        named += [((*place, "ladder"), role) for step in activity.ladder for role in step.to]
        first = {role: where for where, role in reversed(named)}
        for role, where in first.items():
            missing = _nobody(role, activity, contacts.contacts, schools)
            if missing and (role, missing) not in told:
                told.add((role, missing))
                yield document.problem(where, f"Ingen har rollen »{role}« {missing}; tilføj den i contacts.yaml.")


def digest_problems(document: Document, main: MunicipalityFile, contacts: Any) -> Iterator[Problem]:
    """Find roles that are to have the weekly digest and that nobody has."""
    roles = {contact.role for contact in contacts.contacts} | {Role.SCHOOL_LEADER}
    for number, role in enumerate(main.digest_to):
        if role not in roles:
            message = f"Ingen har rollen »{role}«; tilføj den i contacts.yaml."
            yield document.problem(("digest_to", number), message)


def _nobody(role: Role, activity: Activity, contacts: tuple[ContactEntry, ...], schools: Any) -> str:
    """Say for which unit of the activity nobody has the role; "" when somebody always has."""
    if role is Role.SCHOOL_LEADER:
        return ""
    having = [contact for contact in contacts if contact.role is role]
    if not having:
        return "i kommunen"
    units: list[tuple[str | None, str | None, str]] = [(None, None, "i hele kommunen")]
    if activity.per is Per.SCHOOL:
        groups = {group.key for group in schools.groups}
        grouped = [school for school in schools.schools if school.group in groups]
        units = [(school.number, school.group, f"for {school.name}") for school in grouped]
    elif activity.per is Per.SCHOOL_GROUP:
        units = [(None, group.key, f"for {group.name}") for group in schools.groups]
    for number, group, told in units:
        if not any(c.school in {None, number} and c.school_group in {None, group} for c in having):
            return told
    return ""
