"""All figures of the report as a workbook: numbers as numbers, texts as texts, and not one formula."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from kvalitet.adapters.reports.model import Judged, QualityReport

    Value: TypeAlias = str | int | Decimal
    Row: TypeAlias = tuple[Value, ...]

GOALS = (
    "Mål", "Indsatsområde", "For", "Institutionsnummer", "Skoleår", "Vurdering", "Tal", "Målt", "Krav", "Begrundelse",
)  # fmt: skip
FIGURES = (
    "Nøgletal", "Område", "Skoleår", "For", "Institutionsnummer", "Tal", "Som det læses", "Hvorfor det mangler",
    "Kilde", "Offentliggjort",
)  # fmt: skip
DELIVERIES = ("Skole", "Institutionsnummer", "Aflevering", "Frist", "Tilstand")
SOURCES = ("Kilde", "Hvad den fortæller", "Skoleår", "Offentliggjort", "Senest hentet")
WIDEST = 60


def as_xlsx(report: QualityReport, *, now: datetime) -> bytes:
    """Write the workbook."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    cover = report.cover
    head = f"{cover.title} {cover.school_year}, {cover.municipality}. {cover.standing}. {cover.edition.capitalize()}."
    for name, heads, rows in (
        ("Mål", GOALS, list(_goals(report))),
        ("Nøgletal", FIGURES, list(_figures(report))),
        ("Afleveringer", DELIVERIES, list(_deliveries(report))),
        ("Kilder", SOURCES, list(_sources(report))),
    ):
        _sheet(book, name, head, [heads, *rows])
    book.set_properties({"title": head, "created": now.replace(tzinfo=None), "company": cover.municipality})
    book.close()
    return written.getvalue()


def _sheet(book: Any, name: str, head: str, rows: list[Row]) -> None:
    """Write a sheet: what it is part of, the heads, and a row for each thing."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, head, book.add_format({"italic": True}))
    for place, row in enumerate(rows, start=2):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(place, column, value, bold if place == 2 else None)  # noqa: PLR2004 -- the heads
            else:
                sheet.write_number(place, column, value)
    sheet.freeze_panes(3, 1)
    sheet.autofilter(2, 0, len(rows) + 1, len(rows[0]) - 1)
    for column in range(len(rows[0])):
        widest = max(len(str(row[column])) for row in rows)
        sheet.set_column(column, column, min(widest + 2, WIDEST))


def _goals(report: QualityReport) -> Iterator[Row]:
    for goal in report.goals:
        for judged in (*filter(None, [goal.whole]), *goal.schools):
            yield (goal.title, goal.focus_area, *_judged(judged))
    for school in report.schools:
        yield from ((one.goal, "Skolens eget mål", *_judged(one)) for one in school.own)


def _judged(judged: Judged) -> Row:
    number = "" if judged.value is None else judged.value
    target = "" if judged.target is None else judged.target
    return judged.name, judged.unit, judged.school_year, judged.text, number, judged.written, target, judged.sentence


def _figures(report: QualityReport) -> Iterator[Row]:
    for line in report.figures:
        figure = line.figure
        number = "" if figure.value is None else figure.value
        read = "" if figure.missing else figure.written
        head = line.indicator, line.area, line.school_year, line.name, line.unit
        yield (*head, number, read, figure.missing, line.source, line.published)


def _deliveries(report: QualityReport) -> Iterator[Row]:
    for school in report.schools:
        for line in school.deliveries:
            yield school.name, school.number, line.title, line.due, line.state


def _sources(report: QualityReport) -> Iterator[Row]:
    for line in report.sources:
        yield line.source, line.about, line.school_years, line.published, line.pulled
    for definition in report.definitions:
        yield definition.source, f"{definition.indicator}: {definition.text}", "", "", ""
