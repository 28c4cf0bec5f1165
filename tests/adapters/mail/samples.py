"""A small municipality, and one message of every kind about it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlalchemy import Connection

from kvalitet import invites, offers
from kvalitet.adapters.mail.rendering import Renderer
from kvalitet.adapters.store import plans
from kvalitet.adapters.store.deliveries import Delivery
from kvalitet.announcements import Change, Meeting
from kvalitet.board import Board, board_of
from kvalitet.days import RelativeDay, SchoolYear, WorkCalendar
from kvalitet.decided import Decided, decision_messages
from kvalitet.invites import Invite, Papers
from kvalitet.letters import News, WaitingMail, cancellation, invitation, login, receipt, uninvited, weekly_digest
from kvalitet.messages import Message, task_messages
from kvalitet.municipality import Contact, Municipality, School, SchoolGroup, Sender
from kvalitet.occurrences import Changes, Occurrence, plan
from kvalitet.reminders import steps
from kvalitet.status import BookingState, Facts
from kvalitet.timetable import Slot, local_slot
from kvalitet.wheel import Activity, Kind, LadderStep, Per, Ring, Role, Stage, Wheel

TEMPLATES = Path(__file__).parents[3] / "templates" / "email"
RENDERER = Renderer(TEMPLATES, "https://kvalitet.example")
YEAR = SchoolYear(2026)
NOW = datetime(2026, 8, 24, 6, 0, tzinfo=UTC)

LEADER = Role.SCHOOL_LEADER
SUBGOALS = Activity(
    key="local_goals",
    title="Lokale mål og delmål",
    kind=Kind.DELIVERABLE,
    per=Per.SCHOOL,
    ring=Ring.DELIVERABLES,
    opens=RelativeDay.parse("start-08-10"),
    due=RelativeDay.parse("start-08-31"),
    owner=LEADER,
    description="Hver skole sætter sine egne delmål for skoleåret ud fra de kommunale mål.",
    ladder=(
        LadderStep(-7, Stage.REMINDER, (LEADER,)),
        LadderStep(2, Stage.OVERDUE_NOTICE, (LEADER,)),
        LadderStep(7, Stage.ESCALATION, (LEADER, Role.CONSULTANT)),
    ),
)
ACTION_PLAN = replace(
    SUBGOALS,
    key="action_plan",
    title="Strategi- og handleplan",
    due=RelativeDay.parse("start-09-10"),
    description="Planen er grundlaget for ledelseslæringssamtalen.",
)
DIALOGUE = Activity(
    key="leadership_dialogue",
    title="Ledelseslæringssamtale",
    kind=Kind.DIALOGUE,
    per=Per.SCHOOL,
    ring=Ring.DIALOGUES,
    opens=RelativeDay.parse("start-09-01"),
    due=RelativeDay.parse("start-10-last"),
    owner=Role.DIRECTOR,
    participants=(LEADER,),
    description="Samtalen tager udgangspunkt i skolens strategi- og handleplan.",
)
GUIDE = """# Før samtalen

Læs skolens **strategi- og handleplan**,
og tag den med.

## Spørgsmål

- Hvad er I mest stolte af?
- Hvor er der størst afstand mellem mål og resultat?
"""


def leader(number: str, name: str) -> Contact:
    return Contact(LEADER, f"Skoleleder, {name}", f"skoleleder.{number}@kalundborg.example", school=number)


def school(number: str, name: str) -> School:
    return School(number, name, "nord", leader(number, name))


AARBY = school("323001", "Aarby Skole")
ROESNAES = school("323002", "Rørby Skole")
ZACHARIAS = school("323003", "Zachariasskolen")
DIRECTOR = Contact(Role.DIRECTOR, "Direktør for Børn og Læring", "direktoer@kalundborg.example")
CONSULTANT = Contact(Role.CONSULTANT, "Skolekonsulent", "konsulent@kalundborg.example")
OFFICE = Contact(Role.ADMINISTRATION, "Fagcenter Børn og Læring", "fagcenter@kalundborg.example")
KALUNDBORG = Municipality(
    key="kalundborg",
    name="Kalundborg Kommune",
    number="326",
    wheel=Wheel((SUBGOALS, ACTION_PLAN, DIALOGUE)),
    schools=(AARBY, ROESNAES, ZACHARIAS),
    groups=(SchoolGroup("nord", "Skolegruppe Nord"),),
    contacts=(DIRECTOR, CONSULTANT, OFFICE),
    calendar=WorkCalendar({}, ()),
    sender=Sender("Fagcenter Børn, Læring og uddannelse", "aarshjul@kalundborg.example", "kalundborg.example"),
)
PLAN = plan(KALUNDBORG, YEAR)
SLOT = local_slot(date(2026, 9, 14), time(9, 0), 90)


def occurrence(activity: Activity, where: School) -> Occurrence:
    return next(o for o in PLAN if o.activity == activity.key and o.school == where.number)


def write_plan(connection: Connection, *, now: datetime = NOW) -> None:
    positions = {o.key: place for place, o in enumerate(PLAN)}
    changes = Changes(PLAN, (), ())
    plans.write(connection, changes, positions=positions, wake_on=dict.fromkeys(positions), now=now)


def tasks(today: date, *activities: Activity, of: tuple[School, ...] = (AARBY,)) -> tuple[Message, ...]:
    due = []
    for activity in activities or (SUBGOALS,):
        for where in of:
            found = occurrence(activity, where)
            past = [step for step in steps(found, activity, KALUNDBORG.calendar) if step.day <= today]
            due.append((found, past[-1]))
    return task_messages(KALUNDBORG, due, today=today)


def reminder(*activities: Activity) -> Message:
    (message,) = tasks(date(2026, 8, 24), *activities)
    return message


def reminder_of_a_file() -> Message:
    """A reminder about something that a file has come for, which nobody has confirmed."""
    found = occurrence(SUBGOALS, AARBY)
    (step,) = [step for step in steps(found, SUBGOALS, KALUNDBORG.calendar) if step.stage is Stage.REMINDER]
    (message,) = task_messages(KALUNDBORG, [(found, step)], today=step.day, awaited=[found.key])
    return message


def escalation() -> Message:
    everybody = (ZACHARIAS, ROESNAES, AARBY)
    return next(m for m in tasks(date(2026, 9, 7), of=everybody) if m.template == "escalation")


def invite(method: invites.Method = invites.Method.REQUEST, *, slot: Slot = SLOT, sequence: int = 0) -> Invite:
    uid = invites.uid_of(occurrence(DIALOGUE, AARBY).key, KALUNDBORG.sender.domain)
    revision = invites.Revision(uid, sequence, NOW, method)
    title = "Ledelseslæringssamtale – Aarby Skole"
    return Invite(revision, slot.starts_at, slot.ends_at, title, "Rådhuset, lokale 3", DIALOGUE.description)


def invitation_message(
    question_guide: str = GUIDE, *, change: Change = Change.INVITED, before: Meeting | None = None
) -> Message:
    meeting = invite(sequence=1 if change is Change.MOVED else 0)
    news = News(change, before, Papers(question_guide))
    return invitation(KALUNDBORG, occurrence(DIALOGUE, AARBY), AARBY.leader, meeting, news)


def moved_message() -> Message:
    return invitation_message(
        change=Change.MOVED, before=Meeting(local_slot(date(2026, 9, 7), time(13, 0), 60), "Skolen")
    )


def cancellation_message() -> Message:
    meeting = invite(invites.Method.CANCEL, sequence=1)
    return cancellation(KALUNDBORG, occurrence(DIALOGUE, AARBY), AARBY.leader, meeting)


def uninvited_message() -> Message:
    return uninvited(KALUNDBORG, occurrence(DIALOGUE, AARBY), AARBY.leader, left_out())


def left_out() -> Invite:
    """Give what takes the meeting out of one calendar alone."""
    return replace(invite(invites.Method.CANCEL, sequence=1), still_held=True)


def receipt_message(*, version: int = 1) -> Message:
    found = occurrence(SUBGOALS, AARBY)
    delivery = Delivery(1, found.key, version, NOW, "Skoleleder, Aarby Skole", {}, None, None, "")
    return receipt(KALUNDBORG, found, delivery, now=NOW)


def decision_message(decision: str, comment: str = "") -> Message:
    decided = Decided(decision, 1, comment, "Direktøren", NOW)
    (message,) = decision_messages(KALUNDBORG, occurrence(SUBGOALS, AARBY), decided)
    return message


def board(now: datetime = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)) -> Board:
    facts = {
        occurrence(SUBGOALS, ROESNAES).key: Facts(delivered_at=NOW),
        occurrence(DIALOGUE, AARBY).key: Facts(
            booking=BookingState.BOOKED, starts_at=datetime(2026, 9, 9, 7, 0, tzinfo=UTC), ends_at=SLOT.ends_at
        ),
    }
    return board_of(KALUNDBORG, YEAR, PLAN, facts, now=now)


def digest_message() -> Message:
    (message,) = weekly_digest(board(), waiting=WaitingMail(unread=2, bouncing=1, held=3, astray=1))
    return message


def attempt(*activities: Activity) -> offers.Attempt:
    choices = tuple(offers.Choice(occurrence(one, AARBY), AARBY.name) for one in activities or (SUBGOALS,))
    return offers.Attempt(KALUNDBORG, AARBY.leader, choices, 7)


def file_received_message(*activities: Activity) -> Message:
    until = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
    return offers.file_received(attempt(*activities), file_name="mål 2026.pdf", token="x" * 43, expires_at=until)


def file_refused_message(*activities: Activity) -> Message:
    return offers.file_refused(attempt(*activities), reason="Filen »mål.pdf« er tom.", rules="Højst 10 MB.")


def login_message() -> Message:
    until = datetime(2026, 9, 7, 6, 10, tzinfo=UTC)
    way = "?til=%2Fkalundborg%2F"
    return login(KALUNDBORG, AARBY.leader.address, token="x" * 43, way=way, expires_at=until)


def every_kind() -> dict[str, tuple[Message, Invite | None]]:
    """Give one message of every template, by its name."""
    (opening,) = tasks(date(2026, 8, 10), SUBGOALS, ACTION_PLAN)
    (overdue_notice,) = tasks(date(2026, 9, 2), SUBGOALS)
    meeting, taken_back = invite(), invite(invites.Method.CANCEL, sequence=1)
    return {
        "opening": (opening, None),
        "reminder": (reminder(), None),
        "overdue_notice": (overdue_notice, None),
        "escalation": (escalation(), None),
        "invitation": (invitation_message(), meeting),
        "cancellation": (cancellation_message(), taken_back),
        "uninvited": (uninvited_message(), left_out()),
        "receipt": (receipt_message(), None),
        "sent_back": (decision_message("sent_back", "Skriv også, hvem der har ansvaret.\n\nOg hvornår."), None),
        "approved": (decision_message("approved"), None),
        "file_received": (file_received_message(), None),
        "file_refused": (file_refused_message(SUBGOALS, ACTION_PLAN), None),
        "weekly_digest": (digest_message(), None),
        "login": (login_message(), None),
    }
