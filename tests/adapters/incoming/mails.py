"""Mails as the programs out there really write them, about a small municipality."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, update

from kvalitet.adapters import meetings
from kvalitet.adapters.incoming.dealing import OnHuman, Reader, leave, read_inbox
from kvalitet.adapters.incoming.inboxes import FolderInbox
from kvalitet.adapters.store import Store, bookings, incoming, outbox
from kvalitet.adapters.store.bookings import Attendee
from kvalitet.adapters.store.incoming import Incoming
from kvalitet.adapters.store.outbox import NewMail
from kvalitet.adapters.store.tables import mail_schema
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, DIALOGUE, KALUNDBORG, NOW, RENDERER, SLOT

MEETING = samples.occurrence(DIALOGUE, AARBY)
LEADER = AARBY.leader.address
UID = f"{MEETING.key}@kalundborg.example"
BOX = "aarshjul@kalundborg.example"
SERVER = "mx.kalundborg.example"
PASSED = f"Authentication-Results: {SERVER}; dmarc=pass (p=reject) header.from=kalundborg.example"


def lines(*parts: str) -> str:
    return "\r\n".join(parts)


def reply(
    answer: str = "ACCEPTED",
    *,
    stamp: str = "20260825T080000Z",
    sequence: int = 0,
    uid: str = UID,
    sender: str = LEADER,
    attendee: str = LEADER,
    sent_by: str = "",
    passed: str = PASSED,
    message_id: str = "",
) -> str:
    """Write an answer as Exchange does: without ORGANIZER, and with a line longer than the rules allow."""
    parameters = f"PARTSTAT={answer};CN=En skoleleder med et meget langt navn, som ikke foldes"
    if sent_by:
        parameters += f';SENT-BY="mailto:{sent_by}"'
    return lines(
        *filter(None, (passed, f"Message-ID: {message_id}" if message_id else "")),
        f"From: {sender}",
        f"To: {BOX}",
        "Subject: Accepteret: Ledelseslæringssamtale",
        "MIME-Version: 1.0",
        'Content-Type: text/calendar; method=REPLY; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
        "",
        "BEGIN:VCALENDAR",
        "METHOD:REPLY",
        "PRODID:Microsoft Exchange Server 2010",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        f"ATTENDEE;{parameters}:mailto:{attendee.upper()}",
        f"UID:{uid}",
        "COMMENT:Jeg kommer lidt\\, men kun lidt\\, for sent",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{stamp}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )


def human(text: str = "Jeg kan desværre ikke.", *, sender: str = LEADER, headers: Iterable[str] = ()) -> str:
    """Write a mail as a person does in Outlook."""
    return lines(
        *headers,
        f"From: Skoleleder <{sender}>",
        f"To: {BOX}",
        "Subject: SV: Påmindelse",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
        "",
        text,
        "",
    )


def invite(store: Store) -> None:
    """Write the plan, and invite to the meeting."""
    with store.write() as connection:
        samples.write_plan(connection)
        meetings.book(connection, RENDERER, KALUNDBORG, MEETING, SLOT, place="", now=NOW)


def send_a_mail(store: Store, *, message_id: str = "<rem.1@kalundborg.example>", recipient: str = LEADER) -> int:
    """Let one mail have been sent, and give its number."""
    new = NewMail(
        municipality="kalundborg",
        key=message_id,
        template="reminder",
        recipient=recipient,
        recipient_name="Skoleleder",
        subject="Påmindelse",
        message_id=message_id,
        content=b"",
        about={MEETING.key: "reminder"},
    )
    with store.write() as connection:
        outbox.enqueue(connection, new, now=NOW)
        sent = update(mail_schema.mail).where(mail_schema.mail.c.key == message_id).values(state="sent", sent_at=NOW)
        connection.execute(sent)
        return number_of(connection, message_id)


def number_of(connection: Connection, message_id: str) -> int:
    found = incoming.ours_by_message_id(connection, (message_id,))
    assert found
    return found.id


def read(
    store: Store,
    folder: Path,
    *mails: str | bytes,
    now: datetime = NOW,
    authserv_id: str = SERVER,
    on_human: OnHuman = leave,
) -> dict[str, int]:
    """Let mails come in and be read; gives how many there were of each kind."""
    for number, mail in enumerate(mails):
        (folder / f"{number}.eml").write_bytes(mail if isinstance(mail, bytes) else mail.encode())
    reader = Reader(store, {BOX: "kalundborg"}, authserv_id, on_human)
    counted = read_inbox(reader, FolderInbox(folder), now=now)
    return {kind.value: number for kind, number in counted.items() if number}


def attendee(store: Store) -> Attendee:
    """Give the leader as the meeting knows him now."""
    with store.read() as connection:
        known = bookings.attendees(connection, MEETING.key)
    (found,) = [one for one in known if one.address == LEADER]
    return found


def kept(store: Store) -> list[Incoming]:
    """List what was kept."""
    with store.read() as connection:
        return incoming.listing(connection, None)
