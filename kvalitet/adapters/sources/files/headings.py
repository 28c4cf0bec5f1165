"""Overskrifter: which row of a sheet holds the headings, and what each column is.

Three layouts are known. Wide, as on uddannelsesstatistik.dk: a row per school and a column per indicator. Pivot, as
its Excel export: notes, the indicator's name in A5 with »Skoleår« beside it, and a column per school year. Long, for
what no source has: `skoleår;institutionsnummer;indikator;værdi`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitet.adapters.sources.files.school_years import is_school_year, school_year_of
from kvalitet.adapters.sources.files.sheet import NOTE, Row, Sheet, is_blank, text_of
from kvalitet.adapters.sources.source import WrongFileError
from kvalitet.days import SchoolYear

if TYPE_CHECKING:
    from kvalitet.adapters.sources.indicators import Catalogue
    from kvalitet.measurements import Indicator

NUMBERS = ("afdelingsnummer", "institutionsnummer")
YEAR, INDICATOR, VALUE, PUPILS, SOURCE, PUBLISHED = "skoleår", "indikator", "værdi", "antal", "kilde", "offentliggjort"
MUNICIPALITIES = ("kommune", "beliggenhedskommune")
KIND = "institutionstype"
_WIDE_LABELS = (YEAR, *MUNICIPALITIES, "afdeling", "institution", KIND, *NUMBERS)
_LONG_NEEDED = (YEAR, "institutionsnummer", INDICATOR, VALUE)
_LONG_LABELS = (*_LONG_NEEDED, PUPILS, SOURCE, PUBLISHED)
_TOTALS = frozenset({"total", "hovedtotal", "i alt"})
_ROWS_LOOKED_AT = 50


@dataclass(frozen=True)
class Column:
    """Talkolonne: figures of an indicator, or (in a pivot) of a school year."""

    index: int
    indicator: Indicator
    school_year: SchoolYear | None = None


@dataclass(frozen=True)
class Headings:
    """Overskrifter: the columns of labels by name, those of figures, and the row that they stand in.

    `notes` are the lines above that begin with #, such as `# Kilde: Uddannelsesstatistik.dk`.
    """

    row: int
    labels: dict[str, int]
    figures: tuple[Column, ...]
    width: int
    notes: dict[str, str]

    @property
    def is_long(self) -> bool:
        """Tell whether each row names its indicator."""
        return INDICATOR in self.labels

    @property
    def is_pivot(self) -> bool:
        """Tell whether each column of figures is a school year."""
        return any(column.school_year for column in self.figures)


def is_total(text: str) -> bool:
    """Tell whether a label is that of a sum: »Hovedtotal«, »Kalundborg Total«."""
    folded = text.casefold()
    return folded in _TOTALS or folded.endswith(" total")


def is_note(row: Row) -> bool:
    """Tell whether a line is a note and no row of the table."""
    return bool(row) and isinstance(row[0], str) and row[0].lstrip().startswith(NOTE)


def find_headings(sheet: Sheet, catalogue: Catalogue, *, name: str) -> Headings:
    """Find the headings of a sheet, or say in one sentence what is wrong with them."""
    place = _heading_row(sheet)
    if place is None:
        raise WrongFileError(f"Filen {name} er tom; vælg en fil med en overskriftsrække og tal.")
    texts = _texts(sheet.rows[place])
    known = _LONG_LABELS if INDICATOR in map(str.casefold, texts) else _WIDE_LABELS
    labels = {text.casefold(): index for index, text in enumerate(texts) if text.casefold() in known}
    _refuse_doubles(texts, sheet.rows[place + 1 :], name)
    if INDICATOR in labels:
        figures: tuple[Column, ...] = ()
        _refuse(name, [label for label in _LONG_NEEDED if label not in labels], _unknown(texts, set(labels.values())))
    else:
        figures = _figure_columns(texts, sheet.rows[:place], catalogue, name)
        _check_wide(name, texts, labels, figures, catalogue)
        _refuse_same(figures, name)
    return Headings(sheet.first_row + place, labels, figures, len(texts), _notes(sheet.rows))


def _figure_columns(texts: list[str], above: Sequence[Row], catalogue: Catalogue, name: str) -> tuple[Column, ...]:
    """Find the columns of figures: a school year each in a pivot, otherwise an indicator each."""
    years = [index for index, text in enumerate(texts) if is_school_year(text)]
    if years:
        measured = _indicator_above(above, catalogue, name)
        return tuple(Column(index, measured, school_year_of(texts[index])) for index in years)
    columns = catalogue.columns
    return tuple(Column(index, catalogue[columns[text]]) for index, text in enumerate(texts) if text in columns)


def _heading_row(sheet: Sheet) -> int | None:
    """Find the row that names a number or an indicator; else the first that has anything in it."""
    filled = [
        (place, {text.casefold() for text in _texts(row)})
        for place, row in enumerate(sheet.rows[:_ROWS_LOOKED_AT])
        if _texts(row) and not is_note(row)
    ]
    wanted = {*NUMBERS, INDICATOR}
    return next((place for place, texts in filled if wanted & texts), filled[0][0] if filled else None)


def _texts(row: Row) -> list[str]:
    texts = [text_of(cell) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _indicator_above(above: Sequence[Row], catalogue: Catalogue, name: str) -> Indicator:
    """Find the indicator of a pivot, which stands above its headings."""
    texts = [text for row in reversed(above) for text in _texts(row) if text]
    found = next((indicator for text in texts if (indicator := catalogue.named(text))), None)
    if found is None:
        told = f"; der står »{texts[0][:60]}«" if texts else ""
        raise WrongFileError(
            f"Filen {name} har skoleår som overskrifter, men over dem mangler navnet på et nøgletal, vi kender{told}. "
            "Ret det, og prøv igen."
        )
    return found


def _check_wide(
    name: str, texts: list[str], labels: dict[str, int], figures: tuple[Column, ...], catalogue: Catalogue
) -> None:
    missing = [] if YEAR in labels or any(column.school_year for column in figures) else ["Skoleår"]
    if not any(number in labels for number in NUMBERS):
        missing.append(" eller ".join(number.capitalize() for number in NUMBERS))
    if not figures:
        missing.append(f"med et nøgletal (fx {next(iter(catalogue.columns))})")
    _refuse(name, missing, _unknown(texts, {*labels.values(), *(column.index for column in figures)}))


def _unknown(texts: list[str], known: set[int]) -> list[str]:
    return [text for index, text in enumerate(texts) if text and index not in known and not is_total(text)]


def _refuse_doubles(texts: list[str], below: Sequence[Row], name: str) -> None:
    """Refuse columns of one name, and those without a name that have anything in them."""
    doubles = sorted({text for text in texts if text and texts.count(text) > 1})
    unnamed = [index for index, text in enumerate(texts) if not text]
    if any(index < len(row) and not is_blank(row[index]) for index in unnamed for row in below):
        doubles.insert(0, "(uden navn)")
    if doubles:
        raise WrongFileError(f"Filen {name} har kolonner uden navn eller med samme navn: {', '.join(doubles)}.")


def _refuse_same(figures: tuple[Column, ...], name: str) -> None:
    """Refuse two columns that are about the same, such as 2024/25 and 2024/2025."""
    known = [(column.indicator.title, column.school_year) for column in figures]
    same = sorted({f"{title} {year or ''}".rstrip() for title, year in known if known.count((title, year)) > 1})
    if same:
        raise WrongFileError(f"Filen {name} har flere kolonner med det samme: {', '.join(same)}. Behold den ene.")


def _refuse(name: str, missing: list[str], unknown: list[str]) -> None:
    parts = [f"mangler kolonnen {', '.join(missing)}"] if missing else []
    parts += [f"har ukendte kolonner: {', '.join(unknown)}"] if unknown else []
    if parts:
        raise WrongFileError(f"Filen {name} {' og '.join(parts)}. Ret overskrifterne, og prøv igen.")


def _notes(rows: Sequence[Row]) -> dict[str, str]:
    lines = (", ".join(text for text in _texts(row) if text).lstrip(NOTE) for row in rows if is_note(row))
    notes = (line.partition(":") for line in lines)
    return {name.strip().casefold(): value.strip() for name, _, value in notes}
