"""A folder of figures is one source: its files together, or nothing yet."""

from pathlib import Path

import pytest

from kvalitet.adapters.sources.files.figures_folder import FiguresFolder
from kvalitet.adapters.sources.source import ExtractRequest, NotPublishedYetError
from kvalitet.days import SchoolYear

FIGURES = Path(__file__).parents[4] / "deployments" / "kalundborg" / "figures"


def test_the_files_of_the_year_are_read_together() -> None:
    extract = FiguresFolder(FIGURES).fetch(request(2024))
    assert {m.unit for m in extract.measurements if m.indicator == "class_size"} == {"323003", "municipality"}
    assert {m.indicator for m in extract.measurements} == {"absence", "class_size"}
    assert extract.label == "2024-25-land-kommune.csv, 2024-25.csv"


def test_a_year_without_files_is_not_published_yet(tmp_path: Path) -> None:
    with pytest.raises(NotPublishedYetError, match="ingen tal for skoleåret 2025/26 i mappen »figures« endnu"):
        FiguresFolder(FIGURES).fetch(request(2025))
    with pytest.raises(NotPublishedYetError, match="»mangler«"):
        FiguresFolder(tmp_path / "mangler").fetch(request(2024))


def test_what_excel_lays_beside_an_open_file_is_no_file_of_figures(tmp_path: Path) -> None:
    (tmp_path / "2024-25.csv").write_bytes((FIGURES / "2024-25.csv").read_bytes())
    (tmp_path / "~$tal.xlsx").write_bytes(b"Fagcenteret" * 15)
    assert FiguresFolder(tmp_path).fetch(request(2024)).label == "2024-25.csv"


def request(year: int) -> ExtractRequest:
    return ExtractRequest(
        municipality="kalundborg",
        municipality_name="Kalundborg",
        school_year=SchoolYear(year),
        indicators=("absence", "class_size"),
        schools=frozenset({"323003"}),
    )
