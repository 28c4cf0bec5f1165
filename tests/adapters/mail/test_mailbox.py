import asyncio
from pathlib import Path

from kvalitet.adapters.mail.draining import Drained
from kvalitet.adapters.mail.transport import MailboxTransport
from kvalitet.adapters.store import Store
from tests.adapters.mail.samples import AARBY, ROESNAES
from tests.adapters.mail.sending import (
    drained,
    mails,
    queue,
    reminders,
)


def test_the_local_mailbox_holds_the_mails_in_the_order_of_sending(store: Store, tmp_path: Path) -> None:
    queue(store, *reminders())
    assert drained(store, MailboxTransport(tmp_path / "box")) == Drained(sent=3)

    files = sorted((tmp_path / "box").glob("*.eml"))
    assert [file.name for file in files] == ["000001.eml", "000002.eml", "000003.eml"]
    assert [file.read_bytes() for file in files] == [mail.content for mail in mails(store)]


def test_a_mail_is_laid_into_the_local_mailbox_once_also_after_a_crash(store: Store, tmp_path: Path) -> None:
    queue(store, *reminders(of=(AARBY, ROESNAES)))
    first, second = mails(store)
    for mail in (first, first, second):
        asyncio.run(MailboxTransport(tmp_path).send(mail))

    assert sorted(path.name for path in tmp_path.glob("*.eml")) == ["000001.eml", "000002.eml"]


def test_a_mailbox_that_cannot_be_written_stops_the_batch(store: Store, tmp_path: Path) -> None:
    queue(store, *reminders())
    (tmp_path / "box").write_text("en fil, ikke en mappe", encoding="utf-8")
    outcome = drained(store, MailboxTransport(tmp_path / "box"))

    assert outcome.retried == 1
    assert outcome.stopped.startswith("Den lokale postkasse ")
