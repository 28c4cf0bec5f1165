"""Mail servers on the loopback: real SMTP conversations, and the ways in which they break."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Script = Callable[["Conversation"], None]


class Conversation:
    """One connection, as the server sees it; what has been accepted is kept by the server."""

    def __init__(self, connection: socket.socket, accepted: list[bytes]) -> None:
        self.connection = connection
        self.lines = connection.makefile("rb")
        self.accepted = accepted
        self.heard = b""
        self.content = b""

    def say(self, text: str) -> None:
        self.connection.sendall(f"{text}\r\n".encode())

    def hear(self) -> bytes:
        line = self.lines.readline()
        if not line:
            raise ConnectionError
        self.heard = line.rstrip(b"\r\n")
        return self.heard

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Go on over TLS."""
        self.lines.close()
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.lines = self.connection.makefile("rb")

    def hear_mail(self) -> bytes:
        lines = []
        while (line := self.lines.readline()) != b".\r\n":
            if not line:
                raise ConnectionError
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def reset(self) -> None:
        """Drop the connection so that the other side gets a reset, not a goodbye."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.lines.close()
        self.connection.close()
        raise ConnectionError


class MailServer:
    """An SMTP server that answers each command as told; `answers` maps a command's beginning to its answer.

    An answer that is a list gives one answer for each time; a callable does what it likes with the conversation.
    """

    def __init__(self, answers: dict[str, Any] | None = None) -> None:
        self.answers = {name: list(said) if isinstance(said, list) else said for name, said in (answers or {}).items()}
        self.accepted: list[bytes] = []
        self.recipients: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.until_quiet()

    def until_quiet(self) -> None:
        """Wait until every connection has ended."""
        for thread in self._threads:
            thread.join(5)

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            conversation = Conversation(connection, self.accepted)
            try:
                self._answer(conversation, "greeting", "220 mail.example ESMTP")
                while True:
                    command = conversation.hear()
                    if not self._obey(conversation, command):
                        return
            except OSError:
                return
            finally:
                conversation.lines.close()
                conversation.connection.close()

    def _obey(self, conversation: Conversation, command: bytes) -> bool:
        name = command.split(b" ")[0].split(b":")[0].decode().upper()
        if name == "RCPT":
            self.recipients.append(command)
        if name != "DATA":
            self._answer(conversation, name, "221 Bye" if name == "QUIT" else "250 OK")
            return name != "QUIT"
        if self._answer(conversation, "DATA", "354 Go on").startswith("354"):
            content = conversation.content = conversation.hear_mail()
            if self._answer(conversation, "dot", "250 Queued").startswith("250"):
                self.accepted.append(content)
        return True

    def _answer(self, conversation: Conversation, name: str, usual: str) -> str:
        answer = self.answers.get(name, usual)
        if isinstance(answer, list):
            answer = answer.pop(0) if answer else usual
        if callable(answer):
            answer(conversation)
            return ""
        conversation.say(answer)
        return str(answer)


@contextmanager
def mail_server(**answers: Any) -> Iterator[MailServer]:
    """Give a server for as long as a test runs."""
    server = MailServer(answers)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(5)


def closed_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def reset(conversation: Conversation) -> None:
    """Break the connection."""
    conversation.reset()


def keep_and_reset(conversation: Conversation) -> None:
    """Take the mail, and break the connection before saying so."""
    conversation.accepted.append(conversation.content)
    conversation.reset()
