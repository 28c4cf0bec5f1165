"""Transports: where a mail goes when it leaves the outbox."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import ssl
from email.parser import BytesHeaderParser
from email.policy import SMTP as SMTP_POLICY
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Protocol

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from kvalitet.adapters.settings import TIMEOUTS_PER_MAIL, SmtpSecurity

PERMANENT = 500
# Of the time-outs that a mail may take, all but the last one go until the dot.
UNTIL_THE_DOT = TIMEOUTS_PER_MAIL - 1
NO_ADDRESS = "Mailens modtager eller afsender kan ikke være en mailadresse:"
_LINE_DOT = re.compile(rb"(?m)^\.")
_FROM = re.compile(rb"(?im)^from:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*")
_SENDER = re.compile(rb"(?im)^sender:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*")
_ADDRESS = re.compile(r"[^\s<>@\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+")


class NotSentError(Exception):
    """Ikke sendt: surely.

    `permanent` is the server's last word on this mail, `server_down` concerns all mails, and `lost` is a
    connection that broke without a word.
    """

    def __init__(self, reason: str, *, permanent: bool = False, server_down: bool = False, lost: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.server_down = server_down
        self.lost = lost


class MaybeSentError(Exception):
    """Måske sendt: the connection was lost after the whole mail had been handed over."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Letter(Protocol):
    """Brev: what a transport needs of a mail."""

    @property
    def key(self) -> str:
        """Its key among all mails ever written."""

    @property
    def recipient(self) -> str:
        """The address that it goes to."""

    @property
    def message_id(self) -> str:
        """Its name, the same each time."""

    @property
    def content(self) -> bytes:
        """Its final bytes."""


class Transport(Protocol):
    """Forsendelse: sends one mail at a time; raises NotSentError or MaybeSentError."""

    async def send(self, mail: Letter) -> None:
        """Send one mail, or raise."""

    async def close(self) -> None:
        """Let go of what the batch shared."""


class SmtpTransport:
    """Mailserver: one connection, kept for the whole batch.

    aiosmtplib raises the same exception for a connection lost before and after the final dot, so
    the last step of a mail is done here: nothing but the dot stands between "not" and "maybe".
    A mail takes at most three times the time-out: two until the dot, and one for the answer to it or
    for making the connection fit for the next mail.
    """

    def __init__(  # noqa: PLR0913 -- each is one setting, named where it is given
        self,
        *,
        host: str,
        port: int,
        user: str = "",
        password: str = "",
        security: SmtpSecurity = SmtpSecurity.STARTTLS,
        timeout: float = 60,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self._place = f"{host}:{port}"
        self._timeout = timeout
        self._client = aiosmtplib.SMTP(
            hostname=host,
            port=port,
            username=user or None,
            password=password or None,
            use_tls=security is SmtpSecurity.TLS,
            start_tls=security is SmtpSecurity.STARTTLS,
            timeout=timeout,
            tls_context=tls_context,
        )

    async def send(self, mail: Letter) -> None:
        """Send one mail, or raise."""
        try:
            sender, recipient = sender_of(mail.content), _plain(mail.recipient)
        except (ValueError, LookupError, AttributeError) as error:
            raise NotSentError(f"{NO_ADDRESS} {_said(error)}", permanent=True) from error
        try:
            async with asyncio.timeout(UNTIL_THE_DOT * self._timeout):
                await self._connect()
                await self._client.mail(sender)
                await self._client.rcpt(recipient)
                await self._open_data()
                await self._write(_LINE_DOT.sub(b"..", mail.content))
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            await self._recover(error)
            raise _not_sent(error) from error
        await self._finish()

    async def close(self) -> None:
        """Say goodbye; what was accepted stays accepted whatever the server answers."""
        if self._client.is_connected:
            try:
                await self._client.quit()
            except (aiosmtplib.SMTPException, OSError):
                self._client.close()

    async def _connect(self) -> None:
        if self._client.is_connected:
            return
        try:
            await self._client.connect()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:  # ValueError: no host can have such a name
            self._client.close()
            reason = f"Mailserveren {self._place} kan ikke bruges: {_said(error)}"
            raise NotSentError(reason, server_down=True) from error

    async def _open_data(self) -> None:
        answer = await self._client.execute_command(b"DATA")
        if answer.code != aiosmtplib.SMTPStatus.start_input:
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)

    async def _write(self, content: bytes) -> None:
        """Write all but the final dot, and see it off, so that a connection lost until now is surely "not sent"."""
        protocol = self._protocol()
        protocol.write(content if content.endswith(b"\r\n") else content + b"\r\n")
        async with asyncio.timeout(self._timeout):
            while _waiting_bytes(protocol):  # noqa: ASYNC110 -- aiosmtplib has no event for an emptied buffer
                await asyncio.sleep(0.01)
        if not protocol.is_connected:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")

    def _protocol(self) -> SMTPProtocol:
        if self._client.protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        return self._client.protocol

    async def _finish(self) -> None:
        try:
            answer = await self._protocol().execute_command(b".", timeout=self._timeout)
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError) as error:
            self._client.close()
            raise MaybeSentError(f"Forbindelsen blev afbrudt, før mailserveren kvitterede: {_said(error)}") from error
        if answer.code == aiosmtplib.SMTPStatus.domain_unavailable:  # 421: the server closes the connection
            self._client.close()
        if answer.code != aiosmtplib.SMTPStatus.completed:
            raise _refused(answer.code, answer.message)

    async def _recover(self, error: Exception) -> None:
        """Make the connection fit for the next mail; drop it where the server did not answer."""
        try:
            if isinstance(error, aiosmtplib.SMTPResponseException | ValueError) and self._client.is_connected:
                await self._client.rset()
            else:
                self._client.close()
        except (aiosmtplib.SMTPException, OSError):
            self._client.close()


class MailboxTransport:
    """Lokal postkasse: a folder of numbered .eml files, in the order of sending.

    Each mail also lies under its message id in a hidden folder, as a second link to the same file: a mail
    that was laid here just before a crash is recognised, and not laid here twice.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = folder / ".kept"
        self._next = 0

    async def send(self, mail: Letter) -> None:
        """Lay one mail into the folder, whole or not at all."""
        try:
            self._lay(hashlib.sha256(mail.message_id.encode()).hexdigest()[:32], mail.content)
        except OSError as error:
            reason = f"Den lokale postkasse {self._folder} kan ikke skrives: {error.strerror}"
            raise NotSentError(reason, server_down=True) from error

    async def close(self) -> None:
        """Nothing is held open."""

    def _lay(self, name: str, content: bytes) -> None:
        self._kept.mkdir(parents=True, exist_ok=True)
        kept = self._kept / name
        if not kept.exists():
            _write_whole(kept, content)
        if kept.stat().st_nlink == 1:
            self._number(kept)

    def _number(self, kept: Path) -> None:
        """Take the next number; a link, unlike a rename, never overwrites another process's mail."""
        for number in count(self._next or self._highest() + 1):
            try:
                (self._folder / f"{number:06d}.eml").hardlink_to(kept)
            except FileExistsError:
                continue
            self._next = number + 1
            return

    def _highest(self) -> int:
        return max((int(path.stem) for path in self._folder.glob("*.eml") if path.stem.isdigit()), default=0)


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there with all its bytes, or not at all, also after a power cut."""
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def sender_of(content: bytes) -> str:
    """Read the address that a mail comes from: who really sends it, whoever it is written for.

    What cannot be delivered comes back there. The same line is read once.
    """
    head = content.partition(b"\r\n\r\n")[0]
    found = _SENDER.search(head) or _FROM.search(head)
    return _address_in(found[0]) if found else _address_in(b"")


@lru_cache(maxsize=100)
def _address_in(line: bytes) -> str:
    headers = BytesHeaderParser(policy=SMTP_POLICY).parsebytes(line)
    address: str = (headers["Sender"] or headers["From"]).addresses[0].addr_spec
    return address


def _plain(recipient: str) -> str:
    """Refuse what is not one address: the library would cut it short without a word, and write to somebody else."""
    if not _ADDRESS.fullmatch(recipient):
        message = f"»{recipient}«"
        raise ValueError(message)
    return recipient


def _waiting_bytes(protocol: SMTPProtocol) -> int:
    """Count what has been written and not yet taken by the network."""
    transport = protocol.transport
    return transport.get_write_buffer_size() if isinstance(transport, asyncio.WriteTransport) else 0


def _refused(code: int, message: str) -> NotSentError:
    return NotSentError(f"Mailserveren afviste mailen: {code} {message}", permanent=code >= PERMANENT)


def _not_sent(error: Exception) -> NotSentError:
    if isinstance(error, aiosmtplib.SMTPSenderRefused):  # says nothing about this mail; an operator can mend it
        return NotSentError(f"Mailserveren afviste afsenderen: {error.code} {error.message}")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _refused(error.code, error.message)
    if isinstance(error, ValueError):
        return NotSentError(f"{NO_ADDRESS} {error}", permanent=True)
    return NotSentError(f"Forbindelsen til mailserveren blev afbrudt: {_said(error)}", lost=True)


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError) and not str(error):
        return "intet svar i tide"
    return str(error).strip() or type(error).__name__
