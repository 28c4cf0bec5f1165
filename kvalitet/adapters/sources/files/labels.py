"""Etiketter: which school and school year a row is about, also where an export leaves repeated labels blank."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kvalitet.adapters.sources.files.headings import (
    KIND,
    MUNICIPALITIES,
    NUMBERS,
    YEAR,
    Headings,
    is_note,
    is_total,
)
from kvalitet.adapters.sources.files.sheet import Cell, Row, Sheet, is_blank, text_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

# Members that the statistics have beside the schools, and that are none.
_NO_SCHOOL = frozenset({"<fejl>", "<uoplyst>"})


class LeftOutError(Exception):
    """Udeladt: the row is not a figure of one of the municipality's schools, and is not meant to be."""


@dataclass(frozen=True)
class Line:
    """Linje: a row of the table with the labels that count for it; `is_filled` in a table that leaves some blank."""

    number: int
    cells: Row
    labels: Mapping[str, str]
    is_filled: bool = False

    def cell(self, column: int) -> Cell:
        """Give a cell; beyond the row's end there is nothing."""
        return self.cells[column] if column < len(self.cells) else ""


def lines_of(sheet: Sheet, headings: Headings) -> Iterator[Line]:
    """Give the rows below the headings that have anything in them; sums are told from schools later."""
    filling = _Filling(headings.labels) if headings.is_pivot or _has_totals(sheet, headings) else None
    labelled = sorted(headings.labels.items(), key=lambda label: label[1])
    for number, row in sheet.numbered():
        if number <= headings.row or is_note(row) or all(map(is_blank, row)):
            continue
        labels = {name: text_of(row[index]) if index < len(row) else "" for name, index in labelled}
        if sheet.merged:
            labels = {name: labels[name] or text_of(sheet.merged.get((number, index), "")) for name, index in labelled}
        yield Line(number, row, filling.filled(labels) if filling else labels, is_filled=filling is not None)


def _has_totals(sheet: Sheet, headings: Headings) -> bool:
    """Tell whether there are sums in a table: then an export made it, and repeated labels are blank."""
    if headings.is_long:
        return False
    columns = tuple(headings.labels.values())
    return any(
        is_total(text_of(row[index]))
        for number, row in sheet.numbered()
        if number > headings.row
        for index in columns
        if index < len(row) and isinstance(row[index], str)
    )


@dataclass
class _Filling:
    """Udfyldning: repeats the labels above where they are blank, until one further to the left is a new one."""

    columns: Mapping[str, int]
    _above: dict[str, str] = field(default_factory=dict)

    def filled(self, labels: Mapping[str, str]) -> Mapping[str, str]:
        """Give a row's labels with those that are left blank because they repeat."""
        if any(map(is_total, labels.values())) or not any(labels.values()):
            return labels
        filled: dict[str, str] = {}
        is_new = False
        for name, text in labels.items():
            is_new = is_new or bool(text)
            filled[name] = text or ("" if is_new else self._above.get(name, ""))
        self._above = filled
        return filled


@dataclass(frozen=True)
class Units:
    """Enheder: the municipality's schools by number, and its plain name where a file may have others' schools too."""

    schools: AbstractSet[str]
    municipality_name: str = ""

    def of(self, labels: Mapping[str, str], has_figures: Callable[[], bool], *, may_be_sum: bool = True) -> str:
        """Give the number of the school that a row is about; ValueError when there is none that we know."""
        total = next(filter(is_total, labels.values()), None) if may_be_sum else None
        if total:
            raise LeftOutError(f"»{total}« er en sum og ingen skole")
        numbers = [labels[name] for name in NUMBERS if labels.get(name)]
        if not numbers:
            self._refuse_unnamed(labels)
        if numbers[0] in self.schools:
            return numbers[0]
        self._leave_out(numbers, labels, has_figures)
        raise ValueError(f"skolen med institutionsnummer »{numbers[0]}« kendes ikke i kommunen")

    def _refuse_unnamed(self, labels: Mapping[str, str]) -> None:
        named = next((text for name, text in labels.items() if text and name != YEAR), None)
        if named:
            raise LeftOutError(f"»{named}« står uden institutionsnummer og er ingen skole")
        raise ValueError("rækken har tal, men intet institutionsnummer")

    def _leave_out(self, numbers: list[str], labels: Mapping[str, str], has_figures: Callable[[], bool]) -> None:
        number = numbers[0]
        elsewhere = next((labels[name] for name in MUNICIPALITIES if labels.get(name)), "")
        if number.casefold() in _NO_SCHOOL:
            raise LeftOutError(f"»{number}« er ingen skole")
        if numbers[-1] in self.schools:
            raise LeftOutError(f"afdelingen {number} hører under {numbers[-1]}, som har sit eget tal")
        if self.municipality_name and elsewhere and plain_name(elsewhere) != plain_name(self.municipality_name):
            raise LeftOutError(f"{number} ligger i {elsewhere}")
        kind = labels.get(KIND, "")
        if kind and not kind.casefold().startswith("folkeskole"):
            raise LeftOutError(f"{number} er ikke en folkeskole ({kind})")
        if not has_figures():
            raise LeftOutError(f"{number} har ingen tal og kendes ikke i kommunen")


def plain_name(municipality: str) -> str:
    """Give a municipality's name as the statistics write it: without »Kommune«."""
    return municipality.casefold().removesuffix(" kommune")
