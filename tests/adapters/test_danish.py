from datetime import UTC, date, datetime

import pytest

from kvalitet.adapters import danish


def test_dates_are_written_as_danes_write_them() -> None:
    assert danish.date_text(date(2027, 1, 3)) == "3. januar 2027"
    assert danish.full_date(date(2026, 8, 31)) == "mandag den 31. august 2026, uge 36"


def test_weeks_are_iso_weeks_also_at_new_year() -> None:
    assert danish.week_text(date(2027, 1, 3)) == "uge 53"
    assert danish.week_text(date(2024, 12, 30)) == "uge 1"


def test_times_are_danish_wall_clock_in_summer_and_winter() -> None:
    assert danish.time_text(datetime(2026, 9, 14, 7, 0, tzinfo=UTC)) == "9.00"
    assert danish.time_text(datetime(2026, 12, 14, 7, 5, tzinfo=UTC)) == "8.05"


def test_numbers_have_a_decimal_comma_and_points_between_thousands() -> None:
    assert danish.number_text(6.4, 1) == "6,4"
    assert danish.number_text(1234567.5, 1) == "1.234.567,5"
    assert danish.number_text(24) == "24"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "nul skoler"), (1, "en skole"), (12, "tolv skoler"), (13, "13 skoler")]
)
def test_small_counts_are_written_in_letters(count: int, text: str) -> None:
    assert danish.count_text(count, "skole", "skoler") == text


@pytest.mark.parametrize(
    ("words", "text"), [((), ""), (("a",), "a"), (("a", "b"), "a og b"), (("a", "b", "c"), "a, b og c")]
)
def test_lists_end_with_og(words: tuple[str, ...], text: str) -> None:
    assert danish.list_text(words) == text


def test_the_alphabet_ends_with_ae_oe_and_aa_however_aa_is_written() -> None:
    names = ["Aarby", "Østre", "Zoneskolen", "Ærø", "Åby", "Andre", "østerbro", "Édouard", "Fyn"]

    assert danish.in_order(names) == [
        "Andre", "Édouard", "Fyn", "Zoneskolen", "Ærø", "østerbro", "Østre", "Åby", "Aarby",
    ]  # fmt: skip
