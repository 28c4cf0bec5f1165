from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet.days import SchoolYear
from kvalitet.measurements import Measurement, MissingReason
from kvalitet.pulls import Difference, PullOutcome, Revision, difference, next_try

YEAR = SchoolYear(2025)


def figure(
    value: str | None, unit: str = "323001", *, indicator: str = "absence", year: SchoolYear = YEAR
) -> Measurement:
    return Measurement(
        indicator=indicator,
        school_year=year,
        unit=unit,
        source="STIL",
        value=Decimal(value) if value else None,
        missing=None if value else MissingReason.NOT_PUBLISHED,
    )


def test_a_revision_backwards_is_told_with_both_figures() -> None:
    now = figure("7.4")
    assert difference([figure("7.3")], [now]) == Difference(revised=(Revision(former=figure("7.3"), now=now),))


def test_a_figure_that_was_not_shown_before_is_new_and_one_that_is_left_out_is_gone() -> None:
    found = difference([figure("7.3"), figure("5", "323002")], [figure("7.3"), figure("6", "323003")])
    assert found == Difference(new=(figure("6", "323003"),), gone=(figure("5", "323002"),))


def test_the_same_figures_are_no_difference_however_they_are_written() -> None:
    other_text = replace(figure("7.30"), source="Uddannelsesstatistik.dk")
    assert not difference([figure("7.3")], [other_text])
    assert difference([], [figure("7.3")])


def test_what_is_not_published_yet_is_neither_new_nor_gone() -> None:
    assert difference([], [figure(None)]) == Difference()
    assert difference([figure(None)], [figure("7.3")]) == Difference(new=(figure("7.3"),))
    assert difference([figure("7.3")], [figure(None)]) == Difference()


def test_a_pull_takes_nothing_from_indicators_and_years_that_it_does_not_have() -> None:
    others = [figure("6.4", indicator="grade_average"), figure("7.0", year=SchoolYear(2024)), figure("8.0", "323002")]
    waits = figure(None, indicator="grade_average")
    assert difference(others, [figure("7.3"), waits]) == Difference(
        new=(figure("7.3"),), gone=(figure("8.0", "323002"),)
    )


def test_a_figure_that_is_withheld_from_now_on_is_revised() -> None:
    withheld = replace(figure(None), missing=MissingReason.SUPPRESSED)
    assert difference([figure("7.3")], [withheld]).revised == (Revision(former=figure("7.3"), now=withheld),)


@pytest.mark.parametrize("outcome", PullOutcome)
def test_every_outcome_has_a_danish_name(outcome: PullOutcome) -> None:
    assert outcome.danish


def test_waiting_for_a_source_is_no_failure() -> None:
    assert [outcome for outcome in PullOutcome if outcome.is_failure] == [
        PullOutcome.REFUSED,
        PullOutcome.BROKEN,
        PullOutcome.QUARANTINED,
        PullOutcome.INTERRUPTED,
    ]


DUE = date(2027, 1, 31)


@pytest.mark.parametrize(
    ("outcome", "today", "waits", "wanted"),
    [
        (PullOutcome.NOT_PUBLISHED, date(2026, 11, 15), True, date(2026, 11, 16)),
        (PullOutcome.NOT_PUBLISHED, DUE, True, date(2027, 2, 1)),
        (PullOutcome.NOT_PUBLISHED, date(2027, 2, 1), True, date(2027, 2, 8)),
        (PullOutcome.BROKEN, date(2026, 11, 15), False, date(2026, 11, 16)),
        (PullOutcome.REFUSED, date(2027, 2, 1), False, date(2027, 2, 8)),
        (PullOutcome.QUARANTINED, date(2026, 11, 15), False, date(2026, 11, 16)),
        (PullOutcome.PUBLISHED, date(2026, 11, 15), False, None),
        (PullOutcome.PUBLISHED, date(2026, 11, 15), True, date(2026, 11, 16)),
        (PullOutcome.UNCHANGED, date(2027, 1, 30), True, DUE),
        (PullOutcome.UNCHANGED, DUE, True, None),
    ],
)
def test_a_source_is_asked_again_until_it_has_given_all(
    outcome: PullOutcome,
    today: date,
    waits: bool,  # noqa: FBT001 -- a column of the table
    wanted: date | None,
) -> None:
    assert next_try(outcome, today=today, due=DUE, waits=waits) == wanted


VALUES = st.dictionaries(st.sampled_from(["323001", "323002", "323003"]), st.sampled_from(["7.3", "7.4", "9"]))


@given(was=VALUES, comes=VALUES)
def test_a_difference_and_what_was_shown_give_what_came(was: dict[str, str], comes: dict[str, str]) -> None:
    former, now = ([figure(value, unit) for unit, value in one.items()] for one in (was, comes))
    found = difference(former, now)
    after = {one.unit: one for one in former} | {one.unit: one for one in found.new}
    after |= {one.now.unit: one.now for one in found.revised}
    left = {unit: one for unit, one in after.items() if one not in found.gone}
    # Nothing is said to be gone from a pull that brought nothing at all: then it is the source that is at fault.
    assert left == ({one.unit: one for one in now} if now else after)
    assert all(one.former.value != one.now.value for one in found.revised)
