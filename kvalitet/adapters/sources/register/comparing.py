"""Sammenligning: the municipality's schools beside the register, and what is to be put right in the files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from kvalitet.adapters.sources.register.institutions import Institution, UnitKind
from kvalitet.adapters.sources.source import WrongFileError

if TYPE_CHECKING:
    from datetime import date

    from kvalitet.adapters.sources.register.register_file import Register
    from kvalitet.municipality import Municipality, School


class FindingKind(Enum):
    """Slags fund."""

    CLOSED = "closed"
    OPEN = "open"
    NEW = "new"
    MERGED = "merged"
    COUNTED_TWICE = "counted_twice"
    RENAMED = "renamed"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """Fund: one difference between files and register, as a Danish sentence that says what to do."""

    kind: FindingKind
    number: str
    name: str
    text: str


def compare(municipality: Municipality, register: Register, *, today: date) -> list[Finding]:
    """List what differs, school by school, and last the schools that the files do not have."""
    if not any(found.municipality == municipality.name for found in register.institutions.values()):
        raise WrongFileError(
            f"Udtrækket har ingen institutioner, som {municipality.name} driver; hent et, der dækker kommunen."
        )
    found = [finding for school in municipality.schools for finding in _of_school(municipality, register, school)]
    return [*found, *_missing(municipality, register, today=today)]


def _of_school(municipality: Municipality, register: Register, school: School) -> Iterator[Finding]:
    institution = register.institutions.get(school.number)
    if institution is None:
        yield _finding(FindingKind.UNKNOWN, school, "er ikke i udtrækket. Se efter, om nummeret er rigtigt")
        return
    yield from _closing(school, institution)
    if school.closed is None and institution.closes_on is None:
        yield from _double(municipality, register, school, institution)
        yield from _place(municipality, school, institution)
    if institution.name.casefold() != school.name.casefold():
        yield _finding(
            FindingKind.RENAMED, school, f"hedder »{institution.name}« i registret. Ret navnet, hvis det er nyt"
        )


def _closing(school: School, institution: Institution) -> Iterator[Finding]:
    closes = institution.closes_on
    if closes and school.closed is None:
        yield _finding(
            FindingKind.CLOSED,
            school,
            f"er lukket den {closes:%d.%m.%Y} efter registret, men står som åben. Skriv »closed: {closes}« ved skolen",
        )
    if school.closed and closes is None:
        yield _finding(
            FindingKind.OPEN,
            school,
            f"er åben efter registret, men står som lukket den {school.closed:%d.%m.%Y}. Ret »closed«, hvis den er gal",
        )


def _double(
    municipality: Municipality, register: Register, school: School, institution: Institution
) -> Iterator[Finding]:
    """Guard against counting pupils twice: the statistics have both a main school and its departments."""
    if institution.kind is not UnitKind.DEPARTMENT:
        return
    main = register.institutions.get(institution.main)
    named = f"{main.name} ({main.number})" if main else institution.main
    if municipality.has_school(institution.main) and municipality.school(institution.main).closed is None:
        text = f"er en afdeling under {named}, som også er på listen. Behold den ene, ellers tælles eleverne to gange"
        yield _finding(FindingKind.COUNTED_TWICE, school, text)
    else:
        text = f"er nu en afdeling under {named}. Er de lagt sammen, så luk den, og skriv hovedskolen på"
        yield _finding(FindingKind.MERGED, school, text)


def _place(municipality: Municipality, school: School, institution: Institution) -> Iterator[Finding]:
    if institution.municipality != municipality.name:
        run_by = institution.municipality or f"ingen kommune ({institution.type_name})"
        text = (
            f"drives efter registret af {run_by} og ikke af {municipality.name}. Er det rigtigt, så tag den af listen"
        )
        yield _finding(FindingKind.ELSEWHERE, school, text)


def _missing(municipality: Municipality, register: Register, *, today: date) -> Iterator[Finding]:
    """List the municipality's open folkeskoler that the files do not have, main schools before departments."""
    for found in register.institutions.values():
        is_open = found.closes_on is None or found.closes_on > today
        is_ours = found.municipality == municipality.name and found.is_primary_school and is_open
        if is_ours and not municipality.has_school(found.number) and not _is_covered(municipality, register, found):
            text = f"{found.name} ({found.number}) er en folkeskole i registret, men ikke i schools.yaml. Skriv den på."
            yield Finding(FindingKind.NEW, found.number, found.name, text)


def _is_covered(municipality: Municipality, register: Register, found: Institution) -> bool:
    """Tell whether a school's pupils are counted under another number: its main school's, or its departments'."""
    if found.kind is UnitKind.DEPARTMENT and found.main in register.institutions:
        return True
    return any(municipality.has_school(each.number) for each in register.departments_of(found.number))


def _finding(kind: FindingKind, school: School, text: str) -> Finding:
    return Finding(kind, school.number, school.name, f"{school.name} ({school.number}) {text}.")
