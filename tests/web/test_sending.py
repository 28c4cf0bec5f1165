"""What a form puts into the outbox goes out at once, and a server that is down stops no form."""

from dataclasses import replace
from datetime import datetime

from kvalitet.adapters.installation import DEMONSTRATION, Installation
from kvalitet.adapters.mail.transport import MailboxTransport, SmtpTransport
from kvalitet.adapters.store import log, outbox
from kvalitet.outgoing import MailState
from kvalitet.web.sending import send_now
from tests.web.builders import NOON
from tests.web.conftest import Browser, browsing
from tests.web.test_forms import ANSWERS, DELIVER


def states(installation: Installation) -> list[MailState]:
    with installation.store.read() as connection:
        return [mail.state for mail in outbox.mails(connection)]


def test_a_receipt_is_on_its_way_when_the_page_has_been_answered(browser: Browser, installation: Installation) -> None:
    assert browser.send(DELIVER, ANSWERS).status_code == 303
    assert states(installation) == [MailState.SENT]
    assert len(list((installation.settings.home / "mailbox").glob("*.eml"))) == 1


def test_a_server_that_does_not_answer_loses_neither_delivery_nor_mail(installation: Installation) -> None:
    settings = installation.settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 1})
    with browsing(replace(installation, settings=settings)) as browser:
        assert browser.send(DELIVER, ANSWERS).status_code == 303
    assert states(installation) == [MailState.RETRY]


def test_what_is_asked_while_mails_are_being_sent_is_looked_at_when_they_are(installation: Installation) -> None:
    looked: list[datetime] = []

    def clock() -> datetime:
        looked.append(NOON)
        if len(looked) == 1:
            send_now(installation, clock)
            assert len(looked) == 1
        return NOON

    send_now(installation, clock)
    assert len(looked) == 4


def test_a_demonstration_never_writes_to_anybody(installation: Installation) -> None:
    settings = installation.settings.model_copy(update={"smtp_host": "mail.proeveby.example"})
    configured = replace(installation, settings=settings)
    assert isinstance(configured.transport(), SmtpTransport)
    with installation.store.write() as connection:
        log.remember(connection, DEMONSTRATION, "finished")
    assert isinstance(configured.transport(), MailboxTransport)
