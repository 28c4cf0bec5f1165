"""The three writers: the same numbers as on the pages, nothing confidential in the public edition, and tagged PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from kvalitet.adapters.evaluating import goals_of, judge_all
from kvalitet.adapters.figures.showing import shown_figures
from kvalitet.adapters.installation import Installation
from kvalitet.adapters.reports.model import QualityReport
from kvalitet.adapters.reports.writers import Format, written
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.measurements import COUNTRY, MUNICIPALITY, danish_decimal
from kvalitet.quality_reports import Edition
from tests.adapters.reports.pdf_text import words_of
from tests.adapters.reports.town import NOW, SECRET, SECRET_BASELINE
from tests.builders import YEAR

Made = Callable[..., QualityReport]
NUMBER = re.compile(r"(?<![\d.])\d+,\d+")
OWN_TITLES = {"Hele landet": COUNTRY, "Prøveby Kommune": MUNICIPALITY}


def text_of(report: QualityReport, form: Format) -> str:
    """Give all that a reader can read of a file."""
    content = written(report, form, now=NOW)
    if form is Format.PDF:
        return words_of(content)
    if form is Format.XLSX:
        with ZipFile(BytesIO(content)) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist())
    return unescape(content.decode())


def sheet(report: QualityReport, name: str) -> list[list[Any]]:
    """Read the rows of a sheet below its heads."""
    book = CalamineWorkbook.from_filelike(BytesIO(written(report, Format.XLSX, now=NOW)))
    return list(book.get_sheet_by_name(name).to_python(skip_empty_area=False))[3:]


@pytest.mark.parametrize("edition", Edition)
def test_the_figures_of_the_workbook_are_those_that_the_pages_show(
    lived_in: Installation, made: Made, edition: Edition
) -> None:
    titles = {indicator.title: key for key, indicator in load_catalogue().indicators.items()}
    rows = {
        (titles[str(row[0])], row[2], row[4] or OWN_TITLES[str(row[3])]): row[5]
        for row in sheet(made(edition), "Nøgletal")
    }
    with lived_in.store.read() as connection:
        shown = shown_figures(
            connection, lived_in.municipalities[0], viewer_may_see_confidential=edition is Edition.INTERNAL
        )
    assert rows == {
        (one.indicator, one.school_year.label, one.unit): "" if one.value is None else float(one.value) for one in shown
    }


def test_the_verdicts_of_the_workbook_are_those_that_the_pages_show(lived_in: Installation, made: Made) -> None:
    with lived_in.store.read() as connection:
        town = lived_in.municipalities[0]
        judged = judge_all(connection, town, YEAR, now=NOW)
        goals = {goal.title: goal.key for goal in goals_of(connection, town, YEAR)}
    rows = {
        (goals[str(row[0])], row[3] or MUNICIPALITY): (row[5], row[6], row[9])
        for row in sheet(made(Edition.INTERNAL), "Mål")
    }
    expected = {
        (one.goal, one.unit): (one.attainment.danish, "" if one.value is None else float(one.value), one.sentence)
        for one in judged
    }
    assert rows == expected


def test_no_cell_of_the_workbook_is_a_formula(made: Made) -> None:
    text = text_of(made(Edition.INTERNAL), Format.XLSX)
    assert "<f>" not in text
    assert "=" not in {str(cell)[:1] for row in sheet(made(), "Mål") for cell in row}


@pytest.mark.parametrize("edition", Edition)
def test_every_number_of_the_page_is_one_of_the_figures_or_stands_in_a_verdict(
    lived_in: Installation, made: Made, edition: Edition
) -> None:
    page = text_of(made(edition), Format.HTML)
    body = re.sub(r"<(style|svg)\b.*?</\1>", " ", page.partition("<body>")[2], flags=re.DOTALL)
    found = set(NUMBER.findall(re.sub(r"<[^>]*>", " ", body)))
    sees = edition is Edition.INTERNAL
    with lived_in.store.read() as connection:
        town = lived_in.municipalities[0]
        shown = shown_figures(connection, town, viewer_may_see_confidential=sees)
        judged = [one for one in judge_all(connection, town, YEAR, now=NOW) if sees or not one.confidential]
    figures = {danish_decimal(one.value, at_least=1) for one in shown if one.value is not None}
    told = {number for one in judged for number in NUMBER.findall(one.sentence)}
    assert figures <= found
    assert found <= figures | told


@pytest.mark.parametrize("form", Format)
def test_nothing_confidential_is_in_the_public_edition_and_all_of_it_in_the_internal_one(
    made: Made, form: Format
) -> None:
    public, internal = (text_of(made(edition), form) for edition in Edition)
    for secret in (SECRET, SECRET_BASELINE):
        number = secret.replace(",", ".")
        assert [text for text in (secret, number) if text in public] == []
        assert secret in internal


@pytest.mark.parametrize("form", [Format.HTML, Format.PDF])
def test_the_five_sentences_the_goals_and_the_schools_can_be_read(made: Made, form: Format) -> None:
    text = " ".join(text_of(made(), form).split())
    for wanted in (
        "Det er gået godt",
        "Det sker der nu",
        "Mål 4: Tre aftaler",
        "Ågård Skole",
        "8,4 %",
        "Her er status.",
    ):
        assert wanted in text


@pytest.mark.parametrize("form", [Format.HTML, Format.PDF])
def test_the_internal_edition_begins_with_what_must_not_be_done_with_it(made: Made, form: Format) -> None:
    public, internal = (" ".join(text_of(made(edition), form).split()) for edition in Edition)
    warning = "Fortrolig: indeholder prøveresultater (folkeskoleloven § 55 b) og må ikke offentliggøres eller deles."
    assert (warning in public, warning in internal) == (False, True)


def test_the_pdf_is_tagged_danish_and_has_a_title_contents_and_texts_for_its_drawings(made: Made) -> None:
    pdf = written(made(), Format.PDF, now=NOW)
    assert [mark for mark in (b"/StructTreeRoot", b"/Marked true", b"/Lang(da-DK)", b"<pdfuaid:part>1</pdfuaid:part>",
                              b"/S/TH", b"/S/TOC", b"/S/Figure") if mark not in pdf] == []  # fmt: skip
    title = re.search(rb"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", pdf, re.DOTALL)
    assert title is not None
    assert title[1].decode() == "Skoleudviklingssamtale 2026/27 – Prøveby Kommune"
    alts = [each for each in re.findall(rb"/Alt(?:\(|<FEFF)", pdf, re.IGNORECASE) if each]
    assert len(alts) == sum(goal.chart is not None for goal in made().goals)


def test_every_page_of_the_pdf_has_a_running_head_and_its_number(made: Made) -> None:
    text = text_of(made(), Format.PDF)
    numbers = [(int(at), int(of)) for at, of in re.findall(r"Side (\d+) af (\d+)", text)]
    count = len(numbers)
    assert sorted(numbers) == [(at, count) for at in range(1, count + 1)]
    assert text.count("Skoleudviklingssamtale 2026/27, Prøveby Kommune\n") == count
    assert text.count("offentlig udgave") >= count


@pytest.mark.parametrize("form", Format)
def test_the_same_model_gives_the_same_bytes(made: Made, form: Format) -> None:
    report = made()
    assert written(report, form, now=NOW) == written(report, form, now=NOW)


def test_figures_are_decimal_numbers_and_never_floats(made: Made) -> None:
    values = [line.figure.value for line in made().figures if line.figure.value is not None]
    assert {type(value) for value in values} == {Decimal}
