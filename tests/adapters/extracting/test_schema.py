from dataclasses import replace
from decimal import Decimal

import pytest

from kvalitet.adapters.extracting.limits import load_limits
from kvalitet.adapters.extracting.schema import (
    FEWER_THAN_NONE,
    OTHER_YEAR,
    OUTSIDE,
    STRANGER,
    TWICE,
    UNASKED,
    schema_findings,
)
from kvalitet.adapters.sources.indicators import load_catalogue
from kvalitet.days import SchoolYear
from kvalitet.measurements import IndicatorUnit, Measurement, MissingReason
from kvalitet.pulls import Finding

ABSENCE = Measurement(
    indicator="absence", school_year=SchoolYear(2024), unit="323003", source="STIL", value=Decimal("9.3"), pupils=412
)
WITHHELD = replace(ABSENCE, unit="323005", value=None, missing=MissingReason.SUPPRESSED, pupils=None)
LEVEL = replace(ABSENCE, indicator="socioeconomic_level", value=None, level="På niveau", pupils=None)


def found(*figures: Measurement) -> list[Finding]:
    return schema_findings(
        figures,
        indicators=("absence", "socioeconomic_level"),
        years=(2024,),
        units=("323003", "323005", "municipality", "country"),
    )


def test_figures_levels_and_reasons_that_fit_are_fine() -> None:
    assert found(ABSENCE, WITHHELD, LEVEL, replace(ABSENCE, unit="country", pupils=None)) == []
    assert found() == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(ABSENCE, value=Decimal("40.1")), OUTSIDE),
        (replace(ABSENCE, value=Decimal("-0.1")), OUTSIDE),
        (replace(ABSENCE, school_year=SchoolYear(2023)), OTHER_YEAR),
        (replace(ABSENCE, unit="101001"), STRANGER),
        (replace(ABSENCE, indicator="pupils"), UNASKED),
        (replace(ABSENCE, pupils=-1), FEWER_THAN_NONE),
    ],
)
def test_a_figure_that_does_not_fit_is_told_with_school_and_value(wrong: Measurement, why: str) -> None:
    (one,) = found(wrong, WITHHELD)
    assert (one.why, one.holds, one.unit, one.indicator) == (why, True, wrong.unit, wrong.indicator)
    assert one.column == load_catalogue()[wrong.indicator].title
    assert Decimal(one.value.replace(",", ".")) == wrong.value


def test_what_lies_on_the_limit_is_fine() -> None:
    assert found(replace(ABSENCE, value=Decimal(40)), replace(ABSENCE, unit="323005", value=Decimal(0))) == []


def test_a_municipality_may_have_more_pupils_than_a_school() -> None:
    pupils = replace(ABSENCE, indicator="pupils", value=Decimal(5213), pupils=None)
    asked = {"indicators": ("pupils",), "years": (2024,), "units": ("323003", "municipality")}
    assert schema_findings([replace(pupils, unit="municipality")], **asked) == []  # type: ignore[arg-type]  # by name
    assert [one.why for one in schema_findings([pupils], **asked)] == [OUTSIDE]  # type: ignore[arg-type]  # as above


def test_two_figures_of_the_same_are_told_once() -> None:
    (one,) = found(ABSENCE, replace(ABSENCE, value=Decimal("9.4")))
    assert (one.why, one.value) == (TWICE, "9,4")


def test_an_indicator_that_nobody_knows_is_told_by_its_key() -> None:
    unknown = replace(ABSENCE, indicator="weather")
    assert [(one.why, one.column) for one in found(unknown)] == [(UNASKED, "weather")]


def test_every_indicator_with_numbers_has_limits_and_those_of_the_real_schools_lie_within_them() -> None:
    limits = load_limits()
    numbers = {key for key, one in load_catalogue().indicators.items() if one.unit is not IndicatorUnit.LEVEL}
    assert set(limits) == numbers
    # 1,398 schools and departments of 2024/25 (Uddannelsesstatistik.dk).
    real = {
        "absence": (Decimal(0), Decimal("23.8")),
        "grade_average": (Decimal("4.8"), Decimal("9.8")),
        "class_size": (Decimal(10), Decimal("27.5")),
        "teacher_competence": (Decimal(52), Decimal(100)),
        "well_being_general": (Decimal("2.8"), Decimal("4.6")),
        "pupils": (Decimal(5), Decimal(1402)),
    }
    outside = [key for key, (low, high) in real.items() if low < limits[key].lowest or high > limits[key].highest]
    assert outside == []
