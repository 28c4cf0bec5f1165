"""The wheel: what a municipality does every school year, as it stands in its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, time

    from kvalitet.days import RelativeDay, SchoolYear


class Kind(StrEnum):
    """Slags: what has to happen in an occurrence for it to be done."""

    EXTRACT = "extract"
    MEETING = "meeting"
    DIALOGUE = "dialogue"
    DELIVERABLE = "deliverable"
    EFFORT = "effort"

    @property
    def is_meeting(self) -> bool:
        """Tell whether people meet: such an occurrence has a booking."""
        return self in {Kind.MEETING, Kind.DIALOGUE}


class Per(StrEnum):
    """Enhed: how many occurrences one activity has in a year."""

    MUNICIPALITY = "municipality"
    SCHOOL_GROUP = "school_group"
    SCHOOL = "school"


class Ring(StrEnum):
    """Ring: where in the drawn wheel an activity lies, from the outside in."""

    DATA = "data"
    DELIVERABLES = "deliverables"
    DIALOGUES = "dialogues"
    SCHOOL_GROUPS = "school_groups"
    UNIONS = "unions"
    POLITICS = "politics"


class Role(StrEnum):
    """Rolle: who an activity, a mail or a step of the reminder ladder concerns."""

    ADMINISTRATION = "administration"
    DIRECTOR = "director"
    CONSULTANT = "consultant"
    SCHOOL_LEADER = "school_leader"
    DEPUTY = "deputy"
    SCHOOL_BOARD = "school_board"
    MED_COMMITTEE = "med_committee"
    UNIONS = "unions"
    COMMITTEE = "committee"


class FieldType(StrEnum):
    """Felttype: how a form field is filled in."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    FILE = "file"
    GOAL = "goal"
    TABLE = "table"
    PROMISES = "promises"


@dataclass(frozen=True, slots=True)
class Column:
    """Kolonne: what one cell of each row of a table asks for."""

    key: str
    title: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """Valgmulighed: an indicator that a goal may be measured on, by its key and its Danish title."""

    key: str
    title: str


@dataclass(frozen=True)
class FormField:
    """Felt: one question that a school answers in a delivery.

    A goal is measured on one of its `indicators`. A table has `columns`, and `least_rows` of them are filled in; where
    it holds `promises`, a field of type promises, which names it in `answers_to` (`activity.field`), asks the year
    after what became of them.
    """

    key: str
    title: str
    type: FieldType = FieldType.TEXT
    required: bool = True
    help: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    indicators: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    least_rows: int = 0
    promises: bool = False
    answers_to: str = ""

    @property
    def is_composed(self) -> bool:
        """Tell whether it has several places to fill in."""
        return self.type in {FieldType.GOAL, FieldType.TABLE, FieldType.PROMISES}


class Stage(StrEnum):
    """Trin: which mail a step sends; ordered from mild to grave."""

    OPENING = "opening"
    REMINDER = "reminder"
    OVERDUE_NOTICE = "overdue_notice"
    ESCALATION = "escalation"


@dataclass(frozen=True)
class LadderStep:
    """Rykkertrin: a mail so many calendar days after the due date (negative: before it)."""

    days: int
    stage: Stage
    to: tuple[Role, ...]


@dataclass(frozen=True)
class MeetingPlan:
    """Mødeplan: how long a meeting lasts, when it may start (local time) and how early to invite.

    `material` names files that go with the invitation; `on_behalf_of` is the role in whose name it is sent.
    """

    minutes: int = 90
    start_times: tuple[time, ...] = ()
    place: str = ""
    invite_days_before_window: int = 28
    question_guide: str = ""
    material: tuple[str, ...] = ()
    on_behalf_of: Role | None = None


@dataclass(frozen=True)
class ExtractSource:
    """Kilde til et dataudtræk: what one source gives, and for which school year (-1: the one before the wheel's)."""

    source: str
    indicators: tuple[str, ...]
    year_offset: int = -1


@dataclass(frozen=True)
class Activity:
    """Aktivitet: one point of the wheel, with its window in every school year.

    `row` is the row number in the municipality's adopted wheel; None for what was added to it.
    `after` names activities that must be done first; `every_years` counts from `first_school_year`.
    `figures` names the indicators that are shown beside its form.
    `extract_sources` tell an extract what to pull, and from where.
    """

    key: str
    title: str
    kind: Kind
    per: Per
    ring: Ring
    opens: RelativeDay
    due: RelativeDay
    owner: Role
    participants: tuple[Role, ...] = ()
    row: int | None = None
    description: str = ""
    fields: tuple[FormField, ...] = ()
    figures: tuple[str, ...] = ()
    ladder: tuple[LadderStep, ...] = ()
    meeting: MeetingPlan = field(default_factory=MeetingPlan)
    ends_in: str | None = None
    after: tuple[str, ...] = ()
    every_years: int = 1
    first_school_year: SchoolYear | None = None
    last_school_year: SchoolYear | None = None
    extract_sources: tuple[ExtractSource, ...] = ()

    @property
    def takes_file(self) -> bool:
        """Tell whether its form has a place for a file."""
        return any(field.type is FieldType.FILE for field in self.fields)

    def happens_in(self, school_year: SchoolYear) -> bool:
        """Tell whether the activity takes place in this school year."""
        first, last = self.first_school_year, self.last_school_year
        if (first and school_year < first) or (last and school_year > last):
            return False
        return (school_year.start - (first.start if first else 0)) % self.every_years == 0

    def window(self, school_year: SchoolYear) -> tuple[date, date]:
        """Give the inclusive dates (opens, due) in one school year."""
        return self.opens.in_year(school_year), self.due.in_year(school_year)


@dataclass(frozen=True)
class Wheel:
    """Årshjul: the activities in the order of the municipality's own plan."""

    activities: tuple[Activity, ...]

    def activity(self, key: str) -> Activity:
        """Find an activity; KeyError when the wheel has none with that key."""
        return self._by_key[key]

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def of(self, school_year: SchoolYear) -> tuple[Activity, ...]:
        """List the activities that take place in a school year."""
        return tuple(activity for activity in self.activities if activity.happens_in(school_year))

    def span(self, school_year: SchoolYear) -> tuple[date, date]:
        """Give the first and last day of a school year's wheel.

        It reaches beyond the school year where activities prepare it (May and June before).
        """
        windows = [activity.window(school_year) for activity in self.of(school_year)]
        opens = [window[0] for window in windows]
        dues = [window[1] for window in windows]
        return min(opens, default=school_year.first_day), max(dues, default=school_year.last_day)

    @cached_property
    def _by_key(self) -> dict[str, Activity]:
        return {activity.key: activity for activity in self.activities}
