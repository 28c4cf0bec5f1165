"""Reminding now: a person asks that those who miss something are written to at once, outside the ladder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kvalitet.adapters.danish import sort_key
from kvalitet.adapters.deliveries import deliverable
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.follow_up.reasons import why_not
from kvalitet.adapters.mail.enqueueing import enqueue
from kvalitet.adapters.offers import keeping
from kvalitet.adapters.store import address_marks, facts, hold, log, outbox, plans
from kvalitet.adapters.store.quiet import school_pauses
from kvalitet.board import danish_date
from kvalitet.messages import Item, Message, task_item, task_key, task_message, unit_name
from kvalitet.occurrences import stands
from kvalitet.reminders import NOW, stage_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.days import SchoolYear
    from kvalitet.municipality import Contact, Municipality
    from kvalitet.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class Nudge:
    """Påmindelse nu: one person's mail; `has_heard` tells whether the person has had a mail today already."""

    message: Message
    items: tuple[Item, ...]
    has_heard: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Udeladt: an occurrence that nobody is reminded of, and why."""

    occurrence: Occurrence
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Bestilling: who would be written to, and what is left out."""

    nudges: tuple[Nudge, ...]
    left_out: tuple[LeftOut, ...]

    def wanted(self, *, again: bool) -> tuple[Nudge, ...]:
        """List whom to write to; those who have had a mail today only when asked for."""
        return tuple(nudge for nudge in self.nudges if again or not nudge.has_heard)


def of_activity(
    installation: Installation, municipality: Municipality, activity: str, school_year: SchoolYear
) -> list[str]:
    """List the occurrences (by key) of an activity in a school year."""
    with installation.store.read() as connection:
        found = plans.occurrences(connection, municipality.key, school_year, activity=activity)
    return [occurrence.key for occurrence in found]


def look(
    installation: Installation, municipality: Municipality, keys: Iterable[str], *, token: str, now: datetime
) -> Asked:
    """Tell who would be written to now, without doing it."""
    with installation.store.read() as connection:
        return _look(connection, municipality, list(keys), token=token, now=now)


def remind(  # noqa: PLR0913 -- ports first, then what a person asks for
    installation: Installation,
    municipality: Municipality,
    keys: Iterable[str],
    *,
    token: str,
    by: str,
    now: datetime,
    again: bool = False,
) -> tuple[Message, ...]:
    """Put the mails into the outbox and log who asked; `token` is the mark of one question, which is answered once.

    Who has had a mail today gets none, unless `again`.
    """
    with installation.store.write() as connection:
        hold(connection, f"follow_up:{municipality.key}")
        wanted = _look(connection, municipality, list(keys), token=token, now=now).wanted(again=again)
        sent = []
        for nudge in wanted:
            if _log(connection, nudge, token=token, by=by, now=now):
                enqueue(connection, installation.renderer, nudge.message, now=now)
                sent.append(nudge.message)
    return tuple(sent)


def _look(connection: Connection, municipality: Municipality, keys: list[str], *, token: str, now: datetime) -> Asked:
    today = danish_date(now)
    known, pauses = facts.of(connection, keys), school_pauses.on(connection, municipality.key, today)
    awaited = keeping.awaited(connection, municipality.key, now=now)
    marked = {mark.address for mark in address_marks.marked(connection, municipality.key)}
    people: dict[str, Contact] = {}
    items: dict[str, list[Item]] = {}
    left_out = []
    for key in keys:
        occurrence = _deliverable(connection, municipality, key)
        unit = unit_name(municipality, occurrence) or municipality.name
        if reason := why_not(connection, municipality, occurrence, known[key], pauses, now=now):
            left_out.append(LeftOut(occurrence, unit, reason))
            continue
        stage = stage_of((), NOW, occurrence, today=today)
        owner = municipality.wheel.activity(occurrence.activity).owner
        found = municipality.people(owner, school=occurrence.school, school_group=occurrence.school_group)
        if not found:
            left_out.append(LeftOut(occurrence, unit, "har ingen at skrive til"))
        for person in found:
            mailbox = person.address.lower()
            if mailbox in marked:
                left_out.append(
                    LeftOut(occurrence, unit, f"har en modtager, som mails kommer tilbage fra ({person.address})")
                )
                continue
            people.setdefault(mailbox, person)
            item = task_item(municipality, occurrence, stage, NOW, address=person.address)
            items.setdefault(mailbox, []).append(replace(item, awaits_word=key in awaited))
    usual = {mailbox: task_key(municipality, mailbox, today=today) for mailbox in people}
    heard = outbox.existing(connection, usual.values())
    nudges = []
    for mailbox, person in people.items():
        has_heard = usual[mailbox] in heard
        mark = f"{usual[mailbox]}:{token}" if has_heard else usual[mailbox]
        message = task_message(municipality, person, items[mailbox], today=today, key=mark)
        nudges.append(Nudge(message, tuple(items[mailbox]), has_heard))
    return Asked(tuple(nudges), tuple(sorted(left_out, key=lambda one: sort_key(one.unit))))


def _deliverable(connection: Connection, municipality: Municipality, key: str) -> Occurrence:
    occurrence = deliverable(connection, key, municipality)
    if not stands(municipality, occurrence, today=occurrence.due):
        raise UserError(f"»{occurrence.title}« er udgået af planen; der skal ikke afleveres noget.")
    return occurrence


def _log(connection: Connection, nudge: Nudge, *, token: str, by: str, now: datetime) -> bool:
    """Note who asked; tells whether this question was new."""
    told = [
        log.tell(
            connection,
            replace(
                log.about("reminded", item.occurrence, at=now, actor=by),
                key=f"reminded:{token}:{item.occurrence.key}:{nudge.message.to.address}",
                recipient=nudge.message.to.address,
            ),
        )
        for item in nudge.items
    ]
    return any(told)
