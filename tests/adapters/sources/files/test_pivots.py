"""Pivot exports: notes above, blank repeated labels, sums at every level, a column per school year."""

import io

import pytest
import xlsxwriter

from kvalitet.adapters.sources.source import WrongFileError
from kvalitet.measurements import MissingReason
from tests.adapters.sources.files.saved import Cells, csv, excel, figures, pivot, read

LABELS = ("Kommune", "Institutionsnummer", "Institution")
YEARS = ("2022/2023", "2023/2024", "2024/2025", "Hovedtotal")
EXPORT: Cells = [
    ["Kalundborg", "301004", "Firhøjskolen", 8.1, None, 8.2, 8.15],
    [None, "323001", "Nyrupskolen", 8.4, 8.5, 8.6, 8.5],
    [None, "323003", "Rynkevangskolen", None, 9.1, 9.3, 9.2],
    ["Kalundborg Total", None, None, 8.3, 8.8, 8.7, 8.6],
    ["Holbæk", "315001", "Bjergmarkskolen", 7.1, 7.2, 7.3, 7.2],
    ["Holbæk Total", None, None, 7.1, 7.2, 7.3, 7.2],
    ["Hovedtotal", None, None, 7.7, 8.0, 8.0, 7.9],
]
FOUND = {
    ("301004", "2022/23"): "8.1",
    ("301004", "2023/24"): "–",
    ("301004", "2024/25"): "8.2",
    ("323001", "2022/23"): "8.4",
    ("323001", "2023/24"): "8.5",
    ("323001", "2024/25"): "8.6",
    ("323003", "2022/23"): "–",
    ("323003", "2023/24"): "9.1",
    ("323003", "2024/25"): "9.3",
}


def test_a_pivot_is_read_without_its_notes_and_sums_and_an_empty_cell_is_no_figure() -> None:
    extract = read(pivot("Samlet elevfravær", LABELS, YEARS, EXPORT))
    assert figures(extract) == FOUND
    assert {m.indicator for m in extract.measurements} == {"absence"}
    assert {m.missing for m in extract.measurements if m.value is None} == {MissingReason.UNKNOWN}
    assert extract.problems == ()


def test_sums_and_other_municipalities_are_told_as_left_out_by_row_and_never_counted() -> None:
    extract = read(pivot("Samlet elevfravær", LABELS, YEARS, EXPORT))
    assert [(row.row, row.why) for row in extract.left_out] == [
        (10, "»Kalundborg Total« er en sum og ingen skole"),
        (11, "315001 ligger i Holbæk"),
        (12, "»Holbæk Total« er en sum og ingen skole"),
        (13, "»Hovedtotal« er en sum og ingen skole"),
    ]


@pytest.mark.parametrize(("mark", "encoding"), [(";", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_a_pivot_saved_as_text_says_the_same(mark: str, encoding: str) -> None:
    caption = ["Samlet elevfravær", None, None, "Skoleår"]
    above: Cells = [[], [None, None, "Bemærk, at tal kan mangle."], [], [], caption, [*LABELS, *YEARS]]
    extract = read(csv([*above, *EXPORT], mark=mark, encoding=encoding))
    assert figures(extract) == FOUND
    assert [row.row for row in extract.left_out] == [10, 11, 12, 13]


def test_sums_at_every_level_are_left_out() -> None:
    table: Cells = [
        ["Kalundborg", "323003", "Rynkevangskolen", 9.3],
        [None, "323003 Total", None, 9.3],
        ["Kalundborg Total", None, None, 9.3],
        ["Total", None, None, 9.3],
    ]
    extract = read(pivot("Samlet elevfravær", LABELS, ["2024/2025"], table))
    assert figures(extract) == {("323003", "2024/25"): "9.3"}
    assert [row.row for row in extract.left_out] == [8, 9, 10]


def test_a_parent_on_a_line_of_its_own_is_not_the_school_above_it() -> None:
    table: Cells = [
        ["Kalundborg", None, None, 8.8],
        [None, "323003", "Rynkevangskolen", 9.3],
        ["Ukendt by", None, None, 7.0],
        [None, "323001", "Nyrupskolen", 8.6],
    ]
    extract = read(pivot("Samlet elevfravær", LABELS, ["2024/2025"], table), municipality_name="")
    assert figures(extract) == {("323003", "2024/25"): "9.3", ("323001", "2024/25"): "8.6"}
    assert [(row.row, row.why) for row in extract.left_out] == [
        (7, "»Kalundborg« står uden institutionsnummer og er ingen skole"),
        (9, "»Ukendt by« står uden institutionsnummer og er ingen skole"),
    ]


def test_a_renamed_school_has_its_years_on_two_lines_under_one_number() -> None:
    table: Cells = [
        ["Kalundborg", "323003", "Rynkevang Skole", 9.1, None],
        [None, None, "Rynkevangskolen", None, 9.3],
        ["Hovedtotal", None, None, 9.1, 9.3],
    ]
    extract = read(pivot("Samlet elevfravær", LABELS, ["2023/2024", "2024/2025"], table))
    assert figures(extract) == {("323003", "2023/24"): "9.1", ("323003", "2024/25"): "9.3"}
    assert extract.problems == ()


def test_two_figures_of_one_school_and_year_are_a_problem() -> None:
    table: Cells = [["Kalundborg", "323003", "Rynkevangskolen", 9.1], [None, None, "Rynkevang Skole", 9.3]]
    extract = read(pivot("Samlet elevfravær", LABELS, ["2024/2025"], table))
    assert figures(extract) == {("323003", "2024/25"): "9.1"}
    assert [str(problem) for problem in extract.problems] == [
        "række 8, kolonne D: 323003 har allerede et tal for skoleåret 2024/25 længere oppe"
    ]


def test_school_years_may_be_rows_and_indicators_columns() -> None:
    rows: Cells = [
        ["# Kilde: Uddannelsesstatistik.dk"],
        ["Institutionsnummer", "Institution", "Skoleår", "Samlet elevfravær", "Elevtal"],
        ["323003", "Rynkevangskolen", "2023/2024", 9.1, 380],
        [None, None, "2024/2025", 9.3, 377],
        ["323003 Total", None, None, 9.2, 757],
        ["Hovedtotal", None, None, 9.2, 757],
    ]
    extract = read(excel(rows))
    assert [(m.indicator, m.school_year.label, str(m.value)) for m in extract.measurements] == [
        ("absence", "2023/24", "9.1"),
        ("pupils", "2023/24", "380"),
        ("absence", "2024/25", "9.3"),
        ("pupils", "2024/25", "377"),
    ]
    assert {m.source for m in extract.measurements} == {"Uddannelsesstatistik.dk"}


def test_a_plain_table_without_sums_fills_nothing_in() -> None:
    rows: Cells = [["Skoleår", "Institutionsnummer", "Elevtal"], ["2024/2025", "323003", 377], [None, "323001", 400]]
    extract = read(excel(rows))
    assert [str(problem) for problem in extract.problems] == [
        "række 3, kolonne A: »« er ikke et skoleår; skriv det som 2026/27."
    ]
    unnamed: Cells = [rows[0], ["2024/2025", None, 377]]
    nameless = read(excel(unnamed))
    assert [str(problem) for problem in nameless.problems] == [
        "række 2, kolonne B: rækken har tal, men intet institutionsnummer"
    ]


def test_labels_that_are_merged_downwards_count_for_each_row_and_a_merged_figure_for_the_first() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Skoleår", "Institutionsnummer", "Elevtal"])
        sheet.merge_range("A2:A3", "2024/2025")
        sheet.write_column(1, 1, ["323003", "323001"])
        sheet.merge_range("C2:C3", 377)
    assert figures(read(stream.getvalue())) == {("323003", "2024/25"): "377", ("323001", "2024/25"): "–"}


def test_schools_of_another_kind_are_left_out_where_the_file_tells_the_kind() -> None:
    rows: Cells = [
        ["Skoleår", "Institutionsnummer", "Institutionstype", "Elevtal"],
        ["2024/2025", "323003", "Folkeskoler", 377],
        ["2024/2025", "323013", "Friskoler og private grundskoler", 210],
        ["2024/2025", "323009", "Folkeskoler", 90],
    ]
    extract = read(excel(rows))
    assert [row.why for row in extract.left_out] == ["323013 er ikke en folkeskole (Friskoler og private grundskoler)"]
    assert [problem.row for problem in extract.problems] == [4]


def test_an_empty_column_needs_no_name_and_one_with_something_in_it_does() -> None:
    rows: Cells = [[None, "Skoleår", "Institutionsnummer", "Elevtal"], [None, "2024/2025", "323003", 377]]
    assert figures(read(excel(rows))) == {("323003", "2024/25"): "377"}
    with pytest.raises(WrongFileError, match=r"uden navn eller med samme navn: \(uden navn\)"):
        read(excel([rows[0], ["ny", "2024/2025", "323003", 377]]))


def test_members_that_are_no_school_and_departments_of_one_are_left_out() -> None:
    rows: Cells = [
        ["Skoleår", "Institutionsnummer", "Afdelingsnummer", "Elevtal"],
        ["2024/2025", "323003", "323003", 377],
        ["2024/2025", "323003", "281700", 200],
        ["2024/2025", "<fejl>", "<fejl>", 5],
        ["2024/2025", "281286", "281286", None],
        ["2024/2025", "323009", "323009", 90],
    ]
    extract = read(excel(rows))
    assert figures(extract) == {("323003", "2024/25"): "377"}
    assert [str(row) for row in extract.left_out] == [
        "række 3: afdelingen 281700 hører under 323003, som har sit eget tal",
        "række 4: »<fejl>« er ingen skole",
        "række 5: 281286 har ingen tal og kendes ikke i kommunen",
    ]
    assert [str(problem) for problem in extract.problems] == [
        "række 6, kolonne C: skolen med institutionsnummer »323009« kendes ikke i kommunen"
    ]


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("Lykke", "mangler navnet på et nøgletal, vi kender; der står »Lykke«"),
        (None, "mangler navnet på et nøgletal, vi kender; der står »Skoleår«"),
    ],
)
def test_a_pivot_of_something_else_is_refused(measure: str, told: str) -> None:
    with pytest.raises(WrongFileError, match=told):
        read(pivot(measure, LABELS, ["2024/2025"], EXPORT[:1]))


def test_two_columns_about_the_same_are_refused() -> None:
    with pytest.raises(WrongFileError, match=r"har flere kolonner med det samme: Samlet elevfravær 2024/25\. Behold"):
        read(pivot("Samlet elevfravær", LABELS, ["2024/2025", "2024/25"], []))
    rows: Cells = [["Skoleår", "Institutionsnummer", "Elevtal", "Antal elever"], ["2024/2025", "323003", 377, 378]]
    with pytest.raises(WrongFileError, match=r"har flere kolonner med det samme: Elevtal\. Behold den ene\."):
        read(excel(rows))


def test_the_measure_may_have_the_name_that_it_has_in_the_cube() -> None:
    extract = read(
        pivot(
            "Gennemsnitligt fravær per skoleår",
            LABELS,
            ["2024/2025"],
            [["Kalundborg", "323003", "Rynkevangskolen", 9.3]],
        )
    )
    assert {m.indicator for m in extract.measurements} == {"absence"}


def test_a_pivot_by_something_inside_the_school_is_refused() -> None:
    labels = ("Institutionsnummer", "Institution", "Skoletrin")
    with pytest.raises(WrongFileError, match="har ukendte kolonner: Skoletrin"):
        read(pivot("Samlet elevfravær", labels, ["2024/2025"], [["323003", "Rynkevangskolen", "Indskoling", 9.3]]))


@pytest.mark.parametrize("year", ["2018/2019", "2018/19", "2018-19", "2018–19", "2018 / 2019"])
def test_school_years_are_written_in_many_ways(year: str) -> None:
    extract = read(excel([["Skoleår", "Institutionsnummer", "Elevtal"], [year, "323003", 377]]))
    assert figures(extract) == {("323003", "2018/19"): "377"}


@pytest.mark.parametrize(
    ("year", "why"),
    [
        ("2018/2020", "»2018/2020« er ikke et skoleår; skriv det som 2026/27."),
        ("2022/23-2024/25", "»2022/23-2024/25« dækker flere skoleår; tallet skal være for ét."),
        ("2017/18-..", "»2017/18-..« dækker flere skoleår; tallet skal være for ét."),
        (2018, "»2018« er ikke et skoleår; skriv det som 2026/27."),
    ],
)
def test_what_is_not_one_school_year_is_refused(year: object, why: str) -> None:
    extract = read(excel([["Skoleår", "Institutionsnummer", "Elevtal"], [year, "323003", 377]]))
    assert [(problem.row, problem.column, problem.why) for problem in extract.problems] == [(2, "A", why)]
