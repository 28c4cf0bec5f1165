"""A file that answers one of our mails waits for its sender's word; anything else is left alone or told back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kvalitet.adapters.deliveries import waive
from kvalitet.adapters.file_store import LARGEST_FILE
from kvalitet.adapters.offers import keeping
from kvalitet.adapters.offers.receiving import Outcome
from kvalitet.adapters.store import Store, deliveries, facts, log
from tests.adapters.offers.asked import LEADER, NOW, PLAN, TOWN, asked, key, text_of
from tests.adapters.offers.mails import PDF, File
from tests.builders import AAGAARD, AARBY, municipality


def test_a_file_is_kept_and_its_sender_is_asked_to_confirm(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    assert leader.answers(File(), logo=True) is Outcome.OFFERED
    (question,) = leader.written("file_received")
    assert (question.recipient, question.subject) == (LEADER, "Bekræft: Handleplan 2026/27 – Aarby Skole")
    told = text_of(question)
    assert "Vi har modtaget din fil – bekræft" in told
    assert "Handleplan for Åby.pdf" in told
    assert "tirsdag den 15. september 2026" in told
    with store.read() as connection:
        (offer,) = keeping.waiting_for(connection, key("action_plan"), now=NOW)
        events = [(event.event, event.detail) for event in log.events(connection, "proeveby")]
    assert leader.installation.files.path(offer.file.sha256).read_bytes() == PDF
    assert (offer.address, offer.expires_at) == (LEADER, NOW + timedelta(days=14))
    assert events == [("file_received", "Handleplan for Åby.pdf")]


def test_it_does_not_count_as_delivered(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    leader.answers(File())
    with store.read() as connection:
        assert deliveries.versions(connection, key("action_plan")) == []
        assert facts.of(connection, [key("action_plan")])[key("action_plan")].delivered_at is None
        assert keeping.awaited(connection, "proeveby", now=NOW) == {key("action_plan")}
        assert keeping.awaited(connection, "proeveby", now=NOW + timedelta(days=14)) == frozenset()
        assert keeping.awaited(connection, "nabo", now=NOW) == frozenset()


def test_the_token_is_kept_as_a_hash_only(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    leader.answers(File())
    token = leader.token()
    with store.read() as connection:
        (offer,) = keeping.waiting_for(connection, key("action_plan"), now=NOW)
        assert keeping.with_token(connection, token) == offer
    assert (len(token), token in repr(offer)) == (43, False)


def test_a_mail_about_several_asks_which_of_those_that_take_a_file(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("local_goals"), key("action_plan"), key("survey"), key("absence_plan"))
    assert leader.answers(File()) is Outcome.OFFERED
    told = text_of(leader.written("file_received")[0])
    assert [line for line in told.splitlines() if line.startswith("Kan være")] == [
        "Kan være: Skolens egne mål – Aarby Skole",
        "Kan være: Handleplan – Aarby Skole",
    ]
    with store.read() as connection:
        assert keeping.awaited(connection, "proeveby", now=NOW) == {key("local_goals"), key("action_plan")}


REFUSED = {
    "tom": ([File(content=b"")], "Filen »Handleplan for Åby.pdf« er tom."),
    "for stor": (
        [File(content=b"%PDF" + bytes(LARGEST_FILE))],
        "Filen »Handleplan for Åby.pdf« er for stor; den må højst fylde 10 MB.",
    ),
    "et program": ([File("plan.exe", b"MZ")], "Filen »plan.exe« er af en slags, der ikke tages imod;"),
    "kun navnet": ([File("plan.pdf", b"MZ")], "Filen »plan.pdf« er ikke det, som dens navn siger;"),
    "to": ([File("a.pdf"), File("b.pdf")],
           "Der var to filer i mailen (»a.pdf« og »b.pdf«), og vi kan kun tage imod én."),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_taken_is_told_back_once(store: Store, tmp_path: Path, name: str) -> None:
    files, sentence = REFUSED[name]
    leader = asked(store, tmp_path, key("action_plan"))
    assert leader.answers(*files) is Outcome.REFUSED
    (said,) = leader.written("file_refused")
    told = " ".join(text_of(said).split())
    assert (said.recipient, sentence in told) == (LEADER, True)
    assert "Intet er afleveret. " in told
    assert f"https://kvalitet.example/proeveby/forekomst/{key('action_plan')}" in told
    assert "En fil må højst fylde 10 MB og skal være PDF" in told
    with store.read() as connection:
        assert keeping.awaited(connection, "proeveby", now=NOW) == frozenset()


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ("survey", "»Skema« afleveres ikke som en fil, men i en formular."),
        ("absence_plan", "»Fraværsplan« kan ikke afleveres lige nu."),
    ],
)
def test_what_cannot_be_delivered_as_a_file_now_is_told_back(
    store: Store, tmp_path: Path, about: str, sentence: str
) -> None:
    leader = asked(store, tmp_path, key(about))
    assert leader.answers(File()) is Outcome.REFUSED
    assert sentence in " ".join(text_of(leader.written("file_refused")[0]).split())


def test_another_file_is_asked_for_only_where_the_form_has_a_place_for_one(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("survey"))
    leader.answers(File())
    said = " ".join(text_of(leader.written("file_refused")[0]).split())
    assert "Svar på mailen igen" not in said
    assert "Aflevér på siden; en fil er der ikke brug for." in said


def test_what_is_waived_cannot_be_delivered(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    waive(leader.installation, key("action_plan"), reason="Skolen er ny.", by="Direktøren", now=NOW)
    assert leader.answers(File()) is Outcome.REFUSED


@pytest.mark.parametrize("sender", ["fremmed@skole.example", AAGAARD.leader.address, "konsulent@proeveby.example"])
def test_nobody_else_is_written_to(store: Store, tmp_path: Path, sender: str) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    assert leader.answers(File(), sender=sender) is None
    assert leader.answers(sender=sender) is None
    assert [leader.written("file_received"), leader.written("file_refused")] == [[], []]


def test_the_known_address_is_written_to_however_it_is_spelled(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    assert leader.answers(File(), sender=LEADER.upper()) is Outcome.OFFERED
    assert [mail.recipient for mail in leader.written("file_received")] == [LEADER]


def test_two_programs_that_answer_each_other_are_stopped(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    told = [leader.answers(File("plan.exe", b"MZ")) for _ in range(12)]
    assert told == [Outcome.REFUSED] * 10 + [None] * 2
    assert leader.answers(File(), now=NOW + timedelta(days=1)) is Outcome.OFFERED


def test_an_answer_without_a_file_is_left_to_a_person(store: Store, tmp_path: Path) -> None:
    assert asked(store, tmp_path, key("action_plan")).answers(logo=True) is None


def test_who_has_left_the_school_offers_nothing(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    new = replace(AARBY, leader=replace(AARBY.leader, address="ny.leder@proeveby.example"))
    leader.installation = replace(leader.installation, municipalities=(municipality(PLAN, schools=(new,)),))
    assert leader.answers(File()) is None


def test_a_mail_of_a_municipality_that_is_gone_is_left_to_a_person(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    leader.installation = replace(leader.installation, municipalities=(replace(TOWN, key="nabo"),))
    assert leader.answers(File()) is None


def test_the_question_itself_may_be_answered_with_a_better_file(store: Store, tmp_path: Path) -> None:
    leader = asked(store, tmp_path, key("action_plan"))
    leader.answers(File("plan.exe", b"MZ"))
    assert leader.answers(File(), to=leader.written("file_refused")[0]) is Outcome.OFFERED
    assert leader.answers(File("ny.pdf"), to=leader.written("file_received")[0]) is Outcome.OFFERED
    with store.read() as connection:
        waiting = keeping.waiting_for(connection, key("action_plan"), now=NOW)
    assert [offer.file.name for offer in waiting] == ["Handleplan for Åby.pdf", "ny.pdf"]
