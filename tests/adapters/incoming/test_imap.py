"""Reading a mailbox on a real IMAP server."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from imaplib import IMAP4
from pathlib import Path
from typing import Any

import pytest

from kvalitet.adapters.errors import OperationError, UserError
from kvalitet.adapters.incoming.dealing import Reader, read_inbox
from kvalitet.adapters.incoming.inboxes import LARGEST_MAIL, ImapInbox
from kvalitet.adapters.settings import Settings
from kvalitet.adapters.store import Store, incoming
from kvalitet.invites import Answer
from tests.adapters.incoming import imap_server, mails
from tests.adapters.incoming.imap_server import CLIENT, PASSWORD, SCOPE, SECRET, USER, ImapServer, TokenServer
from tests.adapters.mail.samples import NOW
from tests.adapters.mail.secure_servers import certificate

LATER = NOW + timedelta(days=3)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    with imap_server.token_server() as server:
        yield server


@pytest.fixture
def server(pem: Path, tokens: TokenServer) -> Iterator[ImapServer]:
    with imap_server.imap_server(pem, tokens) as found:
        yield found


@pytest.fixture
def invited(store: Store) -> Store:
    mails.invite(store)
    return store


def settings(server: ImapServer, **given: object) -> Settings:
    chosen = {
        "imap_host": "127.0.0.1",
        "imap_port": server.port,
        "imap_security": "none",
        "imap_user": USER,
        "imap_password": PASSWORD,
        "imap_timeout": 10,
    }
    return Settings.read(**{**chosen, **given})  # type: ignore[arg-type]


def by_token(server: ImapServer, tokens: TokenServer, **given: object) -> Settings:
    chosen = {
        "imap_login": "xoauth2",
        "imap_password": "",
        "imap_token_url": f"{tokens.url}/token",
        "imap_client_id": CLIENT,
        "imap_client_secret": SECRET,
        "imap_scope": SCOPE,
    }
    return settings(server, **{**chosen, **given})


def read(store: Store, chosen: Settings, *, now: datetime = LATER) -> dict[str, int]:
    reader = Reader(store, {mails.BOX: "kalundborg"}, mails.SERVER)
    counted = read_inbox(reader, ImapInbox(chosen), now=now)
    return {kind.value: number for kind, number in counted.items() if number}


def test_a_mailbox_is_read_once_and_what_was_read_is_marked(invited: Store, server: ImapServer) -> None:
    server.put(mails.reply(), mails.human())
    assert read(invited, settings(server)) == {"answer": 1, "human": 1}
    assert (mails.attendee(invited).answer, server.unseen()) == (Answer.ACCEPTED, 0)

    assert read(invited, settings(server)) == {}
    server.put(mails.human("Og så lige en ting til."))
    assert read(invited, settings(server), now=LATER + timedelta(hours=1)) == {"human": 1}
    assert mails.kept(invited)[0].text == "Og så lige en ting til."


def test_what_a_colleague_has_opened_first_is_read_all_the_same(invited: Store, server: ImapServer) -> None:
    server.put(mails.human())
    assert read(invited, settings(server)) == {"human": 1}
    server.put(mails.reply("DECLINED"))
    server.open_all()
    assert read(invited, settings(server)) == {"answer": 1}
    assert mails.attendee(invited).answer is Answer.DECLINED


def test_a_mail_that_the_server_does_not_give_is_told_of_and_holds_up_no_other(
    invited: Store, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exchange says NO for a mail that it cannot convert."""
    ask = IMAP4.uid

    def uid(client: IMAP4, command: str, *args: str) -> tuple[str, list[Any]]:
        is_refused = command == "FETCH" and args[0] == "1" and "BODY" in args[1]
        return ("NO", [b"Cannot be converted"]) if is_refused else ask(client, command, *args)

    server.put(mails.human(), mails.reply())
    monkeypatch.setattr(IMAP4, "uid", uid)
    assert read(invited, settings(server)) == {"human": 1, "answer": 1}
    assert mails.attendee(invited).answer is Answer.ACCEPTED
    (told,) = [mail for mail in mails.kept(invited) if mail.awaits_a_person]
    assert told.subject == "En mail, der ikke kan hentes"
    assert told.text.startswith("Mailserveren ville ikke give os mail nr. ")
    assert told.text.endswith(":1; find den i postkassen. Den svarede: Cannot be converted")


def test_a_crash_between_the_store_and_the_mark_does_nothing_twice(
    invited: Store, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise OperationError("Strømmen gik.")

    server.put(mails.reply(), mails.human())
    with monkeypatch.context() as patched:
        patched.setattr(ImapInbox, "mark_read", crash)
        with pytest.raises(OperationError, match="Strømmen gik"):
            read(invited, settings(server))
    assert (len(mails.kept(invited)), server.unseen()) == (1, 2)

    assert read(invited, settings(server)) == {"human": 1}
    assert len(mails.kept(invited)) == 2


def test_a_folder_that_is_made_anew_is_read_from_the_start_and_nothing_is_kept_twice(
    invited: Store, server: ImapServer
) -> None:
    server.make_folder("Svar")
    first, second, third = (mails.human(text) for text in ("En.", "To.", "Tre."))
    server.put(first, second, folder="Svar")
    assert read(invited, settings(server, imap_folder="Svar")) == {"human": 2}

    server.start_over(third, second)
    assert read(invited, settings(server, imap_folder="Svar")) == {"human": 1}


def test_a_mail_that_is_too_large_is_shown_with_its_sender_and_not_fetched(invited: Store, server: ImapServer) -> None:
    large = mails.human("x" * 998 + "\r\n").encode() + (b"x" * 998 + b"\r\n") * (LARGEST_MAIL // 1000 + 1)
    server.put(large, mails.reply())
    assert read(invited, settings(server)) == {"answer": 1, "human": 1}

    (mail,) = [mail for mail in mails.kept(invited) if mail.kind.value == "human"]
    assert (mail.sender, mail.detail) == (mails.LEADER, "Mailen fylder 15 MB og er ikke læst; find den i postkassen.")
    with invited.read() as connection:
        assert len(incoming.content(connection, mail.id)) == 64 * 1024


def test_a_token_from_the_identity_provider_opens_the_mailbox(
    invited: Store, server: ImapServer, tokens: TokenServer
) -> None:
    server.put(mails.reply())
    assert read(invited, by_token(server, tokens)) == {"answer": 1}
    assert (len(tokens.given), tokens.asked[0]["scope"]) == (1, SCOPE)


def test_a_token_that_the_mail_server_does_not_know_opens_nothing(
    invited: Store, server: ImapServer, tokens: TokenServer
) -> None:
    tokens.instead = b'{"access_token": "forkert"}'
    with pytest.raises(OperationError, match="kan ikke læses; se KVALITET_IMAP_"):
        read(invited, by_token(server, tokens))


@pytest.mark.parametrize(
    ("given", "instead", "said"),
    [
        ({"imap_client_secret": "gættet"}, None, r"giver ikke adgang \(401\): invalid_client"),
        ({}, b"<html>", "svarer ikke, som den skal"),
        ({}, b"[]", "svarer ikke, som den skal"),
        ({}, b"{}", r"giver ikke adgang \(200\): uden begrundelse"),
        ({"imap_token_url": "http://127.0.0.1:1/token"}, None, "svarer ikke, som den skal"),
    ],
)
def test_an_identity_provider_that_gives_nothing_is_an_error_that_names_the_setting(
    tokens: TokenServer, given: dict[str, str], instead: bytes | None, said: str
) -> None:
    tokens.instead = instead
    server = ImapServer(port=1, tls_port=1)
    with pytest.raises(OperationError, match=said) as raised:
        ImapInbox(by_token(server, tokens, **given))
    assert "KVALITET_IMAP_TOKEN_URL" in raised.value.message
    assert "gættet" not in raised.value.message


@pytest.mark.parametrize("url", ["", "http://mail.example/token", "ftp://mail.example/token"])
def test_the_secret_is_sent_to_nobody_over_an_open_line(url: str, tokens: TokenServer) -> None:
    with pytest.raises(UserError, match="Sæt KVALITET_IMAP_TOKEN_URL"):
        ImapInbox(by_token(ImapServer(port=1, tls_port=1), tokens, imap_token_url=url))


@pytest.mark.parametrize("given", [{"imap_password": "forkert"}, {"imap_folder": "Findes ikke"}, {"imap_port": 1}])
def test_a_mailbox_that_cannot_be_opened_is_an_error_that_says_where_to_look(
    server: ImapServer, given: dict[str, object]
) -> None:
    with pytest.raises(OperationError, match=r"kan ikke læses; se KVALITET_IMAP_") as raised:
        ImapInbox(settings(server, **given))
    assert "forkert" not in raised.value.message


def test_a_server_with_starttls_and_one_with_tls_are_read_when_their_certificate_is_known(
    sqlite_url: str, server: ImapServer, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways: list[dict[str, object]] = [
        {"imap_security": "starttls"},
        {"imap_security": "tls", "imap_port": server.tls_port},
    ]
    for way in ways:
        with pytest.raises(OperationError, match="CERTIFICATE_VERIFY_FAILED"):
            ImapInbox(settings(server, **way))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    store = Store.open(sqlite_url)
    for number, way in enumerate(ways):
        server.put(mails.human(f"Nr. {number}"))
        assert read(store, settings(server, **way)) == {"human": 1}
    store.close()
