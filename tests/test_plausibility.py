from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from kvalitet.days import SchoolYear
from kvalitet.measurements import COUNTRY, MUNICIPALITY, Measurement, MissingReason, SeriesBreak
from kvalitet.plausibility import Compared, Limits, implausible
from kvalitet.pulls import Finding

YEAR, BEFORE = SchoolYear(2024), SchoolYear(2023)
SCHOOLS = ("323001", "323002", "323003", "323004", "323005")
TITLES = {"absence": "Samlet elevfravær", "social": "Social trivsel", "support": "Støtte og inspiration"}
LIMITS = {
    "absence": Limits(lowest=Decimal(0), highest=Decimal(40), jump=Decimal(10)),
    "social": Limits(lowest=Decimal(1), highest=Decimal(5), jump=Decimal(1)),
}


def figures(indicator: str, *values: str, year: SchoolYear = YEAR) -> tuple[Measurement, ...]:
    """Make a figure for each school; "" is one that is not known."""
    return tuple(
        Measurement(
            indicator=indicator,
            school_year=year,
            unit=school,
            source="STIL",
            value=Decimal(value) if value else None,
            missing=None if value else MissingReason.UNKNOWN,
        )
        for school, value in zip(SCHOOLS, values, strict=False)
    )


def found(
    now: tuple[Measurement, ...],
    shown: tuple[Measurement, ...] = (),
    *,
    limits: Mapping[str, Limits] = LIMITS,
    breaks: tuple[SeriesBreak, ...] = (),
    expected: frozenset[str] = frozenset(SCHOOLS),
) -> list[Finding]:
    compared = Compared(
        now=now, shown=shown, school_year=YEAR, expected=expected, breaks=breaks, title=lambda key: TITLES[key]
    )
    return implausible(compared, limits)


LAST = figures("absence", "7.3", "9.3", "5.4", "6.6", "8.1", year=BEFORE)
USUAL = figures("absence", "7.5", "8.9", "5.9", "6.0", "7.7")


def test_figures_like_those_of_the_year_before_are_fine() -> None:
    assert found(USUAL, LAST) == []


def test_the_first_figures_ever_are_fine() -> None:
    assert found(USUAL) == []


def test_a_school_whose_figure_jumps_is_named_with_both_figures() -> None:
    jumped = figures("absence", "7.5", "21.5", "5.9", "6.0", "7.7")
    assert found(jumped, LAST) == [
        Finding(
            why="»Samlet elevfravær« har flyttet sig mere, end et tal plejer fra år til år.",
            holds=True,
            column="Samlet elevfravær",
            value="9,3 → 21,5",
            indicator="absence",
            unit="323002",
        )
    ]
    assert found(figures("absence", "7.5", "19.3"), LAST[:2]) == []


def test_an_indicator_without_limits_may_jump() -> None:
    assert found(figures("absence", "7.5", "21.5"), LAST[:2], limits={}) == []


def test_a_jump_across_a_break_of_the_series_is_no_jump() -> None:
    covid = SeriesBreak(indicator="absence", school_year=BEFORE, why="covid", lasting=False)
    jumped = figures("absence", "7.5", "21.5", "5.9", "6.0", "7.7")
    assert found(jumped, LAST, breaks=(covid,)) == []


def test_a_revision_of_the_same_year_is_held_to_the_same_limit() -> None:
    (one,) = found(figures("absence", "29.9"), figures("absence", "7.5"))
    assert one.value == "7,5 → 29,9"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (("75", "89", "59", "60", "77"), "10 gange så store"),
        (("750", "890", "590", "600", "770"), "100 gange så store"),
        (("0.75", "0.89", "0.59", "0.60", "0.77"), "10 gange så små"),
        (("0.075", "0.089", "0.059", "0.060", "0.077"), "100 gange så små"),
    ],
)
def test_a_municipality_whose_decimal_point_has_moved_is_told_once(values: tuple[str, ...], told: str) -> None:
    assert [one.why for one in found(figures("absence", *values), LAST)] == [
        f"Tallene for »Samlet elevfravær« er omkring {told} som dem, der vises."
    ]


def test_a_figure_that_was_nothing_says_nothing_of_a_moved_decimal_point() -> None:
    nothing = figures("absence", "0", "0", "5.4", year=BEFORE)
    assert found(figures("absence", "3.1", "4.0", "6.0"), nothing) == []


def test_last_years_figures_under_this_years_name_are_told() -> None:
    again = figures("absence", "7.3", "9.3", "5.4", "6.6", "8.1")
    (one,) = found(again, LAST)
    assert one.why == "Alle tal for »Samlet elevfravær« i 2024/25 er de samme som for 2023/24."
    assert found(again[:4], LAST) == []


def test_the_same_figures_as_are_shown_of_the_year_already_are_fine() -> None:
    again = figures("absence", "7.3", "9.3", "5.4", "6.6", "8.1")
    assert found(again, (*LAST, *again)) == []


def test_many_schools_that_had_a_figure_and_have_none_are_told() -> None:
    (one,) = found(figures("absence", "7.5", "8.9", "", "", ""), LAST)
    assert one.why == "3 af de 5 enheder, der plejer at have et tal for »Samlet elevfravær«, mangler."
    assert found(figures("absence", "7.5", "8.9", "5.9", "", ""), LAST) == []


def test_a_school_that_has_closed_is_not_missed() -> None:
    still_there = frozenset(SCHOOLS[:2])
    assert found(figures("absence", "7.5", "8.9"), LAST, expected=still_there) == []


def test_what_is_not_published_yet_is_not_missed() -> None:
    waiting = tuple(
        Measurement(
            indicator="absence", school_year=YEAR, unit=school, source="STIL", missing=MissingReason.NOT_PUBLISHED
        )
        for school in SCHOOLS
    )
    assert found(waiting, LAST) == []


def test_two_indicators_with_the_same_figures_for_all_are_told() -> None:
    social = figures("social", "3.8", "4.1", "3.9", "4.0", "3.7")
    support = figures("support", "3.8", "4.1", "3.9", "4.0", "3.7")
    (one,) = found((*social, *support))
    assert one.why == (
        "»Social trivsel« og »Støtte og inspiration« har de samme tal for alle. Er det ene nøgletal læst to gange?"
    )
    assert found((*social[:4], *support[:4])) == []


def test_labels_that_have_changed_places_are_told() -> None:
    """An early reader of the real figures of 2024/25 had support, 3,0, stored as social well-being, 3,8, everywhere."""
    shown = (
        *figures("social", "3.8", "4.1", "3.9", "4.0", "3.7", year=BEFORE),
        *figures("support", "3.0", "3.2", "2.9", "3.1", "3.0", year=BEFORE),
    )
    swapped = (
        *figures("social", "3.1", "3.1", "3.0", "3.0", "2.9"),
        *figures("support", "3.9", "4.0", "3.8", "4.1", "3.8"),
    )
    (one,) = found(swapped, shown)
    assert one.why == ("»Social trivsel« og »Støtte og inspiration« ligner hinandens tidligere tal. Er de byttet om?")


def test_labels_in_their_places_are_fine() -> None:
    shown = (
        *figures("social", "3.8", "4.1", "3.9", "4.0", "3.7", year=BEFORE),
        *figures("support", "3.0", "3.2", "2.9", "3.1", "3.0", year=BEFORE),
    )
    usual = (
        *figures("social", "3.9", "4.0", "3.8", "4.1", "3.8"),
        *figures("support", "3.1", "3.1", "3.0", "3.0", "2.9"),
    )
    assert found(usual, shown) == []


def test_a_count_of_the_whole_municipality_or_country_has_no_limit() -> None:
    counts = Limits(lowest=Decimal(0), highest=Decimal(3000), jump=Decimal(400), schools_only=True)
    assert (counts.allow(Decimal(3001), "323001"), counts.allow(Decimal(5000), MUNICIPALITY)) == (False, True)
    whole = tuple(replace(one, unit=COUNTRY, value=Decimal(500_000)) for one in figures("absence", "1"))
    shrunk = tuple(replace(one, school_year=BEFORE, value=Decimal(505_000)) for one in whole)
    everywhere = frozenset({COUNTRY})
    assert found(whole, shrunk, limits={"absence": counts}, expected=everywhere) == []
    (one,) = found(whole, shrunk, limits={"absence": replace(counts, schools_only=False)}, expected=everywhere)
    assert one.value == "505000 → 500000"
