"""Raw mails as people's programs write them: an answer to one of ours, with files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

PDF = b"%PDF-1.7 en handleplan"
LOGO = b"\x89PNG et lille billede"


@dataclass(frozen=True)
class File:
    """A file as it is attached."""

    name: str = "Handleplan for Åby.pdf"
    content: bytes = PDF
    kind: str = "application/pdf"


def answer(
    to: str,
    *files: File,
    sender: str,
    message_id: str = "<svar-1@skole.example>",
    logo: bool = False,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Write an answer to the mail `to` (its message id), as Outlook does: HTML with a logo that the text shows."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, "aarshjul@proeveby.example", "SV: Handleplan"
    mail["Message-ID"], mail["In-Reply-To"] = message_id, to
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content("Her er planen.\n\nVenlig hilsen\nSkolelederen")
    mail.add_alternative('<p>Her er planen.</p><img src="cid:logo1@skole">', subtype="html")
    if logo:
        (_, html) = mail.iter_parts()
        assert isinstance(html, EmailMessage)
        html.add_related(LOGO, "image", "png", cid="<logo1@skole>", filename="image001.png")
    for file in files:
        maintype, _, subtype = file.kind.partition("/")
        mail.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    return mail.as_bytes()
