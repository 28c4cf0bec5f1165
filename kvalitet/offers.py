"""Offers: files that came as answers to our mails, until their sender has confirmed what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kvalitet.board import danish_date
from kvalitet.messages import Message, owners, thread_of, unit_name
from kvalitet.occurrences import stands
from kvalitet.wheel import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from kvalitet.municipality import Contact, Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.status import Facts

TIME_TO_CONFIRM = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Choice:
    """Valgmulighed: a deliverable that a file may be, with the name of whom it is for."""

    occurrence: Occurrence
    unit: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """Forsøg: a mail with a file (by its number), who sent it, and what the file may be."""

    municipality: Municipality
    person: Contact
    choices: tuple[Choice, ...]
    incoming: int


def owed_by(
    municipality: Municipality, occurrences: Iterable[Occurrence], address: str
) -> tuple[tuple[Occurrence, ...], Contact | None]:
    """List the deliverables that an address is to hand in, by the files as they are now, and whose address it is."""
    found: list[Occurrence] = []
    person: Contact | None = None
    for occurrence in occurrences:
        if occurrence.kind is Kind.DELIVERABLE and stands(municipality, occurrence, today=occurrence.due):
            known = (one for one in owners(municipality, occurrence) if one.address.casefold() == address.casefold())
            if owner := next(known, None):
                found.append(occurrence)
                person = person or owner
    return tuple(found), person


def open_now(occurrences: Sequence[Occurrence], facts: Mapping[str, Facts], *, today: date) -> tuple[Occurrence, ...]:
    """List those that may be delivered today, what is not delivered yet first."""
    found = [one for one in occurrences if one.opens <= today and not facts[one.key].waived]
    return tuple(sorted(found, key=lambda one: (facts[one.key].delivered_at is not None, one.due, one.key)))


def taking_files(municipality: Municipality, occurrences: Sequence[Occurrence]) -> tuple[Choice, ...]:
    """List those whose form has a place for a file."""
    return tuple(
        Choice(found, unit_name(municipality, found))
        for found in occurrences
        if municipality.wheel.activity(found.activity).takes_file
    )


def file_received(attempt: Attempt, *, file_name: str, token: str, expires_at: datetime) -> Message:
    """Ask the known address whether the file is the delivery; the link in it confirms."""
    values = {"file_name": file_name, "token": token, "last_day": danish_date(expires_at)}
    return _answer("file_received", attempt, values, expires_at=expires_at)


def file_refused(attempt: Attempt, *, reason: str, rules: str) -> Message:
    """Say why a file was not taken, and what to do instead: another file only where the form has a place for one."""
    takes_file = bool(taking_files(attempt.municipality, [choice.occurrence for choice in attempt.choices]))
    return _answer("file_refused", attempt, {"reason": reason, "rules": rules, "takes_file": takes_file})


def _answer(
    template: str, attempt: Attempt, values: Mapping[str, object], *, expires_at: datetime | None = None
) -> Message:
    """Answer one incoming mail, once whatever happens."""
    municipality, person = attempt.municipality, attempt.person
    occurrences = [choice.occurrence for choice in attempt.choices]
    alone = occurrences[0] if len(occurrences) == 1 else None
    return Message(
        key=f"file:{municipality.key}:{attempt.incoming}",  # the store finds the question of an offer by it
        template=template,
        municipality=municipality,
        to=person,
        thread=thread_of(municipality, occurrences, person.address),
        about={found.key: f"{template}:{attempt.incoming}" for found in occurrences},
        values={
            **values,
            "choices": attempt.choices,
            "occurrence": alone,
            "unit": attempt.choices[0].unit if alone else "",
            "school_year": occurrences[0].school_year,
        },
        school=person.school if {found.school for found in occurrences} == {person.school} else None,
        activity=alone.activity if alone else None,
        expires_at=expires_at,
    )
