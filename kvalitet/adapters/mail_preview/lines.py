"""What a preview shows: a line for each mail and for each person who gets none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Line:
    """Linje: one mail that somebody gets, or (`template` None) why a person gets none.

    `key` names a mail that is still to be made, `mail` one that lies in the outbox; `details` tell of each
    deliverable that the person is concerned with. `is_new`: it lies in the outbox, and nobody has tried to send it yet.
    """

    recipient: str
    recipient_name: str
    school: str | None
    template: str | None
    subject: str = ""
    about: tuple[str, ...] = ()
    reason: str = ""
    details: tuple[str, ...] = ()
    key: str = ""
    mail: int | None = None
    text: str = ""
    is_new: bool = False

    def as_json(self) -> dict[str, object]:
        """Give the line with its stable keys."""
        return {
            "recipient": self.recipient,
            "recipient_name": self.recipient_name,
            "school": self.school,
            "template": self.template,
            "subject": self.subject,
            "about": list(self.about),
            "reason": self.reason,
            "details": list(self.details),
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """Forhåndsvisning: a day's mails, and those who get none; `closed` says why no mail is made, `notes` what holds."""

    day: date
    closed: str
    notes: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def mails(self) -> tuple[Line, ...]:
        """List the mails."""
        return tuple(line for line in self.lines if line.template)

    @property
    def silent(self) -> tuple[Line, ...]:
        """List those who get no mail."""
        return tuple(line for line in self.lines if not line.template)
