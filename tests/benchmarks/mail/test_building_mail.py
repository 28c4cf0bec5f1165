import hashlib
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from kvalitet.adapters.mail.addresses import mailbox
from kvalitet.adapters.mail.rendering import Parts, Renderer
from kvalitet.invites import Invite
from kvalitet.messages import Message
from tests.adapters.mail.samples import TEMPLATES
from tests.benchmarks.mail.invitations import MADE_AT, invitations
from tests.benchmarks.measuring import Measured, race

MAILS = 10_000
LIBRARY_MAILS = 500


def test_ten_thousand_different_invitations_are_built(keep: Callable[[Measured], None]) -> None:
    jobs = invitations(MAILS)
    assert len(built_contents(jobs)) == MAILS

    measured = race(
        "10.000 forskellige indkaldelser sat op",
        lambda: build(jobs),
        limit="skabeloner og kalender alene",
        bare=lambda: fill(jobs),
        rows=MAILS,
        rounds=3,
        memory=lambda: build(jobs[:LIBRARY_MAILS]),
    )
    keep(measured)
    if measured.ratio > 5:
        pytest.fail(f"En indkaldelse tager {measured.ratio:.1f} gange det, som dens tekst og kalender tager")


def test_the_library_s_newer_mail_class_does_the_same_more_slowly(keep: Callable[[Measured], None]) -> None:
    jobs = invitations(LIBRARY_MAILS)
    measured = race(
        "500 forskellige indkaldelser sat op",
        lambda: build(jobs),
        limit="de samme med EmailMessage og policy.SMTP",
        bare=lambda: build_with_library(jobs),
        rows=LIBRARY_MAILS,
        rounds=3,
    )
    keep(measured)
    if measured.ratio > 1:
        pytest.fail(f"En indkaldelse tager {measured.ratio:.1f} gange det, som EmailMessage tager")


def built_contents(jobs: list[tuple[Message, Invite]]) -> set[bytes]:
    """Give a digest of each different mail."""
    renderer = fresh_renderer()
    contents = (renderer.render(message, now=MADE_AT, invite=invite).content for message, invite in jobs)
    return {hashlib.sha256(content).digest() for content in contents}


def fresh_renderer() -> Renderer:
    return Renderer(TEMPLATES, "https://kvalitet.example")


def build(jobs: list[tuple[Message, Invite]]) -> Callable[[], object]:
    renderer = fresh_renderer()

    def work() -> None:
        for message, invite in jobs:
            renderer.render(message, now=MADE_AT, invite=invite)

    return work


def fill(jobs: list[tuple[Message, Invite]]) -> Callable[[], object]:
    """Make what a mail is put together from, and nothing of the mail itself."""
    renderer = fresh_renderer()

    def work() -> None:
        for message, invite in jobs:
            renderer.parts(message, invite)

    return work


def build_with_library(jobs: list[tuple[Message, Invite]]) -> Callable[[], object]:
    """Put the same parts together as the library's documentation shows it."""
    renderer = fresh_renderer()

    def work() -> None:
        for message, invite in jobs:
            as_documented(renderer.parts(message, invite), message).as_bytes()

    return work


def as_documented(parts: Parts, message: Message) -> EmailMessage:
    assert parts.calendar is not None
    mail, sender = EmailMessage(policy=SMTP), message.municipality.sender
    mail["From"] = mail["Reply-To"] = mailbox(sender.name, sender.address)
    mail["To"] = mailbox(message.to.name, message.to.address)
    mail["Subject"] = parts.subject
    mail["Date"] = MADE_AT
    mail["Message-ID"] = mail["In-Reply-To"] = mail["References"] = f"<{message.thread}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply, RN, NRN"
    mail.set_content(parts.text)
    mail.add_alternative(parts.html, subtype="html")
    content, params = parts.calendar.content, {"charset": "utf-8", "method": parts.calendar.method.value}
    mail.add_alternative(content, maintype="text", subtype="calendar", params=params)
    mail.add_attachment(content, maintype="application", subtype="ics", filename="invite.ics")
    return mail
