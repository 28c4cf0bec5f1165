import asyncio
from pathlib import Path

from kvalitet.adapters.mail.draining import Drained, drain
from kvalitet.adapters.mail.needed import NeededNow
from kvalitet.adapters.mail.transport import MailboxTransport
from kvalitet.adapters.store import Store, outbox
from kvalitet.outgoing import MailState
from tests.adapters.dialogue import LATER, book, cancel, move
from tests.adapters.mail.samples import KALUNDBORG, NOW, RENDERER, SLOT


def test_only_the_newest_revision_is_sent(planned: Store, tmp_path: Path) -> None:
    with planned.write() as connection:
        book(connection)
        move(connection)
    needed = NeededNow.of((KALUNDBORG,), RENDERER)
    box = MailboxTransport(tmp_path / "box")
    outcome = asyncio.run(drain(planned, box, needed, now=lambda: NOW, worker="w"))

    assert outcome == Drained(sent=2, cancelled=2)
    with planned.read() as connection:
        reasons = {mail.reason for mail in outbox.mails(connection, state=MailState.CANCELLED)}
        assert reasons == {"Der er nyt om mødet; en nyere indkaldelse er på vej."}


def sent(planned: Store, home: Path) -> Drained:
    needed = NeededNow.of((KALUNDBORG,), RENDERER)
    return asyncio.run(drain(planned, MailboxTransport(home / "box"), needed, now=lambda: NOW, worker="w"))


def test_a_meeting_that_was_cancelled_before_anybody_heard_of_it_is_not_spoken_of(
    planned: Store, tmp_path: Path
) -> None:
    with planned.write() as connection:
        book(connection)
        cancel(connection)

    assert sent(planned, tmp_path) == Drained(cancelled=4)
    with planned.read() as connection:
        assert {mail.reason for mail in outbox.mails(connection)} == {
            "Mødet er aflyst.",
            "Modtageren nåede ikke at få indkaldelsen, så der er intet at tage tilbage.",
        }


def test_a_cancellation_is_sent_to_those_who_were_invited(planned: Store, tmp_path: Path) -> None:
    with planned.write() as connection:
        book(connection)
    assert sent(planned, tmp_path) == Drained(sent=2)
    with planned.write() as connection:
        cancel(connection)
    assert sent(planned, tmp_path) == Drained(sent=2)


def test_a_cancellation_is_sent_also_when_the_meeting_is_booked_again_meanwhile(planned: Store, tmp_path: Path) -> None:
    with planned.write() as connection:
        book(connection)
    sent(planned, tmp_path)
    with planned.write() as connection:
        cancel(connection)
        book(connection, LATER)
    assert sent(planned, tmp_path) == Drained(sent=4)


def test_an_invitation_to_a_meeting_that_has_begun_is_not_sent(planned: Store, tmp_path: Path) -> None:
    with planned.write() as connection:
        book(connection)
    needed = NeededNow.of((KALUNDBORG,), RENDERER)
    box = MailboxTransport(tmp_path / "box")

    assert asyncio.run(drain(planned, box, needed, now=lambda: SLOT.starts_at, worker="w")) == Drained(cancelled=2)
