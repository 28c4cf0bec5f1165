"""Builders: small values with sensible defaults; a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from kvalitet.days import RelativeDay, SchoolHoliday, SchoolYear, WorkCalendar
from kvalitet.municipality import Contact, Municipality, School, SchoolGroup, Sender
from kvalitet.occurrences import Occurrence
from kvalitet.wheel import (
    Activity,
    Column,
    ExtractSource,
    FieldType,
    FormField,
    Kind,
    LadderStep,
    Option,
    Per,
    Ring,
    Role,
    Stage,
    Wheel,
)

YEAR = SchoolYear(2026)
LEADER = Role.SCHOOL_LEADER
AUTUMN_HOLIDAY = SchoolHoliday("Efterårsferie", date(2026, 10, 10), date(2026, 10, 18))

DIRECTOR = Contact(Role.DIRECTOR, "Direktør", "direktoer@proeveby.example")
CONSULTANT = Contact(Role.CONSULTANT, "Skolekonsulent", "konsulent@proeveby.example")
OFFICE = Contact(Role.ADMINISTRATION, "Fagcenter Børn", "fagcenter@proeveby.example")
CONTACTS = (DIRECTOR, CONSULTANT, OFFICE)


def instant(day: str, clock: str = "05:00") -> datetime:
    """Give the UTC instant of a Danish day and clock, such as "2026-09-01", "08:30"."""
    local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo("Europe/Copenhagen"))
    return local.astimezone(UTC)


def rung(days: int, stage: Stage, *to: Role) -> LadderStep:
    """Make a ladder step; to the school leader unless told otherwise."""
    return LadderStep(days, stage, to or (LEADER,))


LADDER = (
    rung(-14, Stage.REMINDER),
    rung(-3, Stage.REMINDER),
    rung(1, Stage.OVERDUE_NOTICE),
    rung(7, Stage.ESCALATION, LEADER, Role.CONSULTANT),
    rung(14, Stage.ESCALATION, LEADER, Role.CONSULTANT, Role.DIRECTOR),
)


def text_field(key: str = "goal", title: str = "Skolens mål", *, required: bool = True) -> FormField:
    """Make a form field that takes a text."""
    return FormField(key, title, required=required)


def number_field(
    key: str = "percent",
    title: str = "Fravær i procent",
    *,
    minimum: float | None = 0,
    maximum: float | None = 100,
    required: bool = True,
) -> FormField:
    """Make a form field that takes a number."""
    return FormField(key, title, FieldType.NUMBER, required=required, unit="procent", minimum=minimum, maximum=maximum)


def choice_field(key: str = "level", title: str = "Niveau", choices: Sequence[str] = ("høj", "lav")) -> FormField:
    """Make a form field that takes one of some choices."""
    return FormField(key, title, FieldType.CHOICE, choices=tuple(choices))


def file_field(key: str = "plan", title: str = "Planen", *, required: bool = True) -> FormField:
    """Make a form field that takes a file."""
    return FormField(key, title, FieldType.FILE, required=required)


def activity(
    key: str = "local_goals", *, opens: str = "start-08-15", due: str = "start-09-30", **given: object
) -> Activity:
    """Make an activity: a deliverable of every school, with the usual ladder, unless told otherwise."""
    values: dict[str, object] = {
        "key": key,
        "title": "Skolens egne mål",
        "kind": Kind.DELIVERABLE,
        "per": Per.SCHOOL,
        "ring": Ring.DELIVERABLES,
        "owner": LEADER,
        "fields": (text_field(),),
        "ladder": LADDER,
        **given,
    }
    return Activity(opens=RelativeDay.parse(opens), due=RelativeDay.parse(due), **values)  # type: ignore[arg-type]


def dialogue(
    key: str = "dialogue", *, opens: str = "start-09-01", due: str = "start-10-last", **given: object
) -> Activity:
    """Make a leadership dialogue: director and school leader, one for every school."""
    values: dict[str, object] = {
        "title": "Ledelseslæringssamtale",
        "kind": Kind.DIALOGUE,
        "ring": Ring.DIALOGUES,
        "owner": Role.DIRECTOR,
        "participants": (LEADER,),
        "fields": (),
        "ladder": (),
        **given,
    }
    return activity(key, opens=opens, due=due, **values)


def extract(key: str = "extract", *, indicators: Sequence[str] = ("absence",), **given: object) -> Activity:
    """Make an extract for the whole municipality, from the files of its figures folder."""
    values: dict[str, object] = {
        "title": "Dataudtræk",
        "kind": Kind.EXTRACT,
        "per": Per.MUNICIPALITY,
        "ring": Ring.DATA,
        "owner": Role.ADMINISTRATION,
        "fields": (),
        "ladder": (),
        "extract_sources": (ExtractSource("files", tuple(indicators)),),
        **given,
    }
    return activity(key, **values)  # type: ignore[arg-type]


def effort(key: str = "effort", *, opens: str = "start-08-01", due: str = "end-06-30") -> Activity:
    """Make an effort for the whole municipality."""
    return activity(
        key,
        opens=opens,
        due=due,
        title="Arbejde med indsatser",
        kind=Kind.EFFORT,
        per=Per.MUNICIPALITY,
        fields=(),
        ladder=(),
    )


def school(number: str = "323001", name: str = "Aarby Skole", *, group: str = "nord", **given: date | None) -> School:
    """Make a school with its leader's mailbox."""
    leader = Contact(LEADER, f"Skoleleder, {name}", f"skoleleder.{number}@proeveby.example", school=number)
    return School(number, name, group, leader, **given)


AARBY = school()
RORBY = school("323002", "Rørby Skole")
AAGAARD = school("323003", "Ågård Skole", group="syd")


def calendar(
    public_holidays: dict[date, str] | None = None, school_holidays: Iterable[SchoolHoliday] = ()
) -> WorkCalendar:
    """Make a calendar in which only weekends are closed unless told otherwise."""
    return WorkCalendar(public_holidays or {}, tuple(school_holidays))


def municipality(
    *activities: Activity, schools: Sequence[School] = (AARBY, RORBY, AAGAARD), **given: object
) -> Municipality:
    """Make a municipality of three schools in two groups, with one deliverable."""
    values: dict[str, object] = {
        "key": "proeveby",
        "name": "Prøveby Kommune",
        "number": "326",
        "wheel": Wheel(activities or (activity(),)),
        "schools": tuple(schools),
        "groups": (SchoolGroup("nord", "Nord"), SchoolGroup("syd", "Syd")),
        "contacts": CONTACTS,
        "calendar": calendar(),
        "sender": Sender("Fagcenter Børn", "aarshjul@proeveby.example", "proeveby.example"),
        **given,
    }
    return Municipality(**values)  # type: ignore[arg-type]


def occurrence(
    of: Activity | None = None,
    *,
    where: School | None = AARBY,
    opens: date | None = None,
    due: date | None = None,
    school_year: SchoolYear = YEAR,
) -> Occurrence:
    """Make an occurrence of an activity: for one school, unless `where` is None."""
    of = of or activity()
    first, last = of.window(school_year)
    unit = f".{where.number}" if where else ""
    return Occurrence(
        key=f"proeveby.{school_year.key}.{of.key}{unit}",
        municipality="proeveby",
        school_year=school_year,
        activity=of.key,
        title=of.title,
        kind=of.kind,
        opens=opens or first,
        due=due or last,
        school=where.number if where else None,
    )


def goal_field(key: str = "absence", title: str = "Mål for fravær", *, required: bool = True) -> FormField:
    """Make a form field that takes a goal."""
    return FormField(
        key, title, FieldType.GOAL, required=required, indicators=(Option("absence", "Samlet elevfravær"),)
    )


def table_field(
    key: str = "efforts",
    title: str = "Indsatser",
    *,
    required: bool = True,
    least_rows: int = 0,
    promises: bool = False,
) -> FormField:
    """Make a form field that takes rows of an effort, who is responsible and, where it is known, when it is done."""
    columns = (Column("effort", "Indsats"), Column("who", "Hvem"), Column("until", "Færdig", required=False))
    return FormField(
        key, "Indsatser", FieldType.TABLE, required=required, columns=columns, least_rows=least_rows, promises=promises
    )


def promises_field(key: str = "last_year", answers_to: str = "action_plan.efforts") -> FormField:
    """Make a form field that answers the promises of the year before."""
    return FormField(key, "Hvad blev der af det?", FieldType.PROMISES, answers_to=answers_to)
