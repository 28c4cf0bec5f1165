"""Inboxes: where mails come in; a folder of files, or a mailbox on an IMAP server."""

from __future__ import annotations

import imaplib
import re
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from imap_tools import AND, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError

from kvalitet.adapters.errors import OperationError
from kvalitet.adapters.file_store import LARGEST_FILE
from kvalitet.adapters.incoming import reading
from kvalitet.adapters.incoming.tokens import access_token
from kvalitet.adapters.settings import ImapLogin, SmtpSecurity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from kvalitet.adapters.incoming.reading import ReceivedMail
    from kvalitet.adapters.installation import Installation
    from kvalitet.adapters.settings import Settings

# A file of the largest size that may be delivered, as mails write it, and room for the rest of the mail.
LARGEST_MAIL = LARGEST_FILE * 3 // 2
# How much is kept of one that is larger: its headers and the beginning of its text.
BEGINNING = 64 * 1024
# The folder of the home folder that stands in for a mailbox.
FOLDER = "inbox"
# How far back the first reading of a mailbox goes.
FIRST_LOOK = timedelta(days=30)
TOO_LARGE = "Mailen fylder {size} MB og er ikke læst; find den i postkassen."
# What stands in the place of a mail that the server knows and does not give, so that a person hears of it.
UNFETCHED = (
    "To: {user}\r\nSubject: =?utf-8?q?En_mail=2C_der_ikke_kan_hentes?=\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    "Mailserveren ville ikke give os mail nr. {number}; find den i postkassen. Den svarede: {reason}\r\n"
)
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_CURSOR = re.compile(r"(\d+):(\d+)")


@dataclass(frozen=True, slots=True)
class Delivered:
    """Modtaget: one mail as it lies in the inbox; of one that is too large there is only the beginning.

    When it has been dealt with, `cursor` is where the next reading begins.
    """

    name: str
    content: bytes
    size: int
    cursor: str = ""

    @property
    def is_cut(self) -> bool:
        """Tell whether there is more of it than was read."""
        return self.size > len(self.content)

    def too_large(self) -> ReceivedMail:
        """Give what can be said of a mail that is too large to be read."""
        return reading.too_large(self.content, TOO_LARGE.format(size=self.size // (1024 * 1024)))


class _NotGivenError(Exception):
    """Ikke udleveret: the server has a mail, and says that it cannot give it."""


class Inbox(Protocol):
    """Indbakke: incoming mails; `name` is what its cursor is kept under."""

    name: str

    def mails(self, cursor: str, *, now: datetime) -> Iterator[Delivered]:
        """Give the mails after the cursor, oldest first."""
        ...

    def mark_read(self, delivered: Delivered) -> None:
        """Note that a mail has been dealt with."""
        ...

    def close(self) -> None:
        """Let go of the mailbox."""
        ...


class FolderInbox:
    """Mappe: .eml files; those that have been read lie in the subfolder `read`."""

    name = "inbox:folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def mails(self, cursor: str, *, now: datetime) -> Iterator[Delivered]:  # noqa: ARG002 -- what is read is moved away
        """Give the files that lie in the folder itself, by name."""
        for path in sorted(self._folder.glob("*.eml")):
            size = path.stat().st_size
            with path.open("rb") as file:
                yield Delivered(path.name, file.read(LARGEST_MAIL if size <= LARGEST_MAIL else BEGINNING), size)

    def mark_read(self, delivered: Delivered) -> None:
        """Move a file out of the way."""
        read = self._folder / "read"
        read.mkdir(exist_ok=True)
        (self._folder / delivered.name).replace(read / delivered.name)

    def close(self) -> None:
        """Nothing is held open."""


class ImapInbox:
    """Postkasse: a folder of an IMAP server.

    Mails are taken by their numbers and not by whether they are unread: people open a shared mailbox too, and
    what they have opened is not to be lost.
    """

    def __init__(self, settings: Settings) -> None:
        self._place = f"{settings.imap_host}:{settings.imap_port}"
        self._user = settings.imap_user
        self.name = f"inbox:{settings.imap_user}@{settings.imap_host}/{settings.imap_folder}"
        token = access_token(settings) if settings.imap_login is ImapLogin.XOAUTH2 else None
        with self._told():
            self._box = _connect(settings)
            try:
                _log_in(self._box, settings, token)
            except BaseException:
                with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                    self._box.client.shutdown()
                raise

    def mails(self, cursor: str, *, now: datetime) -> Iterator[Delivered]:
        """Give the mails after the cursor; without one, or when the server has renumbered them, the last month's."""
        with self._told():
            validity = self._box.client.response("UIDVALIDITY")[1][0].decode()
            for number in self._numbers(cursor, validity, now=now):
                try:
                    found = self._fetch(number, f"{validity}:{number}")
                except _NotGivenError as error:
                    found = self._unfetched(number, f"{validity}:{number}", str(error))
                if found:
                    yield found

    def mark_read(self, delivered: Delivered) -> None:
        """Mark a mail as seen, for those who look into the mailbox."""
        with self._told():
            self._box.flag(delivered.name, MailMessageFlags.SEEN, value=True)

    def close(self) -> None:
        """Log out; what was read is safe whatever the server answers."""
        with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
            self._box.logout()

    def _numbers(self, cursor: str, validity: str, *, now: datetime) -> list[int]:
        known = _CURSOR.fullmatch(cursor)
        last = int(known[2]) if known and known[1] == validity else None
        criteria = AND(date_gte=(now - FIRST_LOOK).date()) if last is None else f"UID {last + 1}:*"
        # »n:*« gives the last mail even when its number is less.
        return sorted(number for number in map(int, self._box.uids(criteria)) if last is None or number > last)

    def _fetch(self, number: int, cursor: str) -> Delivered | None:
        """Fetch a mail; None when it is gone meanwhile. No more of it is fetched than is read."""
        size = self._size(number)
        wanted = LARGEST_MAIL if size <= LARGEST_MAIL else BEGINNING
        content = self._ask(number, f"BODY.PEEK[]<0.{wanted}>")[1]
        # Servers count line ends differently; what came whole is whole.
        return (
            Delivered(str(number), content, size if size > LARGEST_MAIL else len(content), cursor) if content else None
        )

    def _unfetched(self, number: int, cursor: str, reason: str) -> Delivered:
        content = UNFETCHED.format(user=self._user, number=cursor, reason=reason).encode()
        return Delivered(str(number), content, len(content), cursor)

    def _size(self, number: int) -> int:
        found = _SIZE.search(self._ask(number, "RFC822.SIZE")[0])
        return int(found[1]) if found else 0

    def _ask(self, number: int, what: str) -> tuple[bytes, bytes]:
        """Ask for something of a mail; gives the answer's lines and its contents."""
        verdict, answer = self._box.client.uid("FETCH", str(number), f"({what})")
        if verdict != "OK":
            raise _NotGivenError(
                b" ".join(piece for piece in answer if isinstance(piece, bytes)).decode("ascii", "replace")
            )
        pieces: list[Any] = list(answer)
        lines = b" ".join(piece if isinstance(piece, bytes) else piece[0] for piece in pieces if piece)
        return lines, b"".join(piece[1] for piece in pieces if isinstance(piece, tuple))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
            reason = f"Postkassen på {self._place} kan ikke læses; se KVALITET_IMAP_…: {error}"
            raise OperationError(reason) from error


def _connect(settings: Settings) -> Any:
    host, port, timeout = settings.imap_host, settings.imap_port, settings.imap_timeout
    if settings.imap_security is SmtpSecurity.NONE:
        return MailBoxUnencrypted(host, port, timeout)
    kind = MailBoxStartTls if settings.imap_security is SmtpSecurity.STARTTLS else MailBox
    # Without a context of our own, the library would take any certificate.
    return kind(host, port, timeout, ssl_context=ssl.create_default_context())


def _log_in(box: Any, settings: Settings, token: str | None) -> None:
    if token is None:
        box.login(settings.imap_user, settings.imap_password.get_secret_value(), settings.imap_folder)
    else:
        box.xoauth2(settings.imap_user, token, settings.imap_folder)


def inbox_of(installation: Installation) -> Inbox:
    """Open the mailbox that the settings name; without one, the folder `inbox` of the home folder.

    A demonstration reads nobody's mail, whatever the settings name.
    """
    settings = installation.settings
    if settings.imap_host and not installation.is_demonstration:
        return ImapInbox(settings)
    return FolderInbox(settings.home / FOLDER)
