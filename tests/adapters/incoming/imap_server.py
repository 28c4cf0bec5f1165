"""Debian's Dovecot on the loopback, as it is run in the world: passwords, XOAUTH2, STARTTLS and TLS."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from imaplib import IMAP4
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest

USER, PASSWORD = "aarshjul@kommune.example", "hemmelig"
CLIENT, SECRET, SCOPE = "kvalitet", "dybt hemmelig", "https://mail.example/.default"
PATIENCE = 10

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{pem}
ssl_key = <{pem}
ssl_dh =
disable_plaintext_auth = no
auth_mechanisms = plain xoauth2
auth_failure_delay = 0
mail_location = maildir:{folder}/mail
{users}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
namespace inbox {{
  inbox = yes
}}
"""
OAUTH2 = """
introspection_mode = post
introspection_url = {url}/introspect
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass
class TokenServer:
    """An identity provider: gives tokens to those who know the secret, and tells the mail server whose they are."""

    port: int = 0
    given: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    # What is answered instead, when a test wants something odd.
    instead: bytes | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        if path == "/introspect":
            known = form.get("token", "") in self.given
            return 200, json.dumps({"active": "true" if known else "false", "username": USER}).encode()
        self.asked.append(form)
        if self.instead is not None:
            return 200, self.instead
        wanted = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET, "scope": SCOPE}
        if form != wanted:
            return 401, json.dumps({"error": "invalid_client", "error_description": form["client_secret"]}).encode()
        self.given.append(f"adgang-{len(self.given)}")
        return 200, json.dumps({"access_token": self.given[-1], "token_type": "Bearer", "expires_in": 3599}).encode()


@contextmanager
def token_server() -> Iterator[TokenServer]:
    """Give an identity provider."""
    found = TokenServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            status, content = found.answer(self.path, {name: one[0] for name, one in parse_qs(body).items()})
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- as the library names it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class ImapServer:
    """One mailbox, as the server shows it to anybody who has the password."""

    port: int
    tls_port: int

    def box(self) -> IMAP4:
        box = IMAP4("127.0.0.1", self.port, timeout=PATIENCE)
        box.login(USER, PASSWORD)
        box.select("INBOX")
        return box

    def put(self, *mails: str | bytes, folder: str = "INBOX") -> None:
        """Let mails come in."""
        with self.box() as box:
            for mail in mails:
                content = mail if isinstance(mail, bytes) else mail.encode()
                assert box.append(folder, "", "", content)[0] == "OK"

    def open_all(self) -> None:
        """Open every mail, as a colleague does who looks into the mailbox."""
        with self.box() as box:
            box.store("1:*", "+FLAGS", r"(\Seen)")

    def unseen(self) -> int:
        with self.box() as box:
            return len(box.search(None, "UNSEEN")[1][0].split())

    def start_over(self, *mails: str | bytes) -> None:
        """Make the folder anew, so that the server counts its mails from one again."""
        with self.box() as box:
            box.create("Svar2")
            box.select("INBOX")
            box.delete("Svar")
            box.rename("Svar2", "Svar")
        self.put(*mails, folder="Svar")

    def make_folder(self, name: str) -> None:
        with self.box() as box:
            assert box.create(name)[0] == "OK"


def dovecot() -> str:
    """Give the path of Dovecot; where a missing one is no accident (CI), the test fails."""
    if found := shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"):
        return found
    if os.environ.get("CI"):
        pytest.fail("dovecot-imapd mangler; .ci/run skulle have installeret den")
    pytest.skip("dovecot-imapd mangler på denne maskine")


@contextmanager
def imap_server(pem: Path, tokens: TokenServer) -> Iterator[ImapServer]:
    """Run Dovecot; as root, its own users do the work, as in Debian."""
    # Directly under the temporary folder, where they are let in.
    with tempfile.TemporaryDirectory(prefix="kvalitet-imap-", ignore_cleanup_errors=True) as folder:
        yield from _running(Path(folder), pem, tokens)


def _running(folder: Path, pem: Path, tokens: TokenServer) -> Iterator[ImapServer]:
    program = dovecot()
    (folder / "mail").mkdir()
    folder.chmod(0o755)
    uid, gid, users = _owner()
    os.chown(folder / "mail", uid, gid)
    port, tls_port = _free_ports()
    (folder / "oauth2.conf").write_text(OAUTH2.format(url=tokens.url))
    configuration = CONFIGURATION.format(
        folder=folder, pem=pem, users=users, uid=uid, gid=gid, port=port, tls_port=tls_port,
        password=PASSWORD,
    )  # fmt: skip
    (folder / "dovecot.conf").write_text(configuration)
    with subprocess.Popen([program, "-F", "-c", str(folder / "dovecot.conf")]) as server:
        try:
            _wait_for(port, server)
            yield ImapServer(port, tls_port)
        finally:
            server.terminate()


def _owner() -> tuple[int, int, str]:
    if os.geteuid() != 0:
        users = "\n".join(f"default_{kind}_user = {os.environ['USER']}" for kind in ("internal", "login"))
        return os.geteuid(), os.getegid(), users
    record = next(line for line in Path("/etc/passwd").read_text().splitlines() if line.startswith("mail:"))
    uid, gid = map(int, record.split(":")[2:4])
    return uid, gid, f"first_valid_uid = {uid}\nfirst_valid_gid = {gid}"


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as another:
        return one.getsockname()[1], another.getsockname()[1]


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the server greets; each try waits for its own answer."""
    for _ in range(1000):
        assert server.poll() is None, "Dovecot er gået ned"
        try:
            IMAP4("127.0.0.1", port, timeout=PATIENCE).logout()
        except OSError:
            with pytest.raises(subprocess.TimeoutExpired):
                server.wait(0.02)
        else:
            return
    pytest.fail("Dovecot svarer ikke")
