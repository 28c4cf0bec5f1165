"""Recording: which mails were rendered, so that the bare cost of it can be measured afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from kvalitet.adapters.installation import Installation
from kvalitet.adapters.mail.rendering import Renderer
from kvalitet.adapters.store.outbox import NewMail
from kvalitet.invites import Invite
from kvalitet.messages import Message


@dataclass
class Recording:
    """Optagelse: stands in front of an installation's renderer and notes what it is asked for."""

    renderer: Renderer
    asked: dict[str, tuple[Message, datetime, Invite | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, installation: Installation) -> Self:
        """Note what an installation renders from now on."""
        recording = cls(installation.renderer)
        vars(installation)["renderer"] = recording
        return recording

    def render(self, message: Message, *, now: datetime, invite: Invite | None = None) -> NewMail:
        """Note a mail, and render it."""
        self.asked[message.key] = message, now, invite
        return self.renderer.render(message, now=now, invite=invite)

    def render_again(self) -> None:
        """Render every mail once more, for nothing else than what that costs."""
        for message, now, invite in self.asked.values():
            self.renderer.render(message, now=now, invite=invite)
