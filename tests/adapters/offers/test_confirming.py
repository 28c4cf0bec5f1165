"""The link that confirms makes one delivery, however often and by however many it is used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kvalitet.adapters.deliveries import AnswersRefusedError, waive
from kvalitet.adapters.errors import UserError
from kvalitet.adapters.offers import confirming, keeping
from kvalitet.adapters.store import Store, deliveries
from kvalitet.adapters.store.deliveries import Delivery
from tests.adapters.offers.asked import NOW, TOWN, Asked, asked, key
from tests.adapters.offers.mails import File

LATER = NOW + timedelta(hours=1)


def confirm(leader: Asked, of: str = "", answers: dict[str, str] | None = None, *, hours: int = 1) -> Delivery:
    now = NOW + timedelta(hours=hours)
    return confirming.confirm(leader.installation, TOWN, leader.token(), of, answers or {}, now=now)


def offered(store: Store, home: Path, *about: str) -> Asked:
    leader = asked(store, home, *map(key, about or ("action_plan",)))
    leader.answers(File())
    return leader


def versions(store: Store, of: str) -> list[Delivery]:
    with store.read() as connection:
        return deliveries.versions(connection, key(of))


def test_the_confirmed_file_is_the_delivery_and_a_receipt_follows(store: Store, tmp_path: Path) -> None:
    leader = offered(store, tmp_path)
    made = confirm(leader)
    assert versions(store, "action_plan") == [made]
    assert (made.version, made.delivered_at, made.delivered_by) == (1, LATER, "Skoleleder, Aarby Skole")
    assert made.file
    assert made.file.name == "Handleplan for Åby.pdf"
    assert len(leader.written("receipt")) == 1
    with store.read() as connection:
        assert keeping.awaited(connection, "proeveby", now=LATER) == frozenset()


def test_confirming_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    leader = offered(store, tmp_path)
    assert confirm(leader) == confirm(leader, hours=2) == confirm(leader, hours=24 * 30)
    assert (len(versions(store, "action_plan")), len(leader.written("receipt"))) == (1, 1)


def test_two_who_confirm_at_once_make_one_delivery(store: Store, tmp_path: Path) -> None:
    leader = offered(store, tmp_path, "local_goals", "action_plan")
    given = [("local_goals", {"goal": "Læsning"}), ("action_plan", {})] * 3
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda one: confirm(leader, key(one[0]), one[1]), given))
    assert len({(one.occurrence, one.version) for one in made}) == 1
    assert len(versions(store, "local_goals")) + len(versions(store, "action_plan")) == 1


def test_one_of_several_is_chosen(store: Store, tmp_path: Path) -> None:
    leader = offered(store, tmp_path, "local_goals", "action_plan")
    with pytest.raises(UserError, match=r"^Vælg, hvad filen er\.$"):
        confirm(leader)
    with pytest.raises(UserError, match=r"^Vælg, hvad filen er\.$"):
        confirm(leader, key("survey"))
    assert confirm(leader, key("action_plan")).occurrence == key("action_plan")


def test_the_forms_other_questions_must_be_answered(store: Store, tmp_path: Path) -> None:
    leader = offered(store, tmp_path, "local_goals")
    with pytest.raises(AnswersRefusedError, match=r"^Udfyld »Skolens mål«"):
        confirm(leader)
    assert versions(store, "local_goals") == []
    assert dict(confirm(leader, answers={"goal": "Læsning"}).answers) == {"goal": "Læsning"}


def test_a_link_works_for_fourteen_days(store: Store, tmp_path: Path) -> None:
    leader = offered(store, tmp_path)
    with pytest.raises(UserError, match=r"^Linket virker ikke mere"):
        confirm(leader, hours=24 * 14)
    assert confirm(leader, hours=24 * 14 - 1).version == 1


def test_an_unknown_link_and_another_municipalitys_are_the_same(store: Store, tmp_path: Path) -> None:
    leader = offered(store, tmp_path)
    for where, token in ((TOWN, "x" * 43), (replace(TOWN, key="nabo"), leader.token())):
        with pytest.raises(UserError, match=r"^Linket virker ikke mere"):
            confirming.confirm(leader.installation, where, token, "", {}, now=LATER)


def test_what_has_been_waived_meanwhile_is_not_delivered(store: Store, tmp_path: Path) -> None:
    leader = offered(store, tmp_path)
    waive(leader.installation, key("action_plan"), reason="Skolen er ny.", by="Direktøren", now=NOW)
    with pytest.raises(UserError, match=r"^»Handleplan« kan ikke afleveres lige nu"):
        confirm(leader)


def test_who_has_left_the_school_confirms_nothing(store: Store, tmp_path: Path) -> None:
    leader = offered(store, tmp_path)
    moved = tuple(replace(one, leader=replace(one.leader, address="ny@proeveby.example")) for one in TOWN.schools)
    with pytest.raises(UserError, match=r"^Linket virker ikke mere"):
        confirming.confirm(leader.installation, replace(TOWN, schools=moved), leader.token(), "", {}, now=LATER)


def test_a_corrected_file_is_the_next_version(store: Store, tmp_path: Path) -> None:
    leader = offered(store, tmp_path)
    confirm(leader)
    leader.answers(File("rettet.pdf"), to=leader.written("receipt")[0])
    assert (confirm(leader).version, len(leader.written("receipt"))) == (2, 2)
