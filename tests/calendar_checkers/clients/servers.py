"""The mail servers that the programs talk to: Debian's Dovecot and a small SMTP receiver, on the loopback only."""

from __future__ import annotations

import os
import queue
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PASSWORD = "indkaldelse"
DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
{users}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
}}
"""


@dataclass
class Post:
    """The mailboxes of one Dovecot; a mail is delivered by laying it into its folder."""

    folder: Path
    port: int
    owner: tuple[int, int]

    def deliver(self, address: str, mail: bytes) -> None:
        """Lay a mail into somebody's mailbox."""
        name = f"{secrets.token_hex(8)}.kvalitet"
        box = self.folder / "mail" / address
        for part in (self.folder / "mail", box, *(box / part for part in ("tmp", "new", "cur"))):
            part.mkdir(exist_ok=True)
            os.chown(part, *self.owner)
        (box / "tmp" / name).write_bytes(mail)
        os.chown(box / "tmp" / name, *self.owner)
        (box / "tmp" / name).rename(box / "new" / name)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def dovecot(folder: Path) -> Iterator[Post]:
    """Run Dovecot with its mailboxes in `folder`; as root, its own users do the work, as in Debian."""
    folder.chmod(0o755)
    if os.geteuid() == 0:
        record = next(line for line in Path("/etc/passwd").read_text().splitlines() if line.startswith("mail:"))
        uid, gid = map(int, record.split(":")[2:4])
        users = f"first_valid_uid = {uid}\nfirst_valid_gid = {gid}"
    else:
        uid, gid = os.geteuid(), os.getegid()
        users = "\n".join(f"default_{kind}_user = {os.environ['USER']}" for kind in ("internal", "login"))
    post = Post(folder, free_port(), (uid, gid))
    settings = folder / "dovecot.conf"
    settings.write_text(DOVECOT.format(folder=folder, port=post.port, users=users, password=PASSWORD, uid=uid, gid=gid))
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin") or "dovecot"
    with subprocess.Popen([program, "-F", "-c", str(settings)]) as server:
        try:
            yield post
        finally:
            server.terminate()


@dataclass
class Receiver:
    """What has been sent: each mail as its sender, its recipients and its bytes."""

    mails: queue.Queue[tuple[str, list[str], bytes]] = field(default_factory=queue.Queue)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 -- aiosmtpd's name
        """Take a mail."""
        content = envelope.original_content
        assert content is not None
        self.mails.put((envelope.mail_from or "", envelope.rcpt_tos, content))
        return "250 OK"


@contextmanager
def smtp() -> Iterator[tuple[int, Receiver]]:
    """Run an SMTP server that takes everything and sends nothing on."""
    receiver = Receiver()
    port = free_port()
    controller = Controller(receiver, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port, receiver
    finally:
        with closing(controller.server) if controller.server else closing(socket.socket()):
            controller.stop()
