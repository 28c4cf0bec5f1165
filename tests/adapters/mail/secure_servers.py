"""Mail servers on the loopback that ask for encryption and a password, with a certificate made for the test."""

import base64
import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.adapters.mail.servers import Conversation, MailServer, mail_server

USER, PASSWORD = "aarshjul@kommune.example", "hemmelig"
# Longer than the product will be in use; a test is not to fail on a date.
FIRST_DAY, LAST_DAY = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
REFUSED = "530 Encrypt, and log in first"


def certificate(folder: Path) -> Path:
    """Write a certificate for 127.0.0.1 with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.kommune.example")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(FIRST_DAY)
        .not_valid_after(LAST_DAY)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(written + made.public_bytes(serialization.Encoding.PEM))
    return path


class Guard:
    """Lets a mail in only on an encrypted line, after the right password."""

    def __init__(self, pem: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        self._logged_in: set[int] = set()

    def hello(self, conversation: Conversation) -> None:
        encrypted = isinstance(conversation.connection, ssl.SSLSocket)
        for line in ("250-mail.example", "250 AUTH PLAIN" if encrypted else "250 STARTTLS"):
            conversation.say(line)

    def starttls(self, conversation: Conversation) -> None:
        conversation.say("220 Go on")
        conversation.encrypt(self._context)

    def at_once(self, conversation: Conversation) -> None:
        conversation.encrypt(self._context)
        conversation.say("220 mail.example ESMTP")

    def login(self, conversation: Conversation) -> None:
        said = base64.b64decode(conversation.heard.rpartition(b" ")[2])
        if said == f"\0{USER}\0{PASSWORD}".encode():
            self._logged_in.add(id(conversation))
            conversation.say("235 Welcome")
        else:
            conversation.say("535 Wrong user or password")

    def sender(self, conversation: Conversation) -> None:
        conversation.say("250 OK" if id(conversation) in self._logged_in else REFUSED)


@contextmanager
def starttls_server(pem: Path) -> Iterator[MailServer]:
    """Give a server that demands STARTTLS and a password."""
    guard = Guard(pem)
    with mail_server(EHLO=guard.hello, STARTTLS=guard.starttls, AUTH=guard.login, MAIL=guard.sender) as server:
        yield server


@contextmanager
def tls_server(pem: Path) -> Iterator[MailServer]:
    """Give a server that speaks TLS from the first byte and demands a password."""
    guard = Guard(pem)
    with mail_server(greeting=guard.at_once, EHLO=guard.hello, AUTH=guard.login, MAIL=guard.sender) as server:
        yield server
