"""Verdicts: the newest judgement of each goal for each unit and school year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, and_, func, select, update

from kvalitet.adapters.store.log import insert_once
from kvalitet.adapters.store.tables import schema
from kvalitet.days import SchoolYear
from kvalitet.stories import without_sources

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_v = schema.verdict


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """Vurdering, som den er gemt: `unit` is an institution number or "municipality"."""

    municipality: str
    goal: str
    unit: str
    school_year: SchoolYear
    attainment: str
    sentence: str
    confidential: bool
    judged_at: datetime


def save(connection: Connection, new: KeptVerdict) -> bool:
    """Keep a verdict; tell whether it says anything that the kept one did not."""
    values = {name: getattr(new, name) for name in KeptVerdict.__dataclass_fields__}
    values["school_year"] = new.school_year.start
    if insert_once(connection, _v, values):
        return True
    same = (_v.c.municipality == new.municipality) & (_v.c.goal == new.goal) & (_v.c.unit == new.unit)
    same &= _v.c.school_year == new.school_year.start
    changed = same & ((_v.c.sentence != new.sentence) | (_v.c.attainment != new.attainment))
    return connection.execute(update(_v).where(changed).values(**values)).rowcount == 1


def save_new(connection: Connection, municipality: str, found: Iterable[KeptVerdict]) -> list[KeptVerdict]:
    """Keep a municipality's verdicts, and list those that say anything that the kept ones did not.

    The same figure brought home on a later day is kept with that day, but it is no news.
    """
    kept = verdicts(connection, municipality)
    known, told = {_said(one) for one in kept}, {_news(one) for one in kept}
    changed = [new for new in found if _said(new) not in known and save(connection, new)]
    return [new for new in changed if _news(new) not in told]


def newest(connection: Connection, municipality: str, *, until: SchoolYear) -> list[KeptVerdict]:
    """List the newest verdict of each goal and unit that is no later than a school year."""
    place = (_v.c.goal, _v.c.unit)
    where = (_v.c.municipality == municipality) & (_v.c.school_year <= until.start)
    last = select(*place, func.max(_v.c.school_year).label("year")).where(where).group_by(*place).subquery()
    same = and_(_v.c.goal == last.c.goal, _v.c.unit == last.c.unit, _v.c.school_year == last.c.year)
    columns = [_v.c[name] for name in KeptVerdict.__dataclass_fields__]
    query = select(*columns).join(last, same).where(_v.c.municipality == municipality).order_by(*place)
    return [_as_verdict(row) for row in connection.execute(query)]


def verdicts(connection: Connection, municipality: str, *, unit: str | None = None) -> list[KeptVerdict]:
    """List a municipality's verdicts by goal, unit and school year."""
    columns = [_v.c[name] for name in KeptVerdict.__dataclass_fields__]
    query = select(*columns).where(_v.c.municipality == municipality)
    if unit is not None:
        query = query.where(_v.c.unit == unit)
    rows = connection.execute(query.order_by(_v.c.goal, _v.c.unit, _v.c.school_year))
    return [_as_verdict(row) for row in rows]


def _as_verdict(row: Row[Any]) -> KeptVerdict:
    return KeptVerdict(**{**row._mapping, "school_year": SchoolYear(row.school_year)})  # noqa: SLF001 -- SQLAlchemy's public name


def _said(verdict: KeptVerdict) -> tuple[str, str, SchoolYear, str, str]:
    return verdict.goal, verdict.unit, verdict.school_year, verdict.attainment, verdict.sentence


def _news(verdict: KeptVerdict) -> tuple[str, str, SchoolYear, str, str]:
    return *_said(verdict)[:4], without_sources(verdict.sentence)
