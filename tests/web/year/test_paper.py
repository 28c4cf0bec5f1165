"""The wheel as a sheet of A3: a PDF that opens, and that can be read aloud."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

import pytest

from kvalitet.web.drawing.wheel_model import model_of
from kvalitet.web.year import paper
from tests.web import builders
from tests.web.conftest import Browser
from tests.web.year.planning import crowd

A3_LANDSCAPE = (1190.55, 841.89)


def pages(pdf: bytes) -> list[tuple[float, float]]:
    """List the sizes of the pages, in points."""
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width), 2), round(float(height), 2)) for width, height in boxes]


def alternative_texts(pdf: bytes) -> list[str]:
    """List what is read aloud instead of pictures."""
    found = re.findall(rb"/Alt\s*<([0-9A-Fa-f]+)>", pdf)
    return [bytes.fromhex(text.decode()).decode("utf-16") for text in found]


def test_the_sheet_is_saved_under_a_name_that_says_what_it_is(browser: Browser) -> None:
    file = browser.get("/proeveby/hjul.pdf")
    assert file.status_code == 200
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"] == 'attachment; filename="aarshjul-proeveby-2026-27.pdf"'
    assert file.content.startswith(b"%PDF-1.7")
    assert file.content.rstrip().endswith(b"%%EOF")


def test_the_sheet_is_a_tagged_danish_pdf_in_a3(browser: Browser) -> None:
    pdf = browser.get("/proeveby/hjul.pdf").content
    assert pages(pdf) == [A3_LANDSCAPE]
    assert b"/Lang(da-DK)" in pdf
    assert b"/Marked true" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert "Årshjul 2026/27 – Prøveby Kommune" in pdf.decode("utf-8", errors="replace")


def test_the_picture_says_what_it_shows_to_those_who_cannot_see_it(browser: Browser) -> None:
    (told,) = alternative_texts(browser.get("/proeveby/hjul.pdf").content)
    assert told == (
        "Årshjul 2026/27 for Prøveby Kommune tegnet som en cirkel med ni punkter. "
        "Listen ved siden af siger det samme med ord."
    )


def test_the_list_beside_the_wheel_says_the_same_in_words() -> None:
    said = paper.values(model_of(builders.board()), "ring: Data")
    assert said["chosen"] == "Vist er kun ring: Data."
    assert said["seen"] == "Set den 22. november 2026."
    assert [ring["title"] for ring in said["rings"]][:2] == ["Data", "Skolernes afleveringer"]
    assert said["rings"][1]["points"][0] == {
        "number": "3",
        "title": "Skolens egne mål",
        "window": "1. august – 31. august",
        "people": "skoleleder",
        "status": "0 af 5 færdige, 5 overskredet",
        "meetings": "",
        "before": "",
    }


def test_the_letters_are_those_of_the_design_system_also_in_the_drawing(browser: Browser) -> None:
    pdf = browser.get("/proeveby/hjul.pdf").content
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", pdf))
    assert {b"IBMPlexSans", b"IBMPlexSans-Bold"} <= {re.sub(rb"-Identity-H$", b"", font) for font in fonts}
    assert not any(b"Libertinus" in font or b"DejaVu" in font for font in fonts)


@pytest.mark.parametrize("title", ["#panic() *0. klasse*", "<script>& »Æblegrød«", "$x^2$ \\ // /* @ref"])
def test_no_title_can_write_on_the_sheet_but_as_text(title: str) -> None:
    board = builders.board((builders.activity(title=title),))
    assert pages(paper.sheet(model_of(board), title)) == [A3_LANDSCAPE]


def test_a_year_of_eighty_points_goes_on_over_more_sheets() -> None:
    pdf = paper.sheet(model_of(builders.board(crowd())), "")
    assert len(pages(pdf)) > 1
    assert set(pages(pdf)) == {A3_LANDSCAPE}


def test_a_year_without_points_is_a_sheet_too() -> None:
    assert pages(paper.sheet(model_of(builders.board(())), "")) == [A3_LANDSCAPE]


def test_the_same_wheel_on_the_same_day_is_the_same_file() -> None:
    board = builders.board()
    again = replace(board, rows=tuple(board.rows))
    assert paper.sheet(model_of(board), "") == paper.sheet(model_of(again), "")


def test_the_drawing_lies_in_the_sheet_as_lines_and_not_as_pixels() -> None:
    pdf = paper.sheet(model_of(builders.board()), "")
    assert b"/Subtype/Image" not in pdf.replace(b" ", b"")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    curves = sum(zlib.decompress(found).count(b" c\n") for found in streams if found[:1] == b"x")
    assert curves > 100
