"""Own texts: the municipality's own words of one mail, with its places filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kvalitet.adapters import danish
from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.mail.writing.text_part import shortened
from kvalitet.announcements import Change
from kvalitet.mail_texts import SUBJECT_OF, MailKind, MailText, fill

if TYPE_CHECKING:
    from datetime import date

    from kvalitet.invites import Invite
    from kvalitet.messages import Message
    from kvalitet.occurrences import Occurrence


_INVITATIONS = {
    Change.MOVED.value: MailKind.MOVED_INVITATION,
    Change.REWORDED.value: MailKind.REWORDED_INVITATION,
}


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """Egne tekster: what stands instead of the product's own words; what is empty does not."""

    subject: str = ""
    heading: str = ""
    greeting: str = ""
    introduction: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()


NONE = OwnTexts()


def own_texts(message: Message) -> OwnTexts:
    """Fill the municipality's own words for a mail; words that cannot be used are an OperationError."""
    texts = message.municipality.mail_texts
    if not texts or message.template not in set(MailKind):
        return NONE
    kind = _kind(message)
    if fault := texts.faults.get(kind):
        raise OperationError(f"Kommunens egen tekst kan ikke bruges, og mailen venter. {fault}")
    values, text = _values(message), texts.mails.get(kind, MailText())
    return OwnTexts(
        subject=fill(texts.subjects.get(SUBJECT_OF[kind], ""), values | {"titel": shortened(values.get("titel", ""))}),
        heading=fill(text.heading, values),
        greeting=fill(text.greeting, values),
        introduction=_paragraphs(fill(text.introduction, values)),
        closing=_paragraphs(fill(text.closing, values)),
        signature=tuple(fill(text.signature, values).strip().splitlines()),
    )


def _kind(message: Message) -> MailKind:
    if message.template == MailKind.INVITATION:
        return _INVITATIONS.get(str(message.values["change"]), MailKind.INVITATION)
    return MailKind(message.template)


def _paragraphs(text: str) -> tuple[str, ...]:
    """Split a text at its empty lines; other line breaks are only those of the file."""
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def _values(message: Message) -> dict[str, str]:
    """Give what the places stand for; in a mail about several things those of one thing are left out."""
    given: Any = message.values
    sender = message.municipality.sender
    values = {"kommune": message.municipality.name, "modtager": message.to.name, "afsender": sender.name}
    if "school_year" in given:
        values["skoleår"] = str(given["school_year"])
    if "invite" in given:
        values |= _of_meeting(given["invite"])
    if "occurrence" in given:
        values |= _of_one(given["occurrence"], given["unit"])
    elif len(items := given.get("items", ())) == 1:
        values |= _of_one(items[0].occurrence, items[0].unit)
        values["dage"] = _days(items[0].occurrence.due, given["today"])
    return values


def _of_one(occurrence: Occurrence, unit: str) -> dict[str, str]:
    return {
        "titel": occurrence.title,
        "skole": unit,
        "skoleår": str(occurrence.school_year),
        "frist": danish.full_date(occurrence.due),
    }


def _of_meeting(invite: Invite) -> dict[str, str]:
    return {"tidspunkt": danish.span_text(invite.starts_at, invite.ends_at), "sted": invite.place}


def _days(due: date, today: date) -> str:
    return danish.count_text(abs((due - today).days), "dag", "dage")
