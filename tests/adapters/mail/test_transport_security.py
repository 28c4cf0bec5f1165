"""Encryption and passwords, against servers that demand both."""

import asyncio
import ssl
from pathlib import Path

import pytest

from kvalitet.adapters.mail.transport import NotSentError, SmtpTransport
from kvalitet.adapters.settings import SmtpSecurity
from kvalitet.adapters.store import Store
from kvalitet.adapters.store.outbox import Mail
from tests.adapters.mail.samples import SUBGOALS
from tests.adapters.mail.secure_servers import PASSWORD, USER, certificate, starttls_server, tls_server
from tests.adapters.mail.sending import mails, queue, reminders
from tests.adapters.mail.servers import MailServer, mail_server


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def mail(store: Store) -> Mail:
    queue(store, reminders(SUBGOALS)[0])
    return mails(store)[0]


def send(mail: Mail, transport: SmtpTransport, server: MailServer) -> None:
    async def once() -> None:
        try:
            await transport.send(mail)
        finally:
            await transport.close()
            # An encrypted line closes when the other side says goodbye too; the loop must be there to hear it.
            await asyncio.to_thread(server.until_quiet)
            for _ in range(10):
                await asyncio.sleep(0)

    asyncio.run(once())


def transport(port: int, security: SmtpSecurity, pem: Path | None = None, password: str = PASSWORD) -> SmtpTransport:
    trusted = ssl.create_default_context(cafile=pem) if pem else None
    return SmtpTransport(
        host="127.0.0.1",
        port=port,
        user=USER,
        password=password,
        security=security,
        timeout=5,
        tls_context=trusted,
    )


def test_starttls_and_the_password_come_before_the_mail(mail: Mail, pem: Path) -> None:
    with starttls_server(pem) as server:
        send(mail, transport(server.port, SmtpSecurity.STARTTLS, pem), server)

    assert server.accepted == [mail.content]


def test_tls_from_the_first_byte(mail: Mail, pem: Path) -> None:
    with tls_server(pem) as server:
        send(mail, transport(server.port, SmtpSecurity.TLS, pem), server)

    assert server.accepted == [mail.content]


def test_a_certificate_that_nobody_vouches_for_gets_no_mail_and_no_password(mail: Mail, pem: Path) -> None:
    with starttls_server(pem) as server, pytest.raises(NotSentError, match="kan ikke bruges") as refused:
        send(mail, transport(server.port, SmtpSecurity.STARTTLS), server)

    assert refused.value.server_down
    assert server.accepted == []


def test_a_server_that_cannot_encrypt_gets_no_mail_and_no_password(mail: Mail) -> None:
    with mail_server() as server, pytest.raises(NotSentError, match="kan ikke bruges") as refused:
        send(mail, transport(server.port, SmtpSecurity.STARTTLS), server)

    assert refused.value.server_down
    assert server.accepted == []


def test_a_wrong_password_stops_the_batch_and_is_not_shown(mail: Mail, pem: Path) -> None:
    wrong = "forkert-adgangskode"
    with starttls_server(pem) as server, pytest.raises(NotSentError) as refused:
        send(mail, transport(server.port, SmtpSecurity.STARTTLS, pem, password=wrong), server)

    assert refused.value.server_down
    assert "535" in refused.value.reason
    assert wrong not in refused.value.reason
    assert server.accepted == []
