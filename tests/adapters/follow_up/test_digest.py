"""The weekly digest tells of the mail that waits for a person."""

from pathlib import Path

from flows import plan_year
from kvalitet.adapters.follow_up import digest
from kvalitet.adapters.store import Store, address_marks, incoming, outbox
from kvalitet.adapters.store.dispatch import settling
from kvalitet.adapters.store.incoming import IncomingKind, NewIncoming
from kvalitet.letters import WaitingMail
from kvalitet.outgoing import HeldFor
from tests.adapters.installed import installation
from tests.adapters.store.test_outbox import new
from tests.builders import YEAR, instant, municipality

PROEVEBY = municipality()
NOW = instant("2026-09-07")


def test_the_digest_counts_what_of_the_mail_waits_for_a_person(store: Store, tmp_path: Path) -> None:
    plan_year.run(installation(store, tmp_path, PROEVEBY), PROEVEBY, now=instant("2026-08-01"), school_year=YEAR)
    written = NewIncoming("brev", "leder@skole.example", "Hej", "Hej", b"Hej", IncomingKind.HUMAN, is_confirmed=False)
    with store.write() as connection:
        identity = incoming.keep(connection, written, now=NOW)
        assert identity
        incoming.place(connection, identity, municipality=PROEVEBY.key)
        address_marks.mark(connection, PROEVEBY.key, "væk@skole.example", reason="Ukendt", now=NOW)
        assert outbox.enqueue(connection, new("holdt", municipality=PROEVEBY.key), now=NOW)
        (held,) = outbox.mails(connection, PROEVEBY.key)
        settling.hold_back(connection, held.id, held_for=HeldFor.PERSON, reason="Vent")
        (message, *_) = digest.messages(connection, PROEVEBY, now=NOW)
    assert message.values["waiting"] == WaitingMail(unread=1, bouncing=1, held=1, astray=0)
