from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from kvalitet.adapters.store.deliveries import Delivery
from kvalitet.announcements import Change, Meeting
from kvalitet.board import board_of
from kvalitet.invites import Method
from kvalitet.letters import ActivityProgress, Coming, WaitingMail, cancellation, receipt, weekly_digest
from kvalitet.messages import grouped, task_message, unit_name
from kvalitet.status import BookingState, Facts, Progress, State
from kvalitet.wheel import Per, Role
from tests.adapters.mail import samples
from tests.adapters.mail.samples import AARBY, ACTION_PLAN, DIALOGUE, KALUNDBORG, NOW, OFFICE, ROESNAES, SUBGOALS

MEETING = samples.occurrence(DIALOGUE, AARBY)


def test_an_invitation_has_a_key_for_each_revision_and_person_and_expires_when_the_meeting_begins() -> None:
    message = samples.invitation_message()

    assert message.key == f"invite:{MEETING.key}:request:0:20260824T060000Z:{AARBY.leader.address}"
    assert message.about == {MEETING.key: "request:0:20260824T060000Z"}
    assert message.expires_at == samples.SLOT.starts_at
    assert message.values["people"] == ("Direktør for Børn og Læring", "Skoleleder, Aarby Skole")
    assert message.values["change"] == "invited"


def test_a_mail_about_a_moved_meeting_knows_where_it_was() -> None:
    before = Meeting(samples.SLOT, "Skolen")
    message = samples.invitation_message(change=Change.MOVED, before=before)

    assert (message.values["change"], message.values["before"]) == ("moved", before)


def test_whoever_is_left_out_hears_of_it_in_a_mail_of_its_own() -> None:
    message = samples.uninvited_message()

    assert (message.template, message.to) == ("uninvited", AARBY.leader)
    assert message.about == {MEETING.key: "cancel:1:20260824T060000Z"}


def test_a_cancellation_can_be_written_about_a_school_that_the_files_no_longer_know() -> None:
    without = replace(KALUNDBORG, schools=(ROESNAES,))
    message = cancellation(without, MEETING, AARBY.leader, samples.invite(Method.CANCEL, sequence=1))

    assert message.values["unit"] == ""


def test_a_receipt_goes_to_the_school_leader_once_for_each_version() -> None:
    first, second = samples.receipt_message(), samples.receipt_message(version=2)

    assert first.to == AARBY.leader
    assert first.key != second.key
    assert first.values["late"] is False


def test_a_delivery_after_the_due_date_is_called_late() -> None:
    found = samples.occurrence(SUBGOALS, AARBY)
    at = datetime(2026, 8, 31, 22, 30, tzinfo=UTC)  # 1 September in Denmark
    delivery = Delivery(1, found.key, 1, at, "Aarby", {}, None, None, "")

    assert receipt(KALUNDBORG, found, delivery, now=at).values["late"] is True


def test_units_are_named_as_people_know_them() -> None:
    everybody = replace(MEETING, school=None)

    assert unit_name(KALUNDBORG, MEETING) == "Aarby Skole"
    assert unit_name(KALUNDBORG, replace(everybody, school_group="nord")) == "Skolegruppe Nord"
    assert unit_name(KALUNDBORG, everybody) == ""


def test_a_digest_counts_what_has_opened_and_names_who_is_missing() -> None:
    (message,) = weekly_digest(samples.board())

    assert message.to == OFFICE
    assert message.values["rows"] == (
        ActivityProgress(
            "Lokale mål og delmål",
            date(2026, 8, 31),
            Progress(1, 3, 2),
            ("Aarby Skole", "Zachariasskolen"),
            ("Aarby Skole", "Zachariasskolen"),
        ),
        ActivityProgress(
            "Strategi- og handleplan",
            date(2026, 9, 10),
            Progress(0, 3),
            ("Aarby Skole", "Rørby Skole", "Zachariasskolen"),
            (),
        ),
    )


def test_a_digest_puts_what_is_missing_before_what_everybody_has_delivered() -> None:
    board = samples.board()
    done = [
        replace(row, state=State.DELIVERED) if row.occurrence.activity == SUBGOALS.key else row for row in board.rows
    ]
    (message,) = weekly_digest(replace(board, rows=tuple(done)))
    rows = [(row.title, row.due, len(row.missing)) for row in message.values["rows"]]  # type: ignore[attr-defined]
    assert rows == [
        ("Strategi- og handleplan", date(2026, 9, 10), 3),
        ("Lokale mål og delmål", date(2026, 8, 31), 0),
    ]


def test_a_digest_counts_the_mail_that_waits_for_a_person() -> None:
    waiting = WaitingMail(unread=2, astray=1)
    (message,) = weekly_digest(samples.board(), waiting=waiting)
    (quiet,) = weekly_digest(samples.board())

    assert message.values["waiting"] == waiting
    assert [bool(waiting), bool(quiet.values["waiting"])] == [True, False]


def test_a_digest_tells_what_comes_within_a_week() -> None:
    (message,) = weekly_digest(samples.board())

    assert message.values["coming"] == (
        Coming(date(2026, 9, 9), "holdes", "Ledelseslæringssamtale", "Aarby Skole", MEETING.key, 1),
        Coming(
            date(2026, 9, 10),
            "frist",
            "Strategi- og handleplan",
            "",
            samples.occurrence(ACTION_PLAN, AARBY).key,
            3,
        ),
    )


def test_a_digest_tells_of_proposed_meetings_and_not_of_cancelled_ones() -> None:
    at = datetime(2026, 9, 9, 7, 0, tzinfo=UTC)
    facts = {
        MEETING.key: Facts(booking=BookingState.PROPOSED, starts_at=at, ends_at=at),
        samples.occurrence(DIALOGUE, ROESNAES).key: Facts(booking=BookingState.CANCELLED, starts_at=at, ends_at=at),
    }
    planned = board_of(KALUNDBORG, samples.YEAR, samples.PLAN, facts, now=datetime(2026, 9, 7, 6, 0, tzinfo=UTC))
    (message,) = weekly_digest(planned)

    coming = message.values["coming"]
    assert isinstance(coming, tuple)
    assert [(line.what, line.unit) for line in coming if line.title == DIALOGUE.title] == [("foreslået", "Aarby Skole")]


def test_a_digest_has_one_key_a_week_and_is_stale_after_three_days() -> None:
    monday, friday = (datetime(2027, 1, day, 6, 0, tzinfo=UTC) for day in (4, 8))
    keys = [message.key for now in (monday, friday) for message in weekly_digest(samples.board(now))]

    assert keys == [f"digest:kalundborg:2026-27:2027-W01:{OFFICE.address}"] * 2
    assert weekly_digest(samples.board(monday))[0].expires_at == monday + timedelta(days=3)


def test_a_digest_goes_to_each_person_once_whatever_roles_they_have() -> None:
    twice = replace(KALUNDBORG, digest_to=(Role.ADMINISTRATION, Role.DIRECTOR, Role.ADMINISTRATION))
    board = replace(samples.board(), municipality=twice)

    assert [message.to.role for message in weekly_digest(board)] == [Role.ADMINISTRATION, Role.DIRECTOR]


def test_a_person_gets_one_mail_and_the_gravest_matter_names_it() -> None:
    (message,) = samples.tasks(date(2026, 9, 2), SUBGOALS, ACTION_PLAN)
    items = message.values["items"]

    assert message.template == "overdue_notice"
    assert isinstance(items, tuple)
    assert [item.stage.value for item in items] == ["overdue_notice", "opening"]


def test_a_school_that_is_escalated_gets_an_overdue_notice_and_the_consultant_the_escalation() -> None:
    messages = samples.tasks(date(2026, 9, 7))

    assert [(message.template, message.to.role) for message in messages] == [
        ("overdue_notice", Role.SCHOOL_LEADER),
        ("escalation", Role.CONSULTANT),
    ]


def test_items_of_the_same_activity_are_gathered() -> None:
    items = samples.escalation().values["items"]
    assert isinstance(items, tuple)

    assert [(occurrence.activity, len(same)) for occurrence, same in grouped(items)] == [("local_goals", 3)]


def test_a_mail_that_replaces_another_has_a_key_of_its_own() -> None:
    items = samples.reminder().values["items"]
    assert isinstance(items, tuple)

    assert task_message(KALUNDBORG, AARBY.leader, items, today=date(2026, 8, 24), key="x:r2").key == "x:r2"


def test_a_deliverable_of_the_whole_municipality_names_no_school() -> None:
    common = replace(SUBGOALS, per=Per.MUNICIPALITY, owner=Role.ADMINISTRATION)
    found = replace(samples.occurrence(SUBGOALS, AARBY), school=None)
    everybody = replace(KALUNDBORG, wheel=replace(KALUNDBORG.wheel, activities=(common,)))
    delivery = Delivery(1, found.key, 1, NOW, "Fagcenter", {}, None, None, "")

    assert receipt(everybody, found, delivery, now=NOW).to == OFFICE
