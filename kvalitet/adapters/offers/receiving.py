"""Receiving: a mail with a file, in answer to one of ours, becomes an offer and a question to the known address.

Anybody may write a From. So nothing is delivered by the mail alone: the link that confirms goes to the address in
the municipality's files, and a mail from any other address is left to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kvalitet import offers
from kvalitet.adapters.danish import count_text, list_text
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.file_store import HEAD, KINDS, LARGEST_MEGABYTES, kind_problem, plain_name
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.offers import keeping
from kvalitet.adapters.offers.attachments import attached_files
from kvalitet.adapters.store import facts, log, outbox, plans
from kvalitet.board import danish_date
from kvalitet.messages import unit_name
from kvalitet.offers import TIME_TO_CONFIRM, Attempt, Choice

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.offers.attachments import Attached
    from kvalitet.adapters.store.deliveries import StoredFile
    from kvalitet.municipality import Contact, Municipality
    from kvalitet.occurrences import Occurrence

RULES = f"En fil må højst fylde {LARGEST_MEGABYTES} MB og skal være {KINDS}."
TOO_LARGE = "Mailen er for stor til at blive læst."
# Two programs that answer each other stop here, and a person sees the rest.
OURS, MOST_A_DAY, ONE_DAY = ("file_received", "file_refused"), 10, timedelta(days=1)


class Outcome(StrEnum):
    """Udfald: what became of a mail with a file."""

    OFFERED = "offered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Came:
    """Indkommen mail: the row that keeps it, the row of our mail that it answers, and the address in From."""

    incoming: int
    ours: int
    sender: str


@dataclass(frozen=True)
class Answered:
    """Besvaret mail: who answered one of ours, and the deliverables in it that they owe."""

    installation: Installation
    municipality: Municipality
    person: Contact
    owed: tuple[Occurrence, ...]
    incoming: int


def receive(
    connection: Connection, installation: Installation, mail: EmailMessage, came: Came, *, now: datetime
) -> Outcome | None:
    """Take the file of a mail that answers one of ours; None: there is none to take, and a person is to read it."""
    files = attached_files(mail)
    answered = _answered(connection, installation, came, now=now) if files else None
    if answered is None:
        return None
    try:
        choices, file = _take(connection, answered, files, now=now)
    except UserError as error:
        _refuse(connection, answered, str(error), now=now)
        return Outcome.REFUSED
    _offer(connection, answered, choices, file, now=now)
    return Outcome.OFFERED


def refuse_too_large(
    connection: Connection, installation: Installation, came: Came, *, now: datetime
) -> Outcome | None:
    """Say of a mail that is too large to be read that it is; None: it is from nobody who owes anything."""
    answered = _answered(connection, installation, came, now=now)
    if answered is None:
        return None
    _refuse(connection, answered, TOO_LARGE, now=now)
    return Outcome.REFUSED


def owed_of(
    connection: Connection, municipality: Municipality, ours: int, address: str
) -> tuple[tuple[Occurrence, ...], Contact | None]:
    """List what an address owes of one of our mails, and whose address it is; nobody: it owes nothing of it."""
    about = (plans.occurrence(connection, key) for key in sorted(outbox.about(connection, ours)))
    current = [found for found in about if found and not plans.is_dropped(connection, found.key)]
    return offers.owed_by(municipality, current, address)


def _answered(connection: Connection, installation: Installation, came: Came, *, now: datetime) -> Answered | None:
    """Find what the sender owes of the mail that is answered, if it was to this very sender."""
    written = outbox.mail(connection, came.ours)
    if written is None or written.recipient.casefold() != came.sender.casefold():
        return None
    lately = outbox.written_since(connection, written.municipality, written.recipient, OURS, since=now - ONE_DAY)
    if lately >= MOST_A_DAY:
        return None
    municipality = next((one for one in installation.municipalities if one.key == written.municipality), None)
    if municipality is None:
        return None
    owed, person = owed_of(connection, municipality, came.ours, came.sender)
    return Answered(installation, municipality, person, owed, came.incoming) if person else None


def _take(
    connection: Connection, answered: Answered, files: list[Attached], *, now: datetime
) -> tuple[tuple[Choice, ...], StoredFile]:
    """Keep the file where it can be a delivery; a UserError says why it cannot."""
    choices = choices_of(connection, answered.municipality, answered.owed, now=now)
    if len(files) > 1:
        names = list_text(f"»{plain_name(file.name)}«" for file in files)
        many = count_text(len(files), "fil", "filer")
        raise UserError(f"Der var {many} i mailen ({names}), og vi kan kun tage imod én.")
    (file,) = files
    if not file.content:
        raise UserError(f"Filen »{plain_name(file.name)}« er tom.")
    if problem := kind_problem(file.name, file.content[:HEAD]):
        raise UserError(problem)
    return choices, answered.installation.files.keep(file.name, [file.content])


def choices_of(
    connection: Connection, municipality: Municipality, owed: tuple[Occurrence, ...], *, now: datetime
) -> tuple[Choice, ...]:
    """List what a file may be delivered as today; a UserError says why it can be nothing."""
    known = facts.of(connection, [found.key for found in owed])
    opened = offers.open_now(owed, known, today=danish_date(now))
    if not opened:
        raise UserError(f"{_titles(owed)} kan ikke afleveres lige nu.")
    choices = offers.taking_files(municipality, opened)
    if not choices:
        raise UserError(f"{_titles(opened)} afleveres ikke som en fil, men i en formular.")
    return choices


def _titles(occurrences: tuple[Occurrence, ...]) -> str:
    return list_text(dict.fromkeys(f"»{found.title}«" for found in occurrences))


def _offer(
    connection: Connection, answered: Answered, choices: tuple[Choice, ...], file: StoredFile, *, now: datetime
) -> None:
    person, expires_at = answered.person, now + TIME_TO_CONFIRM
    token = keeping.add(
        connection,
        incoming=answered.incoming,
        municipality=answered.municipality.key,
        address=person.address,
        file=file,
        expires_at=expires_at,
        now=now,
    )
    attempt = Attempt(answered.municipality, person, choices, answered.incoming)
    question = offers.file_received(attempt, file_name=file.name, token=token, expires_at=expires_at)
    enqueue(connection, answered.installation.renderer, question, now=now)
    _tell(connection, attempt, "file_received", file.name, now=now)


def _refuse(connection: Connection, answered: Answered, reason: str, *, now: datetime) -> None:
    choices = tuple(Choice(found, unit_name(answered.municipality, found)) for found in answered.owed)
    attempt = Attempt(answered.municipality, answered.person, choices, answered.incoming)
    said = offers.file_refused(attempt, reason=reason, rules=RULES)
    enqueue(connection, answered.installation.renderer, said, now=now)
    _tell(connection, attempt, "file_refused", reason, now=now)


def _tell(connection: Connection, attempt: Attempt, event: str, detail: str, *, now: datetime) -> None:
    suffix, about = f":{attempt.incoming}", (choice.occurrence for choice in attempt.choices)
    log.tell_all(connection, [log.about(event, found, at=now, suffix=suffix, detail=detail) for found in about])
