"""Afdelinger: a school may have several, and what a cube says of one of them is not said of the school."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from kvalitet.adapters.sources.stil.answers import CheckedRows
from kvalitet.adapters.sources.stil.cubes import Cube


@dataclass(frozen=True)
class Departments:
    """Skolernes afdelinger: the numbers of each school's departments."""

    of_school: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, cube: Cube, rows: CheckedRows) -> Self:
        """Read them from rows of one school and department each."""
        school, department = rows.columns[cube.school], rows.columns[cube.member_dimension or ""]
        found: dict[str, tuple[str, ...]] = {}
        for row in rows.rows:
            found[row[school]] = (*found.get(row[school], ()), row[department])
        return cls(found)

    def instead_of(self, schools: Iterable[str]) -> dict[str, str | None]:
        """The one department that stands for a school, or None for a school of several."""
        known = {school: self.of_school[school] for school in schools if school in self.of_school}
        return {school: parts[0] if len(parts) == 1 else None for school, parts in known.items()}

    def warnings(self, cube: Cube, schools: Iterable[str]) -> list[str]:
        """Name the schools that a cube of departments has no figures of."""
        return [
            f"Skolen {school} har {len(self.of_school[school])} afdelinger, og {cube.name} kender kun dem hver for sig."
            for school, department in sorted(self.instead_of(schools).items())
            if department is None
        ]
