"""Institutioner: what the register says of one, and whether it is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

PRIMARY_SCHOOL = "1012"
_ACTIVE = "1"


class UnitKind(Enum):
    """Enhedsart: whether an institution is one by itself, has departments, or is one."""

    SINGLE = "Institution uden enheder"
    MAIN = "Hovedskole (institution med enheder)"
    DEPARTMENT = "Afdeling (underordnet enhed)"


@dataclass(frozen=True, kw_only=True)
class Institution:
    """Institution: known by its number (six digits, text).

    `main` is the number of the institution that a department is under. `municipality` is the one that runs it
    (»Administrativ kommune«), "" for private ones and the state's; it is never told by the number, whose first digits
    are those of municipalities before 2007. `updated_on` is the day of the register's last change of the row.
    """

    number: str
    name: str
    kind: UnitKind
    type_number: str
    type_name: str
    main: str = ""
    municipality: str = ""
    active_code: str = _ACTIVE
    updated_on: date | None = None
    closed_on: date | None = None

    @property
    def is_primary_school(self) -> bool:
        """Tell whether it is a folkeskole."""
        return self.type_number == PRIMARY_SCHOOL

    @property
    def closes_on(self) -> date | None:
        """The last day of a school that has closed or is to.

        One that is only a legal person still (Aktivkode 4) has closed too: it keeps its row while it is wound up.
        A main school is always a legal person, since the pupils are counted in its departments.
        """
        if self.closed_on:
            return self.closed_on
        is_counted = self.active_code == _ACTIVE or self.kind is UnitKind.MAIN
        return None if is_counted else self.updated_on
