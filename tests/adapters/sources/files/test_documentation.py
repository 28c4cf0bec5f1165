"""docs/filer-med-tal.md: each of its three examples is read as it says."""

import re
from pathlib import Path

from tests.adapters.sources.files.saved import read

PAGE = (Path(__file__).parents[4] / "docs" / "filer-med-tal.md").read_text(encoding="utf-8")
WIDE, PIVOT, LONG = re.findall(r"```\n(.*?)```", PAGE, re.DOTALL)


def figures(example: str) -> list[tuple[str, str, str, str]]:
    extract = read(example.encode())
    assert extract.problems == ()
    return [
        (one.indicator, one.unit, one.school_year.label, str(one.value or one.level)) for one in extract.measurements
    ]


def test_a_row_for_each_school() -> None:
    assert figures(WIDE) == [
        ("absence", "323003", "2024/25", "9.3"),
        ("well_being_social", "323003", "2024/25", "3.8"),
    ]


def test_a_pivot() -> None:
    assert figures(PIVOT) == [
        ("absence", "301004", "2023/24", "8.3"),
        ("absence", "301004", "2024/25", "8.2"),
        ("absence", "323003", "2023/24", "9.1"),
        ("absence", "323003", "2024/25", "9.3"),
    ]


def test_a_row_for_each_figure() -> None:
    assert figures(LONG) == [
        ("well_being_social", "323003", "2024/25", "3.8"),
        ("parent_satisfaction", "municipality", "2024/25", "høj"),
    ]
