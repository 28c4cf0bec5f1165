from dataclasses import replace
from datetime import date

from kvalitet.messages import Item, Message, grouped, task_item, task_key, task_message, task_messages
from kvalitet.municipality import Municipality
from kvalitet.occurrences import Occurrence
from kvalitet.reminders import Step
from kvalitet.wheel import Role, Stage, Wheel
from tests.builders import AAGAARD, AARBY, CONSULTANT, DIRECTOR, LEADER, RORBY, YEAR, activity, municipality, occurrence

TODAY = date(2026, 9, 16)
GOALS, PLAN = activity("local_goals"), activity("action_plan", due="start-10-last", title="Handleplan")
OF_GOALS, OF_PLAN = occurrence(GOALS), occurrence(PLAN)
PLACE = municipality(GOALS, PLAN)

OPENING = Step(TODAY, "opening", Stage.OPENING, (LEADER,))
REMINDER = Step(TODAY, "-14", Stage.REMINDER, (LEADER,))
OVERDUE = Step(TODAY, "+1", Stage.OVERDUE_NOTICE, (LEADER,))
ESCALATED = Step(TODAY, "+14", Stage.ESCALATION, (LEADER, Role.CONSULTANT, Role.DIRECTOR))


def mails(*due: tuple[Occurrence, Step], of: Municipality = PLACE) -> dict[str, Message]:
    """Give the day's mails by template and reader."""
    found = task_messages(of, due, today=TODAY)
    by_reader = {f"{message.template} to {message.to.address}": message for message in found}
    assert len(by_reader) == len(found)
    return by_reader


def items(message: Message) -> list[tuple[str, Stage]]:
    listed = message.values["items"]
    assert isinstance(listed, tuple)
    return [(item.occurrence.key, item.stage) for item in listed]


def test_one_step_is_one_mail_about_one_occurrence() -> None:
    (message,) = task_messages(PLACE, [(OF_GOALS, REMINDER)], today=TODAY)
    item = Item(OF_GOALS, Stage.REMINDER, "-14", "Aarby Skole")
    assert message == Message(
        key="tasks:proeveby:2026-09-16:skoleleder.323001@proeveby.example",
        template="reminder",
        municipality=PLACE,
        to=AARBY.leader,
        thread="proeveby.2026-27.local_goals.323001",
        about={"proeveby.2026-27.local_goals.323001": "-14"},
        dues={"proeveby.2026-27.local_goals.323001": date(2026, 9, 30)},
        values={"items": (item,), "own": (item,), "of_others": (), "today": TODAY, "school_year": YEAR},
        school="323001",
        activity="local_goals",
    )


def test_a_person_gets_one_mail_a_day_about_all_that_is_due() -> None:
    (message,) = task_messages(PLACE, [(OF_GOALS, REMINDER), (OF_PLAN, OPENING)], today=TODAY)
    assert message.about == {OF_GOALS.key: "-14", OF_PLAN.key: "opening"}
    assert message.thread == "proeveby.2026-27.tasks.skoleleder.323001@proeveby.example"
    assert message.activity is None
    assert message.school == "323001"


def test_the_gravest_step_chooses_the_mail_and_stands_first_in_it() -> None:
    found = mails((OF_PLAN, OPENING), (OF_GOALS, OVERDUE))
    (message,) = found.values()
    assert message.template == "overdue_notice"
    assert items(message) == [(OF_GOALS.key, Stage.OVERDUE_NOTICE), (OF_PLAN.key, Stage.OPENING)]


def test_items_of_the_same_gravity_stand_by_due_date() -> None:
    (message,) = mails((OF_PLAN, REMINDER), (OF_GOALS, REMINDER)).values()
    assert [key for key, _ in items(message)] == [OF_GOALS.key, OF_PLAN.key]


def test_an_escalation_is_an_overdue_notice_to_the_school_and_an_escalation_to_the_others() -> None:
    found = mails((OF_GOALS, ESCALATED))
    assert set(found) == {
        f"overdue_notice to {AARBY.leader.address}",
        f"escalation to {CONSULTANT.address}",
        f"escalation to {DIRECTOR.address}",
    }
    to_the_school = found[f"overdue_notice to {AARBY.leader.address}"]
    to_the_director = found[f"escalation to {DIRECTOR.address}"]
    assert items(to_the_school) == [(OF_GOALS.key, Stage.OVERDUE_NOTICE)]
    assert items(to_the_director) == [(OF_GOALS.key, Stage.ESCALATION)]
    assert to_the_school.key == f"tasks:proeveby:2026-09-16:{AARBY.leader.address}"
    assert to_the_director.key == f"tasks:proeveby:2026-09-16:{DIRECTOR.address}"


def test_who_has_been_told_of_a_step_is_not_told_again_when_others_are() -> None:
    heard = {(OF_GOALS.key, AARBY.leader.address), (OF_GOALS.key, DIRECTOR.address)}
    (message,) = task_messages(PLACE, [(OF_GOALS, ESCALATED)], today=TODAY, heard=heard)
    assert (message.to, message.template) == (CONSULTANT, "escalation")


def test_the_director_hears_of_all_schools_in_one_mail() -> None:
    three = [(occurrence(GOALS, where=school), ESCALATED) for school in (AARBY, RORBY, AAGAARD)]
    message = mails(*three)[f"escalation to {DIRECTOR.address}"]
    listed = message.values["items"]
    assert isinstance(listed, tuple)
    assert [item.unit for item in listed] == ["Aarby Skole", "Rørby Skole", "Ågård Skole"]
    assert message.school is None


def test_who_owes_something_and_hears_of_others_gets_one_mail_in_two_parts() -> None:
    own = activity("report", owner=Role.CONSULTANT)
    report = occurrence(own, where=None)
    step = Step(TODAY, "-3", Stage.REMINDER, (Role.CONSULTANT,))
    found = mails((report, step), (OF_GOALS, ESCALATED), of=municipality(own, GOALS))
    assert [reader for reader in found if CONSULTANT.address in reader] == [f"escalation to {CONSULTANT.address}"]
    message = found[f"escalation to {CONSULTANT.address}"]
    assert message.values["own"] == (Item(report, Stage.REMINDER, "-3", ""),)
    assert message.values["of_others"] == (Item(OF_GOALS, Stage.ESCALATION, "+14", "Aarby Skole", of_others=True),)
    assert message.about == {OF_GOALS.key: "+14", report.key: "-3"}


def test_whose_own_delivery_is_escalated_to_himself_is_told_as_one_who_owes_it() -> None:
    own = activity("report", owner=Role.DIRECTOR)
    step = Step(TODAY, "+7", Stage.ESCALATION, (Role.DIRECTOR, Role.CONSULTANT))
    found = mails((occurrence(own, where=None), step), of=municipality(own))
    assert set(found) == {f"overdue_notice to {DIRECTOR.address}", f"escalation to {CONSULTANT.address}"}


def test_a_leader_who_is_also_consultant_is_told_of_the_own_school_as_one_who_owes_it() -> None:
    both = replace(CONSULTANT, address=AARBY.leader.address)
    of = municipality(GOALS, contacts=(both, DIRECTOR))
    found = mails((OF_GOALS, ESCALATED), (occurrence(GOALS, where=RORBY), ESCALATED), of=of)
    assert set(found) == {
        f"escalation to {AARBY.leader.address}",
        f"overdue_notice to {RORBY.leader.address}",
        f"escalation to {DIRECTOR.address}",
    }
    message = found[f"escalation to {AARBY.leader.address}"]
    assert items(message) == [
        ("proeveby.2026-27.local_goals.323002", Stage.ESCALATION),
        (OF_GOALS.key, Stage.OVERDUE_NOTICE),
    ]


def test_a_leader_of_two_schools_gets_one_mail_about_both() -> None:
    same = replace(RORBY, leader=replace(RORBY.leader, address=AARBY.leader.address))
    of = municipality(GOALS, schools=(AARBY, same))
    (message,) = mails((OF_GOALS, REMINDER), (occurrence(GOALS, where=same), REMINDER), of=of).values()
    assert [key for key, _ in items(message)] == [OF_GOALS.key, "proeveby.2026-27.local_goals.323002"]


def test_a_mailbox_that_is_written_in_two_ways_gets_one_mail() -> None:
    rorby = replace(RORBY, leader=replace(RORBY.leader, address=AARBY.leader.address.upper()))
    place = municipality(GOALS, schools=(AARBY, rorby))
    due = [(occurrence(GOALS, where=school), REMINDER) for school in (AARBY, rorby)]
    (message,) = task_messages(place, due, today=TODAY)
    assert (message.to, len(message.about)) == (AARBY.leader, 2)


def test_a_consultant_of_one_school_hears_of_that_school_alone() -> None:
    own_consultant = replace(CONSULTANT, school=RORBY.number)
    of = municipality(GOALS, contacts=(own_consultant,))
    step = Step(TODAY, "+7", Stage.ESCALATION, (Role.CONSULTANT,))
    assert mails((OF_GOALS, step), of=of) == {}
    assert set(mails((occurrence(GOALS, where=RORBY), step), of=of)) == {f"escalation to {CONSULTANT.address}"}


def test_nothing_due_is_no_mail() -> None:
    assert task_messages(PLACE, [], today=TODAY) == ()


def test_the_whole_municipality_s_occurrence_has_no_school_in_its_mail() -> None:
    shared = occurrence(GOALS, where=None)
    assert task_item(PLACE, shared, Stage.OPENING, "opening", address=AARBY.leader.address).unit == ""


def test_a_mail_that_replaces_another_has_the_key_that_it_is_given() -> None:
    item = task_item(PLACE, OF_GOALS, Stage.REMINDER, "-14", address=AARBY.leader.address)
    assert task_message(PLACE, AARBY.leader, [item], today=TODAY, key="tasks:x:r2").key == "tasks:x:r2"


def test_two_municipalities_never_share_a_key() -> None:
    other = municipality(GOALS, key="naboby", wheel=Wheel((GOALS,)))
    assert task_key(PLACE, "a@x.example", today=TODAY) == "tasks:proeveby:2026-09-16:a@x.example"
    assert task_key(other, "a@x.example", today=TODAY) == "tasks:naboby:2026-09-16:a@x.example"


def test_items_of_one_activity_and_due_date_are_told_together() -> None:
    three = [
        task_item(PLACE, occurrence(of, where=where), Stage.ESCALATION, "+14", address=DIRECTOR.address)
        for of, where in ((GOALS, AARBY), (PLAN, AARBY), (GOALS, RORBY))
    ]
    assert grouped(three) == [(OF_GOALS, [three[0], three[2]]), (OF_PLAN, [three[1]])]
