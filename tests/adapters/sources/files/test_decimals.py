"""Numbers as files write them: the decimal mark is decided by the file's own figures, or the file is refused."""

from datetime import date
from decimal import Decimal

import pytest

from kvalitet.adapters.sources.files.sheet import column_letters
from kvalitet.adapters.sources.source import WrongFileError
from kvalitet.measurements import MissingReason
from tests.adapters.sources.files.saved import Cells, csv, excel, read

HEADINGS = ["Skoleår", "Institutionsnummer", "Elevtal", "Samlet elevfravær"]


def table(*rows: tuple[object, object]) -> Cells:
    numbers = ("323003", "323001", "301004")
    return [HEADINGS, *(["2024/2025", number, *row] for number, row in zip(numbers, rows, strict=False))]


def values(content: bytes) -> list[str]:
    return [str(m.value) if m.value is not None else "–" for m in read(content).measurements]


@pytest.mark.parametrize(
    ("mark", "rows", "found"),
    [
        (";", [("1.402", "9,3"), ("377", "10,25 %")], ["1402", "9.3", "377", "10.25"]),
        (";", [("1402", "9.3"), ("377", "10.25 %")], ["1402", "9.3", "377", "10.25"]),
        (",", [("1402", "9.3"), ("377", "0.125")], ["1402", "9.3", "377", "0.125"]),
        (",", [('"1,402"', "9.3")], ["1402", "9.3"]),
        ("\t", [("1.402", "9,3\u00a0%"), ("377", "16,7\u202f%")], ["1402", "9.3", "377", "16.7"]),
        (";", [("2.351", "9")], ["2351", "9"]),
        (";", [("377", "-"), ("..", "9,3")], ["377", "–", "–", "9.3"]),
        (";", [("1.402", "2.351"), ("377", "7,3")], ["1402", "2351", "377", "7.3"]),
    ],
)
def test_the_files_own_figures_decide(mark: str, rows: list[tuple[object, object]], found: list[str]) -> None:
    assert values(csv(table(*rows), mark=mark)) == found


def test_a_file_that_writes_both_is_refused_with_both_places() -> None:
    with pytest.raises(WrongFileError) as refused:
        read(csv(table(("377", "9,3"), ("400", "8.6"))))
    assert refused.value.message == (
        "Filen tal.xlsx bruger både komma og punktum som decimaltegn: "
        "»9,3« i række 2, kolonne D og »8.6« i række 3, kolonne D. Ret det, og prøv igen."
    )


@pytest.mark.parametrize("text", ["2.351", "2,351"])
def test_a_figure_that_may_be_either_is_refused_when_nothing_else_tells(text: str) -> None:
    with pytest.raises(WrongFileError) as refused:
        read(csv(table(("377", "9"), ("400", f'"{text}"'))))
    assert refused.value.message == (
        f"I filen tal.xlsx kan »{text}« i række 3, kolonne D læses på to måder, og intet andet tal viser, "
        "om decimaltegnet er komma eller punktum. Skriv tallene med komma og uden punktum, og prøv igen."
    )


def test_a_number_of_pupils_is_whole() -> None:
    extract = read(csv(table(("377,5", "9,3"))))
    assert [str(problem) for problem in extract.problems] == ["række 2, kolonne C: »377,5« er ikke et helt antal"]
    extract = read(excel(table((377.5, 9.3))))
    assert [str(problem) for problem in extract.problems] == ["række 2, kolonne C: »377,5« er ikke et helt antal"]


def test_a_percentage_of_something_else_is_a_problem() -> None:
    rows: Cells = [["Skoleår", "Institutionsnummer", "Karaktergennemsnit"], ["2024/2025", "323003", "6,4 %"]]
    assert [str(problem) for problem in read(csv(rows)).problems] == [
        "række 2, kolonne C: »6,4 %« er en procent, og det er Karaktergennemsnit, 9. klasses prøver ikke"
    ]


def test_what_excel_shows_as_per_cent_is_read_as_it_is_shown() -> None:
    content = excel(table((377, 0.093), (400, 8.6)), percentages=[(1, 3)])
    assert values(content) == ["377", "9.300", "400", "8.6"]
    assert read(content).measurements[1].value == Decimal("9.3")


def test_a_text_in_a_cell_that_is_shown_as_per_cent_is_read_as_it_stands() -> None:
    assert values(excel(table((377, "9,3 %")), percentages=[(1, 3)])) == ["377", "9.3"]


def test_a_sum_of_excels_own_arithmetic_is_read_as_excel_shows_it() -> None:
    assert values(excel(table((377, 0.1 + 0.2)))) == ["377", "0.3"]


def test_a_number_that_is_text_in_excel_is_a_number_all_the_same() -> None:
    assert values(excel(table(("377", "9,3")))) == ["377", "9.3"]


@pytest.mark.parametrize("cell", [True, "mange", "9,3 pct", "1e3", "9..3"])
def test_what_is_no_number_is_told_with_its_place(cell: object) -> None:
    [problem] = read(excel(table((377, 9.3), (400, cell)))).problems
    assert (problem.row, problem.column) == (3, "D")
    assert problem.why.endswith("er ikke et tal") or problem.why.endswith("er ikke et tal (som 7,3)")


def test_the_long_layout_tells_how_many_pupils_are_behind_a_figure() -> None:
    rows: Cells = [
        ["skoleår", "institutionsnummer", "indikator", "værdi", "antal", "kilde", "offentliggjort"],
        ["2024/2025", "323003", "Social trivsel", "3,8", "212", "STIL", "18-03-2025"],
        ["2024/2025", "kommune", "Social trivsel", "3,9", "1.402", "STIL", "2025-03-18"],
        ["2024/2025", "Hovedtotal", "Social trivsel", "3,9", "", "STIL", ""],
        ["2024/2025", "323001", "Social trivsel", "..", "", "STIL", ""],
        ["2024/2025", "301004", "Social trivsel", "3,7", "-3", "STIL", ""],
    ]
    extract = read(csv(rows))
    assert [(m.unit, m.value, m.pupils, m.published_on) for m in extract.measurements] == [
        ("323003", Decimal("3.8"), 212, date(2025, 3, 18)),
        ("municipality", Decimal("3.9"), 1402, date(2025, 3, 18)),
        ("323001", None, None, None),
    ]
    assert extract.measurements[2].missing is MissingReason.UNKNOWN
    assert [str(row) for row in extract.left_out] == ["række 4: »Hovedtotal« er en sum og ingen skole"]
    assert [str(problem) for problem in extract.problems] == ["række 6, kolonne E: »-3« er ikke et antal elever"]


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_excel_names_them(column: int, letters: str) -> None:
    assert column_letters(column) == letters
