"""What may stand in a municipality's files: the keys, their types and their defaults."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kvalitet.adapters.municipality_files.form_fields.entries import FieldEntry
from kvalitet.adapters.municipality_files.words import (
    Clock,
    DanishNumber,
    Date,
    Day,
    Deadline,
    Entry,
    Flag,
    Key,
    Line,
    MonthDay,
    Name,
    Number,
    Whole,
    Year,
)
from kvalitet.wheel import Kind, Per, Ring, Role, Stage


class GroupEntry(Entry):
    """One school group."""

    key: Key
    name: Name


class SchoolEntry(Entry):
    """One school; `leader` is the leader's role mailbox."""

    number: Number
    name: Name
    group: Key
    leader: Line
    leader_name: Line = ""
    opened: Date | None = None
    closed: Date | None = None


class SchoolsFile(Entry):
    """schools.yaml."""

    groups: tuple[GroupEntry, ...]
    schools: tuple[SchoolEntry, ...] = Field(min_length=1)


class ContactEntry(Entry):
    """One role mailbox."""

    role: Role
    name: Name
    address: Line
    school: str | None = None
    school_group: str | None = None


class ContactsFile(Entry):
    """contacts.yaml."""

    contacts: tuple[ContactEntry, ...]


class HolidayEntry(Entry):
    """One school holiday, both days inclusive."""

    name: Name
    first: Date
    last: Date
    assumed: Flag = False


class HolidayYearEntry(Entry):
    """The school holidays of one school year."""

    school_year: Year
    assumed: Flag = False
    source: str = ""
    holidays: tuple[HolidayEntry, ...]


class OtherwiseEntry(Entry):
    """The pattern for school years that are not listed."""

    autumn_week: Whole = Field(default=42, ge=40, le=45)
    winter_week: Whole = Field(default=7, ge=5, le=10)
    summer_weeks: Whole = Field(default=6, ge=4, le=8)
    christmas_first: MonthDay = (12, 22)
    christmas_last: MonthDay = (1, 2)


class HolidaysFile(Entry):
    """school_holidays.yaml."""

    otherwise: OtherwiseEntry = OtherwiseEntry()
    years: tuple[HolidayYearEntry, ...] = ()


class StepEntry(Entry):
    """One step of a reminder ladder."""

    days: Whole = Field(ge=-120, le=120)
    stage: Literal[Stage.REMINDER, Stage.OVERDUE_NOTICE, Stage.ESCALATION]
    to: tuple[Role, ...] = Field(min_length=1)


class MeetingEntry(Entry):
    """How a meeting is held."""

    minutes: Whole = Field(default=90, ge=15, le=480)
    start_times: tuple[Clock, ...] = ()
    place: Line = ""
    invite_days_before_window: Whole = Field(default=28, ge=0, le=120)
    question_guide: Line = ""
    material: tuple[Line, ...] = ()
    on_behalf_of: Role | None = None


SourceName = Literal["files", "stil", "statbank"]


class ExtractSourceEntry(Entry):
    """What an extract pulls from one of its sources."""

    source: SourceName
    indicators: tuple[str, ...] = Field(min_length=1)
    year_offset: Whole | None = Field(default=None, ge=-5, le=0)


class ExtractEntry(Entry):
    """What an extract pulls: from one `source`, or from several `sources`."""

    source: SourceName = "files"
    indicators: tuple[str, ...] = ()
    year_offset: Whole = Field(default=-1, ge=-5, le=0)
    sources: tuple[ExtractSourceEntry, ...] = ()


class ActivityEntry(Entry):
    """One activity of the wheel."""

    key: Key
    title: Name
    kind: Kind
    per: Per
    ring: Ring | None = None
    opens: Day
    due: Day
    owner: Role
    participants: tuple[Role, ...] = ()
    row: Whole | None = Field(default=None, ge=1)
    description: str = ""
    fields: tuple[FieldEntry, ...] = ()
    figures: tuple[str, ...] = ()
    ladder: Key | None = None
    meeting: MeetingEntry | None = None
    extract: ExtractEntry | None = None
    ends_in: Key | None = None
    after: tuple[Key, ...] = ()
    every_years: Whole = Field(default=1, ge=1, le=10)
    first_school_year: Year | None = None
    last_school_year: Year | None = None


class WheelFile(Entry):
    """wheel.yaml."""

    ladders: dict[Key, tuple[StepEntry, ...]] = Field(default_factory=dict)
    activities: tuple[ActivityEntry, ...] = Field(min_length=1)


class TargetEntry(Entry):
    """A goal's target; which of the keys belong to which type is told in kvalitet/targets.py."""

    type: Literal[
        "at_national_average", "rise_points", "rise_percent", "at_least", "at_most", "more_than",
        "level_at_least", "count_per_school", "documents_per_school",
    ]  # fmt: skip
    lower_is_better: Flag | None = None
    points: DanishNumber | None = None
    percent: DanishNumber | None = None
    value: DanishNumber | None = None
    level: str | None = None
    count: Whole | None = None
    kinds: dict[Key, str] | None = None


class GoalEntry(Entry):
    """One goal."""

    key: Key
    title: Name
    focus_area: Key
    per: Literal["municipality", "school"]
    deadline: Deadline
    target: TargetEntry
    indicator: str | None = None
    deliverable: Key | None = None
    field: Key | None = None
    baseline_year: Year | None = None
    mean_of_years: Whole = Field(default=1, ge=1, le=5)


class FocusAreaEntry(Entry):
    """One focus area."""

    key: Key
    title: Name


class EffortEntry(Entry):
    """One effort; it may serve several goals."""

    key: Key
    title: Name
    goals: tuple[Key, ...] = ()
    first_school_year: Year
    last_school_year: Year | None = None
    schools: tuple[str, ...] = ()
    description: str = ""


class GoalsFile(Entry):
    """goals.yaml."""

    focus_areas: tuple[FocusAreaEntry, ...] = ()
    goals: tuple[GoalEntry, ...] = ()
    efforts: tuple[EffortEntry, ...] = ()
