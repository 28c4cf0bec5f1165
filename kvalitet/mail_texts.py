"""Mail texts: a municipality's own words in its mails, with named places that are filled from what a mail is about.

There is no code in them: a place is a word of a list, and what is put there is put there as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

_PLACE = re.compile(r"\{(\w+)\}")


class MailKind(StrEnum):
    """Mail: a kind of mail, as the municipality's file names it."""

    OPENING = "opening"
    REMINDER = "reminder"
    OVERDUE_NOTICE = "overdue_notice"
    ESCALATION = "escalation"
    INVITATION = "invitation"
    MOVED_INVITATION = "moved_invitation"
    REWORDED_INVITATION = "reworded_invitation"
    UNINVITED = "uninvited"
    CANCELLATION = "cancellation"
    RECEIPT = "receipt"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    WEEKLY_DIGEST = "weekly_digest"


class SubjectKind(StrEnum):
    """Emne: a subject is shared by all mails of a thread, so that they lie together."""

    DELIVERABLE = "deliverable"
    MEETING = "meeting"
    ESCALATION = "escalation"
    WEEKLY_DIGEST = "weekly_digest"


SUBJECT_OF: Mapping[MailKind, SubjectKind] = {
    MailKind.OPENING: SubjectKind.DELIVERABLE,
    MailKind.REMINDER: SubjectKind.DELIVERABLE,
    MailKind.OVERDUE_NOTICE: SubjectKind.DELIVERABLE,
    MailKind.RECEIPT: SubjectKind.DELIVERABLE,
    MailKind.SENT_BACK: SubjectKind.DELIVERABLE,
    MailKind.APPROVED: SubjectKind.DELIVERABLE,
    MailKind.INVITATION: SubjectKind.MEETING,
    MailKind.MOVED_INVITATION: SubjectKind.MEETING,
    MailKind.REWORDED_INVITATION: SubjectKind.MEETING,
    MailKind.UNINVITED: SubjectKind.MEETING,
    MailKind.CANCELLATION: SubjectKind.MEETING,
    MailKind.ESCALATION: SubjectKind.ESCALATION,
    MailKind.WEEKLY_DIGEST: SubjectKind.WEEKLY_DIGEST,
}

EVERYWHERE = ("kommune", "skoleår", "modtager", "afsender")
_DELIVERABLE = (*EVERYWHERE, "titel", "skole", "frist")
_MEETING = (*EVERYWHERE, "titel", "skole", "tidspunkt", "sted")
PLACES: Mapping[MailKind, tuple[str, ...]] = {
    MailKind.OPENING: (*_DELIVERABLE, "dage"),
    MailKind.REMINDER: (*_DELIVERABLE, "dage"),
    MailKind.OVERDUE_NOTICE: (*_DELIVERABLE, "dage"),
    MailKind.ESCALATION: (*_DELIVERABLE, "dage"),
    MailKind.INVITATION: _MEETING,
    MailKind.MOVED_INVITATION: _MEETING,
    MailKind.REWORDED_INVITATION: _MEETING,
    MailKind.UNINVITED: _MEETING,
    MailKind.CANCELLATION: _MEETING,
    MailKind.RECEIPT: _DELIVERABLE,
    MailKind.SENT_BACK: _DELIVERABLE,
    MailKind.APPROVED: _DELIVERABLE,
    MailKind.WEEKLY_DIGEST: EVERYWHERE,
}
# Only what is the same in all mails of a thread: neither a date nor a number of days nor who reads it.
_STEADY = ("kommune", "skoleår", "titel", "skole")
SUBJECT_PLACES: Mapping[SubjectKind, tuple[str, ...]] = {
    SubjectKind.DELIVERABLE: _STEADY,
    SubjectKind.MEETING: _STEADY,
    SubjectKind.ESCALATION: _STEADY,
    SubjectKind.WEEKLY_DIGEST: ("kommune", "skoleår"),
}


@dataclass(frozen=True, slots=True)
class MailText:
    """Mailtekst: the municipality's own parts of a mail; where one is empty, the product's own words stand."""

    heading: str = ""
    greeting: str = ""
    introduction: str = ""
    closing: str = ""
    signature: str = ""


def _nothing() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class MailTexts:
    """Mailtekster: all of a municipality's own words; `faults` says of a mail why its words cannot be used."""

    subjects: Mapping[SubjectKind, str] = field(default_factory=_nothing)
    mails: Mapping[MailKind, MailText] = field(default_factory=_nothing)
    faults: Mapping[MailKind, str] = field(default_factory=_nothing)

    def __bool__(self) -> bool:
        return bool(self.subjects or self.mails or self.faults)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in their places; "" when a place has no value, as in a mail about several things."""
    if not all(values.get(place) for place in _PLACE.findall(text)):
        return ""
    return _PLACE.sub(lambda place: values[place[1]], text)


def mistake(text: str, places: tuple[str, ...]) -> str:
    """Say in one Danish sentence why a text cannot be used; "" when it can."""
    allowed = ", ".join(f"{{{place}}}" for place in places)
    for place in _PLACE.findall(text):
        if place not in places:
            return f"Pladsen {{{place}}} kendes ikke her; brug en af: {allowed}."
    if "{" in _PLACE.sub("", text) or "}" in _PLACE.sub("", text):
        return f"En tuborgklamme mangler sin mage eller sit navn; en plads skrives som en af: {allowed}."
    return ""
