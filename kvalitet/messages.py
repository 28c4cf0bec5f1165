"""Messages: which mail goes to whom, about what, with which values; no text and no bytes yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kvalitet.wheel import Role, Stage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from kvalitet.municipality import Contact, Municipality
    from kvalitet.occurrences import Occurrence
    from kvalitet.reminders import Step

# What each kind of mail is called: the folder in templates/email, and its Danish name.
KINDS = {
    "opening": "åbning",
    "reminder": "påmindelse",
    "overdue_notice": "rykker",
    "escalation": "eskalering",
    "invitation": "indkaldelse",
    "cancellation": "aflysning",
    "uninvited": "besked om ikke længere at være indkaldt",
    "receipt": "kvittering",
    "sent_back": "aflevering sendt retur",
    "approved": "aflevering godkendt",
    "file_received": "fil til bekræftelse",
    "file_refused": "afvist fil",
    "weekly_digest": "ugens overblik",
    "login": "loginlink",
}
_GRAVITY = {stage: rank for rank, stage in enumerate(Stage)}


@dataclass(frozen=True, slots=True)
class Item:
    """Punkt: one occurrence that a mail is about, as its reader sees it.

    `of_others`: its reader is only told that others are late with it. `awaits_word`: a file for it has come by mail,
    and its reader has not confirmed yet that it is the delivery.
    """

    occurrence: Occurrence
    stage: Stage
    step: str
    unit: str
    of_others: bool = False
    awaits_word: bool = False


@dataclass(frozen=True)
class Message:
    """Besked: a mail to one person, before it is rendered.

    `key` is unique for ever; `template` is the folder in templates/email; `thread` makes mails
    about the same thing lie together; `about` maps occurrence keys to ladder steps, and `dues` to the
    due dates that the mail names; `expires_at` is the instant after which it makes no sense any more.
    """

    key: str
    template: str
    municipality: Municipality
    to: Contact
    thread: str
    about: Mapping[str, str] = field(default_factory=dict)
    dues: Mapping[str, date] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)
    school: str | None = None
    activity: str | None = None
    expires_at: datetime | None = None


def task_messages(
    municipality: Municipality,
    due: Iterable[tuple[Occurrence, Step]],
    *,
    today: date,
    awaited: Collection[str] = (),
    heard: Collection[tuple[str, str]] = (),
) -> tuple[Message, ...]:
    """Gather what is due today into one mail for each person, whatever roles they have.

    The gravest of its items chooses the mail's template. `awaited` holds those (by key) for which a file has come
    that nobody has confirmed, `heard` who (by address in lower case) has been told of which (by key) already.
    """
    # By address, however it is written, since one mailbox may stand for several: a leader of two schools, say.
    people: dict[str, Contact] = {}
    gathered: dict[str, list[Item]] = defaultdict(list)
    for occurrence, step in due:
        for person in told_of(municipality, occurrence, step):
            mailbox = person.address.lower()
            if (occurrence.key, mailbox) in heard:
                continue
            people.setdefault(mailbox, person)
            item = task_item(municipality, occurrence, step.stage, step.key, address=person.address)
            gathered[mailbox].append(replace(item, awaits_word=occurrence.key in awaited))
    return tuple(task_message(municipality, people[mailbox], items, today=today) for mailbox, items in gathered.items())


def told_of(municipality: Municipality, occurrence: Occurrence, step: Step) -> tuple[Contact, ...]:
    """List whom a step is for, each mailbox once."""
    return _people(municipality, occurrence, step.to)


def grouped(items: Iterable[Item]) -> list[tuple[Occurrence, list[Item]]]:
    """Gather items of the same activity and due date, in the order in which they stand."""
    found: dict[tuple[str, date], list[Item]] = {}
    for item in items:
        found.setdefault((item.occurrence.activity, item.occurrence.due), []).append(item)
    return [(same[0].occurrence, same) for same in found.values()]


def task_key(municipality: Municipality, address: str, *, today: date) -> str:
    """Give the key that lets one person have at most one such mail a day."""
    return f"tasks:{municipality.key}:{today.isoformat()}:{address.lower()}"


def thread_of(municipality: Municipality, occurrences: Sequence[Occurrence], address: str) -> str:
    """Name the thread of a person's mails about some occurrences: that of the only one, or the year's own."""
    if len(occurrences) == 1:
        return occurrences[0].key
    return f"{municipality.key}.{occurrences[0].school_year.key}.tasks.{address}"


def task_item(municipality: Municipality, occurrence: Occurrence, stage: Stage, step: str, *, address: str) -> Item:
    """Show an occurrence to its reader: what is escalated to others is an overdue notice to those who owe it."""
    of_others = stage is Stage.ESCALATION and address not in owing(municipality, occurrence)
    if stage is Stage.ESCALATION and not of_others:
        stage = Stage.OVERDUE_NOTICE
    return Item(occurrence, stage, step, unit_name(municipality, occurrence), of_others)


def owing(municipality: Municipality, occurrence: Occurrence) -> set[str]:
    """Give the addresses of those who are to deliver."""
    return {person.address for person in owners(municipality, occurrence)}


def owners(municipality: Municipality, occurrence: Occurrence) -> tuple[Contact, ...]:
    """List those who are to deliver, each mailbox once: the owner, and the school itself."""
    owner = municipality.wheel.activity(occurrence.activity).owner
    roles = (owner, Role.SCHOOL_LEADER) if occurrence.school else (owner,)
    return _people(municipality, occurrence, roles)


def _people(municipality: Municipality, occurrence: Occurrence, roles: Iterable[Role]) -> tuple[Contact, ...]:
    found: dict[str, Contact] = {}
    for role in roles:
        for person in municipality.people(role, school=occurrence.school, school_group=occurrence.school_group):
            found.setdefault(person.address, person)
    return tuple(found.values())


def unit_name(municipality: Municipality, occurrence: Occurrence) -> str:
    """Name the school or school group that an occurrence belongs to; "" for the whole municipality."""
    if occurrence.school:
        return municipality.school(occurrence.school).name
    return municipality.group(occurrence.school_group).name if occurrence.school_group else ""


def known_unit(municipality: Municipality, occurrence: Occurrence) -> str:
    """Name the unit of an occurrence as `unit_name`; "" too where the files no longer know it."""
    try:
        return unit_name(municipality, occurrence)
    except KeyError:
        return ""


def task_message(
    municipality: Municipality, person: Contact, items: Iterable[Item], *, today: date, key: str | None = None
) -> Message:
    """Gather one person's items into a mail; `key` is given when it replaces one that no longer holds."""
    items = tuple(items)
    gravest = max(items, key=lambda item: _GRAVITY[item.stage]).stage
    ordered = tuple(sorted(items, key=lambda item: (-_GRAVITY[item.stage], item.occurrence.due, item.occurrence.key)))
    alone = ordered[0].occurrence if len(ordered) == 1 else None
    school_year = ordered[0].occurrence.school_year
    return Message(
        key=key or task_key(municipality, person.address, today=today),
        template=gravest.value,
        municipality=municipality,
        to=person,
        thread=thread_of(municipality, [item.occurrence for item in ordered], person.address),
        about={item.occurrence.key: item.step for item in ordered},
        dues={item.occurrence.key: item.occurrence.due for item in ordered},
        values={
            "items": ordered,
            "own": tuple(item for item in ordered if not item.of_others),
            "of_others": tuple(item for item in ordered if item.of_others),
            "today": today,
            "school_year": school_year,
        },
        school=person.school if {item.occurrence.school for item in items} == {person.school} else None,
        activity=alone.activity if alone else None,
    )
