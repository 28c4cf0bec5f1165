"""Figures: Danish numbers are read or refused, and a missing one has its reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.days import SchoolYear
from kvalitet.measurements import (
    MUNICIPALITY,
    Indicator,
    IndicatorUnit,
    Measurement,
    MissingReason,
    SeriesBreak,
    break_between,
    danish_decimal,
    find_measurement,
    parse_danish_number,
)

numbers = st.decimals(min_value=-99_999, max_value=9_999_999, allow_nan=False, allow_infinity=False, places=2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.351", "2351"),
        ("7,3", "7.3"),
        ("16,7 %", "16.7"),
        ("16,7\u00a0%", "16.7"),
        ("16,7%", "16.7"),
        ("-0,4", "-0.4"),
        ("\u22120,4", "-0.4"),
        ("1.234.567,89", "1234567.89"),
        (" 02 ", "2"),
        ("0", "0"),
    ],
)
def test_danish_numbers_are_read(text: str, value: str) -> None:
    assert parse_danish_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "-", "..", "*", "x", "X", "<fejl>", "<uoplyst>"])
def test_markers_for_no_figure_are_none_and_never_zero(text: str) -> None:
    assert parse_danish_number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "1.5",
        "12.34",
        "0.123",
        "1.2345",
        "1,234,567",
        "7,",
        ",3",
        "%",
        "- %",
        "7 3",
        "1e3",
        "NaN",
        "På niveau",
        "٣",
        "--1",
    ],
)
def test_what_may_mean_several_things_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="er ikke et tal på dansk"):
        parse_danish_number(text)


@given(numbers)
def test_a_number_written_in_danish_is_read_back_unchanged(value: Decimal) -> None:
    assert parse_danish_number(danish_decimal(value)) == value
    assert parse_danish_number(f"{danish_decimal(value)} %") == value


@given(st.text(alphabet="0123456789.,-% x*\u00a0", max_size=12))
def test_whatever_is_read_is_written_back_as_the_same_digits(text: str) -> None:
    try:
        value = parse_danish_number(text)
    except ValueError:
        return
    digits = "".join(letter for letter in text if letter.isdigit())
    read = "" if value is None else "".join(letter for letter in str(abs(value)) if letter.isdigit())
    assert read.lstrip("0") == digits.lstrip("0")


@pytest.mark.parametrize(
    ("value", "at_least", "written"),
    [
        ("6.4", 1, "6,4"),
        ("7", 1, "7,0"),
        ("6.82", 1, "6,82"),
        ("2351", 0, "2.351"),
        ("-0.4", 1, "-0,4"),
        ("100", 0, "100"),
    ],
)
def test_numbers_are_written_in_danish_and_never_rounded(value: str, at_least: int, written: str) -> None:
    assert danish_decimal(Decimal(value), at_least=at_least) == written


def test_an_indicator_writes_values_and_differences_with_their_units() -> None:
    absence = indicator(IndicatorUnit.PERCENT)
    assert (absence.written(Decimal("9.3")), absence.written_difference(Decimal(1))) == ("9,3 %", "1,0 procentpoint")
    grade = indicator(IndicatorUnit.GRADE)
    assert (grade.written(Decimal("6.4")), grade.written_difference(Decimal("0.1"))) == ("6,4", "0,1 point")


def test_a_level_indicator_has_levels_and_no_other_has() -> None:
    with pytest.raises(ValueError, match="niveauer hører til enheden level"):
        indicator(IndicatorUnit.LEVEL)
    with pytest.raises(ValueError, match="niveauer hører til enheden level"):
        indicator(IndicatorUnit.GRADE, levels=("lav", "høj"))
    assert indicator(IndicatorUnit.LEVEL, levels=("lav", "høj")).level_named("Høj") == "høj"


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"value": Decimal(0), "missing": MissingReason.SUPPRESSED},
        {"value": Decimal(0), "level": "høj"},
    ],
)
def test_a_measurement_is_exactly_one_of_number_level_and_reason(parts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="enten et tal, et niveau eller en årsag"):
        Measurement(indicator="absence", school_year=SchoolYear(2024), unit="323003", source="STIL", **parts)  # type: ignore[arg-type]


def test_a_measurement_is_found_by_indicator_year_and_unit() -> None:
    wanted = measurement(2024, "323003")
    others = [measurement(2023, "323003"), measurement(2024, MUNICIPALITY)]
    assert find_measurement([*others, wanted], "absence", SchoolYear(2024), "323003") is wanted
    assert find_measurement(others, "absence", SchoolYear(2024), "323003") is None


def test_every_reason_has_its_danish_text() -> None:
    assert MissingReason.NOT_PUBLISHED.danish == "tallet er ikke offentliggjort endnu"
    assert len({reason.danish for reason in MissingReason}) == 6


@pytest.mark.parametrize(
    ("lasting", "earlier", "later", "apart"),
    [
        (True, 2018, 2019, False),
        (True, 2019, 2020, True),
        (True, 2018, 2021, True),
        (True, 2020, 2021, False),
        (True, 2020, 2020, False),
        (False, 2019, 2020, True),
        (False, 2019, 2021, False),
        (False, 2020, 2020, False),
    ],
)
def test_a_break_in_2020_keeps_years_apart(*, lasting: bool, earlier: int, later: int, apart: bool) -> None:
    found = SeriesBreak(indicator="absence", school_year=SchoolYear(2020), why="covid-19", lasting=lasting)
    assert found.separates(SchoolYear(earlier), SchoolYear(later)) is apart
    assert break_between([found], "absence", SchoolYear(earlier), SchoolYear(later)) == (found if apart else None)


def test_a_break_of_another_indicator_does_not_count() -> None:
    found = SeriesBreak(indicator="grade_average", school_year=SchoolYear(2020), why="covid-19", lasting=True)
    assert break_between([found], "absence", SchoolYear(2019), SchoolYear(2020)) is None


def indicator(unit: IndicatorUnit, *, levels: tuple[str, ...] = ()) -> Indicator:
    return Indicator(key="any", title="Et nøgletal", unit=unit, decimals=1, lower_is_better=False, levels=levels)


def measurement(year: int, unit: str) -> Measurement:
    return Measurement(
        indicator="absence", school_year=SchoolYear(year), unit=unit, source="STIL", value=Decimal("9.3")
    )
