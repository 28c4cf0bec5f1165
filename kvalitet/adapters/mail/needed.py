"""Still needed? What may have happened between a mail's making and its sending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.delivering import decisions
from kvalitet.adapters.mail import needed_tasks
from kvalitet.adapters.mail.draining import STILL_NEEDED, Judgement
from kvalitet.adapters.mail.needed_meetings import MEETINGS, judge_meeting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from kvalitet.adapters.mail.rendering import Renderer
    from kvalitet.adapters.store.outbox import Mail
    from kvalitet.municipality import Municipality

UNKNOWN_HERE = "kommunen »{key}« findes ikke i filerne"


@dataclass(frozen=True)
class NeededNow:
    """Stadig nødvendig: judges each mail by the store as it is when the mail is claimed."""

    municipalities: Mapping[str, Municipality]
    renderer: Renderer

    @classmethod
    def of(cls, municipalities: Iterable[Municipality], renderer: Renderer) -> NeededNow:
        """Know the municipalities of an installation by key."""
        return cls({municipality.key: municipality for municipality in municipalities}, renderer)

    def __call__(self, connection: Connection, mail: Mail, *, now: datetime) -> Judgement:
        """Judge one mail."""
        if mail.expires_at and mail.expires_at <= now:
            return Judgement("For sent: det, mailen handler om, er forbi.")
        municipality = self.municipalities.get(mail.municipality)
        if mail.template in MEETINGS:
            return judge_meeting(connection, mail)
        if mail.template in decisions.MAILS:
            return decisions.judge(connection, mail)
        if mail.template in needed_tasks.TASKS:
            if municipality is None:  # nobody is reminded unasked; the mail is held, and says so
                raise LookupError(UNKNOWN_HERE.format(key=mail.municipality))
            return needed_tasks.judge(connection, self.renderer, mail, municipality, now=now)
        return STILL_NEEDED
