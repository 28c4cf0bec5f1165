"""School pauses: when a school is not reminded of anything, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, select, update

from kvalitet.adapters.store.tables import mail_schema
from kvalitet.board import danish_date

if TYPE_CHECKING:
    from datetime import date, datetime

_p = mail_schema.school_pause

# Built once: it is asked before every mail.
_BEGUN = (
    select(_p)
    .where(_p.c.municipality == bindparam("municipality"), _p.c.first_day <= bindparam("day"))
    .order_by(_p.c.id)
)


@dataclass(frozen=True, slots=True)
class SchoolPause:
    """Pause: a span of inclusive days in which a school hears nothing; `last_day` None is until somebody ends it."""

    id: int
    school: str
    first_day: date
    last_day: date | None
    reason: str
    paused_by: str
    paused_at: datetime
    ended_at: datetime | None

    def covers(self, day: date) -> bool:
        """Tell whether the school is on pause on a day; a pause that is ended early is over on that very day."""
        if self.ended_at and day >= danish_date(self.ended_at):
            return False
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def is_over(self, today: date) -> bool:
        """Tell whether the pause is of the past."""
        return self.ended_at is not None or (self.last_day is not None and self.last_day < today)


def add(  # noqa: PLR0913 -- the values of one row
    connection: Connection,
    municipality: str,
    school: str,
    *,
    first_day: date,
    last_day: date | None,
    reason: str,
    by: str,
    now: datetime,
) -> SchoolPause:
    """Keep a new pause."""
    values = {
        "municipality": municipality,
        "school": school,
        "first_day": first_day,
        "last_day": last_day,
        "reason": reason,
        "paused_by": by,
        "paused_at": now,
    }
    (identity,) = connection.execute(insert(_p).values(**values)).inserted_primary_key or (0,)
    return SchoolPause(identity, school, first_day, last_day, reason, by, now, None)


def end(connection: Connection, pause: int, *, now: datetime) -> None:
    """End a pause before its last day."""
    connection.execute(update(_p).where(_p.c.id == pause, _p.c.ended_at.is_(None)).values(ended_at=now))


def of_school(connection: Connection, municipality: str, school: str) -> list[SchoolPause]:
    """List a school's pauses, the earliest first."""
    query = select(_p).where(_p.c.municipality == municipality, _p.c.school == school)
    return [_as_pause(row) for row in connection.execute(query.order_by(_p.c.first_day, _p.c.id))]


def on(connection: Connection, municipality: str, day: date) -> dict[str, SchoolPause]:
    """Find which schools (by institution number) are on pause on a day."""
    found = map(_as_pause, connection.execute(_BEGUN, {"municipality": municipality, "day": day}))
    return {pause.school: pause for pause in found if pause.covers(day)}


def reasons(connection: Connection, municipality: str, day: date) -> dict[str, str]:
    """Tell of each school (by institution number) that is on pause on a day why it is."""
    return {school: pause.reason for school, pause in on(connection, municipality, day).items()}


def _as_pause(row: Any) -> SchoolPause:
    return SchoolPause(**{name: getattr(row, name) for name in SchoolPause.__dataclass_fields__})
