"""Previewing: what lies in the outbox of a day, what its turn would add, and who hears nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from kvalitet.adapters import danish
from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.mail.needed import NeededNow
from kvalitet.adapters.mail_preview.lines import Line, Preview
from kvalitet.adapters.mail_preview.rehearsing import Planned, Recorder, rehearsed
from kvalitet.adapters.mail_preview.silence import silent
from kvalitet.adapters.store import address_marks, outbox, plans
from kvalitet.adapters.store.quiet import mail_pauses
from kvalitet.board import danish_date
from kvalitet.messages import unit_name
from kvalitet.municipality import DANISH_TIME
from kvalitet.outgoing import WAITING, MailState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import Connection

    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.mail_preview.rehearsing import Rehearsal
    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.municipality import Municipality

FURTHEST = timedelta(days=370)
NOT_SENT = "bliver ikke sendt"
CHANGED = "sendes i en ny udgave"
SURGE = "Der er {number} nye mails, og der sendes højst {most} uden at spørge; de venter på, at nogen frigiver dem."
STATES = {
    MailState.QUEUED: "ligger i udbakken",
    MailState.RETRY: "ligger i udbakken",
    MailState.IN_FLIGHT: "sendes nu",
    MailState.FAILED: "kunne ikke sendes",
    MailState.UNCERTAIN: "uvist, om den er sendt",
    MailState.HELD: "holdes tilbage",
    MailState.CANCELLED: "blev ikke sendt",
}


def preview(installation: Installation, municipality: Municipality, day: date, *, now: datetime) -> Preview:
    """Tell who gets what on a day: of a past one what was made, of one ahead what will be, as things stand now."""
    today = danish_date(now)
    closed = danish.closed_because(municipality.calendar, day)
    if day > today + FURTHEST:
        raise UserError("Forhåndsvisningen rækker et år frem; vælg en tidligere dag.")
    if day < today:
        with installation.store.read() as connection:
            return Preview(day, closed, (), tuple(_made(connection, municipality, day, now=now)))
    with rehearsed(installation, municipality, day, now=now) as rehearsal:
        connection = rehearsal.connection
        marks = {mark.address: mark.reason for mark in address_marks.marked(connection, municipality.key)}
        made = _made(connection, municipality, day, now=now) if day == today else []
        made = [_as_sent(rehearsal, municipality, line, marks) for line in made]
        notes = (*_pauses(connection, municipality), *_surge(installation, rehearsal, made))
        planned = [(plan, _titles(connection, municipality, plan)) for plan in rehearsal.planned]
        told = {line.recipient for line in made} | {plan.message.to.address for plan in rehearsal.planned}
        quiet = list(silent(municipality, rehearsal, told=told, marks=marks, closed=closed))
    lines = [_line(installation, plan, titles, marks) for plan, titles in planned]
    return Preview(day, closed, notes, (*made, *lines, *quiet))


def _pauses(connection: Connection, municipality: Municipality) -> list[str]:
    pauses = mail_pauses.pauses(connection, municipality.key)
    return [f"Afsendelsen er sat på pause, så mailene venter: {pause.reason}" for pause in pauses]


def _surge(installation: Installation, rehearsal: Rehearsal, made: list[Line]) -> list[str]:
    """Say that the day's mails are more than go out unasked."""
    most = installation.settings.mail_surge
    number = len(rehearsal.planned) + sum(line.is_new for line in made)
    return [SURGE.format(number=number, most=most)] if most and number > most else []


def _as_sent(rehearsal: Rehearsal, municipality: Municipality, line: Line, marks: Mapping[str, str]) -> Line:
    """Say of a mail that waits what the sending will do with it, by asking what the sending asks."""
    mail = outbox.mail(rehearsal.connection, line.mail) if line.mail else None
    if mail is None or mail.state not in WAITING:
        return line
    judgement = NeededNow.of((municipality,), Recorder())(rehearsal.connection, mail, now=rehearsal.at)
    if judgement.reason:
        told = CHANGED if judgement.replacement else NOT_SENT
        return replace(line, reason=f"{told}: {judgement.reason}")
    mark = marks.get(mail.recipient.lower())
    return replace(line, reason=f"{STATES[MailState.HELD]}: {mark}") if mark else line


def letter(
    installation: Installation, municipality: Municipality, day: date, key: str, *, now: datetime
) -> bytes | None:
    """Give the bytes of one mail of a day's preview; None when nobody gets it."""
    with rehearsed(installation, municipality, day, now=now) as rehearsal:
        found = next((plan for plan in rehearsal.planned if plan.message.key == key), None)
    return found.render(installation.renderer).content if found else None


def _line(installation: Installation, plan: Planned, titles: tuple[str, ...], marks: Mapping[str, str]) -> Line:
    message, mark = plan.message, marks.get(plan.message.to.address.lower())
    line = Line(
        recipient=message.to.address,
        recipient_name=message.to.name,
        school=message.school,
        template=message.template,
        about=titles,
        reason=f"holdes tilbage: {mark}" if mark else "",
        key=message.key,
    )
    try:
        mail = plan.render(installation.renderer)
    except OperationError as error:
        return replace(line, reason=str(error), key="")
    return replace(line, subject=mail.subject, text=_text_of(mail.content))


def _text_of(content: bytes) -> str:
    part = message_from_bytes(content, policy=default).get_body(("plain",))
    return str(part.get_content()) if part else ""


def _titles(connection: Connection, municipality: Municipality, plan: Planned) -> tuple[str, ...]:
    """Name what a mail is about; a meeting with whom it is for."""
    titles = []
    for key in plan.message.about:
        if occurrence := plans.occurrence(connection, key):
            unit = unit_name(municipality, occurrence) if occurrence.kind.is_meeting else ""
            titles.append(f"{occurrence.title} ({unit})" if unit else occurrence.title)
    return tuple(dict.fromkeys(titles))


def _made(connection: Connection, municipality: Municipality, day: date, *, now: datetime) -> list[Line]:
    """List the mails that were made on a day; of today's also the older ones that still wait."""
    begins = datetime.combine(day, time(), tzinfo=DANISH_TIME)
    ends = datetime.combine(day + timedelta(days=1), time(), tzinfo=DANISH_TIME)
    mails = outbox.made_between(connection, municipality.key, begins, ends, waiting=day == danish_date(now))
    return [
        Line(
            recipient=mail.recipient,
            recipient_name=mail.recipient_name,
            school=mail.school,
            template=mail.template,
            subject=mail.subject,
            about=(mail.subject,),
            reason=_told(mail),
            mail=mail.id,
            is_new=mail.state is MailState.QUEUED and not mail.attempts and not mail.released_at,
        )
        for mail in mails
    ]


def _told(mail: Mail) -> str:
    if mail.sent_at:
        return f"sendt {danish.date_text(danish.local(mail.sent_at).date())} kl. {danish.time_text(mail.sent_at)}"
    told = STATES[mail.state]
    return f"{told}: {mail.reason}" if mail.reason else told
