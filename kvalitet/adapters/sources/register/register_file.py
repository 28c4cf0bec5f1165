"""Udtræk af Institutionsregisteret: 30 columns, all of them text, days as dd/mm/yyyy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kvalitet.adapters.sources.files.opening import read_file, read_sheet
from kvalitet.adapters.sources.files.sheet import Row, column_letters, is_blank, text_of
from kvalitet.adapters.sources.register.institutions import Institution, UnitKind
from kvalitet.adapters.sources.source import RowProblem, WrongFileError

NUMBER, NAME, MAIN, KIND = "Institutionsnummer", "Institutionsnavn", "Hovedinstitution", "Enhedsart"
TYPE_NUMBER, TYPE_NAME = "Institutionstype, nr", "Institutionstype, navn"
RUN_BY, ACTIVE = "Administrativ kommune", "Aktivkode, nr"
UPDATED, CLOSED = "Ajourdato", "Nedlæggelsesdato"
# The export has 20 more, such as addresses and leaders; they are not read.
COLUMNS = (MAIN, NUMBER, NAME, KIND, TYPE_NUMBER, TYPE_NAME, RUN_BY, ACTIVE, UPDATED, CLOSED)
_SIX_DIGITS = re.compile(r"[0-9]{6}")
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


@dataclass(frozen=True)
class Register:
    """Register: the institutions by number, and the rows that could not be read."""

    institutions: Mapping[str, Institution]
    problems: tuple[RowProblem, ...] = ()

    def departments_of(self, number: str) -> list[Institution]:
        """List the departments of a main institution, without the row of the main one itself."""
        return [found for found in self.institutions.values() if found.main == number and found.number != number]


def read_register(path: Path) -> Register:
    """Read an export; a file without the register's columns is refused, and a faulty row is told."""
    return register_of(read_file(path), name=path.name)


def register_of(content: bytes, *, name: str) -> Register:
    """Read an export's bytes."""
    sheet = read_sheet(content, name=name)
    headings = [text_of(cell) for cell in sheet.rows[0]] if sheet.rows else []
    missing = [column for column in COLUMNS if column not in headings]
    if missing:
        raise WrongFileError(
            f"Filen {name} er ikke et udtræk af Institutionsregisteret; den mangler {', '.join(missing)}. "
            "Hent den igen med alle kolonner."
        )
    places = {column: headings.index(column) for column in COLUMNS}
    found: dict[str, Institution] = {}
    problems: list[RowProblem] = []
    for number, row in list(sheet.numbered())[1:]:
        if all(map(is_blank, row)):
            continue
        try:
            institution = _institution(row, places)
        except _WrongCellError as error:
            problems.append(RowProblem(number, str(error), column_letters(error.column)))
            continue
        if institution.number in found:
            why = f"institutionen {institution.number} er der allerede"
            problems.append(RowProblem(number, why, column_letters(places[NUMBER])))
        else:
            found[institution.number] = institution
    return Register(found, tuple(problems))


class _WrongCellError(ValueError):
    """Forkert felt: what is wrong, and in which column."""

    def __init__(self, why: str, column: int) -> None:
        super().__init__(why)
        self.column = column


def _institution(row: Row, places: Mapping[str, int]) -> Institution:
    texts = {column: text_of(row[place]) if place < len(row) else "" for column, place in places.items()}
    number, kind = texts[NUMBER], texts[KIND]
    if not _SIX_DIGITS.fullmatch(number):
        raise _WrongCellError(f"»{number}« er ikke et institutionsnummer med seks cifre", places[NUMBER])
    if kind not in {known.value for known in UnitKind}:
        raise _WrongCellError(f"»{kind}« er ikke en enhedsart, vi kender", places[KIND])
    return Institution(
        number=number,
        name=texts[NAME],
        kind=UnitKind(kind),
        type_number=texts[TYPE_NUMBER],
        type_name=texts[TYPE_NAME],
        main=texts[MAIN],
        municipality=texts[RUN_BY],
        active_code=texts[ACTIVE],
        updated_on=_day(texts[UPDATED], places[UPDATED]),
        closed_on=_day(texts[CLOSED], places[CLOSED]),
    )


def _day(text: str, column: int) -> date | None:
    if not text:
        return None
    match = _DAY.fullmatch(text)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text)
    except ValueError as error:
        raise _WrongCellError(f"»{text}« er ikke en dato som 31/07/2025", column) from error
