"""Builders: a small municipality whose wheel has every kind of activity, and boards made of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from kvalitet.board import Board, board_of
from kvalitet.days import AssumedHolidays, RelativeDay, SchoolYear, WorkCalendar
from kvalitet.municipality import Contact, Municipality, School, SchoolGroup, Sender
from kvalitet.occurrences import plan
from kvalitet.status import Facts
from kvalitet.wheel import Activity, ExtractSource, FieldType, FormField, Kind, MeetingPlan, Per, Ring, Role, Wheel

YEAR = SchoolYear(2026)
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
SCHOOLS = ("Buerup Skole", "Hvidebækskolen", "Kalundborg Skole", "Åmoseskolen", "Årby Skole")
TEXT = FormField("goal", "Skolens mål")
NUMBER = FormField("percent", "Mål i procent", FieldType.NUMBER, unit="procent", minimum=0, maximum=100)
FILE = FormField("plan", "Planen som fil", FieldType.FILE, required=False)


def activity(
    key: str = "local_goals", *, opens: str = "start-08-01", due: str = "start-08-31", **given: object
) -> Activity:
    """Make an activity; a deliverable of every school unless told otherwise."""
    values: dict[str, object] = {
        "key": key,
        "title": "Skolens egne mål",
        "kind": Kind.DELIVERABLE,
        "per": Per.SCHOOL,
        "ring": Ring.DELIVERABLES,
        "owner": Role.SCHOOL_LEADER,
        "fields": (TEXT, NUMBER, FILE),
        "description": "Konkrete mål for skoleåret, der kan evalueres.",
        **given,
    }
    return Activity(opens=RelativeDay.parse(opens), due=RelativeDay.parse(due), **values)  # type: ignore[arg-type]


def meeting(key: str, title: str, opens: str, due: str, **given: object) -> Activity:
    """Make a meeting of every school group."""
    values: dict[str, object] = {
        "kind": Kind.MEETING,
        "per": Per.SCHOOL_GROUP,
        "ring": Ring.SCHOOL_GROUPS,
        "owner": Role.ADMINISTRATION,
        "participants": (Role.SCHOOL_LEADER,),
        "fields": (),
        "meeting": MeetingPlan(
            start_times=(time(9, 0), time(13, 0)), place="Rådhuset, lokale 2", question_guide="guide.md"
        ),
        **given,
    }
    return activity(key, title=title, opens=opens, due=due, **values)


ACTIVITIES = (
    activity("spring_extract", title="Dataudtræk for alle skoler", opens="start-05-01", due="start-06-30",
             kind=Kind.EXTRACT, per=Per.MUNICIPALITY, ring=Ring.DATA, owner=Role.ADMINISTRATION, fields=(),
             extract_sources=(ExtractSource("files", ("absence", "good_results_danish"), year_offset=-2),)),
    meeting("spring_meeting", "Møde om dataudtrækket", "start-05-01", "start-06-30"),
    activity(),
    activity("absence_plan", title="Plan for fravær", opens="start-08-01", due="start-10-31"),
    activity("open_school", title="Den åbne skole", opens="start-10-01", due="end-01-31"),
    meeting("dialogue", "Ledelseslæringssamtale", "start-08-15", "start-09-30", kind=Kind.DIALOGUE, per=Per.SCHOOL,
            ring=Ring.DIALOGUES, owner=Role.DIRECTOR, participants=(Role.SCHOOL_LEADER,)),
    meeting("autumn_meeting", "Møde i skolegrupperne", "start-10-01", "end-01-31"),
    activity("effort", title="Arbejde med indsatser", opens="start-10-01", due="end-01-31", kind=Kind.EFFORT,
             ring=Ring.POLITICS, fields=(), after=("local_goals",)),
    meeting("spring_unions", "Møde med faglige organisationer", "end-02-01", "end-06-30", per=Per.MUNICIPALITY,
            ring=Ring.UNIONS, owner=Role.DIRECTOR, participants=(Role.UNIONS,)),
)  # fmt: skip


def school(number: int, name: str) -> School:
    """Make a school; every other one lies in the northern group."""
    identity = f"32300{number}"
    leader = Contact(Role.SCHOOL_LEADER, f"Leder af {name}", f"s{number}@skole.example", identity)
    return School(identity, name, "nord" if number % 2 else "syd", leader)


def municipality(key: str = "prøveby", activities: tuple[Activity, ...] = ACTIVITIES) -> Municipality:
    """Make a municipality of five schools in two groups."""
    schools = tuple(school(number, name) for number, name in enumerate(SCHOOLS, start=1))
    contacts = (
        Contact(Role.ADMINISTRATION, "Fagcenter Børn", "fagcenter@proeveby.example"),
        Contact(Role.DIRECTOR, "Direktøren", "direktor@proeveby.example"),
        Contact(Role.UNIONS, "Faglige organisationer", "faglige@proeveby.example"),
    )
    return Municipality(
        key=key,
        name="Prøveby Kommune",
        number="326",
        wheel=Wheel(activities),
        schools=schools,
        groups=(SchoolGroup("nord", "Nord"), SchoolGroup("syd", "Syd")),
        contacts=contacts,
        calendar=WorkCalendar(
            {date(2026, 12, 25): "Juledag"}, AssumedHolidays().of(SchoolYear(2025)) + AssumedHolidays().of(YEAR)
        ),
        sender=Sender("Fagcenter Børn", "fagcenter@proeveby.example", "proeveby.example"),
    )


def board(
    activities: tuple[Activity, ...] = ACTIVITIES,
    facts: dict[str, Facts] | None = None,
    *,
    now: datetime = NOON,
    school_year: SchoolYear = YEAR,
) -> Board:
    """Make the board of a municipality with these activities."""
    found = municipality("proeveby", activities)
    return board_of(found, school_year, plan(found, school_year), facts or {}, now=now)
