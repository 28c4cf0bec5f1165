"""Hostile and broken files: small ones that would ask for all memory, and bytes that are no file at all."""

import io
import struct
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvalitet.adapters.sources.files import container
from kvalitet.adapters.sources.files.sheet import MOST_ROWS
from kvalitet.adapters.sources.source import RawExtract, WrongFileError
from tests.adapters.sources.files.saved import Cells, csv, excel, figures, pivot, read, with_part

SHEET = "xl/worksheets/sheet1.xml"
ROWS: Cells = [["Skoleår", "Institutionsnummer", "Samlet elevfravær"], ["2024/2025", "323003", 9.3]]
WORKBOOK = excel(ROWS)
TOO_LARGE = "er for stor: højst 100000 rækker og 500 kolonner"
FAR_AWAY = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>'


def refusal(content: bytes) -> str:
    with pytest.raises(WrongFileError) as refused:
        read(content)
    return refused.value.message


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
        '<row r="1048576"><c><v>2</v></c></row>',
        "<row r='1048576'><c r = 'A1048576'><v>2</v></c></row>",
        '<row r="3"><c r="xfd3"><v>2</v></c></row>',
        '<row r="3"><c r="ZZZZZZZZ3"><v>2</v></c></row>',
        "<row><c><v>2</v></c></row>" * (MOST_ROWS + 1),
        f"<row>{'<c><v>2</v></c>' * 501}</row>",
    ],
)
def test_cells_far_out_are_refused_before_anything_is_laid_out_between_them(cells: str) -> None:
    content = with_part(WORKBOOK, SHEET, {"</sheetData>": cells + "</sheetData>"})
    assert TOO_LARGE in refusal(content)


def test_empty_cells_far_out_that_only_have_a_colour_are_no_reason() -> None:
    coloured = '<row r="1048576" spans="1:3"><c r="A1048576" s="0"/></row></sheetData>'
    content = with_part(WORKBOOK, SHEET, {"</sheetData>": coloured})
    assert TOO_LARGE in refusal(content)
    empty_row = '<row r="1048576" spans="1:3" ht="15"/></sheetData>'
    assert figures(read(with_part(WORKBOOK, SHEET, {"</sheetData>": empty_row}))) == {("323003", "2024/25"): "9.3"}


def test_a_package_that_unpacks_to_more_than_it_may_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MOST_BYTES", 100_000)
    content = with_part(WORKBOOK, "xl/theme/theme1.xml", {"</a:theme>": " " * 200_000 + "</a:theme>"})
    tracemalloc.start()
    assert TOO_LARGE in refusal(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_what_a_package_says_of_its_own_size_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MOST_BYTES", 100_000)
    content = bytearray(with_part(WORKBOOK, "xl/theme/theme1.xml", {"</a:theme>": " " * 200_000 + "</a:theme>"}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as package:
        size = package.getinfo("xl/theme/theme1.xml").file_size
    lying = bytes(content).replace(struct.pack("<I", size), struct.pack("<I", 10))
    assert TOO_LARGE in refusal(lying)


def test_a_file_of_too_many_rows_or_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = csv([ROWS[0], *[["2024/2025", "323003", "1"]] * MOST_ROWS])
    assert TOO_LARGE in refusal(many)
    monkeypatch.setattr(container, "MOST_PARTS", 3)
    assert TOO_LARGE in refusal(WORKBOOK)


@pytest.mark.parametrize(
    "content",
    [
        WORKBOOK[:-30],
        WORKBOOK[:2000],
        with_part(WORKBOOK, "xl/workbook.xml", {"(?s).*": "ikke XML"}),
        with_part(WORKBOOK, SHEET, {"</row>": "</rov>"}),
        with_part(WORKBOOK, "xl/sharedStrings.xml", {"</si>": "</is>"}),
        b"PK\x03\x04 ikke en projektmappe",
        b"\xd0\xcf\x11\xe0 en gammel projektmappe",
    ],
)
def test_a_broken_workbook_is_refused_with_what_to_do(content: bytes) -> None:
    assert refusal(content) == "Filen tal.xlsx kan ikke læses som Excel; gem den igen som .xlsx eller CSV."


@pytest.mark.parametrize("content", [b"\x81\x8d\x8f;\x90\n", b"\xff\xfe\x00\xd8"])
def test_bytes_that_are_no_letters_are_refused(content: bytes) -> None:
    assert refusal(content) == "Filen tal.xlsx er ikke en tekstfil, vi kan læse; gem den igen som CSV UTF-8."


def test_a_number_that_is_none_in_the_workbook_is_a_problem() -> None:
    for text in ("NaN", "1e400"):
        extract = read(with_part(WORKBOOK, SHEET, {"<v>9[.0-9]*</v>": f"<v>{text}</v>"}))
        assert [(problem.row, problem.column) for problem in extract.problems] == [(2, "C")]


def test_a_formula_that_has_failed_is_a_problem_and_no_blank() -> None:
    content = with_part(WORKBOOK, SHEET, {'<c r="C2"><v>.*?</v>': '<c r="C2" t="e"><v>#N/A</v>'})
    assert [str(problem) for problem in read(content).problems] == [
        "række 2, kolonne C: »#FEJL« er ikke et tal (som 7,3)"
    ]


def test_a_figure_beyond_all_measure_is_a_problem() -> None:
    for text in ("1e300", "1234567890"):
        [problem] = read(with_part(WORKBOOK, SHEET, {"<v>9[.0-9]*</v>": f"<v>{text}</v>"})).problems
        assert problem.why.endswith("er for stort et tal")


def test_a_hidden_sheet_is_passed_over() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        hidden = workbook.add_worksheet("Kladde")
        shown = workbook.add_worksheet("Skoletal")
        for number, row in enumerate(ROWS):
            hidden.write_row(number, 0, ["Kladde", "", ""])
            shown.write_row(number, 0, row)
        shown.activate()
        hidden.hide()
    assert figures(read(stream.getvalue())) == {("323003", "2024/25"): "9.3"}


FORMS = st.sampled_from(
    [WORKBOOK, pivot("Samlet elevfravær", ["Institutionsnummer"], ["2024/2025"], [["323003", 9.3]]), csv(ROWS)]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
def test_whatever_bytes_are_given_there_is_a_result_or_a_clean_refusal(content: bytes) -> None:
    assert is_clean(content)
    assert is_clean("Skoleår;Institutionsnummer;Elevtal\n".encode() + content)
    assert is_clean(b"PK\x03\x04" + content)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FORMS, st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_a_file_with_damaged_bytes_is_read_or_refused_and_nothing_else(form: bytes, place: int, damage: bytes) -> None:
    at = place % len(form)
    assert is_clean(form[:at] + damage + form[at + len(damage) :])
    assert is_clean(form[:at])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.text(alphabet='<>/"=rcv1A &;', min_size=1, max_size=12))
def test_a_sheet_with_damaged_xml_is_read_or_refused_and_nothing_else(place: int, damage: str) -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as package:
        sheet = package.read(SHEET).decode()
    at = place % len(sheet)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(stream, "w") as new:
        for info in old.infolist():
            text = (
                sheet[:at] + damage + sheet[at + len(damage) :] if info.filename == SHEET else old.read(info.filename)
            )
            new.writestr(info.filename, text)
    assert is_clean(stream.getvalue())


def is_clean(content: bytes) -> bool:
    try:
        return isinstance(read(content), RawExtract)
    except WrongFileError as error:
        return error.message.startswith(("Filen tal.xlsx ", "I filen tal.xlsx "))
