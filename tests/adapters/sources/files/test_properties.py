"""Whatever table is written the Danish way is read back exactly, and nothing is ever guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet.adapters.sources.files.decimals import Decimals, Evidence, read_number
from kvalitet.adapters.sources.source import WrongFileError
from kvalitet.measurements import danish_decimal
from tests.adapters.sources.files.saved import csv, figures, pivot, read

DECIMALS = st.decimals(min_value=-99_999, max_value=9_999_999, allow_nan=False, allow_infinity=False, places=3)
SWAPPED = str.maketrans(",.", ".,")
SPACES = st.sampled_from(["", " ", "\u00a0", "\u202f"])
YEARS = st.lists(st.integers(2000, 2098), min_size=1, max_size=5, unique=True)
NUMBERS = st.lists(st.integers(100_000, 999_999).map(str), min_size=1, max_size=8, unique=True)
FIGURES = st.none() | st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10)


@given(DECIMALS, SPACES, st.booleans())
def test_a_number_written_the_danish_way_is_read_back_exactly(value: Decimal, space: str, per_cent: bool) -> None:  # noqa: FBT001 -- hypothesis gives it
    text = danish_decimal(value) + (f"{space}%" if per_cent else "")
    assert read_number(text, Decimals.COMMA) == value
    assert read_number(text.translate(SWAPPED), Decimals.POINT) == value


@given(st.lists(DECIMALS, min_size=1, max_size=6), st.sampled_from(Decimals))
def test_a_file_is_read_as_it_was_written_or_refused(values: list[Decimal], decimals: Decimals) -> None:
    danish = [danish_decimal(value) for value in values]
    texts = danish if decimals is Decimals.COMMA else [text.translate(SWAPPED) for text in danish]
    evidence = Evidence("tal.csv")
    for row, text in enumerate(texts, start=2):
        evidence.add(text, row, 2, whole=False)
    if evidence.unsure and not any(can_only_be(text, decimals) for text in texts):
        with pytest.raises(WrongFileError, match="læses på to måder"):
            evidence.decide()
    else:
        decided = evidence.decide()
        assert [read_number(text, decided) for text in texts] == values


def can_only_be(text: str, decimals: Decimals) -> bool:
    """Tell, by counting digits, whether a number is written with one decimal mark and cannot be with the other."""
    mark, other = (",", ".") if decimals is Decimals.COMMA else (".", ",")
    whole, _, rest = text.lstrip("-").partition(mark)
    return (bool(rest) and (len(rest) != 3 or len(whole) > 3 or whole == "0" or other in whole)) or whole.count(
        other
    ) > 1


@settings(max_examples=60, deadline=None)
@given(st.data(), YEARS, NUMBERS)
def test_a_pivot_of_any_table_reads_back_to_exactly_that_table(
    data: st.DataObject, years: list[int], numbers: list[str]
) -> None:
    groups = data.draw(st.lists(st.sampled_from(["Nord", "Syd", "Øst"]), min_size=len(numbers), max_size=len(numbers)))
    table = {(number, year): data.draw(FIGURES, label=f"{number} {year}") for number in numbers for year in years}
    rows = list(outline(sorted(zip(groups, numbers, strict=True)), years, table))
    headings = [f"{year}/{year + 1}" for year in years]
    wanted = {
        (number, f"{year}/{(year + 1) % 100:02d}"): "–" if value is None else plain(str(value))
        for (number, year), value in table.items()
    }
    labels = ["Afdeling", "Institutionsnummer"]
    caption = ["Samlet elevfravær", None, "Skoleår"]
    saved = pivot("Samlet elevfravær", labels, [*headings, "Hovedtotal"], rows)
    written = csv([caption, [*labels, *headings, "Hovedtotal"], *rows], mark="\t", encoding="utf-16")
    for content in (saved, written):
        extract = read(content, schools=frozenset(numbers), municipality_name="")
        found = {
            key: text if text == "–" else str(Decimal(text).normalize() + 0) for key, text in figures(extract).items()
        }
        assert found == wanted
        assert extract.problems == ()
        assert len(extract.left_out) == len(set(groups)) + 1


def plain(text: str) -> str:
    return text if text == "–" else str(Decimal(text).normalize() + 0)


def outline(
    schools: list[tuple[str, str]], years: list[int], table: dict[tuple[str, int], Decimal | None]
) -> list[list[object]]:
    """Lay a table out as a pivot does: each group named once, its sum below it, and the sum of all at the end."""
    rows: list[list[object]] = []
    above = ""
    for place, (group, number) in enumerate(schools):
        values = [None if table[number, year] is None else float(table[number, year] or 0) for year in years]
        rows.append([group if group != above else None, number, *values, 999.9])
        above = group
        if place + 1 == len(schools) or schools[place + 1][0] != group:
            rows.append([f"{group} Total", None, *[999.9 for _ in years], 999.9])
    return [*rows, ["Hovedtotal", None, *[999.9 for _ in years], 999.9]]
