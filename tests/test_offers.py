"""What a file that came by mail may be, and the mail that answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from kvalitet.municipality import Municipality
from kvalitet.offers import Attempt, Choice, file_received, file_refused, open_now, owed_by, taking_files
from kvalitet.status import Facts
from kvalitet.wheel import Kind, Per, Role
from tests.builders import AAGAARD, AARBY, CONTACTS, activity, file_field, municipality, occurrence, text_field

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
GOALS = activity(fields=(text_field(),))
PLAN = activity("action_plan", title="Handleplan", due="start-10-31", fields=(text_field(), file_field()))
REPORT = activity("report", title="Rapport", per=Per.MUNICIPALITY, owner=Role.ADMINISTRATION, fields=(file_field(),))
MEETING = activity("meeting", kind=Kind.MEETING, fields=())
TOWN = municipality(GOALS, PLAN, REPORT, MEETING)
LEADER = AARBY.leader


def owed(*given: object, address: str = LEADER.address, of: Municipality = TOWN) -> list[str]:
    found, _ = owed_by(of, given, address)  # type: ignore[arg-type]
    return [one.key.removeprefix("proeveby.2026-27.") for one in found]


def test_a_leader_owes_what_the_own_school_delivers() -> None:
    given = (occurrence(GOALS), occurrence(PLAN, where=AAGAARD), occurrence(MEETING), occurrence(REPORT, where=None))
    assert owed(*given) == ["local_goals.323001"]
    assert owed(*given, address=LEADER.address.upper()) == ["local_goals.323001"]
    assert owed(*given, address=CONTACTS[2].address) == ["report"]
    assert owed(*given, address="fremmed@proeveby.example") == []


def test_whose_address_it_is_follows_from_what_is_owed() -> None:
    assert owed_by(TOWN, [occurrence(GOALS), occurrence(PLAN)], LEADER.address)[1] == LEADER
    assert owed_by(TOWN, [occurrence(REPORT, where=None)], LEADER.address)[1] is None


def test_nothing_is_owed_of_what_has_left_the_files() -> None:
    assert owed(occurrence(GOALS), of=municipality(PLAN)) == []
    closed = municipality(GOALS, schools=(replace(AARBY, closed=date(2026, 8, 1)),))
    assert owed(occurrence(GOALS), of=closed) == []


def test_what_is_missing_stands_first_and_what_is_waived_or_closed_not_at_all() -> None:
    goals, plan = occurrence(GOALS), occurrence(PLAN)
    other = occurrence(GOALS, where=AAGAARD, opens=date(2026, 9, 2))
    facts = {goals.key: Facts(delivered_at=NOW), plan.key: Facts(), other.key: Facts()}
    assert open_now([goals, plan, other], facts, today=TODAY) == (plan, goals)
    assert open_now([plan], {plan.key: Facts(waived=True)}, today=TODAY) == ()
    assert open_now([other], facts, today=date(2026, 9, 2)) == (other,)


def test_a_file_may_be_what_has_a_place_for_one() -> None:
    given = [occurrence(GOALS), occurrence(PLAN), occurrence(REPORT, where=None)]
    assert taking_files(TOWN, given) == (
        Choice(occurrence(PLAN), "Aarby Skole"),
        Choice(occurrence(REPORT, where=None), ""),
    )


def test_the_question_about_one_deliverable_lies_in_its_thread() -> None:
    attempt = Attempt(TOWN, LEADER, (Choice(occurrence(PLAN), "Aarby Skole"),), 7)
    asked = file_received(attempt, file_name="plan.pdf", token="hemmelig", expires_at=NOW)
    key = "proeveby.2026-27.action_plan.323001"
    assert (asked.key, asked.thread, asked.about) == ("file:proeveby:7", key, {key: "file_received:7"})
    assert (asked.school, asked.activity, asked.expires_at) == ("323001", "action_plan", NOW)
    assert (asked.values["file_name"], asked.values["last_day"]) == ("plan.pdf", TODAY)


def test_the_answer_about_several_lies_in_the_years_own_thread() -> None:
    choices = (Choice(occurrence(PLAN), "Aarby Skole"), Choice(occurrence(GOALS, where=AAGAARD), "Ågård Skole"))
    said = file_refused(Attempt(TOWN, LEADER, choices, 7), reason="Filen er tom.", rules="Højst 10 MB.")
    assert (said.template, said.thread) == ("file_refused", f"proeveby.2026-27.tasks.{LEADER.address}")
    assert (said.school, said.activity, said.expires_at, said.values["occurrence"]) == (None, None, None, None)
