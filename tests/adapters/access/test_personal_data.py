"""What is held about a person: all of it, nothing of others, and nothing that opens a door."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kvalitet.adapters.access import accounts, audits, links, sessions
from kvalitet.adapters.access.audits import Deed
from kvalitet.adapters.access.personal_data import ADDRESSES, NAMES, held_about
from kvalitet.adapters.access.sessions import Entry, Method
from kvalitet.adapters.delivering import drafts
from kvalitet.adapters.delivering.drafts import Draft
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.store import Store, bookings, incoming, log, outbox
from kvalitet.adapters.store.agreements import contact_notes
from kvalitet.adapters.store.incoming import IncomingKind, NewIncoming
from kvalitet.adapters.store.tables.columns import metadata
from kvalitet.rights import Access, Standing
from tests.adapters.store.test_outbox import new
from tests.web.access.two_towns import ISSUER, two_towns
from tests.web.builders import NOON

ANNA, BO = ("anna@skole.example", "Anna Andersen"), ("bo@skole.example", "Bo Bertelsen")
# What is named so and is no person: who drafts is asked for by the account or the mailbox.
NO_PERSON = {("draft", "author")}


@pytest.fixture
def towns(store: Store, tmp_path: Path) -> Installation:
    """Give two towns in which Anna and Bo have done everything; of the other town she has a mail and a deed."""
    with two_towns(store, tmp_path / "home") as opened:
        for address, name in (ANNA, BO):
            live(opened.installation, address, name)
        meet(opened.installation, "naboby", *ANNA)
        return opened.installation


def live(installation: Installation, address: str, name: str) -> None:
    meet(installation, "proeveby", address, name)
    key = "proeveby.2026-27.local_goals.323001"
    raw, words = address.encode(), f"{name} kan ikke."
    said = NewIncoming(address, address, "Hej", words, raw, IncomingKind.HUMAN, is_confirmed=True)
    with installation.store.write() as connection:
        account = accounts.seen(connection, ISSUER, address, name=name, address=address, now=NOON)
        accounts.grant(connection, account.id, Standing("proeveby", Access.READER), by="Fagcenter", now=NOON)
        sessions.begin(connection, Entry("proeveby", Method.OPENID, account=account.id), now=NOON)
        links.make(connection, "proeveby", address, now=NOON)
        came = incoming.keep(connection, said, now=NOON)
        assert came
        incoming.place(connection, came, municipality="proeveby")
        contact_notes.add(connection, key, text="Ringet.", by=name, now=NOON)
        drafts.save(connection, key, f"account:{account.id}", Draft({"goal": f"Kladde, {name}"}, 0, NOON))
        told = log.Event(f"answered:{key}:{address}:0", NOON, "answered", "proeveby", occurrence=key)
        log.tell(connection, told)


def meet(installation: Installation, municipality: str, address: str, name: str) -> None:
    mail = replace(new(f"{municipality}:{address}", municipality=municipality), recipient=address.upper())
    letter = f"From: a@b.example\r\nSubject: Hej\r\n\r\nBrev til {name} i {municipality}\r\n".encode()
    with installation.store.write() as connection:
        audits.note(connection, Deed(NOON, municipality, name, "reader", "x", "", "", 200))
        outbox.enqueue(connection, replace(mail, recipient_name=name, content=letter), now=NOON)
        bookings.invite(connection, f"{municipality}.2026-27.autumn_meeting.nord", address, name, sequence=0)


def test_all_that_is_about_a_person_is_given_and_nothing_of_others(towns: Installation) -> None:
    with towns.store.read() as connection:
        held = held_about(connection, towns.municipalities[0], ANNA[0].upper())
    assert held.names == ("Anna Andersen",)
    assert {name: len(rows) for name, rows in held.by_address.items()} == {
        "access_grant": 1,
        "account": 1,
        "attendee": 1,
        "draft": 1,
        "event": 1,
        "incoming": 1,
        "login_link": 1,
        "mail": 1,
        "session": 1,
    }
    assert {name: len(rows) for name, rows in held.by_name.items()} == {"audit": 1, "contact_note": 1}
    assert held.by_address["mail"][0]["text"] == "Brev til Anna Andersen i proeveby"
    assert held.by_address["incoming"][0]["text"] == "Anna Andersen kan ikke."
    assert held.by_address["draft"][0]["answers"] == {"goal": "Kladde, Anna Andersen"}
    written = json.dumps([held.by_address, held.by_name]).lower()
    assert [word for word in ("bo bertelsen", "bo@skole", "naboby", "sha256", '"content"') if word in written] == []


def test_of_somebody_unknown_there_is_nothing(towns: Installation) -> None:
    with towns.store.read() as connection:
        held = held_about(connection, towns.municipalities[0], "ukendt@skole.example")
    assert (held.names, held.by_address, held.by_name) == ((), {}, {})


def test_every_column_that_names_a_person_is_looked_in() -> None:
    known = {(table, column) for found in (ADDRESSES, NAMES) for table, columns in found.items() for column in columns}
    addresses = {"address", "recipient", "sender", "author", "actor"}
    named = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name in addresses or column.name.endswith("_by")
    }
    assert named - NO_PERSON == known
