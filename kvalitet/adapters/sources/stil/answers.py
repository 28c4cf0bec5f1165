"""Svar fra STIL: the rows of one question, found to be what was asked for, once and whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from kvalitet.adapters.sources.source import ExtractRequest, SourceBrokenError
from kvalitet.adapters.sources.stil.cubes import Cube, bare, column_of, stil_year
from kvalitet.adapters.sources.stil.keys import SITE
from kvalitet.adapters.sources.stil.pages import Rows
from kvalitet.measurements import MUNICIPALITY

# Members that stand for no school, municipality or category.
NOBODY = frozenset({"<fejl>", "<uoplyst>"})


@dataclass(frozen=True)
class CheckedRows:
    """Efterprøvede rækker: which column of them holds which dimension or measure, and the rows of each indicator."""

    columns: Mapping[str, str]
    rows: Rows
    by_member: Mapping[str, Rows]
    members: Mapping[str, tuple[str, ...]]

    def of(self, indicator: str) -> Rows:
        """The rows that speak of the indicator."""
        names = self.members.get(indicator)
        if names is None or not self.rows:
            return self.rows
        return [row for name in names for row in self.by_member.get(name, ())]


@dataclass(frozen=True)
class Level:
    """Niveau: what was asked of a cube, for schools, municipality or country."""

    cube: Cube
    request: ExtractRequest
    indicators: list[str]
    level: str

    def checked(self, rows: Rows) -> CheckedRows:
        """Raise SourceBrokenError when the rows are others than those asked for, or come more than once."""
        columns = self._columns(rows)
        dimensions = [columns[name] for name in self.cube.dimensions(self.level)]
        kept = self._told_once(rows, dimensions)
        self._check_members(kept, columns)
        return CheckedRows(columns, kept, self._by_member(kept, columns), self.cube.members)

    def _columns(self, rows: Rows) -> dict[str, str]:
        """Find the columns, and refuse an answer without one of them, naming those that came instead."""
        names = self.cube.dimensions(self.level)
        columns = {name: column_of(name) for name in names} | {name: name for name in self._measures}
        if not rows:
            return columns
        # Measures have been met under their bare names; one repository says that the long ones are needed to ask.
        columns |= {bare(column): column for column in rows[0] if bare(column) in self._measures}
        wanted = set(columns.values())
        for row in rows:
            if not wanted <= row.keys():
                gone = [column for column in columns.values() if column not in row]
                new = [column for column in row if column not in wanted]
                raise SourceBrokenError(
                    f"{SITE} sendte ikke {', '.join(gone)} fra kuben {self.cube.name}, "
                    f"men {', '.join(new) or 'intet andet'}. Ret navnene i cubes.yaml."
                )
        return columns

    @property
    def _measures(self) -> list[str]:
        return self.cube.columns_of(self.indicators)

    def _told_once(self, rows: Rows, dimensions: list[str]) -> Rows:
        """Leave out the rows of nobody, and refuse two rows of the same."""
        columns = [list(map(itemgetter(name), rows)) for name in dimensions]
        if any(not NOBODY.isdisjoint(column) for column in columns):
            rows = [row for row in rows if NOBODY.isdisjoint(map(row.__getitem__, dimensions))]
            columns = [list(map(itemgetter(name), rows)) for name in dimensions]
        keys = list(zip(*columns, strict=True))
        if len(set(keys)) < len(keys):
            what = ", ".join(map(str, Counter(keys).most_common(1)[0][0]))
            raise SourceBrokenError(f"{SITE} sendte to rækker for {what} fra kuben {self.cube.name}.")
        return rows

    def _check_members(self, rows: Rows, columns: Mapping[str, str]) -> None:
        """The rows are of the school year asked for and, for a municipality, of the one asked for."""
        wanted = {self.cube.year: stil_year(self.request.school_year)}
        if self.level == MUNICIPALITY:
            wanted[self.cube.residents or self.cube.municipality] = self.request.municipality_name
        for dimension, member in wanted.items():
            others = set(map(itemgetter(columns[dimension]), rows)) - {member}
            if others:
                raise SourceBrokenError(f"{SITE} sendte tal for {min(map(str, others))} i stedet for {member}.")

    def _by_member(self, rows: Rows, columns: Mapping[str, str]) -> dict[str, Rows]:
        found: dict[str, Rows] = {}
        if self.cube.member_dimension is not None:
            column = columns[self.cube.member_dimension]
            for row in rows:
                found.setdefault(row[column], []).append(row)
        return found
